"""Do customers come back: windows, the steps from order to order, and the curve over time."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from regulars.measurement.report.asked import Ground
from regulars.measurement.rules.intervals import Returning, Watched, wilson
from regulars.measurement.rules.windows import ALWAYS, Window, asked

MOST_STEPS = 10
CURVE_DAYS = (0, 7, 14, 28, 30, 56, 60, 90, 120, 150, 180, 210, 240, 270, 300, 330, 365, 455, 540, 635, 730)


def retention(ground: Ground, first_days: list[tuple[date, int]]) -> list[dict[str, Any]]:
    """Return every window's rate among the customers whose window has closed."""
    windows = [*ALWAYS, *(asked(*days) for days in ground.question.retention)]
    windows = list({window.name: window for window in windows}.values())
    last_first = [latest(ground.as_of, window) for window in windows]
    found = ground.sums(
        "returned",
        1,
        from_day=[window.from_day for window in windows],
        to_day=[window.last_day for window in windows],
        last_first=last_first,
    )
    counts = {int(place): int(customers) for place, customers in found}
    eligible = [sum(customers for day, customers in first_days if day <= last) for last in last_first]
    return [row(window, eligible[place], counts.get(place, 0), ground.as_of) for place, window in enumerate(windows)]


def row(window: Window, eligible: int, retained: int, as_of: date | None) -> dict[str, Any]:
    """Return a window with its counts."""
    return {
        "name": window.name,
        "definition": window.definition,
        "from_day": window.from_day,
        "to_day": window.to_day,
        **rated("eligible", eligible, retained),
        "as_of": None if as_of is None else as_of.isoformat(),
    }


def latest(as_of: date, window: Window) -> date:
    """Return the last day on which a first order could fall for its window to be closed."""
    return as_of - timedelta(days=min(window.closes_after, as_of.toordinal() - 1))


def rated(name: str, total: int, hits: int, counted: str = "retained") -> dict[str, Any]:
    """Return two counts with their rate and its 95 % Wilson interval, None where nobody can be judged."""
    low, high = wilson(hits, total) or (None, None)
    return {name: total, counted: hits, "rate": hits / total if total else None, "low": low, "high": high}


def sequence(ground: Ground) -> list[dict[str, Any]]:
    """Return of the customers with an n-th order day the share with a next one."""
    counts = [int(customers) for _, customers in ground.sums("sequence", 1, most=MOST_STEPS + 1)]
    steps = zip(counts[:MOST_STEPS], [*counts[1:], 0], strict=False)
    return [
        {"order_number": n, **rated("customers", customers, following, "next_customers")}
        for n, (customers, following) in enumerate(steps, 1)
    ]


@dataclass(frozen=True)
class SecondVisit:
    """The days from the first to the second order day, as counts and as a curve."""

    watched: list[Watched]
    curve: Returning

    @property
    def points(self) -> list[dict[str, Any]]:
        """Return the curve thinned to a few days, as far as customers were watched."""
        if not self.watched:
            return []
        years = range(3 * 365, self.curve.last_day + 1, 365)
        days = [day for day in (*CURVE_DAYS, *years) if day <= self.curve.last_day]
        return [vars(self.curve.at(day)) for day in days]

    @property
    def usual_days(self) -> int | None:
        """Return by which day half of those who came back so far had done so."""
        came, half = 0, sum(one.came for one in self.watched) / 2
        return next((one.after for one in self.watched if half and (came := came + one.came) >= half), None)

    def waiting(self, days: int) -> int:
        """Return how many have ordered once, at most so many days ago."""
        return sum(one.unseen for one in self.watched if one.after <= days)


def second_visit(ground: Ground) -> SecondVisit:
    """Return how long customers take until they come back."""
    watched = [Watched(*map(int, row)) for row in ground.sums("second_visits", 1)]
    return SecondVisit(watched, Returning(watched))
