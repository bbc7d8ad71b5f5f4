"""A plain reading of journeys: one person at a time, minute by minute, as the documentation says it; what the engine must equal."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from regulars.journeys.rules import steps
from regulars.journeys.rules.nodes import Node

Happened = tuple[datetime, str]  # when, and which fact


@dataclass
class Run:
    """How far one run came."""

    entered: datetime
    node: int = 0
    ended: datetime | None = None
    reason: str = ""
    sent: list[tuple[str, int]] = field(default_factory=list)


@dataclass(frozen=True)
class Person:
    """Somebody with what happened to them in the order of time, the way they go at each branch, and their arm of each split."""

    happened: Sequence[Happened]
    holds: Callable[[Mapping[str, object]], bool]
    arm: Callable[[str], str]


def runs(document: steps.Journey, nodes: Sequence[Node], person: Person, until: datetime) -> list[Run]:
    """Return the runs of a person up to an instant."""
    found: list[Run] = []
    trigger = document.trigger
    assert isinstance(trigger, steps.OnFact)
    for at, name in person.happened:
        if name == trigger.source and at <= until and _may_enter(document, found, at):
            found.append(_walked(document, nodes, person, at, until))
    return found


def _may_enter(document: steps.Journey, found: Sequence[Run], at: datetime) -> bool:
    if not found:
        return True
    if document.again_after is None:
        return False
    last = found[-1]
    return last.ended is not None and last.ended <= at and last.entered + document.again_after <= at


def _walked(document: steps.Journey, nodes: Sequence[Node], person: Person, entered: datetime, until: datetime) -> Run:
    run, clock, hops = Run(entered), entered, 0
    while True:
        node = nodes[run.node]
        if isinstance(node.doing, steps.Exit):
            run.ended, run.reason = clock, node.doing.reason
            return run
        event, way = _event(node, person, clock)
        out = _first(person, [one.source for one in document.exit_on], entered, event)
        if out is not None and out[0] <= until:
            run.ended, run.reason = out
            return run
        if event > until:
            return run
        if isinstance(node.doing, steps.Send):
            run.sent.append((node.doing.template, hops))
        clock, run.node, hops = event, node.ways[way], hops + 1


def _event(node: Node, person: Person, clock: datetime) -> tuple[datetime, int]:
    """Return when somebody goes on from a node, and by which way."""
    doing = node.doing
    if isinstance(doing, steps.WaitFor):
        return clock + doing.length, 0
    if isinstance(doing, steps.WaitUntil):
        minute = (
            clock
            if clock.second == clock.microsecond == 0
            else clock.replace(second=0, microsecond=0) + timedelta(minutes=1)
        )
        while minute.astimezone(UTC).time() != doing.at or minute.weekday() not in doing.weekdays:
            minute += timedelta(minutes=1)
        return minute, 0
    if isinstance(doing, steps.WaitForFact):
        came = _first(person, [doing.fact.source], clock, clock + doing.at_most)
        return (came[0], 0) if came else (clock + doing.at_most, 1)
    if isinstance(doing, steps.Branch):
        rules = [way.rule is None or person.holds(way.rule) for way in doing.ways]
        return clock, rules.index(True) if True in rules else len(rules)
    if isinstance(doing, steps.Split):
        return clock, [arm.name for arm in doing.arms].index(person.arm(doing.name))
    return clock, 0


def _first(person: Person, names: Sequence[str], after: datetime, until: datetime) -> Happened | None:
    return next((one for one in person.happened if one[1] in names and after < one[0] <= until), None)
