"""Who may be written to, by the law of their country, to the day; ten thousand people in a handful of questions."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from regulars.consent import api as consent
from regulars.consent.models import Consent
from regulars.events import api as events
from regulars.profiles.models import Customer
from tests.consent.people import FORM, PAGE, SMS, imported, may, rows, shop, tick, utc
from tests.events.cast import ANN, BO, DAY_0, NOW, cancelled, placed

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("home")]


def lives(people: dict[str, str], country: str) -> None:
    events.append([imported(people, f"lives-{country}-{people['email']}", utc(2024, 1, 1), country=country)], NOW)
    tick()


@pytest.mark.parametrize(
    ("bought", "last_day"),
    [
        (date(2022, 3, 15), date(2024, 3, 15)),
        (date(2024, 2, 29), date(2026, 2, 28)),
        (date(2022, 2, 28), date(2024, 2, 28)),
        (date(2021, 12, 31), date(2023, 12, 31)),
    ],
)
def test_in_canada_a_purchase_counts_for_24_months_to_the_day(bought: date, last_day: date) -> None:
    days = (bought - DAY_0.date()).days
    events.append([placed("A1", ANN, day=days), placed("A0", ANN, day=days - 40)], NOW)
    tick()
    lives(ANN, "CA")
    then = utc(last_day.year, last_day.month, last_day.day, 23)
    assert consent.standings([1], "email", "", then)[1] == consent.ConsentStanding(
        True, "implied_purchase", last_day, consent.Reason.PURCHASE
    )
    assert may(1, now=then + timedelta(hours=2)) == "not: no_consent"


@pytest.mark.parametrize(
    ("asked", "last_day"),
    [
        (date(2023, 8, 31), date(2024, 2, 29)),
        (date(2022, 8, 31), date(2023, 2, 28)),
        (date(2024, 2, 29), date(2024, 8, 29)),
        (date(2023, 7, 5), date(2024, 1, 5)),
    ],
)
def test_in_canada_an_inquiry_counts_for_6_months_to_the_day(asked: date, last_day: date) -> None:
    inquiry = replace(FORM, basis="implied_inquiry", country="Canada")
    consent.give({"email": "dov@example.com"}, inquiry, utc(asked.year, asked.month, asked.day))
    tick()
    (dov,) = Customer.objects.values_list("id", flat=True)
    then = utc(last_day.year, last_day.month, last_day.day, 23)
    assert may(dov, now=then) == "implied_inquiry"
    assert may(dov, now=then + timedelta(hours=2)) == "not: no_consent"
    consent.give(dov, FORM, then)
    assert may(dov, now=utc(2090, 1, 1)) == "express"


def test_a_day_ends_where_the_shop_is() -> None:
    events.fix(None, "America/Toronto")
    night = placed("A1", ANN, day=1)  # 10:00 UTC
    events.append([replace(night, occurred_at=utc(2022, 6, 16, 3))], NOW)  # still the 15th in Toronto
    tick()
    lives(ANN, "CA")
    assert may(1, now=utc(2024, 6, 16, 3)) == "implied_purchase"
    assert may(1, now=utc(2024, 6, 16, 5)) == "not: no_consent"


def test_a_cancelled_order_and_a_test_are_no_purchase_and_a_merged_ones_is() -> None:
    events.append([placed("A1", ANN), placed("B1", BO, is_test=True)], NOW)
    events.append([cancelled("A1")], NOW)
    tick()
    lives(ANN, "CA")
    lives(BO, "CA")
    assert (may(1), may(2)) == ("not: no_consent", "not: no_consent")
    events.append([placed("B2", BO)], NOW)
    events.append([placed("M1", {**ANN, "email": BO["email"]}, day=-3_000)], NOW)
    tick()
    assert (may(1), may(2)) == ("implied_purchase", "implied_purchase")


def test_each_country_has_its_own_law() -> None:
    ann = shop()["ann"]
    expected = {"US": "no_objection", "CA": "implied_purchase", "DE": "not: no_consent", "JP": "not: no_consent"}
    for country, answer in expected.items():
        lives(ANN, country)
        assert may(ann) == answer, country
        assert may(ann, "sms") == "not: no_consent", country
        assert may(ann, "push") == "not: no_consent", country
    consent.withdraw(ann, PAGE, NOW)
    for country in expected:
        lives(ANN, country)
        assert may(ann) == "not: withdrawn", country


def test_customers_are_written_to_without_a_yes_only_where_the_shop_has_enabled_it() -> None:
    ann = shop()["ann"]
    lives(ANN, "Germany")
    assert may(ann) == "not: no_consent"
    consent.decide(consent.Rules(soft_opt_in=True))
    assert may(ann) == "soft_opt_in"
    assert may(ann, "sms") == "not: no_consent"
    assert may(ann, now=utc(2026, 1, 2)) == "not: no_consent"
    consent.withdraw(ann, PAGE, NOW)
    assert may(ann) == "not: withdrawn"


def test_text_messages_need_words_on_record_that_no_purchase_hung_on() -> None:
    people = shop()
    ann, bo = people["ann"], people["bo"]
    consent.give(ann, replace(SMS, is_condition_of_sale=True), NOW)
    consent.give(bo, replace(SMS, text="", text_version=""), NOW)
    assert (may(ann, "sms"), may(bo, "sms")) == ("not: condition_of_sale", "not: not_written")
    tick()
    assert may(ann, "sms") == "not: condition_of_sale"
    consent.give(ann, SMS, NOW)
    consent.give(ann, replace(SMS, is_condition_of_sale=True), NOW + timedelta(hours=1))
    assert may(ann, "sms") == "express"


def test_an_imports_yes_to_text_messages_counts_when_the_shop_has_named_its_words() -> None:
    ann = shop()["ann"]
    events.append([imported(ANN, "v1", utc(2024, 2, 1), accepts_sms=True)], NOW)
    tick()
    assert may(ann, "sms") == "not: not_written"
    with pytest.raises(consent.BadStatement):
        consent.decide(consent.Rules(import_text="Text me."))
    consent.decide(consent.Rules(import_text="Text me.", import_text_version="till-2"))
    assert may(ann, "sms") == "express"
    assert [one.text_version for one in consent.choices_of(ann)] == ["till-2"]
    (entry,) = consent.history(ann)
    assert (entry.said, entry.text, entry.text_version) == ("given", "Text me.", "till-2")


def test_a_consent_with_an_end_ends() -> None:
    ann = shop()["ann"]
    consent.give(ann, replace(FORM, expires_on=date(2024, 6, 30)), NOW)
    tick()
    assert may(ann, now=utc(2024, 6, 30, 23)) == "express"
    assert may(ann, now=utc(2024, 7, 1, 0)) == "not: expired"


def test_ten_thousand_people_are_answered_in_a_handful_of_questions() -> None:
    ann = shop()["ann"]
    consent.give(ann, FORM, NOW)
    tick()
    sample = Consent.objects.get()
    countries = ("US", "CA", "DE")
    Customer.objects.bulk_create([Customer(id=100 + n, country=countries[n % 3]) for n in range(10_000)])
    Consent.objects.bulk_create(
        Consent(**{name: getattr(sample, name) for name in COPIED}, customer_id=100 + n) for n in range(0, 10_000, 2)
    )
    consent.withdraw(100, PAGE, NOW + timedelta(hours=1))
    with CaptureQueriesContext(
        connection,
    ) as asked:
        found = consent.standings(range(100, 10_100), "email", "news", NOW)
    assert len(asked) <= 16
    reasons = [one.reason.value for one in found.values()]
    assert len(found) == 10_000
    assert (reasons.count("express"), reasons.count("withdrawn")) == (4_999, 1)
    assert (found[101].allowed, found[103].allowed, found[105].reason) == (False, True, consent.Reason.NO_CONSENT)


COPIED = (
    "channel", "topic", "kind", "is_withdrawn", "basis", "method", "since", "heard_at", "text_version", "country", "source",
)  # fmt: skip


def test_nobody_is_asked_for_nobody() -> None:
    assert consent.standings([], "email", "", NOW) == {}
    assert rows() == []
