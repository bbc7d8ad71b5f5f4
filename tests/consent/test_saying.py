"""Saying yes and no: in force before the answer, once and for all told by the log, and nobody forgotten by a merge."""

from dataclasses import replace
from datetime import timedelta

import pytest

from regulars.consent import api as consent
from regulars.consent.models import Consent
from regulars.events import api as events
from regulars.profiles import api as profiles
from tests.consent.people import FORM, PAGE, SMS, imported, may, rows, said, shop, tick, utc
from tests.events.cast import ANN, BO, NOW, placed

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("home")]


def test_a_consent_holds_until_it_is_withdrawn_which_holds_at_once() -> None:
    ann = shop()["ann"]
    assert may(ann) == "not: no_consent"
    assert consent.give(ann, FORM, NOW) == consent.Recorded(ann, is_new=True)
    assert may(ann) == "express"
    consent.withdraw(ann, PAGE, NOW + timedelta(hours=1))
    assert may(ann) == "not: withdrawn"
    before = rows()
    assert {row.seq for row in Consent.objects.all()} == {0}
    tick()
    assert rows() == before
    assert {row.seq > 0 for row in Consent.objects.all()} == {True}
    assert may(ann) == "not: withdrawn"
    consent.give(ann, FORM, NOW + timedelta(hours=2))
    assert may(ann) == "express"


def test_a_no_and_a_yes_of_one_instant_is_a_no() -> None:
    ann = shop()["ann"]
    consent.withdraw(ann, PAGE, NOW)
    consent.give(ann, FORM, NOW)
    assert may(ann) == "not: withdrawn"
    tick()
    assert may(ann) == "not: withdrawn"


def test_a_topic_is_left_alone_and_the_channel_with_every_topic() -> None:
    ann = shop()["ann"]
    consent.give(ann, FORM, NOW)
    consent.withdraw(ann, replace(PAGE, topic="news"), NOW + timedelta(hours=1))
    assert (may(ann, topic="news"), may(ann, topic="tips"), may(ann)) == ("not: withdrawn", "express", "express")
    consent.withdraw(ann, PAGE, NOW + timedelta(hours=2))
    consent.give(ann, replace(FORM, topic="news"), NOW + timedelta(hours=3))
    assert (may(ann, topic="news"), may(ann, topic="tips"), may(ann)) == ("express", "not: withdrawn", "not: withdrawn")


def test_a_topic_that_is_no_default_goes_only_to_who_chose_it() -> None:
    people = shop()
    consent.put_topic(consent.TopicOffered(key="trade", name="For cafés", is_default=False))
    for name in ("ann", "bo"):
        consent.give(people[name], FORM, NOW)
    consent.give(people["bo"], replace(FORM, topic="trade"), NOW)
    assert may(people["ann"], topic="trade") == "not: not_chosen"
    assert (may(people["ann"]), may(people["bo"], topic="trade")) == ("express", "express")


def test_one_channel_says_nothing_of_another() -> None:
    ann = shop()["ann"]
    consent.give(ann, FORM, NOW)
    consent.give(ann, SMS, NOW)
    consent.withdraw(ann, replace(SMS, method="sms_keyword"), NOW + timedelta(minutes=1))
    assert (may(ann), may(ann, "sms"), may(ann, "push")) == ("express", "not: withdrawn", "not: no_consent")


def test_somebody_new_is_recorded_and_known_with_the_next_tick() -> None:
    new = {"email": "dov@example.com"}
    assert consent.give(new, FORM, NOW) == consent.Recorded(0, is_new=True)
    tick()
    (dov,) = profiles.known(new)
    assert may(dov) == "express"


def test_somebody_new_who_leaves_before_having_a_number_gets_nothing() -> None:
    new = {"email": "Dov@example.com"}
    consent.give(new, FORM, NOW)
    consent.withdraw(new, PAGE, NOW + timedelta(seconds=1))
    later = NOW + timedelta(seconds=2)
    assert consent.suppressed("email", ["dov@example.com"], later)["dov@example.com"].reason == "unsubscribed_all"
    tick()
    (dov,) = profiles.known(new)
    assert may(dov) == "not: withdrawn"
    consent.give(dov, FORM, later)
    assert may(dov) == "express"
    assert consent.suppressed("email", ["dov@example.com"], later) == {}


def test_a_number_that_nobody_has_changes_nothing() -> None:
    shop()
    before = rows()
    assert consent.withdraw(99, PAGE, NOW) == consent.Recorded(0, is_new=False)
    tick()
    assert (rows(), may(99)) == (before, "not: no_consent")


def test_a_repeated_call_is_the_same_statement() -> None:
    ann = shop()["ann"]
    yes = replace(FORM, event_id="call-1")
    consent.give(ann, yes, NOW)
    consent.withdraw(ann, PAGE, NOW + timedelta(hours=1))
    assert consent.give(ann, yes, NOW + timedelta(hours=2)) == consent.Recorded(ann, is_new=False)
    assert may(ann) == "not: withdrawn"


@pytest.mark.parametrize(
    ("wrong", "answer"),
    [
        ({"channel": "e-mail"}, "'e-mail' is no channel; did you mean 'email'?"),
        ({"method": "forms"}, "'forms' is no way of saying it; did you mean 'form'?"),
        ({"basis": "no_objection"}, "'no_objection' is no basis; there are express"),
        ({"topic": "x" * 65}, "topic has more than 64 letters"),
        ({"event_id": "x" * 256}, "event_id has more than 255 letters"),
    ],
)
def test_what_cannot_be_recorded_is_refused_with_what_to_do(wrong: dict[str, str], answer: str) -> None:
    ann = shop()["ann"]
    with pytest.raises(consent.BadStatement) as refusal:
        consent.give(ann, replace(FORM, **wrong), NOW)  # type: ignore[arg-type]
    assert str(refusal.value).startswith(answer)
    assert rows() == []


def test_a_customer_who_turns_out_to_be_another_brings_what_they_said() -> None:
    people = shop()
    consent.give(people["ann"], FORM, NOW)
    consent.withdraw(people["bo"], PAGE, NOW + timedelta(hours=1))
    tick()
    events.append([placed("M1", {**ANN, "email": BO["email"]})], NOW)
    tick()
    assert profiles.standing(people["bo"]) == people["ann"]
    assert (may(people["ann"]), may(people["bo"])) == ("not: withdrawn", "not: withdrawn")
    assert {row.customer_id for row in Consent.objects.all()} == {people["ann"]}
    consent.give(people["bo"], FORM, NOW + timedelta(hours=2))
    assert (may(people["ann"]), may(people["bo"])) == ("express", "express")


def test_of_merged_people_a_later_implied_yes_does_not_lift_a_no() -> None:
    people = shop()
    consent.withdraw(people["ann"], PAGE, NOW)
    consent.give(people["bo"], replace(FORM, basis="implied_inquiry", country="CA"), NOW + timedelta(hours=1))
    events.append([placed("M1", {**ANN, "email": BO["email"]})], NOW)
    tick()
    assert may(people["ann"]) == "not: withdrawn"


def test_a_no_holds_between_the_merge_and_its_projection() -> None:
    people = shop()
    consent.give(people["ann"], FORM, NOW)
    consent.withdraw(people["bo"], PAGE, NOW + timedelta(hours=1))
    events.append([placed("M1", {**ANN, "email": BO["email"]})], NOW)
    events.sequence(NOW, profiles.people)
    profiles.project(NOW)
    assert may(people["bo"]) == "not: withdrawn"
    consent.withdraw(people["bo"], replace(PAGE, topic="news"), NOW + timedelta(hours=2))
    assert may(people["ann"], topic="news") == "not: withdrawn"


def test_a_merge_is_followed_also_where_nobody_else_has_projected_it() -> None:
    people = shop()
    consent.withdraw(people["bo"], PAGE, NOW)
    tick()
    events.append([placed("M1", {**ANN, "email": BO["email"]})], NOW)
    events.sequence(NOW, profiles.people)
    consent.project(NOW)
    assert {row.customer_id for row in Consent.objects.all()} == {people["ann"]}
    assert may(people["ann"]) == "not: withdrawn"


def test_identifiers_of_two_customers_leave_for_both_at_once() -> None:
    people = shop()
    for name in ("ann", "bo"):
        consent.give(people[name], FORM, NOW)
    consent.withdraw({**ANN, "email": BO["email"]}, PAGE, NOW + timedelta(hours=1))
    assert (may(people["ann"]), may(people["bo"])) == ("not: withdrawn", "not: withdrawn")


def test_what_an_import_says_is_given_by_import_until_the_person_says_otherwise() -> None:
    people = shop()
    events.append([imported(ANN, "v1", utc(2024, 2, 1), accepts_email=True, accepts_sms=False)], NOW)
    tick()
    ann = people["ann"]
    (email, sms) = consent.choices_of(ann)
    assert (email.state, email.method, email.since) == ("given", "import", utc(2024, 2, 1))
    assert (sms.channel, sms.state) == ("sms", "withdrawn")
    assert may(ann) == "express"
    consent.withdraw(ann, PAGE, NOW)
    for version, at in (("v2", utc(2024, 3, 1)), ("v3", NOW + timedelta(days=9))):
        events.append([imported(ANN, version, at, accepts_email=True)], NOW)
        tick()
        assert may(ann) == "not: withdrawn", version
    consent.give(ann, FORM, NOW + timedelta(days=1))
    assert may(ann) == "express"


def test_a_no_in_an_import_counts_when_it_is_later() -> None:
    ann = shop()["ann"]
    consent.give(ann, FORM, utc(2024, 4, 1))
    events.append([imported(ANN, "v1", utc(2024, 3, 1), accepts_email=False)], NOW)
    tick()
    assert may(ann) == "express"
    events.append([imported(ANN, "v2", utc(2024, 5, 1), accepts_email=False)], NOW)
    tick()
    assert may(ann) == "not: withdrawn"
    events.append([imported(ANN, "v3", utc(2024, 5, 1), accepts_email=True)], NOW + timedelta(days=1))
    tick(NOW + timedelta(days=1))
    assert may(ann) == "express"


def test_telling_everything_again_changes_nothing_and_starting_over_forgets() -> None:
    people = shop()
    consent.give(people["ann"], FORM, NOW)
    consent.suppress("email", ["bo@example.com"], "complaint", NOW)
    tick()
    consent.withdraw(people["ann"], PAGE, NOW + timedelta(hours=1))
    before = rows()
    consent.rebuild(NOW)
    assert rows() == before
    consent.reset()
    assert rows() == []
    consent.rebuild(NOW)
    assert len(rows()) == len(before)


def test_what_a_source_tells_in_words_that_nobody_knows_counts_for_nothing_and_stops_nothing() -> None:
    people = shop()
    odd = said("given", BO, 3, basis="because", text_version="v" * 500, topic="\0news")
    events.append([odd, said("given", ANN, 3, text_version="v1")], NOW)
    tick()
    assert (may(people["bo"]), may(people["ann"])) == ("not: no_consent", "express")
