"""The shop's clock: busy days count for more than a day, quiet ones for less, a year for a year."""

from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property

import numpy as np

from regulars.simulator.plan import AHEAD_DAYS, Plan
from regulars.simulator.world.shelves import Floats, Ints

WEEKDAYS = (1.05, 1.00, 0.98, 0.97, 0.95, 0.92, 1.13)
MONTHS = (0.99, 0.97, 0.99, 0.98, 0.97, 0.95, 0.93, 0.94, 0.99, 1.03, 1.09, 1.17)
BLACK_FRIDAY_TIMES = 1.7


def black_friday(year: int) -> date:
    """Return the day after the fourth Thursday of November.

    >>> black_friday(2024), black_friday(2025)
    (datetime.date(2024, 11, 29), datetime.date(2025, 11, 28))
    """
    first = date(year, 11, 1)
    return first + timedelta(days=(3 - first.weekday()) % 7 + 22)


@dataclass(frozen=True)
class Clock:
    """Days are counted from the first day of trade; passed[d] is the time that has passed when day d begins."""

    plan: Plan

    @cached_property
    def dates(self) -> list[date]:
        """Return all days, the unseen year after the end too."""
        return [self.plan.begins + timedelta(days=day) for day in range(self.plan.days + AHEAD_DAYS)]

    @cached_property
    def sale(self) -> Ints:
        """Return 1 for the days of the Black Friday sale, Wednesday to Monday, and 2 for the spring sale."""
        found = np.zeros(len(self.dates), dtype=np.int64)
        for place, day in enumerate(self.dates):
            found[place] = 1 if -2 <= (day - black_friday(day.year)).days <= 3 else 2 * (day.month == 4 and day.day < 8)
        return found

    @cached_property
    def pace(self) -> Floats:
        """Return how much time each day counts for; the mean is one."""
        raw = np.array([WEEKDAYS[day.weekday()] * MONTHS[day.month - 1] for day in self.dates])
        raw *= np.where(self.sale == 1, BLACK_FRIDAY_TIMES, 1.0)
        return np.asarray(raw / raw[-AHEAD_DAYS:].mean())

    @cached_property
    def passed(self) -> Floats:
        """Return the time passed at the beginning of each day, and at the end of the last."""
        return np.concatenate([[0.0], np.cumsum(self.pace)])

    @cached_property
    def december(self) -> Floats:
        """Return 1 for the days of December."""
        return np.array([float(day.month == 12) for day in self.dates])

    def day_at(self, time: Floats) -> Ints:
        """Return the day on which so much time has passed; the number of all days for what comes later."""
        return np.minimum(np.searchsorted(self.passed, time, side="right") - 1, len(self.dates)).astype(np.int64)
