"""Signing up: the same answer for everybody, one message that asks, and a consent with the words after the click alone."""

import json
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from regulars.consent import api as consent
from regulars.core import clock
from regulars.events import api as events
from regulars.messaging.models import Message
from tests.web.shopper.ground import FORM, ORIGIN, anybody, everything, links, may, number_of, shop, tick, topics

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("home")]
DOV = "dov@example.com"


@pytest.fixture(autouse=True)
def form() -> consent.FormOffered:
    topics()
    events.timezone()  # the shop's own row is made by whoever asks first
    return consent.put_sign_up_form(FORM, clock.utc_now())


def sent(address: str, place: str = "/join/tea", **more: Any) -> Any:
    return anybody().post(place, {"address": address}, **more)


def link() -> str:
    """Return the path of the newest message's link."""
    (found,) = links(Message.objects.latest("id").data)
    return found


def test_signing_up_and_confirming_gives_a_standing_with_the_exact_words_as_proof() -> None:
    assert "Almost done" in sent(" Dov@Example.com ").content.decode()
    tick()
    dov = number_of(DOV)
    assert not may(dov)
    (asked,) = Message.objects.all()
    assert (asked.to, asked.template, asked.is_marketing, asked.customer_id) == (DOV, "confirm_subscription", False, 0)
    assert json.loads(asked.data)["locale"] == "de-AT"
    place = link()
    shown = anybody().get(place).content.decode()
    assert FORM.text in shown
    assert not may(dov), "opening is no click"
    assert "that is confirmed" in anybody().post(place, **ORIGIN).content.decode()
    assert may(dov)
    tick()
    asked_for, given = consent.history(dov)
    assert (asked_for.said, given.said) == ("requested", "given")
    assert (given.text, given.text_version, given.method) == (FORM.text, "tea-1", "form")
    assert given.proof["form"] == "tea"
    assert given.proof["page"] == "/join/tea"
    assert "double_opt_in" in given.proof


def test_a_second_click_changes_nothing_and_says_so_kindly() -> None:
    sent(DOV)
    tick()
    anybody().post(link(), **ORIGIN)
    tick()
    before = everything()
    assert anybody().post(link(), **ORIGIN).status_code == 200
    assert "confirmed already" in anybody().get(link()).content.decode()
    assert everything() == before


def test_one_link_confirms_all_topics_of_a_form_and_no_other() -> None:
    consent.put_sign_up_form(replace(FORM, topics=("news", "tips")), clock.utc_now())
    sent(DOV)
    tick()
    dov = number_of(DOV)
    anybody().post(link(), **ORIGIN)
    tick()
    assert [may(dov, topic=one) for one in ("news", "tips", "")] == [True, True, False]
    assert sorted((one.said, one.topic) for one in consent.history(dov)) == [
        ("given", "news"), ("given", "tips"), ("requested", "news"), ("requested", "tips"),
    ]  # fmt: skip


def test_known_and_unknown_get_the_same_answer() -> None:
    ann = shop()["ann"]
    known, unknown = sent("ann@example.com"), sent("eve@example.com")
    assert (known.status_code, known.content, known.headers) == (unknown.status_code, unknown.content, unknown.headers)
    assert Message.objects.get(to="ann@example.com").customer_id == ann


def test_the_message_goes_to_what_was_typed_and_not_to_what_is_known() -> None:
    """Otherwise a click in the one mailbox would speak for the other."""
    sent(DOV)
    assert list(Message.objects.values_list("to", flat=True)) == [DOV]


def test_a_program_that_fills_everything_in_is_thanked_and_forgotten() -> None:
    before = everything()
    trapped = anybody().post("/join/tea", {"address": DOV, "website": "https://spam.example"})
    assert everything() == before
    assert trapped.content == sent(DOV).content


def test_a_mailbox_is_asked_three_times_a_day_and_nobody_is_told() -> None:
    answers = [sent(DOV).content for _ in range(5)]
    assert len(set(answers)) == 1
    assert Message.objects.count() == 3


def test_a_network_that_sends_too_many_has_to_wait() -> None:
    codes = [sent(f"p{n}@example.com").status_code for n in range(32)]
    assert codes == [200] * 30 + [429] * 2
    assert anybody().post("/join/tea", {"address": DOV}, REMOTE_ADDR="198.51.100.7").status_code == 200
    assert Message.objects.count() == 31


@pytest.mark.parametrize(
    "typed", ["", "dov", "a@b", "a b@example.com", "x" * 250 + "@example.com", "a@example.com\r\nBcc: b@c.de"]
)
def test_what_is_no_address_is_said_so_and_kept_nowhere(typed: str) -> None:
    before = everything()
    answer = sent(typed)
    assert answer.status_code == 422
    assert "That is no e-mail address" in answer.content.decode()
    assert everything() == before


def test_a_form_for_text_messages_wants_a_number_with_its_country() -> None:
    words = "Yes, text me. Not needed to buy."
    consent.put_sign_up_form(replace(FORM, slug="text", channel="sms", text=words), clock.utc_now())
    assert sent("0151 234567", "/join/text").status_code == 422
    assert sent("0049 151 2345678", "/join/text").status_code == 200
    asked = Message.objects.get()
    assert (asked.to, asked.channel, asked.template) == ("+491512345678", "sms", "confirm_subscription_sms")


def test_a_form_out_of_use_is_none() -> None:
    consent.put_sign_up_form(replace(FORM, is_active=False), clock.utc_now())
    for place in ("/join/tea", "/join/tea/embed", "/join/none"):
        assert anybody().get(place).status_code == 404
        assert sent(DOV, place).status_code == 404
    assert not Message.objects.exists()


def test_only_the_named_sites_show_the_form_in_a_frame() -> None:
    policies = [anybody().get(place)["Content-Security-Policy"] for place in ("/join/tea", "/join/tea/embed")]
    assert "frame-ancestors 'none'" in policies[0]
    assert policies[1] == policies[0].replace("frame-ancestors 'none'", "frame-ancestors https://www.shop.example")
    assert sent(DOV, "/join/tea/embed")["Content-Security-Policy"] == policies[1]
    consent.put_sign_up_form(replace(FORM, origins=()), clock.utc_now())
    assert anybody().get("/join/tea/embed")["Content-Security-Policy"] == policies[0]


def test_a_form_in_a_frame_works_without_cookies_and_sets_none() -> None:
    answer = sent(DOV, "/join/tea/embed", HTTP_ORIGIN="null")
    assert answer.status_code == 200
    assert not answer.cookies
    assert Message.objects.count() == 1


@pytest.mark.parametrize("place", ["/join/tea", "/join/tea/embed"])
def test_words_of_the_shop_are_words_and_no_markup(place: str) -> None:
    attack = "<script>alert(1)</script>\"'><img src=x onerror=alert(1)>{{ 7 }}"
    consent.put_sign_up_form(replace(FORM, title=attack, text=attack), clock.utc_now())
    shown = anybody().get(place).content.decode()
    assert "<script>alert" not in shown
    assert "<img" not in shown
    assert "{{ 7 }}" in shown
    typed = anybody().post(place, {"address": '"><script>alert(1)</script>'}).content.decode()
    assert "<script>alert" not in typed
    sent(DOV)
    assert "<script>alert" not in anybody().get(link()).content.decode()


def test_a_link_that_ended_and_one_that_was_never_made_say_what_to_do() -> None:
    old = consent.request(
        {"email": DOV}, DOV, consent.Statement(channel="email", method="form"), clock.utc_now() - timedelta(days=8)
    )
    for method in ("get", "post"):
        ended = getattr(anybody(), method)(f"/confirm/{old}")
        assert ended.status_code == 410
        assert "Sign up once more" in ended.content.decode()
    bad = [anybody().get(f"/confirm/{token}") for token in ("x", consent.unsubscribe_token(1, "email", "", ""))]
    assert {(one.status_code, one.content) for one in bad} == {(404, bad[0].content)}


def test_another_site_confirms_nothing() -> None:
    sent(DOV)
    tick()
    assert anybody().post(link(), HTTP_ORIGIN="https://evil.example").status_code == 403
    assert not may(number_of(DOV))
