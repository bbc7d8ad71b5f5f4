"""One round: what was told since the last one leads people in, ends runs and moves them; then everybody due moves on.

Every transaction checks that it may still write, and the mark moves behind all of them: a round that was stopped anywhere is made
again and finds what is left to do.
"""

import contextlib
import functools
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from django.db import transaction

from regulars.events import api as events
from regulars.journeys.engine import instants, merging, plans, tables
from regulars.journeys.engine.entering import Door
from regulars.journeys.engine.lake import Lake, World
from regulars.journeys.engine.moving import Walk
from regulars.journeys.engine.nodes import choosing, sending
from regulars.journeys.models import Enrolment, Journey, Stuck
from regulars.journeys.rules.nodes import Node
from regulars.journeys.rules.steps import Branch, Exit, OnFact, Send, Split
from regulars.messaging import api as messaging
from regulars.segments import api as segments

LEASE = "journeys"
WALKING = ("active", "draining")
CANNOT = (messaging.NoSuchTemplate, segments.NoSuchSegment, segments.BadRule)
NEVER = 2**62


def run_once(now: datetime) -> int:
    """Bring every journey that is switched on up to date; return how many runs entered, moved or ended. Somebody else's round
    is left to them."""
    rows = list(Journey.objects.filter(state__in=WALKING).order_by("-priority", "id"))
    if not rows:
        return 0
    moved = 0
    with contextlib.suppress(events.Busy), events.held(LEASE, now) as lease, contextlib.closing(Lake(now)) as lake:
        tables.lay()
        for row in rows:
            with contextlib.suppress(Changed):
                moved += Round(row, now, lake, functools.partial(_check, row, lease.check)).run(lake)
    return moved


class Changed(RuntimeError):
    """A journey was changed or switched while its round was made; the next round goes on with what it is now."""


def _check(row: Journey, check: Callable[[], None]) -> None:
    check()
    if not Journey.objects.select_for_update().filter(id=row.id, changed_at=row.changed_at).exists():
        raise Changed


@dataclass
class Round:
    """One journey's round in a world; check raises where nothing may be written any more."""

    row: Journey
    now: datetime
    world: World
    check: Callable[[], None]
    late: int = instants.LATE
    walks: list[Walk] = field(init=False)
    _problem: str = ""
    _stuck: dict[tuple[int, int], str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        numbers = (
            Enrolment.objects.filter(journey=self.row, is_active=True).values_list("version", flat=True).distinct()
        )
        versions = sorted({*numbers, self.row.version})
        self.walks = [Walk(plans.of(self.row, number), self.now, self.check, self.late) for number in versions]
        self._newest = next(walk for walk in self.walks if walk.plan.version == self.row.version)

    def run(self, lake: Lake) -> int:
        """Make the round up to the newest fact of the lake, and write down that it was made."""
        has_news = lake.has_news(self.facts(), self.row.seq)
        moved = self.made(has_news)
        with transaction.atomic():
            self.check()
            self.write_stuck()
            if not self._problem:
                Journey.objects.filter(id=self.row.id).update(seq=lake.seq)
            if self.row.state == "draining" and not Enrolment.objects.filter(journey=self.row, is_active=True).exists():
                Journey.objects.filter(id=self.row.id).update(state="off", changed_at=self.now)
        return moved

    def facts(self) -> list[OnFact]:
        """Return every fact that this journey hears of."""
        return [self._newest.plan.trigger(), *(fact for walk in self.walks for _, fact in walk.plan.heard())]

    def made(self, has_news: bool) -> int:
        """Let in whom news lead here, and move everybody who can be moved; return how many entered, moved or ended."""
        door = None
        if has_news:
            merging.merge(self.row.id, self.world.heirs(self.row.seq), instants.of(self.now), self.check)
            door = self._door()
            self._tell(door.since if door is not None else NEVER)
        moved = self._settled()
        while door is not None and not door.is_empty:
            moved += door.let_in() + self._settled()
        for walk in self.walks:
            walk.reach()
        return moved

    def _door(self) -> Door | None:
        if self.row.state != "active":
            return None
        led = self.world.led(self._newest.plan.trigger(), self.row.seq)
        try:
            return Door(self._newest, [one for one in led if int(one.trigger) > self.row.entries_seq], self.world)
        except CANNOT as problem:
            self._problem = f"nobody can enter: {problem}"
            return None

    def _tell(self, since_instant: int) -> None:
        """Lay out what runs have to hear of."""
        rows, now = [], instants.of(self.now)
        for walk in self.walks:
            for role, fact in walk.plan.heard():
                for one in self.world.heard(fact, self.row.seq, since_instant):
                    subject = one.subject if walk.plan.document.subject == "order" else None
                    rows.append((walk.plan.version, role, one.customer, subject, min(one.at, now), fact.source))
                    walk.roles.add(role)
        tables.fill(tables.TOLD, rows)

    def _settled(self) -> int:
        """Move everybody until nobody can be moved any more; return how many moves that were."""
        moved = 0
        while now_moved := sum(
            walk.hear() + sum(self._moved(walk, node) for node in walk.plan.nodes) for walk in self.walks
        ):
            moved += now_moved
        return moved

    def _moved(self, walk: Walk, node: Node) -> int:
        place = (walk.plan.version, node.number)
        try:
            found = self._move(walk, node)
        except CANNOT as problem:
            self._stuck[place] = str(problem)[:500]
            return 0
        self._stuck.pop(place, None)
        return found

    def _move(self, walk: Walk, node: Node) -> int:
        if isinstance(node.doing, Send):
            return sending.sent(walk, node, self.world)
        if isinstance(node.doing, Branch):
            return choosing.branched(walk, node, self.world)
        if isinstance(node.doing, Split):
            return choosing.split(walk, node, self.world)
        return 0 if isinstance(node.doing, Exit) else walk.timed(node)

    def write_stuck(self) -> None:
        """Write down where runs are due and cannot go on, and why."""
        there = {(one.version, one.node): one for one in Stuck.objects.filter(journey=self.row)}
        gone = [one.id for place, one in there.items() if place not in self._stuck]
        Stuck.objects.filter(id__in=gone).delete()
        for (version, node), why in self._stuck.items():
            if (version, node) in there:
                Stuck.objects.filter(id=there[version, node].id).update(why=why)
            else:
                Stuck.objects.create(journey=self.row, version=version, node=node, why=why, since=self.now)
        if self._problem != self.row.problem:
            Journey.objects.filter(id=self.row.id).update(problem=self._problem[:500])
