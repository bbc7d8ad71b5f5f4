"""Rates of groups in any window, and two groups beside one another, are what a plain loop counts."""

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given, settings, strategies as st

from regulars.measurement.api import DIMENSIONS, Compared, Group, compare, window_rate
from regulars.measurement.rules.intervals import newcombe, wilson
from tests.golden.test_cdnow_retention import orders as cdnow
from tests.measurement.explore.shops import BEGIN, as_of, came, judged, orders, people, stops
from tests.measurement.stand_in import Order, lake

windows = st.tuples(st.integers(1, 6) | st.integers(1, 90), st.none() | st.integers(0, 5) | st.integers(0, 60)).map(
    lambda pair: (pair[0], None if pair[1] is None else pair[0] + pair[1])
)
VALUES = {
    "product": ("tea", "pot", ""),
    "category": ("", "none"),
    "country": ("DE", ""),
    "channel": ("web", "mail"),
    "discount": ("yes", "no"),
    "month": ("2023-11", "2023-12", "2024-02"),
}
groups = st.sampled_from([Group(dimension, value) for dimension, values in VALUES.items() for value in values])


@settings(max_examples=100, deadline=None)
@given(orders, windows, st.none() | groups, stops)
def test_a_groups_rate_is_what_a_plain_loop_counts(
    made: list[Order], window: tuple[int, int | None], group: Group | None, stop: date | None
) -> None:
    with lake(made) as moment:
        found = window_rate(moment, *window, group, stop)
    until = as_of(made, stop)
    closes = window[0] if window[1] is None else window[1]
    mine = [
        one
        for one in people(made, until)
        if judged(one, closes, until) and (group is None or one.labels[group.dimension] == group.value)
    ]
    check(found, len(mine), sum(came(one, *window) for one in mine))
    assert found["group"] == (None if group is None else {"dimension": group.dimension, "value": group.value})
    assert found["as_of"] == (until.isoformat() if until else None)


@settings(max_examples=100, deadline=None)
@given(orders, windows, groups, st.none() | groups, stops)
def test_two_groups_share_nobody_and_each_is_what_a_plain_loop_counts(
    made: list[Order], window: tuple[int, int | None], one: Group, other: Group | None, stop: date | None
) -> None:
    with lake(made) as moment:
        found = compare(moment, Compared(one, other, *window), stop)
    until = as_of(made, stop)
    closes = window[0] if window[1] is None else window[1]
    known = [person for person in people(made, until) if judged(person, closes, until)]
    first = [person for person in known if person.labels[one.dimension] == one.value]
    second = [
        person
        for person in known
        if (person not in first if other is None else person.labels[other.dimension] == other.value)
    ]
    counts = []
    for mine, others, row in ((first, second, found["one"]), (second, first, found["other"])):
        alone = [person for person in mine if person not in others]
        counts.append((sum(came(person, *window) for person in alone), len(alone)))
        check(row, counts[-1][1], counts[-1][0])
    assert found["in_both"] == len([person for person in first if person in second])
    assert (found["low"], found["high"]) == (newcombe(*counts) or (None, None))
    assert found["verdict"] == "too_few"


def check(row: dict[str, Any], eligible: int, retained: int) -> None:
    assert (row["eligible"], row["retained"], row["few"]) == (eligible, retained, eligible < 30)
    bounds = wilson(retained, eligible) or (None, None)
    assert (row["rate"], row["low"], row["high"]) == (retained / eligible if eligible else None, *bounds)


def test_three_definitions_of_eight_weeks_on_cdnow() -> None:
    with lake(cdnow()) as moment:
        found = [window_rate(moment, *days) for days in ((1, 56), (50, 56), (56, None))]
        january = window_rate(moment, 1, 56, Group("month", "1997-01"))
    assert [(row["eligible"], row["retained"]) for row in found] == [(2357, 576), (2357, 88), (2357, 952)]
    assert (january["eligible"], round(january["rate"], 4)) == (781, 0.2586)


def shop(came_back: dict[str, int]) -> list[Order]:
    """Return a hundred customers of each country, of whom so many come back after a week."""
    made = []
    for place, (country, n) in enumerate(came_back.items()):
        for customer in range(place * 100 + 1, place * 100 + 101):
            made.append(Order(customer, BEGIN, country=country))
            if customer <= place * 100 + n:
                made.append(Order(customer, BEGIN + timedelta(days=7)))
    return [*made, Order(999, BEGIN + timedelta(days=60))]


@pytest.mark.parametrize(
    ("came_back", "verdict"), [({"DE": 50, "AT": 20}, "differs"), ({"DE": 22, "AT": 20}, "cannot_tell")]
)
def test_a_difference_is_one_when_chance_cannot_explain_it(came_back: dict[str, int], verdict: str) -> None:
    with lake(shop(came_back)) as moment:
        found = compare(moment, Compared(Group("country", "DE"), Group("country", "AT")))
    assert found["verdict"] == verdict
    assert found["difference"] == pytest.approx((came_back["DE"] - came_back["AT"]) / 100)
    assert "experiment" in found["warning"]
    assert found["sentence"]


def test_nobody_has_a_rate_in_an_empty_shop() -> None:
    with lake([]) as moment:
        assert (window_rate(moment, 1, 56)["rate"], window_rate(moment, 1, 56)["as_of"]) == (None, None)
        assert compare(moment, Compared(Group("country", "DE")))["verdict"] == "too_few"


def test_what_is_no_dimension_is_refused_in_words() -> None:
    with lake([]) as moment, pytest.raises(ValueError, match=f"one of {', '.join(DIMENSIONS)}"):
        compare(moment, Compared(Group("shoe size", "42")), BEGIN)
