"""Every point of every curve is what a plain loop counts, and everybody's are the report's three windows."""

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given, settings, strategies as st

from regulars.measurement.api import DIMENSIONS, Curves, retention_curves
from regulars.measurement.rules.intervals import wilson
from tests.golden.test_cdnow_retention import orders as cdnow
from tests.measurement.explore.shops import BEGIN, Person, as_of, came, judged, orders, people, stops
from tests.measurement.stand_in import Order, lake

asked = st.builds(
    Curves,
    kind=st.sampled_from(["within", "bounded", "unbounded"]),
    by=st.none() | st.sampled_from(DIMENSIONS),
    every=st.integers(1, 40),
    periods=st.integers(1, 8),
    top=st.integers(1, 3),
)


def groups(asked: Curves, known: list[Person]) -> list[tuple[str, str | None, list[Person]]]:
    """Return the groups in the order in which they are shown."""
    if asked.by is None:
        return [("all", None, known)]
    by_value: dict[str, list[Person]] = {}
    for person in known:
        by_value.setdefault(person.labels[asked.by], []).append(person)
    if asked.by == "month":
        chosen = sorted(by_value)[-asked.top :]
    else:
        chosen = sorted(by_value, key=lambda value: (-len(by_value[value]), value))[: asked.top]
    rest = [person for value, who in by_value.items() if value not in chosen for person in who]
    found: list[tuple[str, str | None, list[Person]]] = [("value", value, by_value[value]) for value in chosen]
    return [*found, ("other", None, rest)] if rest else found


@settings(max_examples=200, deadline=None)
@given(orders, asked, stops)
def test_every_point_is_what_a_plain_loop_counts(made: list[Order], asked: Curves, stop: date | None) -> None:
    with lake(made) as moment:
        found = retention_curves(moment, asked, stop)
    until = as_of(made, stop)
    expected = groups(asked, people(made, until)) if until else []
    assert [(row["name"], row["value"]) for row in found["groups"]] == [(name, value) for name, value, _ in expected]
    for row, (_, _, who) in zip(found["groups"], expected, strict=True):
        assert (row["customers"], row["few"]) == (len(who), True)
        assert row["points"] == points(asked, who, until)


def points(asked: Curves, who: list[Person], until: date | None) -> list[dict[str, Any]]:
    rows = []
    for period in range(1, asked.periods + 1):
        last = period * asked.every
        first = {"within": 1, "bounded": last - asked.every + 1, "unbounded": last}[asked.kind]
        to_day = None if asked.kind == "unbounded" else last
        mine = [one for one in who if judged(one, last, until)]
        hits = sum(came(one, first, to_day) for one in mine)
        low, high = wilson(hits, len(mine)) or (None, None)
        row = {"period": period, "from_day": first, "to_day": to_day, "eligible": len(mine), "retained": hits}
        if mine:
            rows.append({**row, "rate": hits / len(mine), "low": low, "high": high, "few": len(mine) < 30})
    return rows


@pytest.mark.parametrize(("kind", "retained"), [("within", 576), ("bounded", 88), ("unbounded", 952)])
def test_week_eight_of_everybody_on_cdnow(kind: Any, retained: int) -> None:
    with lake(cdnow()) as moment:
        everybody = retention_curves(moment, Curves(kind))
        by_month = retention_curves(moment, Curves(kind, by="month", top=2))
    week = everybody["groups"][0]["points"][7]
    assert (week["period"], week["eligible"], week["retained"]) == (8, 2357, retained)
    assert [row["value"] for row in by_month["groups"]] == ["1997-02", "1997-03", None]
    assert sum(row["points"][7]["retained"] for row in by_month["groups"]) == retained


def test_nobody_draws_no_curve() -> None:
    with lake([]) as moment:
        assert retention_curves(moment, Curves(by="country"))["groups"] == []


@pytest.mark.parametrize("wrong", [Curves(every=0), Curves(periods=0), Curves(by="shoe size")])
def test_what_cannot_be_drawn_is_refused(wrong: Curves) -> None:
    with (
        lake([Order(1, BEGIN), Order(1, BEGIN + timedelta(days=3))]) as moment,
        pytest.raises(ValueError, match=r"give periods|one of"),
    ):
        retention_curves(moment, wrong)
