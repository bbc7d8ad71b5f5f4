"""A segment's rule as a tree: which customers belong to it, in terms of the closed lists of fields and sources."""

from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

from regulars.segments.rules.comparing import Comparison


@dataclass(frozen=True)
class Group:
    """Rules of which all, or any, must hold; all of none holds for everybody."""

    how: Literal["all", "any"]
    rules: tuple["Rule", ...]


@dataclass(frozen=True)
class Not:
    rule: "Rule"


@dataclass(frozen=True)
class About:
    """A field of the customer compared with something."""

    field: str
    comparison: Comparison


@dataclass(frozen=True)
class Where:
    """A field of a fact compared with something; of a shop's own event any property may be named."""

    field: str
    comparison: Comparison
    is_property: bool = False


@dataclass(frozen=True)
class Window:
    """Which days count: the last so many, those between two, or so many from a day of the customer's own on."""

    within_days: int | None = None
    since: date | None = None
    until: date | None = None
    after: str = ""


@dataclass(frozen=True)
class Happening:
    """Facts of a source that fit, on days that count."""

    source: str
    where: tuple[Where, ...] = ()
    window: Window = Window()


@dataclass(frozen=True)
class Measure:
    """What of the facts is compared: how many, the sum of a field, its different values, the first or the last day."""

    how: Literal["times", "sum", "different", "first", "last"]
    comparison: Comparison
    of: str = ""


@dataclass(frozen=True)
class Did:
    """What the customer did, measured; then says what has to come after it, within so many days."""

    happening: Happening
    measure: Measure
    then: Happening | None = None
    then_within_days: int = 0


@dataclass(frozen=True)
class Said:
    """The last word on a consent: of a channel and a topic, or of the whole channel."""

    channel: str
    topic: str
    state: str


@dataclass(frozen=True)
class InSegment:
    """Whoever the rule of another segment, by name, holds for."""

    name: str


Rule = Group | Not | About | Did | Said | InSegment
Document = dict[str, Any]
