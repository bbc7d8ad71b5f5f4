"""What people are offered: forms under versions, tries that are counted, and leaving by a link."""

from dataclasses import replace
from datetime import timedelta

import pytest

from regulars.consent import api as consent
from regulars.consent.models import SignUpTry
from tests.consent.people import FORM as YES, may, shop, tick
from tests.events.cast import NOW

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("home")]
TEA = consent.FormOffered(slug="tea", title="Tea", text="Yes.")
CLICK = consent.Click(text="Stop", text_version="s-1")
HOUR = timedelta(hours=1)


def test_only_other_words_are_another_version() -> None:
    consent.put_topic(consent.TopicOffered(key="news", name="News"))
    versions = [
        consent.put_sign_up_form(form, NOW).text_version
        for form in (
            TEA,
            replace(TEA, origins=("https://a.example",)),
            replace(TEA, is_active=False),
            replace(TEA, text="Yes, please."),
            replace(TEA, text="Yes, please.", topics=("news",)),
            TEA,
        )
    ]
    assert versions == ["tea-1", "tea-1", "tea-1", "tea-2", "tea-3", "tea-4"]


def test_tries_are_counted_by_network_and_by_mailbox_and_forgotten_after_a_day() -> None:
    told = [consent.count_try(f"2001:db8:1:2::{n}", "Ann@example.com ", NOW) for n in range(5)]
    assert told == [True] * 3 + [False] * 2
    for n in range(25):
        consent.count_try("2001:db8:1:2::ff", f"p{n}@example.com", NOW)
    with pytest.raises(consent.TooManySignUps):
        consent.count_try("2001:db8:1:2::1", "bo@example.com", NOW)
    assert consent.count_try("2001:db8:1:3::1", "bo@example.com", NOW)
    assert consent.count_try("2001:db8:1:2::1", "bo@example.com", NOW + HOUR)
    assert not consent.count_try("192.0.2.1", "ann@example.com", NOW + 23 * HOUR)
    assert consent.count_try("192.0.2.1", "ann@example.com", NOW + 48 * HOUR)
    assert SignUpTry.objects.count() == 2
    assert "ann" not in "".join(SignUpTry.objects.values_list("who", flat=True))


def test_who_left_the_channel_has_left_its_topics_until_one_is_taken_up_again() -> None:
    ann = shop()["ann"]
    link, whole = (consent.UnsubscribeLink(ann, "email", topic, "ab" * 16) for topic in ("news", ""))
    consent.give(ann, YES, NOW)
    assert not consent.has_left(link)
    consent.leave(link, CLICK, NOW + HOUR, everything=True)
    assert consent.has_left(link)
    assert consent.has_left(whole)
    consent.come_back(link, CLICK, NOW + 2 * HOUR)
    assert (consent.has_left(link), consent.has_left(whole)) == (False, True)
    assert (may(ann, topic="news"), may(ann)) == ("express", "not: withdrawn")
    consent.leave(link, CLICK, NOW + 3 * HOUR)
    tick()
    assert may(ann, topic="news") == "not: withdrawn"


def test_who_is_asked_to_confirm_can_still_leave() -> None:
    ann = shop()["ann"]
    whole = consent.UnsubscribeLink(ann, "email", "", "")
    consent.leave(whole, CLICK, NOW)
    token = consent.request(ann, "ann@example.com", YES, NOW + HOUR)
    assert not consent.has_left(whole), "the question is open"
    consent.leave(whole, CLICK, NOW + 2 * HOUR)
    consent.confirm(token, NOW + 3 * HOUR)
    assert may(ann, now=NOW + 4 * HOUR) == "express", "the later click counts"


def test_what_waits_is_told_with_its_words_and_reading_it_changes_nothing() -> None:
    token = consent.request({"email": "dov@example.com"}, "dov@example.com", replace(YES, topic="news"), NOW, ["tips"])
    waiting = consent.Waiting("email", ("news", "tips"), YES.text, is_confirmed=False)
    assert consent.waiting(token, NOW) == consent.waiting(token, NOW) == waiting
    assert consent.confirm(token, NOW).more == ("tips",)
    assert consent.waiting(token, NOW) == replace(waiting, is_confirmed=True)
    with pytest.raises(consent.ExpiredLink):
        consent.waiting(token, NOW + timedelta(days=7))
