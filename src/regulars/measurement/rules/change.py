"""Judging a change between two spans of whole weeks: is it more than the noise that their own days show."""

from collections.abc import Sequence
from math import sqrt
from typing import NamedTuple

from regulars.measurement.rules.intervals import wilson

WEEK = 7
T95 = 2.018  # Student's t, 95 %, for 42 degrees of freedom: two spans of 28 days less a mean per weekday and span


class Change(NamedTuple):
    """A change relative to the time before, with its interval of 95 %; high is None where it has no upper end."""

    change: float
    low: float
    high: float | None

    @property
    def is_more_than_noise(self) -> bool:
        """Say whether the interval leaves out no change."""
        return self.low > 0 or (self.high is not None and self.high < 0)


def of_counts(now: Sequence[int], before: Sequence[int]) -> Change | None:
    """Return the change of a count of events, from its counts of each day; None where there were none before.

    Given both sums together, the share of the later one is binomial if days are Poisson; where the days of a weekday
    differ by more than that, both sums are divided by how much more, as in quasi-Poisson models.

    >>> steady, risen = [100] * 28, [110] * 28
    >>> of_counts(risen, steady).is_more_than_noise, of_counts([3] * 28, [2] + [3] * 27).is_more_than_noise
    (True, False)
    >>> of_counts([60, 160] * 14, [50, 150] * 14).is_more_than_noise
    False
    >>> of_counts(steady, [0] * 28) is None
    True
    """
    later, earlier = sum(now), sum(before)
    if not earlier:
        return None
    beyond = max(1.0, _variance(now, before) / (later + earlier))
    low, high = wilson(later / beyond, (later + earlier) / beyond) or (0.0, 1.0)
    return Change(later / earlier - 1, low / (1 - low) - 1, high / (1 - high) - 1 if high < 1 else None)


def of_sums(now: Sequence[float], before: Sequence[float]) -> Change | None:
    """Return the change of an amount, from its sums of each day, whose spread about their weekday's mean is the noise.

    >>> of_sums([11.0] * 28, [10.0] * 28).is_more_than_noise
    True
    >>> of_sums([11.0, 0.0, 40.0, 9.0] * 7, [10.0, 30.0, 0.0, 11.0] * 7).is_more_than_noise
    False
    """
    whole = sum(before)
    if whole <= 0:
        return None
    spread = T95 * sqrt(_variance(now, before))
    moved = sum(now) - whole
    return Change(moved / whole, (moved - spread) / whole, (moved + spread) / whole)


def _variance(*spans: Sequence[float]) -> float:
    """Return the variance of the spans' sums together, from their days' spread about the weekday's mean."""
    return sum(len(span) * _residual(span) / (len(span) - WEEK) for span in spans)


def _residual(days: Sequence[float]) -> float:
    return sum(sum((one - sum(same) / len(same)) ** 2 for one in same) for same in _weekdays(days))


def _weekdays(days: Sequence[float]) -> list[Sequence[float]]:
    return [days[weekday::WEEK] for weekday in range(WEEK)]
