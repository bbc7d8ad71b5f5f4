"""Compiling: a journey's steps as a flat list of numbered nodes, each of which says where it leads.

An enrolment is a row with the number of its node, so a tick moves everybody at one node by one statement.
"""

from dataclasses import dataclass, replace

from regulars.journeys.rules.reading import BadJourney
from regulars.journeys.rules.steps import (
    Branch,
    Exit,
    GoTo,
    Journey,
    Label,
    Send,
    Split,
    Step,
    WaitFor,
    WaitForFact,
    WaitUntil,
)

Doing = Send | WaitFor | WaitUntil | WaitForFact | Branch | Split | Exit
END = Exit("the journey's end")


@dataclass(frozen=True)
class Node:
    """One node: what is done at it, and the nodes that it leads to: one for each way, in their order; of a wait for a fact first
    the way for those to whom it came. An exit leads nowhere."""

    number: int
    place: str
    doing: Doing
    ways: tuple[int, ...]


def compiled(journey: Journey) -> tuple[Node, ...]:
    """Return the nodes; the first one is where everybody enters. Raise BadJourney for a circle in which nobody ever waits."""
    writer = _Writer()
    first = writer.steps(journey.steps, writer.add("", END, ()))
    nodes = writer.settled(first)
    _check_circles(nodes)
    return nodes


class _Writer:
    """Writes nodes from the last step to the first, so that each knows where it leads; jumps are settled at the end."""

    def __init__(self) -> None:
        self.nodes: list[Node] = []
        self.labels: dict[str, int] = {}
        self.jumps: dict[int, str] = {}

    def add(self, place: str, doing: Doing, ways: tuple[int, ...]) -> int:
        self.nodes.append(Node(len(self.nodes), place, doing, ways))
        return len(self.nodes) - 1

    def steps(self, steps: tuple[Step, ...], after: int) -> int:
        """Write steps that lead on to a node; return the node of the first."""
        for step in reversed(steps):
            after = self._step(step, after)
        return after

    def _step(self, step: Step, after: int) -> int:
        action = step.action
        if isinstance(action, Label):
            self.labels[action.name] = after
            return after
        if isinstance(action, GoTo):
            number = self.add(step.place, END, ())
            self.jumps[number] = action.label
            return number
        if isinstance(action, Exit):
            return self.add(step.place, action, ())
        if isinstance(action, Branch):
            ways = tuple(self.steps(way.steps, after) for way in action.ways)
            has_rest = action.ways[-1].rule is None
            return self.add(step.place, action, ways if has_rest else (*ways, after))
        if isinstance(action, Split):
            return self.add(step.place, action, tuple(self.steps(arm.steps, after) for arm in action.arms))
        if isinstance(action, WaitForFact):
            return self.add(step.place, action, (self.steps(action.came, after), self.steps(action.timed_out, after)))
        return self.add(step.place, action, (after,))

    def settled(self, first: int) -> tuple[Node, ...]:
        """Return the nodes that can be come to, numbered from the first in the order in which people come to them."""
        order: list[int] = []
        waiting = [self._target(first)]
        while waiting:
            number = waiting.pop()
            if number not in order:
                order.append(number)
                waiting += [self._target(way) for way in reversed(self.nodes[number].ways)]
        places = {number: place for place, number in enumerate(order)}
        return tuple(
            replace(
                self.nodes[number],
                number=places[number],
                ways=tuple(places[self._target(way)] for way in self.nodes[number].ways),
            )
            for number in order
        )

    def _target(self, number: int) -> int:
        """Follow jumps to the node that they lead to."""
        seen = set()
        while number in self.jumps:
            if number in seen:
                raise BadJourney(self.nodes[number].place, "these jumps lead to one another and to nothing else")
            seen.add(number)
            number = self.labels[self.jumps[number]]
        return number


def _check_circles(nodes: tuple[Node, ...]) -> None:
    """Refuse a circle without a wait in it: whoever came into it would be moved for ever in one tick."""
    state: dict[int, str] = {}
    for start in nodes:
        stack = [(start.number, iter(start.ways))]
        if state.get(start.number):
            continue
        state[start.number] = "open"
        while stack:
            number, ways = stack[-1]
            waits = isinstance(nodes[number].doing, WaitFor | WaitUntil | WaitForFact)
            following = None if waits else next(ways, None)
            if following is None:
                state[number] = "done"
                stack.pop()
            elif state.get(following) == "open":
                raise BadJourney(
                    nodes[number].place, "this leads round in a circle in which nobody ever waits; add a wait"
                )
            elif following not in state:
                state[following] = "open"
                stack.append((following, iter(nodes[following].ways)))
