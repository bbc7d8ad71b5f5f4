"""Where a question starts: the as-of day, and the customers who are looked at, by what their first order was like."""

import re
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from regulars.core import sql
from regulars.core.lake.moment import Moment

DIMENSIONS = ("product", "category", "country", "channel", "discount", "month")
FEW = 30  # customers below which a rate says too little to be shown as one


@dataclass(frozen=True)
class Group:
    """The customers whose first order has this value.

    dimension is one of DIMENSIONS; discount is yes or no, month as 2024-01, an empty value stands for unknown.
    """

    dimension: str
    value: str

    @property
    def told(self) -> dict[str, str]:
        """Return the group as plain values."""
        return {"dimension": self.dimension, "value": self.value}


def last_day(moment: Moment) -> date | None:
    """Return the day of the last fact about money: the as-of day when nobody names one; None for a shop without any."""
    return max((row.day for row in days(moment)), default=None)


@dataclass(frozen=True)
class Day:
    """What was sold, guests included, and given back on a day; identified are the orders of known customers, new the
    customers whose first day it was."""

    day: date
    orders: int
    gross: Decimal
    identified: int
    new: int
    returning: int
    refunded: Decimal
    rows: int


def days(moment: Moment) -> list[Day]:
    """Return every day with an order or a refund, in order; asked once."""

    def make() -> list[Day]:
        asked = moment.sums()
        return [Day(*row) for row in asked.sums(sql.load("regulars.measurement")["days"], keys=1)]

    found: list[Day] = moment.once("days", make)
    return found


class Look:
    """The facts of a moment up to a day; $label in a query is replaced by a dimension's column, never by free text."""

    def __init__(self, moment: Moment, as_of: date | None) -> None:
        self.moment, self._queries = moment, sql.load("regulars.measurement")
        self.newest: date | None = last_day(moment)
        self.day = self.newest if as_of is None else as_of
        self._sums = moment.sums()
        self._sums.lay_out(self._queries["first_labels"])

    @property
    def as_of(self) -> str | None:
        """Return the as-of day as text, None for a shop without facts about money."""
        return self.day.isoformat() if self.day else None

    @property
    def is_newest(self) -> bool:
        """Say whether no fact about money lies behind the as-of day."""
        return self.day is not None and self.newest is not None and self.newest <= self.day

    def ask(self, query: str, labels: dict[str, str] | None = None, **parameters: Any) -> list[tuple[Any, ...]]:
        """Return the rows of a named query; labels are its places for a dimension."""
        text, known = self._named(query, labels)
        return self._sums.ask(text, **known, **parameters)

    def sums(
        self, query: str, keys: int, labels: dict[str, str] | None = None, **parameters: Any
    ) -> list[tuple[Any, ...]]:
        """Return the rows of a named query that adds up over customers: so many keys, then numbers; ordered by the keys."""
        text, known = self._named(query, labels)
        return self._sums.sums(text, keys, **known, **parameters)

    def _lay_out(self, query: str, labels: dict[str, str] | None = None, **parameters: Any) -> None:
        text, known = self._named(query, labels)
        self._sums.lay_out(text, **known, **parameters)

    def _named(self, query: str, labels: dict[str, str] | None) -> tuple[str, dict[str, Any]]:
        text = re.sub(r"--.*", "", self._queries[query])
        for place, dimension in (labels or {}).items():
            text = text.replace(f"${place}", checked(dimension))
        return text, {"as_of": self.day} if "$as_of" in text else {}

    def everybody(self) -> None:
        """Look at all customers as one group."""
        self._lay_out("everybody")

    def only(self, group: Group | None) -> None:
        """Look at the customers of one group, or at everybody."""
        if group is None:
            self.everybody()
            return
        self._lay_out("chosen", {"label": group.dimension}, values=[group.value])
        self._lay_out("only_chosen")

    def each(self, dimension: str, values: list[str]) -> None:
        """Look at everybody by the place of their value among these, from 1; all other values have place 0."""
        self._lay_out("chosen", {"label": dimension}, values=values)
        self._lay_out("all_chosen")


def checked(dimension: str) -> str:
    """Return a dimension that is one; raises ValueError for anything else.

    >>> checked("country")
    'country'
    """
    if dimension not in DIMENSIONS:
        raise ValueError(f"there is no dimension {dimension!r}; take one of {', '.join(DIMENSIONS)}")
    return dimension


def told(group: Group | None) -> dict[str, str] | None:
    """Return a group as plain values, None for everybody."""
    return None if group is None else group.told
