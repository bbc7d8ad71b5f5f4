"""Intervals for shares, and the curve of returning with its own."""

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate
from math import exp, hypot, log, sqrt
from statistics import NormalDist
from typing import NamedTuple

Z95 = 1.959963984540054


def z_of_many(looks: int) -> float:
    """Return the normal point of an interval that, of so many looked at, leaves out a true value in 5 % of all cases at most
    (Bonferroni).

    >>> round(z_of_many(1), 6), round(z_of_many(50), 3)
    (1.959964, 3.291)
    """
    return NormalDist().inv_cdf(1 - 0.025 / max(looks, 1))


def wilson(hits: float, total: float, z: float = Z95) -> tuple[float, float] | None:
    """Return the Wilson score interval, 95 %, of hits in total; None without anybody (Wilson, JASA 22, 1927).

    >>> [round(bound, 6) for bound in wilson(1, 2)], [round(bound, 6) for bound in wilson(2, 2)]
    ([0.094531, 0.905469], [0.34238, 1.0])
    >>> wilson(0, 0) is None
    True
    """
    if total == 0:
        return None
    share, z2 = hits / total, z * z
    centre = share + z2 / (2 * total)
    spread = z * sqrt(share * (1 - share) / total + z2 / (4 * total * total))
    low, high = (centre - spread) / (1 + z2 / total), (centre + spread) / (1 + z2 / total)
    return (0.0 if hits == 0 else low, 1.0 if hits == total else high)


def newcombe(one: tuple[int, int], other: tuple[int, int]) -> tuple[float, float] | None:
    """Return the interval, 95 %, of the difference of two shares (hits, total) of different people.

    Newcombe's method 10, from the two Wilson intervals (Statistics in Medicine 17, 1998, 873–890); None where one of
    the two has nobody.

    >>> [round(bound, 4) for bound in newcombe((56, 70), (48, 80))], newcombe((0, 0), (1, 2)) is None
    ([0.0524, 0.3339], True)
    """
    first, second = wilson(*one), wilson(*other)
    if first is None or second is None:
        return None
    share, than = one[0] / one[1], other[0] / other[1]
    down, up = hypot(share - first[0], second[1] - than), hypot(first[1] - share, than - second[0])
    return share - than - down, share - than + up


class Watched(NamedTuple):
    """People whose watching ended after so many days: some came, the others were last seen without."""

    after: int
    came: int
    unseen: int


@dataclass(frozen=True)
class Point:
    """By this day this share has come; at_risk were still watched, and had not come, when the day began."""

    day: int
    share: float
    low: float
    high: float
    at_risk: int


class Returning:
    """1 − Kaplan–Meier of the days until people came (JASA 53, 1958), from their counts in order of days.

    Whoever was last seen on a day was watched through that day.

    >>> curve = Returning([Watched(5, 1, 0), Watched(8, 0, 1), Watched(9, 1, 0), Watched(20, 0, 1)])
    >>> [(p.day, round(p.share, 3), p.at_risk) for p in map(curve.at, (0, 5, 8, 9, 20))]
    [(0, 0.0, 4), (5, 0.25, 4), (8, 0.25, 3), (9, 0.625, 2), (20, 0.625, 1)]
    >>> curve.day_of(0.5), curve.day_of(0.7)
    (9, None)
    """

    def __init__(self, watched: Sequence[Watched]) -> None:
        self._days = [one.after for one in watched]
        ended = list(accumulate((one.came + one.unseen for one in watched), initial=0))
        self._at_risk = [ended[-1] - gone for gone in ended]
        self._staying, self._variance = [1.0], [0.0]
        for one, at_risk in zip(watched, self._at_risk, strict=False):
            self._step(one.came, at_risk)

    @property
    def last_day(self) -> int:
        """Return for how many days somebody was watched."""
        return self._days[-1] if self._days else 0

    def at(self, day: int) -> Point:
        """Return the curve on a day, with log-log bounds of 95 % (variance by Greenwood)."""
        known = bisect_right(self._days, day)
        staying = self._staying[known]
        low, high = _log_log(staying, self._variance[known])
        return Point(day, 1 - staying, 1 - high, 1 - low, self._at_risk[bisect_left(self._days, day)])

    def day_of(self, share: float) -> int | None:
        """Return the first day by which this share has come, None when the curve does not get there."""
        for place, day in enumerate(self._days, 1):
            if 1 - self._staying[place] >= share - 1e-12:
                return day
        return None

    def _step(self, came: int, at_risk: int) -> None:
        self._staying.append(self._staying[-1] * (1 - came / at_risk))
        more = came / (at_risk * (at_risk - came)) if came < at_risk else 0.0
        self._variance.append(self._variance[-1] + more)


def _log_log(share: float, variance: float) -> tuple[float, float]:
    if not 0.0 < share < 1.0:
        return share, share
    spread = exp(Z95 * sqrt(variance) / abs(log(share)))
    return share**spread, share ** (1 / spread)
