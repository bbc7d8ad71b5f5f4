"""Random rules over a small shop: the compiled SQL and a plain Python reading name the same people."""

import os
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings, strategies as st

from regulars.core.lake.moment import Moment
from regulars.events import api as events
from regulars.segments import compiling
from regulars.segments.rules import reading
from tests.segments import growing, world
from tests.segments.world import NOW, TODAY, World

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("home")]
# EXAMPLES=100000 is the long run of `make bench`; a few hundred are enough at every check.
EXAMPLES = int(os.environ.get("EXAMPLES", "250"))
CHECKS = settings(
    max_examples=EXAMPLES, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)


@pytest.fixture
def shop() -> Iterator[tuple[Moment, World]]:
    """A shop of sixty random people, and the same as plain rows."""
    world.settle(7)
    with events.reader(NOW) as moment:
        yield moment, world.told_by(moment)


def asked(moment: Any, question: compiling.Question, **days: date) -> list[int]:
    given_days = {name: day for name, day in days.items() if name in question.days}
    return sorted({row[0] for row in moment.rows(question.sql, **question.parameters, **given_days)})


def compiled(document: dict[str, Any]) -> compiling.Compiled:
    return compiling.compiled(reading.read(document), no_others)


def no_others(name: str) -> Any:
    raise compiling.NoSuchSegment(f"there is no segment {name!r}")


@CHECKS
@given(document=growing.rules)
def test_a_rule_names_whom_a_plain_reading_names(shop: tuple[Moment, World], document: dict[str, Any]) -> None:
    moment, people = shop
    assert asked(moment, compiled(document).members, today=TODAY) == world.members(people, document)


@CHECKS
@given(document=growing.rules, n_days=st.sampled_from([1, 1, 2, 30]))
def test_whose_answer_a_new_day_changes_is_among_those_that_turn(
    shop: tuple[Moment, World], document: dict[str, Any], n_days: int
) -> None:
    moment, people = shop
    later = TODAY + timedelta(days=n_days)
    changed = set(world.members(people, document, TODAY)) ^ set(world.members(people, document, later))
    turning = compiled(document).turning
    found = set() if turning is None else set(asked(moment, turning, today=later, before=TODAY))
    assert changed <= found


@settings(CHECKS, max_examples=25)
@given(document=growing.rules, start=st.integers(0, 50))
def test_few_people_are_judged_as_among_everybody(
    shop: tuple[Moment, World], document: dict[str, Any], start: int
) -> None:
    moment, people = shop
    few = sorted(people.customers)[start : start + 5]
    with moment.few(few) as asked_about:
        found = asked(asked_about, compiled(document).members, today=TODAY)
    assert found == [number for number in world.members(people, document) if number in few]
