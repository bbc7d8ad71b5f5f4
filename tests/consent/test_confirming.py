"""Double opt-in and links: one purpose, one person, one week; reading changes nothing, using twice is once."""

import hashlib
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from regulars.consent import api as consent
from regulars.consent.models import Confirmation
from regulars.events.models import Inbox
from regulars.profiles import api as profiles
from tests.consent.people import FORM, PAGE, may, rows, shop, tick
from tests.events.cast import NOW

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("home")]

DOV = {"email": "dov@example.com"}
WEEK = timedelta(days=7)
MINUTE = timedelta(minutes=1)


def test_only_a_confirmed_request_is_a_consent_and_a_second_click_is_the_first() -> None:
    token = consent.request(DOV, "dov@example.com", FORM, NOW)
    tick()
    (dov,) = profiles.known(DOV)
    assert may(dov) == "not: pending"
    first = consent.confirm(token, NOW + MINUTE, ip="192.0.2.9")
    assert first == consent.Confirmed(dov, "email", "", is_new=True)
    assert may(dov) == "express"
    tick()
    before = rows()
    assert consent.confirm(token, NOW + 2 * MINUTE) == replace(first, is_new=False)
    tick()
    assert rows() == before
    assert [one.said for one in consent.history(dov)] == ["requested", "given"]


def test_a_second_click_brings_nobody_back_who_left() -> None:
    token = consent.request(DOV, "dov@example.com", FORM, NOW)
    tick()
    (dov,) = profiles.known(DOV)
    consent.confirm(token, NOW + MINUTE)
    consent.withdraw(dov, PAGE, NOW + 2 * MINUTE)
    assert not consent.confirm(token, NOW + 3 * MINUTE).is_new
    tick()
    assert may(dov) == "not: withdrawn"


def test_a_request_confirmed_before_the_next_tick_is_a_consent_after_it() -> None:
    token = consent.request(DOV, "dov@example.com", FORM, NOW)
    assert consent.confirm(token, NOW + MINUTE).customer == 0
    tick()
    assert may(profiles.known(DOV)[0]) == "express"


def test_a_request_takes_no_consent_away() -> None:
    ann = shop()["ann"]
    consent.give(ann, FORM, NOW)
    consent.request(ann, "ann@example.com", FORM, NOW + MINUTE)
    tick()
    assert may(ann) == "express"


def test_the_week_ends_to_the_second_and_what_ended_is_deleted() -> None:
    token = consent.request(DOV, "dov@example.com", FORM, NOW)
    with pytest.raises(consent.ExpiredLink):
        consent.confirm(token, NOW + WEEK)
    assert consent.sweep(NOW + WEEK - MINUTE) == 0
    assert consent.confirm(token, NOW + WEEK - timedelta(seconds=1)).is_new
    assert consent.sweep(NOW + WEEK) == 1
    with pytest.raises(consent.ExpiredLink):
        consent.confirm(token, NOW + WEEK)


def test_the_link_names_neither_the_person_nor_the_key_that_the_log_keeps() -> None:
    token = consent.request(DOV, "dov@example.com", FORM, NOW)
    assert "dov" not in token
    assert "@" not in token
    assert token.partition("~")[0] not in "".join(Inbox.objects.values_list("fields", flat=True))
    assert hashlib.sha256(token.partition("~")[0].encode()).hexdigest()[:32] in Inbox.objects.get().fields


READERS: dict[str, Callable[[str], object]] = {
    "confirm": lambda token: consent.confirm(token, NOW),
    "preferences": consent.read_preference_token,
    "unsubscribe": consent.read_unsubscribe_token,
}


def tokens(customer: int) -> dict[str, str]:
    return {
        "confirm": consent.request(customer, "ann@example.com", FORM, NOW),
        "preferences": consent.preference_token(customer, "Ann@example.com"),
        "unsubscribe": consent.unsubscribe_token(customer, "email", "news", "0f" * 16),
    }


def test_a_token_serves_its_own_purpose_only() -> None:
    for name, token in tokens(shop()["ann"]).items():
        for other in READERS.keys() - {name}:
            with pytest.raises(consent.BadLink):
                READERS[other](token)
        READERS[name](token)


def test_an_edited_token_is_none() -> None:
    for name, token in tokens(shop()["ann"]).items():
        edited = {
            token[:place] + ("A" if token[place] != "A" else "B") + token[place + 1 :] for place in range(len(token))
        }
        edited |= {token[:-1], token + "A", "", ".", "~", token.partition(".")[0], "1~a." * 9_999, "\ud800", "ä~ö.ü"}
        for wrong in edited:
            with pytest.raises(consent.BadLink):
                READERS[name](wrong)


def test_a_token_names_one_person_and_where_it_was_sent() -> None:
    people = shop()
    ann, bo = (consent.preference_token(people[name], f"{name}@example.com") for name in ("ann", "bo"))
    assert consent.read_preference_token(ann).customer == people["ann"]
    assert consent.read_preference_token(ann).is_for(" ANN@example.com")
    assert not consent.read_preference_token(ann).is_for("bo@example.com")
    swapped = ann.partition(".")[0] + "." + bo.partition(".")[2]
    with pytest.raises(consent.BadLink):
        consent.read_preference_token(swapped)
    leaves = consent.read_unsubscribe_token(consent.unsubscribe_token(people["bo"], "email", "", "aa" * 16))
    assert leaves == consent.UnsubscribeLink(people["bo"], "email", "", "aa" * 16)
    with pytest.raises(consent.BadStatement):
        consent.unsubscribe_token(people["bo"], "email", "a~b", "")


def test_reading_changes_nothing() -> None:
    ann = shop()["ann"]
    consent.give(ann, FORM, NOW)
    made = tokens(ann)
    tick()
    before = (rows(), Inbox.objects.count(), Confirmation.objects.filter(confirmed_at=None).count())
    for _ in range(3):
        consent.read_preference_token(made["preferences"])
        consent.read_unsubscribe_token(made["unsubscribe"])
        consent.standings([ann], "email", "", NOW)
        consent.choices_of(ann)
        consent.history(ann)
        list(consent.export_log())
        consent.suppressed("email", ["ann@example.com"], NOW)
    assert (rows(), Inbox.objects.count(), Confirmation.objects.filter(confirmed_at=None).count()) == before
