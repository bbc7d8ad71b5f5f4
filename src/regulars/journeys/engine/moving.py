"""Moving runs from node to node: a few statements for everybody who stands at one, however many they are.

A run's own clock decides the order: it moves at its `due`, a fact that it waits for comes at the fact's time, and what ends it counts
only up to then. So nothing depends on how often a round is made, or where one was stopped.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import connection, transaction

from regulars.journeys.engine import instants, tables
from regulars.journeys.engine.plans import EXIT, GOAL, Plan
from regulars.journeys.models import Enrolment, Passage, Passed
from regulars.journeys.rules.nodes import Node
from regulars.journeys.rules.steps import Exit, WaitFor, WaitForFact, WaitUntil

RUNS, PASSAGES = Enrolment._meta.db_table, Passage._meta.db_table
OUT = -1  # the way of a run that something ended
AT_ONCE = 50_000
ARRIVAL = f"CASE WHEN {RUNS}.due < %(late)s THEN %(now)s ELSE {RUNS}.due END"
AT_NODE = (
    "journey_id = %(journey)s AND version = %(version)s AND node = %(node)s AND is_active AND due <= %(now)s "
    "AND (due, id) < (%(until)s, %(until_id)s)"
)
_LAST = (2**62, 2**62)
# Who of this version a fact of a role is about. What was told is little, so it comes first; + keeps SQLite off the index by node.
_ABOUT = f"""
    FROM {tables.TOLD} AS t CROSS JOIN {RUNS} AS e
    WHERE t.version = %(version)s AND t.role = %(role)s AND e.journey_id = %(journey)s AND e.customer_id = t.customer_id AND +e.version = %(version)s
    AND (t.subject IS NULL OR e.subject = t.subject)
"""


@dataclass
class Walk:
    """Moves the runs of one version; check raises where this worker may not write any more."""

    plan: Plan
    now: datetime
    check: Callable[[], None]
    late: int = instants.LATE
    roles: set[int] = field(default_factory=set)  # of what was told this round
    _zones: set[tuple[int, str]] = field(default_factory=set)

    @property
    def clock(self) -> dict[str, int]:
        now = instants.of(self.now)
        told = {"now": now, "late": now - self.late}
        return told | {"journey": self.plan.journey_id, "version": self.plan.version}

    def hear(self) -> int:
        """Let what came be known to runs that wait for it, and end those that something ended; return how many ended."""
        for node in self.plan.nodes:
            if node.number in self.roles:
                self._came(node)
        return self._ended() if EXIT in self.roles else 0

    def reach(self) -> None:
        """Write down which runs came to their goal, behind everything else of a round."""
        if GOAL not in self.roles:
            return
        with transaction.atomic(), connection.cursor() as cursor:
            self.check()
            cursor.execute(f"DELETE FROM {tables.CHOSEN}")
            within = "e.reached IS NULL AND t.at > e.entered AND (e.ended IS NULL OR t.at <= e.ended)"
            cursor.execute(
                f"INSERT INTO {tables.CHOSEN} (id, way, at) SELECT e.id, %(role)s, min(t.at) {_ABOUT} AND {within} GROUP BY e.id",
                self.clock | {"role": GOAL},
            )
            cursor.execute(
                f"UPDATE {RUNS} SET reached = c.at FROM {tables.CHOSEN} AS c WHERE c.id = {RUNS}.id",
            )

    def timed(self, node: Node) -> int:
        """Move on those whose wait at a node is over; return how many."""
        # Those who waited in vain first: whom the other way leads back here are not to be taken for them.
        ways = [(0, "")] if not isinstance(node.doing, WaitForFact) else [(1, "AND NOT came"), (0, "AND came")]
        moved = 0
        while until := self.until(node, AT_ONCE):
            with transaction.atomic():
                self.check()
                moved += sum(self.go(node, way, which, until) for way, which in ways)
        return moved

    def until(self, node: Node, at_once: int) -> dict[str, int] | None:
        """Return where a part of those due at a node ends, at most so many; None where nobody is due.

        Before anybody moves they hear of what came or ended them meanwhile.
        """
        known = self.clock | {"node": node.number, "until": _LAST[0], "until_id": _LAST[1]}
        if self._due(known, 0) is None:
            return None
        if self.roles:
            self.hear()
            if self._due(known, 0) is None:
                return None
        due, number = self._due(known, at_once) or _LAST
        return known | {"until": due, "until_id": number}

    def _due(self, known: dict[str, int], skipped: int) -> tuple[int, int] | None:
        with connection.cursor() as cursor:
            cursor.execute(
                f"SELECT due, id FROM {RUNS} WHERE {AT_NODE} ORDER BY due, id LIMIT 1 OFFSET %(skipped)s",
                known | {"skipped": skipped},
            )
            found: tuple[int, int] | None = cursor.fetchone()
            return found

    def go(self, node: Node, way: int, which: str, known: dict[str, int]) -> int:
        """Move those at a node that `which` picks along one of its ways, inside the caller's transaction; return how many."""
        chosen = f"{AT_NODE} {which}"
        target = self.plan.nodes[node.ways[way]]
        self._open(target, chosen, known)
        landing, more = self.landing(target, ARRIVAL, f"{RUNS}.zone")
        columns = ", ".join(f"{name} = {value}" for name, value in landing.items())
        with connection.cursor() as cursor:
            cursor.execute(
                f"INSERT INTO {PASSAGES} (enrolment_id, hop, version, node, way, at) "
                f"SELECT id, hops, version, node, %(way)s, {ARRIVAL} FROM {RUNS} WHERE {chosen}",
                known | {"way": way},
            )
            cursor.execute(f"UPDATE {RUNS} SET {columns}, hops = hops + 1 WHERE {chosen}", known | more)
            moved = int(cursor.rowcount)
        self._count(node.number, way, moved)
        return moved

    def landing(self, node: Node, arrival: str, zone: str) -> tuple[dict[str, str], dict[str, Any]]:
        """Return what the columns of a run are set to that arrives at a node, and the parameters of that."""
        told: dict[str, Any] = {"to": node.number}
        due, doing = arrival, node.doing
        if isinstance(doing, WaitFor):
            due, told["wait"] = f"{arrival} + %(wait)s", instants.length(doing.length)
        elif isinstance(doing, WaitForFact):
            due, told["wait"] = f"{arrival} + %(wait)s", instants.length(doing.at_most)
        elif isinstance(doing, WaitUntil):
            opening = f"o.journey_id = %(journey)s AND o.version = %(version)s AND o.node = %(to)s AND o.zone = {zone} AND o.due >= {arrival}"
            due = f"(SELECT min(o.due) FROM {tables.OPENINGS} AS o WHERE {opening})"
        columns = {"node": "%(to)s", "arrived": arrival, "due": due, "came": "false"}
        if isinstance(doing, Exit):
            columns |= {"is_active": "false", "ended": arrival, "reason": "%(reason)s"}
            told["reason"] = doing.reason
        return columns, told

    def open_for(self, node: Node, zones: Iterable[str]) -> None:
        """Lay out when a wait for a time of day at a node is over, in these zones, for those who arrive now or were due lately."""
        assert isinstance(node.doing, WaitUntil)
        rows = []
        for zone in zones:
            if (node.number, zone) not in self._zones:
                self._zones.add((node.number, zone))
                for one in instants.openings(zone, node.doing.at, node.doing.weekdays, instants.at(self.clock["late"])):
                    rows.append((self.plan.journey_id, self.plan.version, node.number, zone, instants.of(one)))
                    if one >= self.now:
                        break
        tables.add(tables.OPENINGS, rows)

    def _open(self, node: Node, chosen: str, known: dict[str, int]) -> None:
        if isinstance(node.doing, WaitUntil):
            with connection.cursor() as cursor:
                cursor.execute(f"SELECT DISTINCT zone FROM {RUNS} WHERE {chosen}", known)
                zones = [str(row[0]) for row in cursor.fetchall()]
            self.open_for(node, zones)

    def _came(self, node: Node) -> None:
        """Let runs that wait at a node be due when what they wait for came, where that was in time."""
        within = "e.is_active AND +e.node = %(role)s AND NOT e.came AND t.at > e.arrived AND t.at <= e.due"
        with transaction.atomic(), connection.cursor() as cursor:
            self.check()
            cursor.execute(
                f"UPDATE {RUNS} SET due = x.at, came = true "
                f"FROM (SELECT e.id AS id, min(t.at) AS at {_ABOUT} AND {within} GROUP BY e.id) AS x WHERE x.id = {RUNS}.id",
                self.clock | {"role": node.number},
            )

    def _ended(self) -> int:
        within = "e.is_active AND t.at > e.entered AND t.at <= e.due"
        with transaction.atomic(), connection.cursor() as cursor:
            self.check()
            cursor.execute(f"DELETE FROM {tables.CHOSEN}")
            cursor.execute(
                f"INSERT INTO {tables.CHOSEN} (id, way, at, said) "
                f"SELECT e.id, %(role)s, min(t.at), min(t.said) {_ABOUT} AND {within} GROUP BY e.id",
                self.clock | {"role": EXIT},
            )
            return self.end_chosen()

    def end_chosen(self) -> int:
        """End the runs that were chosen, inside the caller's transaction; return how many."""
        with connection.cursor() as cursor:
            cursor.execute(
                f"INSERT INTO {PASSAGES} (enrolment_id, hop, version, node, way, at) "
                f"SELECT e.id, e.hops, e.version, e.node, {OUT}, c.at FROM {tables.CHOSEN} AS c JOIN {RUNS} AS e ON e.id = c.id"
            )
            cursor.execute(
                f"UPDATE {RUNS} SET is_active = false, ended = c.at, reason = c.said "
                f"FROM {tables.CHOSEN} AS c WHERE c.id = {RUNS}.id"
            )
            return int(cursor.rowcount)

    def _count(self, node: int, way: int, moved: int) -> None:
        if moved:
            table = Passed._meta.db_table
            with connection.cursor() as cursor:
                cursor.execute(
                    f"INSERT INTO {table} (journey_id, version, node, way, n, last) VALUES (%s, %s, %s, %s, %s, %s) "
                    "ON CONFLICT (journey_id, version, node, way) "
                    f"DO UPDATE SET n = {table}.n + excluded.n, last = excluded.last",
                    [self.plan.journey_id, self.plan.version, node, way, moved, self.clock["now"]],
                )
