"""Retention on the CDNOW sample: counts that were worked out apart from this code, one for each definition."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from regulars.measurement.api import Question
from tests.golden.cdnow import order_days
from tests.measurement.stand_in import Order, reported


def orders(since: date = date.min, until: date = date.max) -> list[Order]:
    """Return one order per customer and day, of the customers who began between these days."""
    return [
        Order(customer, day, Decimal(f"{spent:.2f}"))
        for customer, days in order_days().items()
        if since <= min(days) <= until
        for day, spent in days.items()
    ]


@pytest.fixture(scope="module")
def found() -> dict[str, Any]:
    return reported(orders(), Question(as_of=date(1998, 6, 30)))


def window(found: dict[str, Any], name: str) -> dict[str, Any]:
    """Return the retention figure of this name."""
    rows: list[dict[str, Any]] = found["retention"]
    return next(row for row in rows if row["name"] == name)


def test_totals(found: dict[str, Any]) -> None:
    totals = found["totals"]
    assert (totals["customers"], totals["orders"]) == (2357, 6696)
    assert totals["repeat_rate"] == pytest.approx(0.483241, abs=5e-7)
    assert totals["orders_per_customer"] == pytest.approx(2.840899, abs=5e-7)


@pytest.mark.parametrize(
    ("name", "retained", "rate"),
    [("within_56_days", 576, 0.244378), ("bounded_week_8", 88, 0.037336), ("unbounded_day_56", 952, 0.403904)],
)
def test_one_shop_has_three_eight_week_rates(found: dict[str, Any], name: str, retained: int, rate: float) -> None:
    row = window(found, name)
    assert (row["eligible"], row["retained"]) == (2357, retained)
    assert row["rate"] == pytest.approx(rate, abs=1e-6)
    assert row["low"] < row["rate"] < row["high"]


def test_the_headline_says_the_middle_one(found: dict[str, Any]) -> None:
    assert found["headline"] == {
        "text": "244 of 1,000 first buyers came back within eight weeks",
        "metric": "within_56_days",
    }


def test_cohorts_by_month(found: dict[str, Any]) -> None:
    rows = found["cohorts"]["rows"]
    assert [(row["cohort"], row["customers"]) for row in rows] == [("1997-01", 781), ("1997-02", 857), ("1997-03", 719)]
    assert [len(row["active"]) for row in rows] == [18, 17, 16]
    assert all(all(row["complete"]) for row in rows)
    assert sum(len(row["active"]) for row in found["weekly_cohorts"]["rows"]) > 0


@pytest.mark.parametrize(
    ("first", "last", "size", "rate"),
    [
        (date(1997, 1, 1), date(1997, 1, 31), 781, 0.2586),
        (date(1997, 2, 1), date(1997, 2, 28), 857, 0.2567),
        (date(1997, 3, 1), date(1997, 3, 31), 719, 0.2142),
    ],
)
def test_within_eight_weeks_by_cohort(first: date, last: date, size: int, rate: float) -> None:
    row = window(reported(orders(first, last), Question(as_of=date(1998, 6, 30))), "within_56_days")
    assert row["eligible"] == size
    assert row["rate"] == pytest.approx(rate, abs=5e-5)


def test_from_the_third_quarter_to_the_fourth(found: dict[str, Any]) -> None:
    row = next(row for row in found["period_retention"] if row["period"] == "1997-Q4")
    assert (row["start_customers"], row["end_customers"], row["retained"]) == (418, 404, 203)
    assert row["rate"] == pytest.approx(0.485646, abs=5e-7)
    assert row["rate"] == (row["end_customers"] - row["new"]) / row["start_customers"]
    assert row["first_time"] == 0


@pytest.mark.parametrize(
    ("as_of", "matured", "eligible", "kaplan_meier"),
    [(date(1997, 3, 31), 0.2580, 876, 0.2554), (date(1997, 4, 15), 0.2549, None, 0.2520)],
)
def test_those_who_had_no_time_to_return_do_not_spoil_the_rate(
    as_of: date, matured: float, eligible: int | None, kaplan_meier: float
) -> None:
    early = reported(orders(), Question(as_of=as_of))
    row = window(early, "within_56_days")
    assert row["rate"] == pytest.approx(matured, abs=5e-5)
    assert eligible is None or row["eligible"] == eligible
    curve = {point["day"]: point["share"] for point in early["repurchase_curve"]}
    assert curve[56] == pytest.approx(kaplan_meier, abs=5e-5)


def test_the_curve_ends_where_everybody_was_watched(found: dict[str, Any]) -> None:
    curve = {point["day"]: point for point in found["repurchase_curve"]}
    assert curve[0] == {"day": 0, "share": 0.0, "low": 0.0, "high": 0.0, "at_risk": 2357}
    assert curve[56]["share"] == pytest.approx(576 / 2357)
    assert max(curve) == 540
    assert found["median_days_to_second"] is None


def test_the_biggest_spenders(found: dict[str, Any]) -> None:
    spent: dict[int, Any] = {}
    for order in orders():
        spent[order.customer] = spent.get(order.customer, 0) + order.gross
    top = sorted(spent.values(), reverse=True)
    assert found["totals"]["top_10_percent_revenue_share"] == pytest.approx(float(sum(top[:235]) / sum(top)))
    assert found["totals"]["top_20_percent_revenue_share"] == pytest.approx(float(sum(top[:471]) / sum(top)))
    assert found["concentration"][4]["revenue_share"] == found["totals"]["top_20_percent_revenue_share"]
