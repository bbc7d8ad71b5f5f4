"""Inference that holds at every look: the asymptotic confidence sequence, made robust for small and skewed arms.

Waudby-Smith, Arbour, Sinha, Kennedy and Ramdas, "Time-uniform central limit theory and asymptotic confidence sequences",
Annals of Statistics 2024. Whoever looks every day and stops when it pleases is still wrong in at most a share alpha of cases.
"""

from dataclasses import dataclass
from math import e, log, sqrt

from scipy.special import lambertw

ALPHA = 0.05
FEWEST_POSITIVES = 30  # per arm, before the first look: the law of large numbers must have begun


@dataclass(frozen=True)
class Arm:
    """What is known of an arm: units, the mean and variance (n - 1) of their values, and how many values are not 0."""

    n: int
    mean: float
    variance: float
    positives: int


@dataclass(frozen=True)
class Interval:
    """A difference of means with its limits; it is decided when 0 lies outside."""

    difference: float
    low: float
    high: float

    @property
    def is_decided(self) -> bool:
        return self.low > 0 or self.high < 0


def rho2(best_at: float, alpha: float = ALPHA) -> float:
    """Return the sequence's parameter that makes it tightest at best_at units.

    >>> round(rho2(1000), 9)
    0.008211968
    """
    return (-float(lambertw(-(alpha**2) / e, -1).real) - 1) / best_at


def margin(t: float, rho_squared: float, alpha: float = ALPHA) -> float:
    """Return half the width of the sequence at t units for a standard deviation of 1.

    >>> [round(margin(t, rho2(1000)), 7) for t in (100, 1000, 10000)]
    [0.3823218, 0.095979, 0.0324631]
    """
    grown = t * rho_squared + 1
    return sqrt(2 * grown / (t * t * rho_squared) * log(sqrt(grown) / alpha))


def of_shares(n: int, positives: int) -> Arm:
    """Return an arm whose values are yes or no.

    >>> of_shares(101, 0), round(of_shares(101, 50).variance, 6)
    (Arm(n=101, mean=0.0, variance=0.0, positives=0), 0.252475)
    """
    share = positives / n if n else 0.0
    return Arm(n, share, share * (1 - share) * n / (n - 1) if n > 1 else 0.0, positives)


def difference(one: Arm, other: Arm, best_at: float, alpha: float = ALPHA) -> Interval | None:
    """Return how much the first arm's mean is above the other's, or None before 30 units of each have a value above 0.

    Each arm's variance is its own or the pooled one, whichever is larger: a small arm that has not met its rare large values
    yet has a mean and a variance that are too small together.

    >>> found = difference(of_shares(5000, 300), of_shares(5000, 200), 10_000)
    >>> [round(one, 4) for one in (found.difference, found.low, found.high)]
    [0.02, 0.0062, 0.0338]
    >>> difference(of_shares(5000, 300), of_shares(100, 4), 10_000) is None
    True
    """
    if min(one.positives, other.positives) < FEWEST_POSITIVES:
        return None
    n = one.n + other.n
    pooled = ((one.n - 1) * one.variance + (other.n - 1) * other.variance) / (n - 2)
    spread = max(one.variance, pooled) * n / one.n + max(other.variance, pooled) * n / other.n
    half = sqrt(spread) * margin(n, rho2(best_at, alpha), alpha)
    found = one.mean - other.mean
    return Interval(found, found - half, found + half)
