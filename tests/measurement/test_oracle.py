"""Any history of orders: the figures are what a plain loop over the customers counts."""

from collections import defaultdict
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from hypothesis import example, given, settings, strategies as st

from regulars.measurement.api import Question
from regulars.measurement.rules.intervals import wilson
from tests.measurement.stand_in import GUEST, Order, reported

BEGIN = date(2023, 11, 20)  # a week before a month ends, a quarter before a leap day
Days = dict[int, list[date]]

near_or_far = st.integers(0, 8) | st.integers(0, 8) | st.integers(0, 200)  # near, so that edges are met often
orders = st.lists(
    st.builds(
        Order,
        customer=st.integers(GUEST, 6),
        day=near_or_far.map(lambda n: BEGIN + timedelta(days=n)),
        gross=st.decimals(0, 500, places=2),
        refunded=st.sampled_from([Decimal(0), Decimal("1.50")]),
    ),
    max_size=40,
)
windows = st.tuples(st.integers(1, 6) | st.integers(1, 90), st.none() | st.integers(0, 5) | st.integers(0, 60)).map(
    lambda pair: (pair[0], None if pair[1] is None else pair[0] + pair[1])
)
stops = st.none() | (st.integers(-5, 12) | st.integers(-5, 250)).map(lambda n: BEGIN + timedelta(days=n))


def people(known: list[Order]) -> Days:
    """Return each customer's order days in order."""
    found: dict[int, set[date]] = defaultdict(set)
    for order in known:
        if order.customer != GUEST:
            found[order.customer].add(order.day)
    return {customer: sorted(days) for customer, days in found.items()}


def months_between(first: date, later: date) -> int:
    return (later.year - first.year) * 12 + later.month - first.month


@settings(max_examples=150, deadline=None)
@example([Order(1, BEGIN), Order(1, BEGIN + timedelta(days=6))], (3, 6), None)  # closes on the as-of day itself
@given(orders, windows, stops)
def test_every_figure_is_what_a_plain_loop_counts(
    made: list[Order], window: tuple[int, int | None], stop: date | None
) -> None:
    found = reported(made, Question(as_of=stop, retention=(window,)))
    as_of = stop or max((order.day for order in made), default=None)
    assert found["as_of"] == (None if as_of is None else as_of.isoformat())
    known = [order for order in made if as_of is not None and order.day <= as_of]
    days = people(known)
    check_totals(found["totals"], known, days)
    for row in found["retention"]:
        check_window(row, days, as_of)
    if as_of is not None:
        check_cohorts(found["cohorts"]["rows"], days, as_of)
        check_weeks(found["weekly_cohorts"]["rows"], days, as_of)
        check_months(found["lifecycle"], known, days)
        check_quarters(found["period_retention"], days)
        check_sequence(found["sequence"], days)
        check_curve(found["repurchase_curve"], days, as_of)
    assert sum(row["customers"] for row in found["rfm"]) == len(days)


def check_totals(totals: dict[str, Any], known: list[Order], days: Days) -> None:
    orders_of: dict[int, int] = defaultdict(int)
    spent: dict[int, Decimal] = defaultdict(Decimal)
    for order in known:
        orders_of[order.customer] += 1
        spent[order.customer] += order.gross
    revenue, refunds = sum((o.gross for o in known), Decimal(0)), sum((o.refunded for o in known), Decimal(0))
    guests, _ = orders_of.pop(GUEST, 0), spent.pop(GUEST, None)
    assert (totals["orders"], totals["customers"], totals["guests_orders"]) == (len(known), len(days), guests)
    assert (Decimal(totals["revenue"]), Decimal(totals["refunds"])) == (revenue, refunds)
    assert Decimal(totals["net_revenue"]) == revenue - refunds
    assert totals["repeat_customers"] == sum(n >= 2 for n in orders_of.values())
    top = sorted(spent.values(), reverse=True)
    whole = sum(top)
    for percent in (10, 20):
        share = totals[f"top_{percent}_percent_revenue_share"]
        expected = float(sum(top[: len(top) * percent // 100]) / whole) if whole else None
        assert share == expected or abs(share - expected) < 1e-12


def check_window(row: dict[str, Any], days: Days, as_of: date | None) -> None:
    first, last = row["from_day"], row["to_day"]
    closes = first if last is None else last
    judged = [one for one in days.values() if as_of and one[0] + timedelta(days=closes) <= as_of]
    ages = [[(day - one[0]).days for day in one] for one in judged]
    hits = sum(any(age >= first and (last is None or age <= last) for age in one) for one in ages)
    assert (row["eligible"], row["retained"]) == (len(judged), hits)
    bounds = wilson(hits, len(judged)) or (None, None)
    assert (row["rate"], row["low"], row["high"]) == (hits / len(judged) if judged else None, *bounds)


def check_cohorts(rows: list[dict[str, Any]], days: Days, as_of: date) -> None:
    active: dict[str, list[int]] = {}
    for one in days.values():
        length = months_between(one[0], as_of) + 1
        row = active.setdefault(f"{one[0]:%Y-%m}", [0] * length)
        for month in {months_between(one[0], day) for day in one}:
            row[month] += 1
    assert {row["cohort"]: row["active"] for row in rows} == active
    assert [row["cohort"] for row in rows] == sorted(active)
    for row in rows:
        assert row["customers"] == row["active"][0]
        assert row["complete"][:-1] == [True] * (len(row["active"]) - 1)
        assert row["complete"][-1] == ((as_of + timedelta(days=1)).day == 1)


def check_weeks(rows: list[dict[str, Any]], days: Days, as_of: date) -> None:
    active: dict[date, list[int]] = {}
    for one in days.values():
        monday = one[0] - timedelta(days=one[0].weekday())
        row = active.setdefault(monday, [0] * ((as_of - monday).days // 7 + 1))
        for week in {(day - monday).days // 7 for day in one}:
            row[week] += 1
    newest = max(active, default=as_of)
    shown = {monday.isoformat(): row for monday, row in active.items() if (newest - monday).days <= 7 * 25}
    assert {row["cohort"]: row["active"] for row in rows} == shown


def check_months(rows: list[dict[str, Any]], known: list[Order], days: Days) -> None:
    bought = {customer: {f"{day:%Y-%m}" for day in one} for customer, one in days.items()}
    names = [row["month"] for row in rows]
    for place, row in enumerate(rows):
        now = {customer for customer, months in bought.items() if row["month"] in months}
        before = {customer for customer, months in bought.items() if place and names[place - 1] in months}
        new = {customer for customer in now if f"{days[customer][0]:%Y-%m}" == row["month"]}
        assert (row["new"], row["returning"]) == (len(new), len(now & before))
        assert (row["resurrected"], row["dormant"]) == (len(now - before - new), len(before - now))
        gross = [order for order in known if order.customer != GUEST and f"{order.day:%Y-%m}" == row["month"]]
        of_new = sum((order.gross for order in gross if order.customer in new), Decimal(0))
        assert Decimal(row["revenue_new"]) == of_new
        assert Decimal(row["revenue_returning"]) == sum((order.gross for order in gross), Decimal(0)) - of_new


def check_quarters(rows: list[dict[str, Any]], days: Days) -> None:
    bought = {customer: {f"{day.year}-Q{(day.month + 2) // 3}" for day in one} for customer, one in days.items()}
    before = {customer for customer, one in days.items() if f"{one[0].year}-Q{(one[0].month + 2) // 3}" == "2023-Q4"}
    for row in rows if before else []:
        now = {customer for customer, quarters in bought.items() if row["period"] in quarters}
        assert (row["start_customers"], row["end_customers"]) == (len(before), len(now))
        assert row["retained"] == len(before & now) == row["end_customers"] - row["new"]
        before = now


def check_sequence(rows: list[dict[str, Any]], days: Days) -> None:
    for row in rows:
        n = row["order_number"]
        assert row["customers"] == sum(len(one) >= n for one in days.values()) > 0
        assert row["next_customers"] == sum(len(one) > n for one in days.values())


def check_curve(rows: list[dict[str, Any]], days: Days, as_of: date) -> None:
    """Check against Kaplan–Meier written down day by day."""
    ends = [((one[1] if len(one) > 1 else as_of) - one[0], len(one) > 1) for one in days.values()]
    staying, curve = 1.0, {}
    for day in range(max((end.days for end, _ in ends), default=-1) + 1):
        at_risk = sum(end.days >= day for end, _ in ends)
        staying *= 1 - sum(end.days == day and came for end, came in ends) / at_risk
        curve[day] = (1 - staying, at_risk)
    for row in rows:
        share, at_risk = curve[row["day"]]
        assert row["at_risk"] == at_risk
        assert abs(row["share"] - share) < 1e-9
        assert -1e-9 <= row["low"] <= row["share"] + 1e-9 <= row["high"] + 2e-9 <= 1 + 3e-9
