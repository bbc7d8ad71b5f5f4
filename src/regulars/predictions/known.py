"""What is known of every customer on a day, laid out once for all predictions."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Any, Self, TypeVar

from regulars.core import sql
from regulars.core.answers.cache import Once
from regulars.core.lake.moment import Moment

HIDDEN_SHARE = 0.25  # of the calendar time, for the back-test, when nobody names its end
Made = TypeVar("Made")


@dataclass(frozen=True)
class Known:
    """The customers' lives as of a day; until is the last day that the back-test may see.

    is_shared: its tables are seen by every connection to the moment, so that twins of this can be asked at the same time.
    """

    moment: Moment
    as_of: date
    until: date
    is_shared: bool = False
    made: Once = field(default_factory=Once)

    def rows(self, query: str, **parameters: Any) -> list[tuple[Any, ...]]:
        """Return the rows of a named query; $as_of and $until are given where it asks for them."""
        text = sql.load("regulars.predictions")[query]
        return self.moment.rows(text, **self._days(text), **parameters)

    def lay_out(self, query: str, words: dict[str, str] | None = None, **parameters: Any) -> None:
        """Run, once, a named query that lays out a table; each $word in it is replaced by text of our own, never by a
        user's."""
        self.once(f"table {query}", lambda: self._lay_out(query, words or {}, parameters))

    def _lay_out(self, query: str, words: dict[str, str], parameters: dict[str, Any]) -> None:
        text = sql.load("regulars.predictions")[query]
        for name, word in words.items():
            text = text.replace(f"${name}", word)
        if self.is_shared:  # a temp table belongs to one connection, any other one to the moment
            text = text.replace("TEMP TABLE", "TABLE")
        self.moment.rows(text, **self._days(text), **parameters)

    def arrays(self, query: str) -> dict[str, Any]:
        """Return the columns of a named query as arrays."""
        text = sql.load("regulars.predictions")[query]
        return self.moment.arrays(text, **self._days(text))

    def once(self, name: str, make: Callable[[], Made]) -> Made:
        """Return what was made under a name for this day, by this or a twin, or make it; whoever gets it leaves it as it is."""
        return self.made.get_or_make(name, make)

    def twin(self) -> Self:
        """Return the same on a connection of its own, for another thread; needs is_shared."""
        return replace(self, moment=self.moment.twin())

    def _days(self, text: str) -> dict[str, date]:
        asked = re.sub(r"--.*", "", text)
        return {name: day for name, day in (("as_of", self.as_of), ("until", self.until)) if f"${name}" in asked}


def known(moment: Moment, as_of: date, calibration_end: date | None = None, is_shared: bool = False) -> Known:
    """Lay out what is known on a day; without a calibration_end the back-test sees the first 75 % of the time."""
    begun, last = moment.rows(sql.load("regulars.predictions")["begun"])[0]
    begun = begun or as_of
    hidden = timedelta(days=round((as_of - begun).days * HIDDEN_SHARE))
    found = Known(moment, as_of, calibration_end or as_of - hidden, is_shared)
    found.lay_out("whole_lives" if last is None or last <= as_of else "lives")
    return found
