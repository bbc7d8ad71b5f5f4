"""People as they were: asked today about a day that is over, a rule names whom it named on that day."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from regulars import loop
from regulars.core.lake.moment import Moment
from regulars.events import api as events
from regulars.segments import compiling
from regulars.segments.rules import reading
from tests.segments import world
from tests.segments.test_language import no_others
from tests.segments.world import NOW

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("home")]

RULES: list[dict[str, Any]] = [
    {"field": "orders", "at_least": 2},
    {"field": "net", "more_than": 40},
    {"field": "refunded", "more_than": 0},
    {"field": "last_order", "at_least_days_ago": 60},
    {"field": "first_order", "within_days": 90},
    {"field": "second_order", "known": True},
    {"field": "first_product", "is": "P1"},
    {"not": {"field": "last_order", "within_days": 31}},
    {"did": "order", "within_days": 30},
    {"did": "order", "where": [{"field": "total", "at_least": 20}], "times": {"at_least": 2}},
    {"did": "line", "where": [{"field": "category", "is": "tea"}], "sum": {"of": "amount", "at_least": 10}},
    {"did": "refund", "within_days": 200},
    {"did": "cancellation"},
    {"did_not": "order", "within_days": 60},
    {"did": "custom:visit", "last": {"within_days": 100}},
    {"did": "custom:visit", "then": {"did": "order", "within_days": 90}},
    {"did": "order", "after": "first_order", "within_days": 90, "times": {"at_least": 2}},
    {"consent": "email", "topic": "news", "is": "given"},
    {"consent": "sms", "topic": "", "is": "withdrawn"},
    {"all": [{"field": "orders", "is": 1}, {"field": "last_order", "at_least_days_ago": 30}]},
]


def ask(asking: Any, rule: dict[str, Any], today: Any) -> set[int]:
    question = compiling.compiled(reading.read(rule), no_others).members
    days = {"today": today} if "today" in question.days else {}
    return {int(row[0]) for row in asking.rows(question.sql, **question.parameters, **days)}


def test_a_rule_asked_about_days_that_are_over_names_whom_it_named_then() -> None:
    told = sorted(world.facts_of(7, people=60), key=lambda one: one.occurred_at)
    instants = [NOW - timedelta(days=days) for days in (200, 45, 7, 0)]
    then: list[list[set[int]]] = []
    before = 0
    for instant in instants:
        upto = sum(one.occurred_at <= instant for one in told)
        events.append(told[before:upto], NOW)
        loop.run_once(NOW)
        before = upto
        with events.reader(NOW) as moment:
            then.append([ask(moment, rule, instant.date()) for rule in RULES])
    assert all(any(found) for found in then)
    with events.reader(NOW) as moment:
        people = [int(row[0]) for row in moment.rows("SELECT customer_id FROM customers ORDER BY 1")]
        asked = [(who, place) for place in range(len(instants)) for who in people]
        for rule in RULES:
            compare(moment, rule, [(who, instants[place]) for who, place in asked], {
                (who, instants[place]) for who, place in asked if who in then[place][RULES.index(rule)]
            })  # fmt: skip


def compare(
    moment: Moment, rule: dict[str, Any], asked: list[tuple[int, datetime]], expected: set[tuple[int, datetime]]
) -> None:
    """Ask about everybody at every instant at once. Whom nothing was told of yet was nobody then, and has no orders now."""
    question = compiling.compiled(reading.read(rule), no_others).members
    days = {"today": NOW.date()} if "today" in question.days else {}
    told = {(who, int(at.timestamp() * 1_000_000)): (who, at) for who, at in asked}
    with moment.past(list(told), NOW.date()) as past:
        found = {asked[place] for place in past.holding(question.sql, **question.parameters, **days)}
    known = {at: max((who for who, then in expected if then == at), default=0) for _, at in asked}
    assert {one for one in found if one[0] <= known[one[1]]} == expected, rule
