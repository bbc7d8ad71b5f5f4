"""What is known of every customer on a day, laid out once for all predictions."""

import re
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from regulars.core import sql
from regulars.core.lake.moment import Moment

HIDDEN_SHARE = 0.25  # of the calendar time, for the back-test, when nobody names its end


@dataclass(frozen=True)
class Known:
    """The customers' lives as of a day; until is the last day that the back-test may see."""

    moment: Moment
    as_of: date
    until: date

    def rows(self, query: str, **parameters: Any) -> list[tuple[Any, ...]]:
        """Return the rows of a named query; $as_of and $until are given where it asks for them."""
        text = sql.load("regulars.predictions")[query]
        return self.moment.rows(text, **self._days(text), **parameters)

    def lay_out(self, query: str, **words: str) -> None:
        """Run a named query that lays out a table; each $word in it is replaced by text of our own, never by a user's."""
        text = sql.load("regulars.predictions")[query]
        for name, word in words.items():
            text = text.replace(f"${name}", word)
        self.moment.con.execute(text)

    def arrays(self, query: str) -> dict[str, Any]:
        """Return the columns of a named query as arrays."""
        text = sql.load("regulars.predictions")[query]
        return self.moment.arrays(text, **self._days(text))

    def _days(self, text: str) -> dict[str, date]:
        asked = re.sub(r"--.*", "", text)
        return {name: day for name, day in (("as_of", self.as_of), ("until", self.until)) if f"${name}" in asked}


def known(moment: Moment, as_of: date, calibration_end: date | None = None) -> Known:
    """Lay out what is known on a day; without a calibration_end the back-test sees the first 75 % of the time."""
    begun = moment.rows(sql.load("regulars.predictions")["begun"])[0][0] or as_of
    hidden = timedelta(days=round((as_of - begun).days * HIDDEN_SHARE))
    found = Known(moment, as_of, calibration_end or as_of - hidden)
    found.rows("lives")
    return found
