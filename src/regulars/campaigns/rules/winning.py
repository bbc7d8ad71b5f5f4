"""Who wins a test: an arm that is surely better than every other one, or nobody."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

from regulars.experiments import api as experiments


@dataclass(frozen=True)
class Measured:
    """An arm of a test: how many were exposed to it, and how many of them did what the test is about."""

    name: str
    n: int
    positives: int

    @property
    def share(self) -> float | None:
        return self.positives / self.n if self.n else None


@dataclass(frozen=True)
class Verdict:
    """What a test ended with: the arm that goes on, and whether that is sure or only what was declared for this case."""

    arm: str
    is_sure: bool


def lead(arms: Sequence[Measured], expected: int) -> tuple[Measured, experiments.Interval | None]:
    """Return the arm that is ahead, and how much it is ahead of the one that comes nearest, None before that can be said.

    expected is how many units the whole test has: the interval is tightest there. All pairs together are wrong in at most 5 %.
    """
    ahead = max(arms, key=lambda arm: (arm.share or 0.0, arm.n))
    pairs = len(list(combinations(arms, 2)))
    alpha, best_at = experiments.ALPHA / max(pairs, 1), max(2 * expected / max(len(arms), 1), 2)
    found = [
        experiments.difference(_arm(ahead), _arm(other), best_at, alpha) for other in arms if other.name != ahead.name
    ]
    if not found or None in found:
        return ahead, None
    return ahead, min((one for one in found if one is not None), key=lambda one: one.low)


def verdict(arms: Sequence[Measured], expected: int, is_over: bool, otherwise: str) -> Verdict | None:
    """Return what a test ends with, or None while it goes on.

    >>> arms = [Measured("a", 5000, 400), Measured("b", 5000, 200)]
    >>> verdict(arms, 10_000, False, "b"), verdict([Measured("a", 50, 4), Measured("b", 50, 2)], 100, True, "b")
    (Verdict(arm='a', is_sure=True), Verdict(arm='b', is_sure=False))
    """
    if arms:
        ahead, interval = lead(arms, expected)
        if interval is not None and interval.low > 0:
            return Verdict(ahead.name, is_sure=True)
    return Verdict(otherwise, is_sure=False) if is_over else None


def _arm(told: Measured) -> experiments.Arm:
    return experiments.of_shares(told.n, told.positives)
