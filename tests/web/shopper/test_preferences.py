"""The preference page: what somebody gets today, changed box by box, all off at once, by nobody else."""

import pytest

from regulars.consent import api as consent
from regulars.core import clock
from tests.events.cast import NOW
from tests.web.shopper.ground import ORIGIN, anybody, choices, everything, may, shop, tick, topics

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("home")]


def save(place: str, *on: str, do: str = "save") -> int:
    told = {"token": place.removeprefix("/p/"), "on": list(on), "do": do}
    return anybody().post(place, told, **ORIGIN).status_code


def test_the_boxes_say_what_somebody_gets_and_whose_they_are() -> None:
    topics()
    ann = shop()["ann"]
    shown = anybody().get(choices(ann, "ann@example.com")).content.decode()
    assert '<input type="checkbox" name="on" value="email/news" checked>' in shown
    assert '<input type="checkbox" name="on" value="email/tips">' in shown
    assert "sms/news" not in shown, "no number of hers is known"
    assert "a•••@example.com" in shown
    assert "ann@" not in shown


def test_only_what_differs_is_said_with_the_words_as_they_were_read() -> None:
    topics()
    ann = shop()["ann"]
    place = choices(ann, "ann@example.com")
    assert save(place, "email/news", "email/tips") == 302
    assert [may(ann, topic=one) for one in ("news", "tips")] == [True, True]
    tick()
    *_, last = consent.history(ann)
    assert len(consent.history(ann)) == 2
    assert (last.topic, last.method, last.text_version) == ("tips", "preference_page", "shopper-1")
    assert last.text.startswith("Tips: What I tick, I want to get")
    assert last.text.removeprefix("Tips: ") in anybody().get(place).content.decode()
    assert save(place, "email/news", "email/tips") == 302
    tick()
    assert len(consent.history(ann)) == 2


def test_a_topic_left_is_left_and_the_others_stay() -> None:
    topics()
    ann = shop()["ann"]
    save(choices(ann, "ann@example.com"), "email/tips")
    assert [may(ann, topic=one) for one in ("news", "tips", "")] == [False, True, True]


def test_the_last_box_off_leaves_the_channel_and_one_on_again_is_that_topic_alone() -> None:
    topics()
    ann = shop()["ann"]
    place = choices(ann, "ann@example.com")
    save(place)
    assert [may(ann, topic=one) for one in ("news", "tips", "")] == [False, False, False]
    save(place, "email/news")
    assert [may(ann, topic=one) for one in ("news", "tips", "")] == [True, False, False]


def test_everything_off_is_every_channel() -> None:
    topics()
    ann = shop()["ann"]
    consent.give(ann, consent.Statement(channel="push", method="api"), NOW)
    assert save(choices(ann, "ann@example.com"), "email/news", do="off") == 302
    assert [may(ann, channel) for channel in ("email", "push")] == [False, False]


def test_a_shop_without_topics_offers_all_or_nothing() -> None:
    ann = shop()["ann"]
    place = choices(ann, "ann@example.com")
    assert 'value="email/" checked' in anybody().get(place).content.decode()
    save(place)
    assert not may(ann)
    save(place, "email/")
    assert may(ann)


def test_what_is_not_offered_cannot_be_chosen() -> None:
    topics()
    ann = shop()["ann"]
    save(choices(ann, "ann@example.com"), "email/news", "email/secret", "webhook/", "sms/news", "x")
    assert {(one.channel, one.topic) for one in consent.choices_of(ann)} == {("email", "")}


def test_an_address_that_is_hers_no_more_turns_off_and_nothing_on() -> None:
    topics()
    ann = shop()["ann"]
    old = choices(ann, "ann@elsewhere.example")
    shown = anybody().get(old).content.decode()
    assert "Your address has changed" in shown
    assert "•••" not in shown, "the new address is not for the reader of the old mailbox"
    save(old, "email/news", "email/tips")
    assert not may(ann, topic="tips")
    save(old)
    assert not may(ann)


def test_another_site_or_a_form_without_its_token_changes_nothing() -> None:
    topics()
    numbers = shop()
    place, other = choices(numbers["ann"], "ann@example.com"), choices(numbers["bo"], "bo@example.com")
    token = place.removeprefix("/p/")
    before = everything()
    for told, origin in (
        ({"token": token, "do": "off"}, "https://evil.example"),
        ({"token": token, "do": "off"}, "null"),
        ({"do": "off"}, ORIGIN["HTTP_ORIGIN"]),
        ({"token": other.removeprefix("/p/"), "do": "off"}, ORIGIN["HTTP_ORIGIN"]),
    ):
        assert anybody().post(place, told, HTTP_ORIGIN=origin).status_code == 403
    assert everything() == before
    save(place, do="off")
    assert may(numbers["bo"])


def test_no_token_and_a_foreign_one_get_the_same_answer() -> None:
    ann = shop()["ann"]
    foreign = (
        "x",
        consent.unsubscribe_token(ann, "email", "", ""),
        choices(ann, "ann@example.com").removeprefix("/p/")[:-1],
        consent.preference_token(999_999, "ann@example.com"),
    )
    answers = [anybody().get(f"/p/{token}") for token in foreign]
    assert {(one.status_code, one.content) for one in answers} == {(404, answers[0].content)}


def test_the_page_agrees_with_the_gate_about_what_the_law_gives() -> None:
    """A buyer in Canada gets mail for two years without a word; the boxes say so, by one look into the lake."""
    from regulars.events import api as events
    from tests.consent.people import imported
    from tests.events.cast import BO

    topics()
    bo = shop()["bo"]
    events.append([imported(BO, "v1", NOW, country="CA")], NOW)
    tick()
    pairs = [("email", ""), ("email", "news"), ("email", "tips"), ("sms", "news")]
    for now in (NOW, clock.utc_now()):
        found = consent.standings_of(bo, pairs, now)
        assert found == {(one, two): consent.standings([bo], one, two, now)[bo] for one, two in pairs}
    assert consent.standings_of(999_999, pairs, NOW) == {}
