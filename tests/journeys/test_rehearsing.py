"""A journey is walked through the past: as many as a plain count says, judged as the gate would have, and nothing is left behind."""

from datetime import date, datetime, timedelta

import pytest

from regulars import loop
from regulars.events import api as events
from regulars.events.kinds.orders import OrderCancelled
from regulars.journeys import api as journeys
from regulars.journeys.models import Enrolment, Journey
from regulars.messaging.models import Message
from regulars.segments import api as segments
from tests.journeys.telling import ANN, BO, START, did, ordered, say_yes
from tests.segments import world

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("home")]

SECOND = """
name: second-order
trigger: order
audience: {field: orders, is: 1}
goal: order
steps:
  - wait: {for: 5 days}
  - send: review_request
  - wait: {until_fact: order, at_most: 25 days}
    came: [exit: came back]
    timed_out: [send: win_back]
"""
WIN_BACK = """
name: win-back
trigger: {segment: quiet, on: entered}
again: always
exit_on: [order]
steps:
  - send: win_back
  - wait: {for: 20 days}
  - send: win_back
"""
QUIET = {"field": "last_order", "at_least_days_ago": 60}


def rehearsed(text: str, begin: datetime, end: datetime) -> journeys.Rehearsed:
    with events.reader(world.NOW) as moment:
        return journeys.rehearse(moment, text, begin, end)


def lived(seed: int) -> dict[int, list[datetime]]:
    """Let people live without cancelling anything; return when each of them ordered, by a plain question."""
    told = [one for one in world.facts_of(seed, people=150) if not isinstance(one.fact, OrderCancelled)]
    events.append(told, world.NOW)
    loop.run_once(world.NOW)
    found: dict[int, list[datetime]] = {}
    with events.reader(world.NOW) as moment:
        for who, at in moment.rows("SELECT customer_id, occurred_at FROM order_placed ORDER BY occurred_at"):
            found.setdefault(who, []).append(at)
    return found


def test_a_second_order_programme_is_as_large_as_a_plain_count_says() -> None:
    orders = lived(11)
    begin, end = world.NOW - timedelta(days=400), world.NOW
    found = rehearsed(SECOND, begin, end)
    first = [some for some in orders.values() if begin < some[0] <= end and some.count(some[0]) == 1]
    care, limit = timedelta(days=5), timedelta(days=30)
    asked = [some for some in first if some[0] + care <= end]
    back = [some for some in asked if any(some[0] + care < at <= min(some[0] + limit, end) for at in some)]
    silent = [some for some in asked if some not in back and some[0] + limit <= end]
    assert len(first) > 20
    assert (found.n_entered, found.n_asked) == (len(first), len(asked) + len(silent))
    assert found.left == {"came back": len(back), "the journey's end": len(silent)}


def test_a_win_back_is_as_large_as_days_without_an_order_say() -> None:
    orders = lived(12)
    segments.put(segments.Draft("quiet", "Quiet", QUIET, {}), "ann", world.NOW)
    begin, end = world.NOW - timedelta(days=300), world.NOW
    found = rehearsed(WIN_BACK, begin, end)
    entered = 0
    for some in orders.values():
        days = sorted({at.date() for at in some})
        for day, following in zip(days, [*days[1:], date.max], strict=True):
            turned = day + timedelta(days=60)
            entered += begin.date() < turned <= end.date() and turned <= following  # a day begins before its orders
    assert entered > 20
    assert found.n_entered == entered


def test_the_gate_says_of_each_message_why_it_would_not_have_left() -> None:
    say_yes(1, START - timedelta(days=9))
    events.append([ordered("A1", ANN, START), ordered("B1", BO, START), did("look", ANN, START)], START)
    loop.run_once(START)
    say_yes(1, START - timedelta(days=9))
    loop.run_once(START)
    found = rehearsed(
        "name: hi\ntrigger: order\nsteps: [send: win_back]\n", START - timedelta(days=1), START + timedelta(days=1)
    )
    assert (found.n_asked, found.n_sent, found.refused) == (2, 1, {"no_consent": 1})
    assert [(one.channel, one.n) for one in found.days] == [("email", 1)]


def test_nothing_is_left_behind_and_what_cannot_be_rehearsed_says_why() -> None:
    world.settle(13, people=20)
    span = (world.NOW - timedelta(days=90), world.NOW)
    rehearsed(SECOND, *span)
    assert (Journey.objects.count(), Enrolment.objects.count(), Message.objects.count()) == (0, 0, 0)
    for text, why in (
        (
            SECOND.replace("{field: orders, is: 1}", "{field: rfm, is: Champions}"),
            "what they were in the past is not kept",
        ),
        (WIN_BACK, "there is no segment 'quiet'"),
    ):
        with pytest.raises(journeys.CannotRehearse, match=why):
            rehearsed(text, *span)
    assert Journey.objects.count() == 0
