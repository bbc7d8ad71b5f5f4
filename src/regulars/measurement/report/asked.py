"""What a report is asked, for which shop, and the ground its sections stand on."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from functools import cached_property
from typing import Any
from zoneinfo import ZoneInfo

from regulars.core import money, sql
from regulars.core.lake.moment import Moment
from regulars.core.lake.sums import Sums
from regulars.measurement.explore.look import Day, days, last_day


@dataclass(frozen=True)
class Question:
    """The day to look at the shop (None: the last fact's), more retention windows, and where the model's history ends."""

    as_of: date | None = None
    retention: tuple[tuple[int, int | None], ...] = ()
    calibration_end: date | None = None


@dataclass(frozen=True)
class Setting:
    """The shop's zone and currency, what became of its imported rows, the instant of the report, and how the shop calls
    its customers (their reference or e-mail, by customer id)."""

    timezone: str
    currency: str
    imports: Mapping[str, Any]
    now: datetime
    names: Callable[[Sequence[int]], Mapping[int, str]] = lambda customers: {}

    @property
    def today(self) -> date:
        """Return the shop's calendar day."""
        return self.now.astimezone(ZoneInfo(self.timezone)).date()

    def money(self, amount: Decimal) -> str:
        """Write an amount in the currency's minor unit."""
        return money.to_text(amount, self.currency)


@dataclass(frozen=True)
class Ground:
    """The facts at one moment, and the day the report stops at."""

    moment: Moment
    setting: Setting
    as_of: date
    question: Question = field(default_factory=Question)

    @cached_property
    def _sums(self) -> Sums:
        return self.moment.sums()

    def ask(self, query: str, **parameters: Any) -> list[tuple[Any, ...]]:
        """Return the rows of a named query; $as_of is given where the query asks for it."""
        text = sql.load("regulars.measurement")[query]
        known = {"as_of": self.as_of} if "$as_of" in re.sub(r"--.*", "", text) else {}
        return self.moment.rows(text, **known, **parameters)

    def sums(self, query: str, keys: int, **parameters: Any) -> list[tuple[Any, ...]]:
        """Return the rows of a named query that adds up over customers: so many keys, then numbers; ordered by the keys."""
        text = re.sub(r"--.*", "", sql.load("regulars.measurement")[query])
        known = {"as_of": self.as_of} if "$as_of" in text else {}
        return self._sums.sums(text, keys, **known, **parameters)

    def days(self) -> list[Day]:
        """Return the days up to the as-of day."""
        return [one for one in days(self.moment) if one.day <= self.as_of]


def ground(moment: Moment, question: Question, setting: Setting) -> Ground | None:
    """Return the ground of a report; None for a shop without a single fact about money, unless a day was asked for.

    Nobody can look ahead: a day to come is today.
    """
    last = last_day(moment)
    day = last if question.as_of is None else min(question.as_of, max(setting.today, last or setting.today))
    if day is None:
        return None
    found = Ground(moment, setting, day, question)
    newest = found.ask("newest_order")[0][0]
    found.ask("people_now" if newest is None or newest <= day else "people")
    return found
