"""What changed is what a plain loop counts over whole days, and noise is seldom taken for a change."""

import json
from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st

from regulars.measurement.api import movement
from regulars.measurement.rules.change import Change, of_counts, of_sums
from regulars.measurement.rules.intervals import newcombe
from tests.measurement.explore.shops import BEGIN, Person, people
from tests.measurement.stand_in import Order, lake

near_edges = st.sampled_from([0, 1, 27, 28, 29, 55, 56, 57, 83, 84, 85, 111, 112, 113]) | st.integers(0, 140)
orders = st.lists(
    st.builds(
        Order,
        customer=st.integers(0, 6),
        day=near_edges.map(lambda n: BEGIN + timedelta(days=n)),
        gross=st.decimals(0, 500, places=2),
    ),
    min_size=1,
    max_size=40,
)


def noon(day: date) -> datetime:
    return datetime.combine(day, time(12), UTC)


@settings(max_examples=150, deadline=None)
@given(orders, near_edges.map(lambda n: BEGIN + timedelta(days=n)))
def test_every_movement_is_what_a_plain_loop_counts(made: list[Order], today: date) -> None:
    with lake(made) as moment:
        found = movement(moment, noon(today))
    assert json.loads(json.dumps(found)) == found
    day = min(max(order.day for order in made), today - timedelta(days=1))
    began = min(order.day for order in made)
    if began > day:
        assert (found["as_of"], found["orders"], found["repeat_rate"]) == (None, None, None)
        return
    assert found["as_of"] == day.isoformat()
    assert found["is_comparable"] == ((day - began).days >= 55)
    known = people(made, day)
    for name, end in (("now", day), ("before", day - timedelta(days=28))):
        if name == "now" or found["is_comparable"]:
            check_span(found, name, [order for order in made if 0 <= (end - order.day).days < 28], known)
    check_rate(found, known, day)


def check_span(found: dict, name: str, inside: list[Order], known: list[Person]) -> None:  # type: ignore[type-arg]
    first = {person.customer: person.first for person in known}
    assert found["orders"][name] == len(inside)
    assert Decimal(found["revenue"][name]) == sum((order.gross for order in inside), Decimal(0))
    named = [order for order in inside if order.customer]
    assert found["new_customers"][name] == len({o.customer for o in named if o.day == first[o.customer]})
    assert found["returning_orders"][name] == sum(order.day > first[order.customer] for order in named)


def check_rate(found: dict, known: list[Person], day: date) -> None:  # type: ignore[type-arg]
    counts = []
    for name, end in (("newest", day - timedelta(days=56)), ("earlier", day - timedelta(days=84))):
        mine = [person for person in known if 0 <= (end - person.first).days < 28]
        hits = sum(any(0 < age <= 56 for age in person.ages()) for person in mine)
        row = found["repeat_rate"][name]
        assert (row["eligible"], row["retained"]) == (len(mine), hits)
        counts.append((hits, len(mine)))
    told = found["repeat_rate"]
    assert (told["low"], told["high"]) == (newcombe(*counts) or (None, None))


def test_an_empty_shop_has_not_moved() -> None:
    with lake([]) as moment:
        found = movement(moment, noon(BEGIN))
    assert (found["as_of"], found["orders"], found["is_comparable"]) == (None, None, False)


def test_today_has_not_ended_and_does_not_count() -> None:
    made = [Order(customer, BEGIN + timedelta(days=n)) for customer, n in enumerate(range(80), 1)]
    with lake(made) as moment:
        found = movement(moment, noon(BEGIN + timedelta(days=79)))
    assert found["as_of"] == (BEGIN + timedelta(days=78)).isoformat()
    assert (found["orders"]["now"], found["orders"]["before"], found["orders"]["is_more_than_noise"]) == (28, 28, False)


WEEKDAYS = np.tile([5.0, 6.0, 7.0, 9.0, 14.0, 30.0, 20.0], 8)


def alarms(days: Sequence[np.ndarray], judge: object) -> float:  # type: ignore[type-arg]
    changes = [judge(one[28:].tolist(), one[:28].tolist()) for one in days]  # type: ignore[operator]
    return float(np.mean([isinstance(change, Change) and change.is_more_than_noise for change in changes]))


@pytest.mark.parametrize("spread", [0.0, 0.5])
def test_of_a_hundred_months_without_change_some_five_look_changed(spread: float) -> None:
    rng = np.random.default_rng(7)
    factor = rng.gamma(1 / spread**2, spread**2, (2_000, 56)) if spread else np.ones((2_000, 56))
    days = rng.poisson(WEEKDAYS * factor)
    assert alarms(days, of_counts) < 0.08
    assert alarms(days * 20.0 + rng.normal(0, 3, days.shape), of_sums) < 0.08


def test_a_true_rise_is_seen() -> None:
    rng = np.random.default_rng(8)
    days = rng.poisson(WEEKDAYS * np.repeat([1.0, 1.3], 28), (500, 56))
    assert alarms(days, of_counts) > 0.95
    assert alarms(days * 1.0, of_sums) > 0.9
