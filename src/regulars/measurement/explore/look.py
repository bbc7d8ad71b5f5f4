"""Where a question starts: the as-of day, and the customers who are looked at, by what their first order was like."""

import re
from dataclasses import dataclass
from datetime import date
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
    found: date | None = moment.once(
        "last_day", lambda: moment.rows(sql.load("regulars.measurement")["last_day"])[0][0]
    )
    return found


class Look:
    """The facts of a moment up to a day; $label in a query is replaced by a dimension's column, never by free text."""

    def __init__(self, moment: Moment, as_of: date | None) -> None:
        self.moment, self._queries = moment, sql.load("regulars.measurement")
        self.newest: date | None = last_day(moment)
        self.day = self.newest if as_of is None else as_of
        moment.rows(self._queries["first_labels"])

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
        text = re.sub(r"--.*", "", self._queries[query])
        for place, dimension in (labels or {}).items():
            text = text.replace(f"${place}", checked(dimension))
        known = {"as_of": self.day} if "$as_of" in text else {}
        return self.moment.rows(text, **known, **parameters)

    def everybody(self) -> None:
        """Look at all customers as one group."""
        self.ask("everybody")

    def only(self, group: Group | None) -> None:
        """Look at the customers of one group, or at everybody."""
        if group is None:
            self.everybody()
            return
        self.ask("chosen", {"label": group.dimension}, values=[group.value])
        self.ask("only_chosen")

    def each(self, dimension: str, values: list[str]) -> None:
        """Look at everybody by the place of their value among these, from 1; all other values have place 0."""
        self.ask("chosen", {"label": dimension}, values=values)
        self.ask("all_chosen")


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
