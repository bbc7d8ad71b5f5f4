"""A journey's version as the engine walks it: its document, its nodes, and the facts that it has to hear of."""

from dataclasses import dataclass
from functools import lru_cache

from regulars.journeys import files
from regulars.journeys.models import Journey, Version
from regulars.journeys.rules import steps
from regulars.journeys.rules.nodes import Node
from regulars.journeys.rules.steps import OnFact, OnSegment, WaitForFact
from regulars.segments import api as segments

EXIT, GOAL = -1, -2  # roles of facts; that of one waited for is the number of its node
PLANS = 500


@dataclass(frozen=True)
class Plan:
    """A version of a journey, compiled."""

    journey_id: int
    name: str
    version: int
    document: steps.Journey
    nodes: tuple[Node, ...]

    @property
    def about_orders(self) -> bool:
        return self.document.subject == "order"

    def heard(self) -> list[tuple[int, OnFact]]:
        """Return the facts that runs of this version have to hear of, each with its role."""
        waits = [(node.number, node.doing.fact) for node in self.nodes if isinstance(node.doing, WaitForFact)]
        goal = [(GOAL, self.document.goal)] if self.document.goal else []
        return [*((EXIT, one) for one in self.document.exit_on), *goal, *waits]

    def trigger(self) -> OnFact:
        """Return the fact that leads in; entering or leaving a segment is one too."""
        return as_fact(self.document.trigger)


def as_fact(trigger: OnFact | OnSegment) -> OnFact:
    """Return a trigger as the fact that it is.

    >>> as_fact(OnSegment("vip", "left")).source
    'segment.left'
    """
    if isinstance(trigger, OnFact):
        return trigger
    where = [{"field": "segment", "is": trigger.segment}]
    found = segments.read_happening({"did": f"segment.{trigger.on}", "where": where})
    return OnFact(found.source, found.where)


def newest(journey: Journey) -> Plan:
    """Return the version of a journey that people enter by."""
    return of(journey, journey.version)


def of(journey: Journey, number: int) -> Plan:
    """Return a version of a journey by its number."""
    text = Version.objects.values_list("text", flat=True).get(journey_id=journey.id, number=number)
    return _compiled(journey.id, journey.name, number, text)


@lru_cache(PLANS)
def _compiled(journey_id: int, name: str, number: int, text: str) -> Plan:
    document, nodes = files.read(text)
    return Plan(journey_id, name, number, document, nodes)
