"""Entering: facts lead people in, once each, where the document lets them."""

from collections.abc import Sequence

import msgspec
from django.db import connection, transaction

from regulars.journeys.engine import instants, tables
from regulars.journeys.engine.lake import Led, World
from regulars.journeys.engine.moving import RUNS, Walk
from regulars.journeys.engine.nodes.choosing import WHOLE, fall
from regulars.journeys.models import Journey
from regulars.journeys.rules.steps import WaitUntil

HELD_OUT = "holdout"
ARRIVAL = "CASE WHEN w.at < %(late)s OR w.at > %(now)s THEN %(now)s ELSE w.at END"


class Door:
    """Those whom facts lead to a journey: each subject's first comes in, or does not, before the next one is looked at."""

    def __init__(self, walk: Walk, led: Sequence[Led], world: World) -> None:
        self._walk, self._world, plan = walk, world, walk.plan
        rule = plan.document.audience
        if rule is not None and led:
            fitting = world.among(rule, {(one.customer, one.at) for one in led})
            led = [one for one in led if (one.customer, one.at) in fitting]
        needs_zones = any(isinstance(node.doing, WaitUntil) for node in plan.nodes)
        self._zones = world.zones(sorted({one.customer for one in led})) if needs_zones and led else {}
        self._waiting: dict[tuple[int, str], list[Led]] = {}
        for one in sorted(led, key=lambda one: (one.at, one.trigger)):
            subject = one.subject if plan.document.subject == "order" else ""
            self._waiting.setdefault((one.customer, subject), []).append(one)

    @property
    def since(self) -> int:
        """Return the instant of the first fact that led somebody here."""
        return min((some[0].at for some in self._waiting.values()), default=2**62)

    @property
    def is_empty(self) -> bool:
        return not self._waiting

    def let_in(self) -> int:
        """Let in the first of each subject who may come in now; return how many came."""
        first = {subject: some[0] for subject, some in self._waiting.items()}
        self._waiting = {subject: some[1:] for subject, some in self._waiting.items() if some[1:]}
        with transaction.atomic():
            self._walk.check()
            held_out = self._held_out(sorted({customer for customer, _ in first}))
            tables.fill(tables.WANTED, [self._row(*key, one, key[0] in held_out) for key, one in first.items()])
            return self._insert()

    def _row(self, customer: int, subject: str, one: Led, is_held_out: bool) -> tuple[object, ...]:
        values = msgspec.json.encode(dict(one.values)).decode()
        return (customer, subject, one.at, one.trigger, values, self._zones.get(customer, "UTC"), is_held_out)

    def _held_out(self, people: Sequence[int]) -> set[int]:
        share = self._walk.plan.document.holdout
        if not share:
            return set()
        fallen = fall(self._walk, HELD_OUT, {HELD_OUT: share, "in": WHOLE - share}, people, self._world)
        return {who for who, arm in fallen.items() if arm == HELD_OUT}

    def _insert(self) -> int:
        walk, node = self._walk, self._walk.plan.nodes[0]
        if isinstance(node.doing, WaitUntil):
            walk.open_for(node, set(self._zones.values()) | {"UTC"})
        landing, more = walk.landing(node, ARRIVAL, "w.zone")
        columns = {
            "journey_id": "%(journey)s", "version": "%(version)s", "customer_id": "w.customer_id", "subject": "w.subject",
            "trigger": "w.trigger", "data": "w.data", "zone": "w.zone", "is_held_out": "w.is_held_out", "entered": "w.at",
            "is_active": "true", "hops": "0", "reason": "''", **landing,
        }  # fmt: skip
        names = ", ".join(map(connection.ops.quote_name, columns))
        again = walk.plan.document.again_after
        limit = {} if again is None else {"again": instants.length(again)}
        with connection.cursor() as cursor:
            cursor.execute(
                f"INSERT INTO {RUNS} ({names}) SELECT {', '.join(columns.values())} FROM {tables.WANTED} AS w "
                f"WHERE {self._may_enter()}",
                walk.clock | more | limit,
            )
            return int(cursor.rowcount)

    def _may_enter(self) -> str:
        """Return the condition under which w enters: not by this fact before, not while inside, not again too soon."""
        mine = f"SELECT 1 FROM {RUNS} AS e WHERE e.customer_id = w.customer_id AND e.journey_id"
        never = self._walk.plan.document.again_after is None
        blocked = "true" if never else "e.is_active OR e.ended > w.at OR e.entered > w.at - %(again)s"
        parts = [
            f"NOT EXISTS ({mine} = %(journey)s AND e.trigger = w.trigger)",
            f"NOT EXISTS ({mine} = %(journey)s AND e.subject = w.subject AND ({blocked}))",
        ]
        if others := self._group():
            parts.append(f"NOT EXISTS ({mine} IN ({', '.join(map(str, others))}) AND e.is_active)")
        return " AND ".join(parts)

    def _group(self) -> list[int]:
        plan = self._walk.plan
        if not plan.document.group:
            return []
        others = Journey.objects.exclude(id=plan.journey_id).filter(group=plan.document.group)
        return list(others.values_list("id", flat=True))
