"""The demo shop lives on: the same days in whatever pieces, each thing once, and old news lead to no message."""

import contextlib
import json
from collections import Counter
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from django.db import transaction

from regulars import loop
from regulars.cli.supervisor import ticking
from regulars.core.settings import current
from regulars.events import api as events
from regulars.events.models import Inbox
from regulars.journeys import api as journeys
from regulars.messaging.models import Message
from regulars.operations import api as operations
from regulars.simulator import api as simulator
from regulars.simulator.living import going
from regulars.simulator.living.ahead import Ahead, ahead
from regulars.simulator.living.telling import told

UNTIL = date(2025, 11, 24)  # a Monday
PLAN = simulator.Plan(until=UNTIL, customers=600, seed=5)
MORNING = datetime(2025, 11, 24, 7, tzinfo=UTC)
fresh = pytest.mark.django_db(transaction=True)


def as_told(found: Ahead, n: int) -> list[events.Told]:
    return [told(found, place) for place in range(n)]


def kept() -> list[tuple[str, datetime, str]]:
    """Return what stands in the inbox, in order."""
    return list(Inbox.objects.order_by("id").values_list("event_id", "occurred_at", "kind"))


def opened(folder: Path) -> None:
    """Open a demo of which nothing but the files is there: enough for what comes after them."""
    simulator.write(PLAN, folder)
    events.set_label(simulator.LABEL)
    events.set_mark(going.OPENED, 1)


def test_what_comes_is_the_same_whenever_it_is_drawn_and_hangs_together() -> None:
    first = ahead(PLAN)
    ahead.cache_clear()
    again = ahead(PLAN)
    n = first.until(MORNING + timedelta(days=300))
    assert as_told(first, n) == as_told(again, n)
    facts = as_told(again, n)
    placed = {one.fact.order_id: one.occurred_at for one in facts if one.fact.kind == "order.placed"}
    assert Counter(one.fact.kind for one in facts).keys() == {
        "order.placed", "order.refunded", "customer.updated", "custom.tracked"
    }  # fmt: skip
    assert all(facts[place].occurred_at <= facts[place + 1].occurred_at for place in range(n - 1))
    assert all(
        one.occurred_at > placed.get(one.fact.order_id, MORNING - timedelta(days=90))
        for one in facts
        if one.fact.kind == "order.refunded"
    )
    assert min(one.occurred_at for one in facts) > MORNING - timedelta(hours=8)


def test_the_shop_goes_on_at_the_pace_at_which_it_ended() -> None:
    found = ahead(PLAN)
    before = int((found.past.visits.day >= PLAN.days - 120).sum())
    after = sum(fact.fact.kind == "order.placed" for fact in as_told(found, found.until(MORNING + timedelta(days=120))))
    assert 0.7 < after / before < 1.5


@fresh
@pytest.mark.usefixtures("home")
def test_a_fortnight_in_many_pieces_is_the_fortnight_in_one(tmp_path: Path) -> None:
    opened(tmp_path)
    end = MORNING + timedelta(days=14)
    for hours in range(0, 14 * 24 + 1, 5):
        simulator.go_on(tmp_path, MORNING + timedelta(hours=hours))
    while simulator.go_on(tmp_path, end):
        pass
    found = ahead(PLAN)
    expected = as_told(found, found.until(end))
    assert len(expected) > 30
    assert kept() == [(one.event_id, one.occurred_at, one.fact.kind) for one in expected]


@fresh
@pytest.mark.usefixtures("home")
def test_killed_in_between_nothing_is_told_twice_or_lost(tmp_path: Path) -> None:
    opened(tmp_path)

    class Killed(RuntimeError):
        pass

    for day in (2, 4, 6):
        now = MORNING + timedelta(days=day)
        with contextlib.suppress(Killed), transaction.atomic():
            assert simulator.go_on(tmp_path, now) > 0
            raise Killed
        assert simulator.go_on(tmp_path, now) > 0
        assert simulator.go_on(tmp_path, now) == 0
    found = ahead(PLAN)
    assert [row[0] for row in kept()] == [one.event_id for one in as_told(found, found.until(now))]


@fresh
@pytest.mark.usefixtures("home")
def test_nothing_happens_in_a_shop_of_ones_own_or_while_the_demo_is_being_opened(tmp_path: Path) -> None:
    simulator.write(PLAN, tmp_path)
    assert simulator.go_on(tmp_path, MORNING + timedelta(days=3)) == 0
    events.set_label(simulator.LABEL)
    assert simulator.go_on(tmp_path, MORNING + timedelta(days=3)) == 0
    events.set_mark(going.OPENED, 1)
    events.set_label("")
    assert simulator.go_on(tmp_path, MORNING + timedelta(days=3)) == 0
    assert ticking.go_on(MORNING) == 0
    assert kept() == []


def ticked(now: datetime) -> None:
    while ticking.go_on(now):
        pass
    for _ in range(2):
        loop.run_once(now)


@fresh
@pytest.mark.usefixtures("home")
def test_the_drawer_fills_and_a_demo_left_for_a_week_sends_no_old_messages() -> None:
    folder = current().home / "demo"
    opened(folder)
    events.fix(simulator.CURRENCY, simulator.ZONE)
    going.open_up(MORNING)
    assert {one.name: one.state for one in journeys.listed()} == dict.fromkeys(going.PROGRAMMES, "active")
    assert not Message.objects.exists()
    evening = MORNING + timedelta(days=2, hours=14)
    ticked(evening)
    sent = Message.objects.filter(name__startswith="thank-you/", state="sent")
    assert sent.exists()
    assert set(Message.objects.values_list("route", flat=True)) <= {"", "drawer"}
    before = set(Message.objects.values_list("id", flat=True))
    later = evening + timedelta(days=7)
    ticked(later)
    new = Message.objects.exclude(id__in=before).filter(name__startswith="thank-you/")
    thanked = {json.loads(one.data)["order"]["number"] for one in new}
    assert thanked
    assert thanked <= orders_between(later - timedelta(hours=24), later)
    assert len(orders_between(evening, later)) > len(thanked)
    operations.start_over(later)
    assert {one.state for one in journeys.listed()} == {"draft"}
    assert [one.n_entered for one in journeys.listed()] == [0, 0, 0]
    assert ticking.go_on(later) == 0
    assert (events.newest(), events.label(), kept()) == (0, "", [])


def orders_between(begin: datetime, end: datetime) -> set[str]:
    found = ahead(PLAN)
    facts = as_told(found, found.until(end))
    return {one.fact.order_id for one in facts if one.fact.kind == "order.placed" and one.occurred_at >= begin}
