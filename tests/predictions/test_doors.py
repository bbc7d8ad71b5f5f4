"""The doors of predictions answer from the lake's tables: segments, the value model, who is late."""

from collections import Counter
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings, strategies as st

from regulars.predictions import SEGMENTS, api as predictions, fifths, segment
from tests.golden.cdnow import CALIBRATION_END, LAST_DAY, order_days
from tests.measurement.stand_in import GUEST, Order, lake

BEGIN = date(2024, 1, 1)


def cdnow() -> list[Order]:
    return [
        Order(customer, day, Decimal(f"{spent:.2f}"))
        for customer, days in order_days().items()
        for day, spent in days.items()
    ]


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.integers(GUEST, 15), st.integers(0, 30)), min_size=1, max_size=60), st.integers(0, 35))
def test_segments_are_what_the_rule_says_of_each_customer(made: list[tuple[int, int]], until: int) -> None:
    days: dict[int, set[int]] = {}
    for customer, day in made:
        if customer != GUEST and day <= until:
            days.setdefault(customer, set()).add(day)
    people = list(days.values())
    recency, frequency = fifths([max(one) for one in people]), fifths([len(one) for one in people])
    expected = Counter(segment(int(r), int(f)) for r, f in zip(recency, frequency, strict=True))
    with lake([Order(customer, BEGIN + timedelta(days=day)) for customer, day in made]) as moment:
        found = predictions.rfm_summary(predictions.known(moment, BEGIN + timedelta(days=until)))
    assert {row["segment"]: row["customers"] for row in found} == {name: expected[name] for name in SEGMENTS}
    gross = Decimal(10 * sum(customer != GUEST and day <= until for customer, day in made))
    assert sum(row["revenue"] for row in found) == gross


def test_the_history_that_is_hidden_begins_after_three_quarters_of_the_time() -> None:
    with lake([Order(1, BEGIN), Order(1, BEGIN + timedelta(days=400))]) as moment:
        known = predictions.known(moment, BEGIN + timedelta(days=400))
    assert known.until == BEGIN + timedelta(days=300)


def test_nobody_is_known_in_an_empty_lake() -> None:
    with lake([]) as moment:
        known = predictions.known(moment, BEGIN)
        assert {row["share"] for row in predictions.rfm_summary(known)} == {None}
        assert predictions.value_model(known)["abstains"]
        assert predictions.late_customers(known)["count"] == 0


@pytest.mark.parametrize("until", [LAST_DAY, LAST_DAY + timedelta(days=9), date(1996, 12, 1)])
def test_without_hidden_days_or_without_known_ones_there_is_no_back_test(until: date) -> None:
    with lake(cdnow()) as moment:
        model = predictions.value_model(predictions.known(moment, LAST_DAY, until))
    assert not model["abstains"]
    assert model["backtest"] is None


def test_a_model_of_the_past_knows_nothing_of_what_came_after() -> None:
    """Fitted as of the calibration end, it is the model that the back-test of the whole history tries."""
    with lake(cdnow()) as moment:
        whole = predictions.value_model(predictions.known(moment, LAST_DAY, CALIBRATION_END))["backtest"]
        then = predictions.value_model(predictions.known(moment, CALIBRATION_END))
    assert then["parameters"] == pytest.approx(whole["parameters"])
    assert then["log_likelihood"] == pytest.approx(whole["log_likelihood"])
    assert then["gamma_gamma"] == pytest.approx(whole["gamma_gamma"])


def test_free_orders_are_visits_but_say_nothing_about_order_values() -> None:
    orders = cdnow()
    freed = {order.customer for order in orders[:900]}
    told = [Order(one.customer, one.day, Decimal(0)) if one.customer in freed else one for one in orders]
    with lake(orders) as moment:
        paid = predictions.value_model(predictions.known(moment, LAST_DAY, CALIBRATION_END))
    with lake(told) as moment:
        free = predictions.value_model(predictions.known(moment, LAST_DAY, CALIBRATION_END))
    assert free["parameters"] == pytest.approx(paid["parameters"])
    assert free["gamma_gamma"]["n_customers"] < paid["gamma_gamma"]["n_customers"]


def test_late_customers_are_ranked_by_what_they_spent() -> None:
    with lake(cdnow()) as moment:
        found: dict[str, Any] = predictions.late_customers(predictions.known(moment, LAST_DAY))
    values = [row["value"] for row in found["customers"]]
    assert len(values) == 25 < found["count"]
    assert values == sorted(values, reverse=True)
    for row in found["customers"]:
        spent = order_days()[row["customer_id"]]
        assert row["value"] == sum(Decimal(f"{one:.2f}") for one in spent.values())
        assert (row["orders"], row["last_order_on"]) == (len(spent), max(spent).isoformat())
        assert row["days_since"] == (LAST_DAY - max(spent)).days
        assert 0.9 <= row["probability"] < 0.995
