"""What is expected of one customer, and the pages of late ones: the same answers by every door."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from functools import cache
from random import Random
from typing import Any

import pytest

from regulars import loop
from regulars.events import api as events
from regulars.predictions import Rhythm, api as predictions
from regulars.predictions.fitted import NEXT_BETWEEN
from regulars.predictions.rules import late
from tests.events.cast import ANN, BO, GUEST as NOBODY, NOW, placed
from tests.golden.cdnow import LAST_DAY, order_days
from tests.measurement.stand_in import GUEST, Order, lake

BEGIN = date(2023, 1, 1)
AS_OF = BEGIN + timedelta(days=520)
MANY = 450


@cache
def rhythmic() -> tuple[Order, ...]:
    """Let MANY customers buy in gaps of their own until some day; some on many days, some silent for long."""
    random, made = Random(3), [Order(GUEST, BEGIN)]
    for customer in range(1, MANY + 1):
        day, pace, n = random.randrange(400), random.uniform(5, 60), random.choice((1, 2, 3, 4, 6, 9, 15, 60))
        for _ in range(n):
            if day <= 520:
                made.append(Order(customer, BEGIN + timedelta(days=day), Decimal(random.randrange(1, 400)) / 4))
            day += max(1, round(random.gammavariate(4, pace / 4)))
    return tuple(made)


def cdnow() -> list[Order]:
    return [
        Order(customer, day, Decimal(f"{spent:.2f}"))
        for customer, days in order_days().items()
        for day, spent in days.items()
    ]


@pytest.fixture(scope="module")
def known() -> Iterator[predictions.Known]:
    with lake(rhythmic()) as moment:
        yield predictions.known(moment, AS_OF)


@pytest.fixture(scope="module")
def models(known: predictions.Known) -> predictions.Fitted:
    return predictions.fitted(known)


@pytest.fixture(scope="module")
def outlooks(known: predictions.Known, models: predictions.Fitted) -> dict[int, dict[str, Any]]:
    found = {customer: predictions.outlook(models, known, customer) for customer in range(1, MANY + 1)}
    return {customer: told for customer, told in found.items() if told is not None}


def days_of(customer: int) -> list[date]:
    return sorted({order.day for order in rhythmic() if order.customer == customer})


def test_the_numbers_it_rests_on_are_the_customers_own(outlooks: dict[int, dict[str, Any]]) -> None:
    assert len(outlooks) == MANY
    for customer, told in outlooks.items():
        days = days_of(customer)
        assert told["customer_id"] == customer
        assert told["order_days"] == len(days)
        assert told["days_known"] == (AS_OF - days[0]).days
        assert told["days_since"] == (AS_OF - days[-1]).days
        assert (told["rhythm"] is None) == (len(days) < 3)
        assert (told["rhythm_reason"] is None) == (len(days) >= 3)
        if told["rhythm"]:
            assert told["rhythm"]["usual_gap_days"] == pytest.approx((days[-1] - days[0]).days / (len(days) - 1))


@pytest.mark.parametrize("customer", [0, -1, MANY + 1, 10**12])
def test_of_nobody_nothing_is_expected(known: predictions.Known, models: predictions.Fitted, customer: int) -> None:
    assert predictions.outlook(models, known, customer) is None


def test_a_customer_whose_first_order_is_yet_to_come_is_nobody() -> None:
    with lake([Order(1, BEGIN), Order(2, BEGIN + timedelta(days=9))]) as moment:
        known = predictions.known(moment, BEGIN + timedelta(days=5))
        models = predictions.fitted(known)
        assert predictions.outlook(models, known, 1) is not None
        assert predictions.outlook(models, known, 2) is None


def test_states_agree_with_the_list_of_the_late(known: predictions.Known, outlooks: dict[int, dict[str, Any]]) -> None:
    found = predictions.late_list(known, 1000)
    by_state = Counter(told["rhythm"]["state"] for told in outlooks.values() if told["rhythm"])
    assert min(by_state["in_time"], by_state["late"], by_state["lost"]) > 5, "the made shop has some of each"
    assert (by_state["late"], by_state["lost"]) == (found["count"], found["lost"])
    listed = {row["customer_id"]: row for row in found["customers"]}
    states = {customer: told["rhythm"]["state"] for customer, told in outlooks.items() if told["rhythm"]}
    assert {customer for customer, state in states.items() if state == "late"} == listed.keys()
    for customer, row in listed.items():
        told = outlooks[customer]
        assert row["days_since"] == told["days_since"]
        assert row["late_from_days"] == told["rhythm"]["late_from_days"]
        assert row["probability"] == pytest.approx(told["rhythm"]["returned_by_now"])
        assert row["usual_gap_days"] == pytest.approx(told["rhythm"]["usual_gap_days"], abs=0.0501)


def test_the_days_that_are_shown_say_the_same_as_the_state(outlooks: dict[int, dict[str, Any]]) -> None:
    for told in outlooks.values():
        if rhythm := told["rhythm"]:
            silent = told["days_since"]
            assert (rhythm["state"] == "in_time") == (silent < rhythm["late_from_days"])
            assert (rhythm["state"] == "lost") == (silent >= rhythm["lost_from_days"])
            assert 0 <= rhythm["returned_by_now"] <= 1
            assert 0 <= rhythm["still_active"] <= 1


def test_the_next_order_is_expected_between_two_days_to_come(
    models: predictions.Fitted, outlooks: dict[int, dict[str, Any]]
) -> None:
    assert models.rhythm is not None
    for told in outlooks.values():
        if told["rhythm"]:
            first, last = told["rhythm"]["next_in_days"]
            assert 0 <= first <= last
            gaps, silence = told["order_days"] - 1, told["days_since"]
            columns = [gaps], [told["days_known"] - silence]
            now, *then = (
                float(models.rhythm.returned_by_now(*columns, [silence + ahead])[0]) for ahead in (0, first, last)
            )
            nearby = [
                float(models.rhythm.returned_by_now(*columns, [silence + ahead + step])[0])
                for ahead, step in ((first, -0.5), (first, 0.5), (last, -0.5), (last, 0.5))
            ]
            wanted = [now + share * (1 - now) for share in NEXT_BETWEEN]
            assert nearby[0] - 1e-9 <= wanted[0] <= nearby[1] + 1e-9
            assert nearby[2] - 1e-9 <= wanted[1] <= nearby[3] + 1e-9
            assert then[0] <= then[1]


@pytest.mark.parametrize("order_days", [3, 40, 400])
@pytest.mark.parametrize("silence", [0, 30, 1_000, 40_000])
def test_even_the_longest_silence_has_an_outlook(order_days: int, silence: int) -> None:
    days = [BEGIN + timedelta(days=day) for day in range(order_days)]
    with lake([Order(1, day) for day in days]) as moment:
        known = predictions.known(moment, days[-1] + timedelta(days=silence))
        models = replace(predictions.fitted(known), rhythm=Rhythm(4.0, 3.0, 60.0, 0.15), rhythm_reason=None)
        told = predictions.outlook(models, known, 1)
    assert told is not None
    first, last = told["rhythm"]["next_in_days"]
    assert 0 <= first <= last
    if silence == 40_000:
        assert told["rhythm"]["state"] == "lost"
        assert told["rhythm"]["still_active"] == pytest.approx(0, abs=1e-3)


def test_segments_are_those_of_the_grid(known: predictions.Known, outlooks: dict[int, dict[str, Any]]) -> None:
    counted = Counter(told["segment"] for told in outlooks.values())
    assert counted == {row["segment"]: row["customers"] for row in predictions.rfm_summary(known) if row["customers"]}


def test_pages_of_the_late_are_disjoint_and_together_all(known: predictions.Known) -> None:
    whole = predictions.late_list(known, 10_000)
    assert len(whole["customers"]) == whole["count"] > 25
    pages = [predictions.late_list(known, 7, offset) for offset in range(0, whole["count"] + 7, 7)]
    assert [row for page in pages for row in page["customers"]] == whole["customers"]
    assert len({row["customer_id"] for row in whole["customers"]}) == whole["count"]
    assert predictions.late_customers(known)["customers"] == whole["customers"][:25]
    for page in pages:
        assert {**page, "customers": []} == {**whole, "customers": []}
    assert whole["value"] == sum(row["value"] for row in whole["customers"])
    assert predictions.late_list(known, 0)["customers"] == []
    assert predictions.late_list(known, 5, 10**30)["customers"] == []


def test_the_list_of_customers_calls_the_same_ones_late() -> None:
    with lake(rhythmic()) as moment:
        moment.con.execute(
            "CREATE TABLE customers AS SELECT *, '' AS reference, '' AS email, '' AS phone, '' AS first_name, "
            "'' AS last_name, '' AS country, '' AS city, NULL::BOOLEAN AS accepts_email, NULL::BOOLEAN AS accepts_sms "
            "FROM customer_sum"
        )
        for as_of in (AS_OF, AS_OF - timedelta(days=200), AS_OF):
            known = predictions.known(moment, as_of)
            found = predictions.listing(known, predictions.Listing({"late": "yes"}, limit=1000))["customers"]
            expected = predictions.late_list(known, 1000)["customers"]
            assert {one["customer_id"] for one in found} == {one["customer_id"] for one in expected}
            assert found


def test_thin_data_give_no_outlook_but_reasons() -> None:
    with lake([Order(1, BEGIN), Order(1, BEGIN + timedelta(days=3))]) as moment:
        known = predictions.known(moment, BEGIN + timedelta(days=9))
        models = predictions.fitted(known)
        told = predictions.outlook(models, known, 1)
        late_ones = predictions.late_list(known, 10)
        assert told is not None
        assert told["value_reasons"] == predictions.value_model(known)["reasons"]
    assert (told["value"], told["rhythm"]) == (None, None)
    assert len(told["value_reasons"]) == 3
    assert told["rhythm_reason"] == late_ones["reason"] == "fewer than twenty customers have come back"
    assert (late_ones["customers"], late_ones["count"], late_ones["lost"]) == ([], 0, 0)


def test_in_an_empty_lake_nobody_has_an_outlook() -> None:
    with lake([]) as moment:
        known = predictions.known(moment, BEGIN)
        models = predictions.fitted(known)
        assert models.reasons
        assert models.rhythm_reason
        assert predictions.outlook(models, known, 1) is None


def test_what_is_expected_of_all_together_is_what_is_expected_of_each() -> None:
    with lake(cdnow()) as moment:
        known = predictions.known(moment, LAST_DAY)
        models = predictions.fitted(known)
        told = [predictions.outlook(models, known, customer) for customer in order_days()]
        model = predictions.value_model(known)
    values = [one["value"] for one in told if one]
    assert len(values) == len(order_days())
    assert sum(one["expected_orders"] for one in values) == pytest.approx(model["expected_orders"]["mean"])
    assert sum(one["expected_revenue"] for one in values) == pytest.approx(model["expected_revenue"]["mean"])
    assert all(0 < one["p_alive"] <= 1 for one in values)
    once = next(one for one in told if one and one["order_days"] == 1)
    assert once["rhythm_reason"] == "three order days make a rhythm"


def test_without_order_values_orders_are_expected_and_revenue_is_not() -> None:
    free = [Order(one.customer, one.day, Decimal(0)) for one in cdnow()]
    with lake(free) as moment:
        known = predictions.known(moment, LAST_DAY)
        told = predictions.outlook(predictions.fitted(known), known, 4)
    assert told is not None
    assert told["value"]["expected_orders"] > 0
    assert (told["value"]["expected_order_value"], told["value"]["expected_revenue"]) == (None, None)


def test_late_begins_at_the_same_silence_in_the_rule_and_in_the_outlook(
    models: predictions.Fitted, outlooks: dict[int, dict[str, Any]]
) -> None:
    assert models.rhythm is not None
    told = next(one for one in outlooks.values() if one["rhythm"])
    gaps, length = told["order_days"] - 1, told["days_known"] - told["days_since"]
    for share, name in ((late.LATE, "late_from_days"), (late.GONE, "lost_from_days")):
        day = told["rhythm"][name]
        before, then = models.rhythm.returned_by_now([gaps] * 2, [length] * 2, [day - 1, day])
        assert before < share <= then


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("home")
def test_a_merged_customers_outlook_is_the_whole_persons() -> None:
    events.append([placed("A1", ANN), placed("B1", BO, day=5), placed("G1", NOBODY, day=6)], NOW)
    loop.run_once(NOW)
    events.append([placed("A2", {"id": "c1", "email": "bo@example.com"}, day=9)], NOW)
    loop.run_once(NOW)
    with events.reader(NOW) as moment:
        known = predictions.known(moment, NOW.date())
        models = predictions.fitted(known)
        told = predictions.outlook(models, known, 1)
        assert predictions.outlook(models, known, 2) is None
    assert told is not None
    assert told["order_days"] == 3
