"""Any window of days after the first order: the share that came back in it, of everybody, of one group, of two."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from regulars.measurement.explore.look import DIMENSIONS, FEW, Group, Look, told
from regulars.measurement.report.returning import latest, rated, row
from regulars.measurement.rules.intervals import newcombe
from regulars.measurement.rules.windows import Window, asked as checked_window
from regulars.measurement.words.explored import COMPARED, verdict_of

Counted = list[tuple[bool, bool, int, int]]


@dataclass(frozen=True)
class Compared:
    """Two groups and the days after the first order in which both are watched; other None is everybody not in one."""

    one: Group
    other: Group | None = None
    from_day: int = 1
    to_day: int | None = 56

    @property
    def window(self) -> Window:
        """Return the days as a window; raises ValueError when they are none."""
        return checked_window(self.from_day, self.to_day)


def window_rate(look: Look, window: Window, group: Group | None) -> dict[str, Any]:
    """Return the share that came back in the window, of the customers whose window has closed."""
    found = _counted(look, window, group, None)
    eligible, retained = _sum(found, lambda in_one, _: in_one or group is None)
    return {**row(window, eligible, retained, look.day), "group": told(group), "few": eligible < FEW}


def compare(look: Look, asked: Compared) -> dict[str, Any]:
    """Return two groups' rates in the same window, and the interval of their difference."""
    window, one, other = asked.window, asked.one, asked.other
    found = _counted(look, window, one, other)
    in_both = _sum(found, lambda in_one, in_other: in_one and in_other)[0]
    first = _sum(found, lambda in_one, in_other: in_one and not in_other)
    second = _sum(found, lambda in_one, in_other: not in_one and (in_other or other is None))
    bounds = newcombe(first[::-1], second[::-1])
    verdict = verdict_of(bounds, min(first[0], second[0]) < FEW)
    rows = [
        {"group": told(group), **rated("eligible", *counts), "few": counts[0] < FEW}
        for group, counts in ((one, first), (other, second))
    ]
    return {
        "as_of": look.as_of,
        "from_day": window.from_day,
        "to_day": window.to_day,
        "window": window.definition,
        "one": rows[0],
        "other": rows[1],
        "in_both": in_both,
        "difference": None if bounds is None else rows[0]["rate"] - rows[1]["rate"],
        "low": None if bounds is None else bounds[0],
        "high": None if bounds is None else bounds[1],
        "verdict": verdict["name"],
        "sentence": verdict["sentence"],
        **COMPARED,
    }


def _counted(look: Look, window: Window, one: Group | None, other: Group | None) -> Counted:
    """Return for each of in one, in other: how many could be judged and how many came; for None nobody is in it."""
    if look.day is None:
        return []
    labels = {
        "one_label": one.dimension if one else DIMENSIONS[0],
        "other_label": other.dimension if other else DIMENSIONS[0],
    }
    from_day = {"from_day": window.from_day} if window.from_day > 1 else {}
    found = look.sums(
        "window_counts" if from_day else "window_counts_from_day_1",
        2,
        labels,
        one=one.value if one else None,
        other=other.value if other else None,
        to_day=window.last_day,
        last_first=latest(look.day, window),
        **from_day,
    )
    return [(in_one, in_other, int(eligible), int(retained)) for in_one, in_other, eligible, retained in found]


def _sum(found: Counted, belongs: Callable[[bool, bool], bool]) -> tuple[int, int]:
    rows = [counts for in_one, in_other, *counts in found if belongs(in_one, in_other)]
    return sum(eligible for eligible, _ in rows), sum(retained for _, retained in rows)
