"""Moving those who are inside an older version over to the newest: where each of them would stand, and doing it.

Nodes of two versions are taken for the same where they do the same in the same order; who stands at a node that the newest version
does not have walks the older one to its end.
"""

from collections.abc import Hashable
from dataclasses import dataclass
from datetime import datetime
from difflib import SequenceMatcher

from django.db import transaction
from django.db.models import Count, F

from regulars.access import api as access
from regulars.journeys.engine import instants, plans
from regulars.journeys.engine.plans import Plan
from regulars.journeys.models import Enrolment, Journey
from regulars.journeys.rules import wording
from regulars.journeys.rules.nodes import Node
from regulars.journeys.rules.steps import Branch, Exit, Send, Split, WaitFor, WaitForFact, WaitUntil


@dataclass(frozen=True)
class Change:
    """Those at one node of an older version: how many, what is done there, and at which node of the newest they would stand; None
    where they stay. waits says how much longer (or less, below 0) they would wait, in seconds."""

    version: int
    n: int
    says: str
    to: str | None
    waits: int


def changes(row: Journey) -> list[Change]:
    """Return where everybody inside an older version would stand in the newest."""
    newest, found = plans.newest(row), []
    counted = Enrolment.objects.filter(journey=row, is_active=True).exclude(version=row.version)
    for version, number, n in (
        counted.values_list("version", "node").annotate(n=Count("id")).order_by("version", "node")
    ):
        old = plans.of(row, version)
        to = same(old, newest).get(number)
        waits = 0 if to is None else _longer(old.nodes[number], newest.nodes[to]) // instants.SECOND
        says = None if to is None else wording.said(newest.nodes[to])
        found.append(Change(version, n, wording.said(old.nodes[number]), says, waits))
    return found


def move(row: Journey, by: str, now: datetime) -> int:
    """Move everybody inside an older version whose node the newest has, a statement for each node; return how many moved."""
    newest, moved = plans.newest(row), 0
    with transaction.atomic():
        Journey.objects.filter(id=row.id).update(changed_at=now)  # a round under way begins anew
        older = Enrolment.objects.filter(journey=row, is_active=True).exclude(version=row.version)
        for version in list(older.values_list("version", flat=True).distinct().order_by("version")):
            old = plans.of(row, version)
            for number, to in same(old, newest).items():
                there = Enrolment.objects.filter(journey=row, is_active=True, version=version, node=number)
                longer = _longer(old.nodes[number], newest.nodes[to])
                there.filter(came=False).update(due=F("due") + longer)
                moved += there.update(version=row.version, node=to)
        access.note(by, "journey.moved", row.name, {"version": row.version, "moved": moved}, now)
    return moved


def same(old: Plan, new: Plan) -> dict[int, int]:
    """Return of each node of a version that a newer one has too the number that it has there."""
    matcher = SequenceMatcher(None, [_mark(node) for node in old.nodes], [_mark(node) for node in new.nodes], False)
    return {block.a + n: block.b + n for block in matcher.get_matching_blocks() for n in range(block.size)}


def _mark(node: Node) -> Hashable:
    """Return what makes a node the same in another version: a wait may be longer there, a branch may have other rules."""
    doing = node.doing
    if isinstance(doing, Send):
        return ("send", doing.template)
    if isinstance(doing, WaitForFact):
        return ("wait for", doing.fact.source)
    if isinstance(doing, Split):
        return ("split", doing.name)
    if isinstance(doing, WaitUntil):
        return ("until", doing.at, doing.weekdays)
    if isinstance(doing, Exit):
        return ("exit", doing.reason)
    return "branch" if isinstance(doing, Branch) else "wait"


def _longer(old: Node, new: Node) -> int:
    """Return by how much a wait of the new node is longer, in microseconds."""
    if isinstance(old.doing, WaitFor) and isinstance(new.doing, WaitFor):
        return instants.length(new.doing.length - old.doing.length)
    if isinstance(old.doing, WaitForFact) and isinstance(new.doing, WaitForFact):
        return instants.length(new.doing.at_most - old.doing.at_most)
    return 0
