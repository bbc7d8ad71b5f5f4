"""A journey as people write it: what starts it, who may enter, what ends it, and its steps in order."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import time, timedelta
from typing import Any, Literal

from regulars.segments import api as segments


@dataclass(frozen=True)
class OnFact:
    """A fact of a kind, of which the comparisons hold; source is as in segments, `custom:<name>` for an event of the shop's own."""

    source: str
    where: tuple["segments.Where", ...] = ()


@dataclass(frozen=True)
class OnSegment:
    """Somebody enters or leaves a segment."""

    segment: str
    on: Literal["entered", "left"]


@dataclass(frozen=True)
class Send:
    """Ask for a message by a template; channels are tried in order: the first that the person can be reached by."""

    template: str
    channels: tuple[str, ...]


@dataclass(frozen=True)
class WaitFor:
    length: timedelta


@dataclass(frozen=True)
class WaitUntil:
    """Wait for a time of day, on one of these weekdays (Monday is 0), in the person's own zone."""

    at: time
    weekdays: frozenset[int]


@dataclass(frozen=True)
class WaitForFact:
    """Wait until a fact about the same subject comes, or for so long; each way has steps of its own, then both go on."""

    fact: OnFact
    at_most: timedelta
    came: tuple["Step", ...]
    timed_out: tuple["Step", ...]


@dataclass(frozen=True)
class Way:
    """One way of a branch: for whom the rule holds; without a rule, for everybody else."""

    rule: Mapping[str, Any] | None
    steps: tuple["Step", ...]


@dataclass(frozen=True)
class Branch:
    ways: tuple[Way, ...]


@dataclass(frozen=True)
class Arm:
    """One arm of a random split, with its share in hundredths of a percent."""

    name: str
    share: int
    steps: tuple["Step", ...]


@dataclass(frozen=True)
class Split:
    name: str
    arms: tuple[Arm, ...]


@dataclass(frozen=True)
class Label:
    name: str


@dataclass(frozen=True)
class GoTo:
    label: str


@dataclass(frozen=True)
class Exit:
    reason: str


Action = Send | WaitFor | WaitUntil | WaitForFact | Branch | Split | Label | GoTo | Exit


@dataclass(frozen=True)
class Step:
    """A step, and its place in the document, as `steps[2]`."""

    place: str
    action: Action


@dataclass(frozen=True)
class Journey:
    """A journey's document. again: may the same subject enter once more: never, always, or so many days after it entered.

    holdout, in hundredths of a percent, is the share of customers who walk it and are sent nothing. Of journeys of one group a customer
    walks one at a time. topic is the one of consent that its marketing is about.
    """

    name: str
    title: str
    subject: Literal["customer", "order"]
    trigger: OnFact | OnSegment
    audience: Mapping[str, Any] | None
    again_after: timedelta | None
    exit_on: tuple[OnFact, ...]
    goal: OnFact | None
    priority: int
    holdout: int
    group: str
    topic: str
    steps: tuple[Step, ...]
