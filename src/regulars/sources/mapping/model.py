"""A mapping: which column, constant or condition gives each canonical field; layouts and users' files are both this."""

from collections.abc import Mapping as MappingOf
from dataclasses import dataclass, field
from pathlib import Path


@dataclass(frozen=True)
class Source:
    """Where a field's text comes from: one column, several joined by a text, or a constant. A column is a name or a
    position counted from 1; `items.price` is a column of the joined file named items. Texts in empty mean no value."""

    columns: tuple[str | int, ...] = ()
    join: str = " "
    constant: str | None = None
    empty: tuple[str, ...] = ()


@dataclass(frozen=True)
class Condition:
    """A test of one column's text; values are compared without regard to case."""

    column: str | int
    test: str
    values: tuple[str, ...] = ()


@dataclass(frozen=True)
class Join:
    """Another file: rows whose column `right` equals this file's `left`; take one, lines (all of them) or sum."""

    name: str
    file: Path
    left: str | int
    right: str | int
    take: str = "one"


@dataclass(frozen=True)
class Hints:
    """What the mapping says about the file itself; None means: find out."""

    delimiter: str | None = None
    encoding: str | None = None
    header: bool | None = None
    decimal: str | None = None
    dates: str | None = None
    timezone: str | None = None


@dataclass(frozen=True)
class Mapping:
    """How a file's records become canonical rows; grain is order, line or moment (see docs/import.md)."""

    name: str
    grain: str
    columns: MappingOf[str, Source]
    rows: MappingOf[str, tuple[Condition, ...]] = field(default_factory=dict)
    joins: tuple[Join, ...] = ()
    hints: Hints = Hints()
    notes: tuple[str, ...] = ()


TESTS = ("in", "equals", "starts_with", "less_than", "not_empty", "matches")
CONDITIONS = ("cancelled", "test", "refund", "gift_card", "skip")
GRAINS = ("order", "line", "moment")
