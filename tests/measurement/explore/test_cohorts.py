"""Cohorts of any group are what a plain loop counts, and those of everybody are the report's."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings, strategies as st

from regulars.measurement.api import Cohorts, Group, cohorts
from regulars.measurement.rules.intervals import wilson
from tests.golden.test_cdnow_retention import orders as cdnow
from tests.measurement.explore.shops import Person, as_of, orders, people, stops
from tests.measurement.stand_in import Order, lake, reported

asked = st.builds(
    Cohorts,
    grain=st.sampled_from(["month", "week"]),
    measure=st.sampled_from(["active", "returned", "revenue", "cumulative"]),
    group=st.none() | st.sampled_from([Group("country", "DE"), Group("product", "tea"), Group("discount", "no")]),
    periods=st.integers(1, 9),
    newest=st.integers(1, 9),
)


def place(asked: Cohorts, day: date) -> int:
    if asked.grain == "month":
        return day.year * 12 + day.month - 1
    return (day - timedelta(days=day.weekday())).toordinal() // 7


def name(asked: Cohorts, first: date) -> str:
    return f"{first:%Y-%m}" if asked.grain == "month" else (first - timedelta(days=first.weekday())).isoformat()


def measured(asked: Cohorts, among: list[Person], period: int) -> tuple[float, int]:
    """Return a measure's value, and its numerator where it is a share."""

    def periods(person: Person, days: list[date]) -> list[int]:
        return [place(asked, day) - place(asked, person.first) for day in days]

    if asked.measure == "active":
        hits = sum(period in periods(person, person.days) for person in among)
        return hits / len(among), hits
    if asked.measure == "returned":
        hits = sum(any(k <= period for k in periods(person, person.days[1:])) for person in among)
        return hits / len(among), hits
    until = range(period, period + 1) if asked.measure == "revenue" else range(period + 1)
    spent = sum(
        (o.gross for p in among for o in p.orders if place(asked, o.day) - place(asked, p.first) in until), Decimal(0)
    )
    return float(spent if asked.measure == "revenue" else spent / len(among)), 0


def check_cell(asked: Cohorts, cell: dict[str, Any], among: list[Person], n_cohorts: int) -> None:
    value, hits = measured(asked, among, cell["period"])
    assert cell["value"] == pytest.approx(value / (n_cohorts if asked.measure == "revenue" else 1))
    assert cell["eligible"] == len(among)
    if asked.measure in ("active", "returned"):
        assert (cell["retained"], cell["low"], cell["high"]) == (hits, *(wilson(hits, len(among)) or ()))
    else:
        assert float(cell["amount"]) == pytest.approx(cell["value"], abs=1e-4)


@settings(max_examples=200, deadline=None)
@given(orders, asked, stops)
def test_every_cell_is_what_a_plain_loop_counts(made: list[Order], asked: Cohorts, stop: date | None) -> None:
    with lake(made) as moment:
        found = cohorts(moment, asked, stop)
    until = as_of(made, stop)
    group = asked.group
    by_cohort: dict[int, list[Person]] = {}
    for person in people(made, until):
        if group is None or person.labels[group.dimension] == group.value:
            by_cohort.setdefault(place(asked, person.first), []).append(person)
    shown = {n: who for n, who in sorted(by_cohort.items()) if until and place(asked, until) - n < asked.newest}
    assert [row["cohort"] for row in found["rows"]] == [name(asked, who[0].first) for who in shown.values()]
    ended: dict[int, list[list[Person]]] = {}
    for row, (number, who) in zip(found["rows"], shown.items(), strict=True):
        assert until is not None
        assert row["customers"] == len(who)
        assert len(row["cells"]) == min(asked.periods, place(asked, until) - number + 1)
        for cell in row["cells"]:
            is_over = place(asked, until + timedelta(days=1)) > number + cell["period"]
            assert cell["mature"] == is_over
            check_cell(asked, cell, who, 1)
            if is_over:
                ended.setdefault(cell["period"], []).append(who)
    assert [row["period"] for row in found["average"]] == sorted(ended)
    for row in found["average"]:
        among = ended[row["period"]]
        assert row["cohorts"] == len(among)
        check_cell(asked, row, [person for who in among for person in who], len(among))


@pytest.mark.parametrize(("grain", "part"), [("month", "cohorts"), ("week", "weekly_cohorts")])
def test_everybodys_cohorts_are_the_reports(grain: Any, part: str) -> None:
    made = cdnow()
    with lake(made) as moment:
        found = cohorts(moment, Cohorts(grain, periods=100, newest=100))
        spent = cohorts(moment, Cohorts(grain, "revenue", periods=100, newest=100))
    told = reported(made)[part]["rows"]
    assert [row["cohort"] for row in told] == [row["cohort"] for row in found["rows"]]
    for row, other, money in zip(told, found["rows"], spent["rows"], strict=True):
        assert row["customers"] == other["customers"]
        assert row["active"] == [cell["retained"] for cell in other["cells"]]
        assert row["complete"] == [cell["mature"] for cell in other["cells"]]
        assert Decimal(row["revenue"]) == sum(Decimal(cell["amount"]) for cell in money["cells"])


def test_an_empty_shop_has_no_cohorts() -> None:
    with lake([]) as moment:
        found = cohorts(moment, Cohorts())
    assert (found["as_of"], found["rows"], found["average"]) == (None, [], [])


def test_a_period_that_runs_is_not_mature() -> None:
    made = [Order(1, date(2024, 1, 10)), Order(1, date(2024, 2, 3))]
    with lake(made) as moment:
        cells = cohorts(moment, Cohorts())["rows"][0]["cells"]
        whole = cohorts(moment, Cohorts(), date(2024, 2, 29))["rows"][0]["cells"]
    assert [cell["mature"] for cell in cells] == [True, False]
    assert [cell["mature"] for cell in whole] == [True, True]
