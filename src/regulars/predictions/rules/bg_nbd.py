"""BG/NBD: how often customers buy and whether they still do (Fader, Hardie and Lee, Marketing Science 24(2), 2005).

While active a customer buys at a Poisson rate lambda ~ Gamma(r, alpha); after each purchase he leaves with probability
p ~ Beta(a, b). Histories are in whole days. Parameters are reported in weeks, as published: alpha is a time, so it is a
seventh of its value in days; the log-likelihood is that of histories in weeks, which is that in days plus the sum of the
frequencies times ln 7.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import hyp2f1

from regulars.predictions.rules.histories import Floats, Histories, Ints, counted
from regulars.predictions.rules.likelihood import LARGEST, DidNotConverge, Likelihood, Matrix, blocks, maximise

__all__ = ["DAYS_PER_WEEK", "NAMES", "BgNbd", "DidNotConverge", "fit_bg_nbd", "fit_histories", "sandwich"]

DAYS_PER_WEEK = 7.0
NAMES = ("r", "alpha", "a", "b")
START = (0.5, 30.0, 1.0, 2.0)  # alpha in days
START_ON = 10_000  # distinct histories that the climb begins on
BESIDE_ONE = 1e-5
ROOM = 1_000_000  # frequencies times days up to which a table has a place for every pair

Numbers = NDArray[Any]  # whole days, or days with fractions


@dataclass(frozen=True)
class BgNbd:
    """A fitted model; alpha is in weeks, laplace is the covariance of the log-parameters (the inverse Hessian)."""

    r: float
    alpha: float
    a: float
    b: float
    log_likelihood: float
    n_customers: float
    laplace: Matrix

    @property
    def parameters(self) -> dict[str, float]:
        return {"r": self.r, "alpha": self.alpha, "a": self.a, "b": self.b}

    @property
    def log_parameters(self) -> Floats:
        """Return log(r, alpha, a, b), alpha in days: where the likelihood is at its maximum."""
        return np.log([self.r, self.alpha * DAYS_PER_WEEK, self.a, self.b])

    def p_alive(self, frequency: ArrayLike, recency: ArrayLike, T: ArrayLike) -> Floats:  # noqa: N803
        """Return the probability that a customer has not left; 1 for those who never came back, because this model lets
        nobody leave before a second purchase (Fader, Hardie and Lee 2008, note on P(alive), equation 1)."""
        return 1.0 / (1.0 + self._left_odds(*np.broadcast_arrays(frequency, recency, T)))

    def expected_purchases(self, days: float, frequency: ArrayLike, recency: ArrayLike, T: ArrayLike) -> Floats:  # noqa: N803
        """Return E[Y(t) | x, t_x, T], the orders expected in the next `days` (2005, equation 10).

        The hypergeometric part depends on frequency and T alone and is computed once for each pair that occurs.
        """
        columns = np.broadcast_arrays(frequency, recency, T)
        x, t_x, age = (column.ravel() for column in columns)
        if any(column.dtype.kind != "i" for column in columns) or not x.size:
            found = self.expected_if_alive(days, x, age) / (1.0 + self._left_odds(x, t_x, age))
        else:
            found = self._expected_of_days(days, *(column.astype(np.int64, copy=False) for column in (x, t_x, age)))
        return found.reshape(columns[0].shape)

    def _expected_of_days(self, days: float, x: Numbers, t_x: Numbers, age: Numbers) -> Floats:
        """Return it for whole days, by tables, in blocks that stay in the processor's cache."""
        logs = np.log(self.alpha * DAYS_PER_WEEK + np.arange(int(age.max()) + 1))
        width, pairs = int(age.max()) + 1, _pairs(x, age)
        if_alive = self.expected_if_alive(days, pairs // width, pairs % width)
        by_pair = np.zeros(int(pairs[-1]) + 1 if pairs[-1] < ROOM else 0)
        if by_pair.size:
            by_pair[pairs] = if_alive
        found = np.empty(x.size)
        for block in blocks(x.size):
            keys = x[block] * width + age[block]
            there = by_pair.take(keys) if by_pair.size else if_alive.take(np.searchsorted(pairs, keys))
            back = np.flatnonzero(x[block] > 0)
            some_x, last, end = (column[block].take(back) for column in (x, t_x, age))
            there[back] /= 1.0 + self._left_odds(some_x, last, end, logs)
            found[block] = there
        return found

    def expected_repeat_purchases(self, days: float) -> float:
        """Return E[X(t)], the repeat orders of a customer chosen at random in his first `days` (2005, equation 9)."""
        return float(self.expected_if_alive(days, np.zeros(1), np.zeros(1))[0])

    def expected_if_alive(self, days: float, x: Numbers, age: Numbers) -> Floats:
        """Return the orders expected in the next `days` of customers of whom it is known that they have not left.

        a = 1 divides nought by nought though the limit exists: near it the line between both sides is followed.
        """
        off = self.a - 1.0
        if abs(off) >= BESIDE_ONE:
            return self._if_alive(self.a, days, x, age)
        below, above = (self._if_alive(1.0 + side, days, x, age) for side in (-BESIDE_ONE, BESIDE_ONE))
        return (below + above) / 2.0 + (above - below) * (off / (2.0 * BESIDE_ONE))

    def _if_alive(self, a: float, days: float, x: Numbers, age: Numbers) -> Floats:
        """Return it by Euler's transformation of the published form, which keeps every factor small:
        (1-z)^(r+x) 2F1(r+x, b+x; a+b+x-1; z) = (1-z)^(a-1) 2F1(a+b-1-r, a-1; a+b+x-1; z)."""
        rest = self.alpha * DAYS_PER_WEEK + age
        last = a + self.b + x - 1.0
        series = hyp2f1(a + self.b - 1.0 - self.r, a - 1.0, last, days / (rest + days))
        stay = np.exp((a - 1.0) * (np.log(rest) - np.log(rest + days)))
        return np.asarray(last / (a - 1.0) * (1.0 - stay * series))

    def _left_odds(self, x: Numbers, t_x: Numbers, age: Numbers, logs: Floats | None = None) -> Floats:
        """Return the odds of having left; logs, when given, holds ln(alpha + day) of every day."""
        alpha = self.alpha * DAYS_PER_WEEK
        gap = np.log((alpha + age) / (alpha + t_x)) if logs is None else logs.take(age) - logs.take(t_x)
        came_back = x > 0
        odds = np.exp(np.minimum((self.r + x) * gap, LARGEST)) * (self.a / (self.b + np.where(came_back, x, 1) - 1.0))
        return np.where(came_back, odds, 0.0)


def fit_bg_nbd(frequency: ArrayLike, recency: ArrayLike, T: ArrayLike, counts: ArrayLike | None = None) -> BgNbd:  # noqa: N803
    """Fit by maximum likelihood; frequency, recency and T are whole days (see Histories). Raises DidNotConverge."""
    return fit_histories(counted(frequency, recency, T, counts))


def fit_histories(histories: Histories, start: Floats | None = None) -> BgNbd:
    """Fit to counted histories: first to a few of them, then by Newton steps to all. start is in log-parameters."""
    if not histories.frequency.any():
        raise DidNotConverge("nobody has come back yet")
    likelihood = Likelihood(histories)
    if start is None:
        start = np.log(START)
        if likelihood.size > 2 * START_ON:
            start = maximise(Likelihood(_thinned(histories)), start)[0]
    theta, value, hessian = maximise(likelihood, start)
    r, alpha, a, b = (float(parameter) for parameter in np.exp(theta))
    in_weeks = float((histories.frequency * histories.counts).sum()) * np.log(DAYS_PER_WEEK)
    return BgNbd(r, alpha / DAYS_PER_WEEK, a, b, value + in_weeks, histories.n_customers, _inverse(-hessian))


def sandwich(model: BgNbd, histories: Histories) -> Matrix:
    """Return the robust covariance of the log-parameters: right in large data also when the model is only nearly so."""
    return np.asarray(model.laplace @ Likelihood(histories).scores(model.log_parameters) @ model.laplace)


def _inverse(information: Matrix) -> Matrix:
    """Invert where the likelihood has a true summit; along a ridge the data do not tell the parameters apart."""
    if np.linalg.eigvalsh(information)[0] <= 1e-6:
        raise DidNotConverge("the orders do not tell the model's parameters apart")
    return np.asarray(np.linalg.inv(information), dtype=np.float64)


def _thinned(histories: Histories) -> Histories:
    """Return about ten thousand of the distinct histories, evenly chosen: a start near the maximum for little work."""
    h = histories
    back, never = np.flatnonzero(h.frequency), np.flatnonzero(h.frequency == 0)
    some = back[:: max(back.size // START_ON, 1)]
    rows = np.concatenate([never, some])
    weights = np.concatenate([h.counts[never] * (h.counts[some].sum() / h.counts[back].sum()), h.counts[some]])
    return Histories(h.frequency[rows], h.recency[rows], h.T[rows], weights)


def _pairs(x: Ints, age: Ints) -> Ints:
    """Return the (frequency, T) pairs that occur, each as frequency * (largest T + 1) + T, in order."""
    width, room = int(age.max()) + 1, (int(x.max()) + 1) * (int(age.max()) + 1)
    if room > ROOM:
        return np.unique(x * width + age)
    seen = np.zeros(room, dtype=bool)
    for block in blocks(x.size):
        seen[x[block] * width + age[block]] = True
    return np.flatnonzero(seen)
