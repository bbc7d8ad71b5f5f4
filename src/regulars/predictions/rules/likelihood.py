"""The BG/NBD log-likelihood over log-parameters, its gradient and Hessian, and the climb to its maximum.

With days as integers it falls into three sums (Fader, Hardie and Lee 2005, equation 6): gamma functions of the frequency
alone, logarithms of alpha + T alone, and ln(1 + odds of having left), which only customers who came back have. The first two
are sums over a few hundred numbers; the third looks its logarithms up by day and goes through the histories in blocks that
stay in the processor's cache.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import digamma, gammaln, polygamma

from regulars.predictions.rules.histories import Floats, Histories

BLOCK = 16_384
LARGEST = 600.0  # exp of it is still a number, and odds beyond it are certainty
EDGE = 12.0  # e^12: a log-parameter beyond it has run away

Matrix = NDArray[np.float64]
Climbed = Callable[[Floats], tuple[float, Floats, Matrix]]  # value, gradient and Hessian at a place


class DidNotConverge(ArithmeticError):
    """The likelihood has no maximum that can be found: the data are too thin or too odd for this model."""


@dataclass(frozen=True)
class Tables:
    """What is looked up at one place of the parameters: by day, and by frequency."""

    logs: Floats  # ln(alpha + day)
    inverse: Floats  # 1 / (alpha + day)
    power: Floats  # r + x
    odds: Floats  # ln(a / (b + x - 1))
    slope: Floats  # its derivative by b


class Likelihood:
    """The log-likelihood of counted histories as a function of log(r, alpha, a, b), alpha in days."""

    def __init__(self, histories: Histories) -> None:
        h = histories
        back = slice(int(np.count_nonzero(h.frequency == 0)), None) if _never_first(h) else np.flatnonzero(h.frequency)
        self._x, self._t, self._T = h.frequency[back], h.recency[back], h.T[back]
        self._w = h.counts[back]
        self._by_x = np.bincount(h.frequency, weights=h.counts)
        self._by_age = np.bincount(h.T, weights=h.counts)
        self._repeats_by_age = np.bincount(h.T, weights=h.counts * h.frequency)
        self._never_by_age = self._by_age - np.bincount(self._T, weights=self._w, minlength=self._by_age.size)
        self._xs = np.arange(self._by_x.size, dtype=np.float64)
        self._days = np.arange(self._by_age.size, dtype=np.float64)
        self.size = self._x.size

    def __call__(self, theta: Floats) -> tuple[float, Floats, Matrix]:
        """Return value, gradient and Hessian."""
        scale = np.exp(theta)
        value, first, second = self._of_counts(scale)
        tables = self._tables(scale)
        for gain, slope, bend in (self._of_leaving(scale[2], tables, block) for block in blocks(self.size)):
            value, first, second = value + gain, first + slope, second + bend
        gradient = first * scale
        return value, gradient, second * np.outer(scale, scale) + np.diag(gradient)

    def scores(self, theta: Floats) -> Matrix:
        """Return the sum over customers of the outer product of their scores, the filling of the sandwich formula."""
        scale = np.exp(theta)
        r, alpha, _, _ = scale
        rest = alpha + self._days
        never = np.zeros((4, rest.size))
        never[0], never[1] = np.log(alpha) - np.log(rest), r / alpha - r / rest
        total = _outer(never * self._never_by_age, never)
        by_x, tables = self._slopes_by_x(scale), self._tables(scale)
        for block in blocks(self.size):
            x, age, w = self._x[block], self._T[block], self._w[block]
            odds, moved, _ = self._odds(scale[2], tables, block)
            score = by_x[:, x] + moved * (odds / (1.0 + odds))
            score[0] -= np.log(rest)[age]
            score[1] -= (r + x) / rest[age]
            total += _outer(score * w, score)
        return np.asarray(total * np.outer(scale, scale))

    def _slopes_by_x(self, scale: Floats) -> Matrix:
        """Return the derivatives that depend on the frequency alone, by frequency."""
        (r, alpha, a, b), x = scale, self._xs
        tail = digamma(a + b) - digamma(a + b + x)
        slopes = [digamma(r + x) - digamma(r) + np.log(alpha), np.full(x.size, r / alpha)]
        return np.stack([*slopes, tail, tail + digamma(b + x) - digamma(b)])

    def _of_counts(self, scale: Floats) -> tuple[float, Floats, Matrix]:
        """Return value and derivatives of all but the term that knows the recency."""
        (r, alpha, a, b), x, n = scale, self._xs, self._by_x
        total, rest = float(n.sum()), alpha + self._days
        logs, power = np.log(rest), r * self._by_age + self._repeats_by_age
        value = float((n * (gammaln(r + x) + gammaln(b + x) - gammaln(a + b + x))).sum() - (power * logs).sum())
        value += total * float(r * np.log(alpha) - gammaln(r) + gammaln(a + b) - gammaln(b))
        first = (self._slopes_by_x(scale) * n).sum(axis=1)
        first[0] -= (self._by_age * logs).sum()
        first[1] -= (power / rest).sum()
        both = total * polygamma(1, a + b) - (n * polygamma(1, a + b + x)).sum()
        second = np.zeros((4, 4))
        second[0, 0] = (n * polygamma(1, r + x)).sum() - total * polygamma(1, r)
        second[0, 1] = second[1, 0] = total / alpha - (self._by_age / rest).sum()
        second[1, 1] = (power / rest**2).sum() - total * r / alpha**2
        second[2, 2] = second[2, 3] = second[3, 2] = both
        second[3, 3] = both + (n * polygamma(1, b + x)).sum() - total * polygamma(1, b)
        return value, first, second

    def _tables(self, scale: Floats) -> Tables:
        r, alpha, a, b = scale
        later = np.maximum(self._xs, 1.0) - 1.0 + b
        rest = alpha + self._days
        return Tables(np.log(rest), 1.0 / rest, r + self._xs, np.log(a / later), -1.0 / later)

    def _odds(self, a: float, tables: Tables, block: slice) -> tuple[Floats, Matrix, Floats]:
        """Return the odds of having left, the derivatives of their logarithm, and 1/(alpha + T) + 1/(alpha + t_x)."""
        x, t_x, age = self._x[block], self._t[block], self._T[block]
        power = tables.power.take(x)
        at_end, at_last = tables.inverse.take(age), tables.inverse.take(t_x)
        moved = np.empty((4, x.size))
        np.subtract(tables.logs.take(age), tables.logs.take(t_x), out=moved[0])
        np.multiply(power, at_end - at_last, out=moved[1])
        moved[2] = 1.0 / a
        moved[3] = tables.slope.take(x)
        log_odds = power * moved[0] + tables.odds.take(x)
        return np.exp(np.minimum(log_odds, LARGEST)), moved, at_end + at_last

    def _of_leaving(self, a: float, tables: Tables, block: slice) -> tuple[float, Floats, Matrix]:
        """Return value and derivatives of the sum of ln(1 + odds of having left) over a block of histories."""
        odds, moved, ends = self._odds(a, tables, block)
        w = self._w[block]
        either = 1.0 + odds
        stays = 1.0 / either
        leaves = w * odds * stays
        value = float(_dot(w, np.log(either)))
        first = np.einsum("in,n->i", moved, leaves)
        second = _outer(moved * (leaves * stays), moved)
        tilt = leaves * moved[1]
        cross = _dot(tilt, (1.0 / tables.power).take(self._x[block]))
        second[0, 1] += cross
        second[1, 0] += cross
        second[1, 1] -= _dot(tilt, ends)
        second[2, 2] -= leaves.sum() / a**2
        second[3, 3] += _dot(leaves * moved[3], moved[3])
        return value, first, second


def blocks(size: int) -> Iterator[slice]:
    """Cut rows into pieces that stay in the processor's cache while they are worked on."""
    return (slice(start, start + BLOCK) for start in range(0, size, BLOCK))


def maximise(likelihood: Climbed, start: Floats, steps: int = 60) -> tuple[Floats, float, Matrix]:
    """Climb by Newton steps, shortened until they gain; return the place, the value and the Hessian there.

    The last step is so small that value and Hessian are carried over it by the Taylor series in place of one more look.
    """
    theta = start.copy()
    value, gradient, hessian = likelihood(theta)
    for _ in range(steps):
        step = _newton(gradient, hessian)
        rise = float(gradient @ step)
        if np.abs(step).max() < 1e-3:
            return theta + step, value + rise + float(step @ hessian @ step) / 2, hessian
        theta, (value, gradient, hessian) = _climbed(likelihood, theta, value, step, rise)
        if np.abs(theta).max() > EDGE:
            raise DidNotConverge("a parameter runs away to zero or to infinity")
    raise DidNotConverge(f"no maximum after {steps} steps")


def _climbed(
    likelihood: Climbed, theta: Floats, value: float, step: Floats, rise: float
) -> tuple[Floats, tuple[float, Floats, Matrix]]:
    length = min(1.0, 2.0 / float(np.abs(step).max()))
    for _ in range(40):
        found = likelihood(theta + length * step)
        if np.isfinite(found[0]) and found[0] >= value + 1e-4 * length * rise - 1e-11 * abs(value):
            return theta + length * step, found
        length /= 2
    raise DidNotConverge("the likelihood stopped rising before its maximum")


def _newton(gradient: Floats, hessian: Matrix) -> Floats:
    """Return the Newton step; where the likelihood bends upwards the bend is turned round, so that every step climbs."""
    if not np.isfinite(hessian).all():
        raise DidNotConverge("the likelihood cannot be computed near its maximum")
    bends, directions = np.linalg.eigh(-hessian)
    floor = max(bends.max() * 1e-10, 1e-8)
    return np.asarray(directions @ ((directions.T @ gradient) / np.maximum(np.abs(bends), floor)))


def _never_first(h: Histories) -> bool:
    """Tell whether those who never came back stand first, as `counted` leaves them, so that slices need no copy."""
    never = int(np.count_nonzero(h.frequency == 0))
    return not h.frequency[:never].any()


def _outer(left: Matrix, right: Matrix) -> Matrix:
    return np.asarray(np.einsum("in,jn->ij", left, right))


def _dot(left: Floats, right: Floats) -> float:
    """Return the inner product without BLAS: its threads wait for each other whenever the machine has other work."""
    return float(np.einsum("n,n", left, right))
