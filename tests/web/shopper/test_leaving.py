"""The way out: one click without a cookie, in force at once, as often as one likes, for one person alone."""

import pytest

from regulars.consent import api as consent
from regulars.core import clock, sealing
from tests.consent.people import FORM
from tests.events.cast import NOW
from tests.web.shopper.ground import ORIGIN, anybody, everything, may, shop, tick, topics, way_out

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("home")]
ONE_CLICK = {"List-Unsubscribe": "One-Click"}


def test_a_mailbox_leaves_for_somebody_without_cookie_session_or_token() -> None:
    ann = shop()["ann"]
    answer = anybody().post(
        way_out(ann), "List-Unsubscribe=One-Click", content_type="application/x-www-form-urlencoded"
    )
    assert answer.status_code == 200
    assert not answer.cookies
    assert not may(ann)
    tick()
    assert not may(ann)
    last = consent.history(ann)[-1]
    assert (last.said, last.method, last.channel, last.topic) == ("withdrawn", "one_click", "email", "")
    assert last.proof["message"] == "ab" * 16
    assert "203.0.113.9" not in str(last.proof)


@pytest.mark.parametrize("kind", ["multipart/form-data; boundary=x", "multipart/form-data", "text/plain", ""])
def test_a_click_counts_however_a_mailbox_writes_its_body(kind: str) -> None:
    ann = shop()["ann"]
    body = b'--x\r\nContent-Disposition: form-data; name="List-Unsubscribe"\r\n\r\nOne-Click\r\n--x--\r\n'
    assert anybody().post(way_out(ann), body, content_type=kind).status_code == 200
    assert not may(ann)


def test_again_is_fine_and_says_nothing_twice() -> None:
    ann = shop()["ann"]
    client = anybody()
    for _ in range(3):
        assert client.post(way_out(ann), ONE_CLICK).status_code == 200
    tick()
    assert client.post(way_out(ann), ONE_CLICK).status_code == 200
    tick()
    assert [one.said for one in consent.history(ann)] == ["given", "withdrawn"]


def test_the_old_link_works_again_for_who_came_back() -> None:
    ann = shop()["ann"]
    anybody().post(way_out(ann), ONE_CLICK)
    consent.give(ann, FORM, clock.utc_now())
    assert may(ann)
    anybody().post(way_out(ann), ONE_CLICK)
    assert not may(ann)


def test_a_no_of_an_import_is_made_an_act_that_no_later_file_lifts() -> None:
    from regulars.events import api as events
    from tests.consent.people import imported
    from tests.events.cast import ANN

    ann = shop()["ann"]
    events.append([imported(ANN, "v1", clock.utc_now(), accepts_email=False)], clock.utc_now())
    tick()
    assert not may(ann)
    anybody().post(way_out(ann), ONE_CLICK)
    events.append([imported(ANN, "v2", clock.utc_now(), accepts_email=True)], clock.utc_now())
    tick()
    assert not may(ann)


def test_the_link_of_one_never_touches_another() -> None:
    numbers = shop()
    anybody().post(way_out(numbers["ann"]), ONE_CLICK)
    assert [may(numbers[name]) for name in ("ann", "bo", "cleo")] == [False, True, True]
    assert not may(numbers["ann"], "sms")


def test_a_link_of_a_topic_leaves_the_topic_and_offers_the_rest() -> None:
    topics()
    ann = shop()["ann"]
    client, place = anybody(), way_out(ann, "news")
    shown = client.post(place, {"do": "leave"}).content.decode()
    assert "Stop all news by e-mail" in shown
    assert not may(ann, topic="news")
    assert may(ann)
    client.post(place, {"do": "everything"})
    assert not may(ann)


def test_opening_shows_a_button_and_what_it_is_about_and_sets_no_cookie() -> None:
    topics()
    ann = shop()["ann"]
    answer = anybody().get(way_out(ann, "news"))
    shown = answer.content.decode()
    assert "No more “News” by e-mail?" in shown
    assert "a•••@example.com" in shown
    assert "ann@" not in shown
    assert "/p/" in shown, "only some topics instead"
    assert not answer.cookies
    assert answer["Cache-Control"] == "no-store"
    assert may(ann, topic="news")


def test_a_mistake_is_taken_back_with_the_words_as_proof() -> None:
    ann = shop()["ann"]
    client, place = anybody(), way_out(ann)
    assert f'action="{place}/back"' in client.post(place, {"do": "leave"}).content.decode()
    answer = client.post(f"{place}/back", **ORIGIN)
    assert "Good to have you back" in answer.content.decode()
    assert may(ann)
    tick()
    last = consent.history(ann)[-1]
    assert (last.said, last.text, last.text_version) == (
        "given",
        "Yes, send me news by e-mail. I can take this back at any time.",
        "shopper-1",
    )


def test_coming_back_is_not_to_be_asked_for_by_another_site_or_by_opening() -> None:
    ann = shop()["ann"]
    client, place = anybody(), way_out(ann)
    client.post(place, ONE_CLICK)
    assert client.post(f"{place}/back", HTTP_ORIGIN="https://evil.example").status_code == 403
    assert client.post(f"{place}/back", HTTP_ORIGIN="null").status_code == 403
    assert client.get(f"{place}/back").status_code == 405
    assert not may(ann)


def test_who_never_left_is_not_brought_further_in_by_coming_back() -> None:
    bo = shop()["bo"]
    place = way_out(bo, channel="sms")
    assert anybody().post(f"{place}/back", **ORIGIN).status_code == 200
    assert not may(bo, "sms")


@pytest.mark.parametrize("method", ["get", "post"])
def test_no_token_and_a_foreign_one_get_the_same_answer(method: str) -> None:
    ann = shop()["ann"]
    foreign = [
        "x",
        way_out(ann).removeprefix("/u/")[:-1],
        consent.preference_token(ann, "ann@example.com"),
        consent.request(ann, "ann@example.com", FORM, NOW),
        sealing.sign_with(["another home's key"], f"{ann}~email~~", "consent unsubscribe"),
        consent.unsubscribe_token(999_999, "email", "", ""),
        "1" * 2_000,
    ]
    before = everything()
    answers = [getattr(anybody(), method)(f"/u/{token}") for token in foreign]
    assert {(one.status_code, one.content, tuple(sorted(one.items()))) for one in answers} == {
        (404, answers[0].content, tuple(sorted(answers[0].items())))
    }
    assert everything() == before
