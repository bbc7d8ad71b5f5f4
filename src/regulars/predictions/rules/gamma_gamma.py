"""Gamma-Gamma: what a customer spends per order (Fader and Hardie, note 025, 2013; Fader, Hardie and Lee, JMR 42, 2005).

Each order's value is Gamma(p, nu) with nu ~ Gamma(q, v) over customers, independent of how often they buy.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import digamma, gammaln, polygamma

from regulars.predictions.rules.bg_nbd import DidNotConverge
from regulars.predictions.rules.histories import Floats
from regulars.predictions.rules.likelihood import Matrix, blocks, maximise

TIED = 0.25  # above this correlation of frequency and value the model's independence is doubtful


@dataclass(frozen=True)
class GammaGamma:
    """A fitted model; values are in the currency of the data. correlation is of frequency and mean value."""

    p: float
    q: float
    v: float
    log_likelihood: float
    n_customers: float
    correlation: float

    @property
    def independent(self) -> bool:
        """Tell whether frequency and value are as good as unrelated, as the model supposes."""
        return abs(self.correlation) <= TIED

    @property
    def population_mean(self) -> float:
        """Return the mean order value over customers."""
        return self.p * self.v / (self.q - 1)

    def expected_value(self, frequency: ArrayLike, mean_value: ArrayLike) -> Floats:
        """Return the expected order value of customers: their own mean drawn towards everybody's (note 025, equation 5)."""
        x, m = np.asarray(frequency, dtype=np.float64), np.asarray(mean_value, dtype=np.float64)
        return np.asarray(self.p * (self.v + x * m) / (self.p * x + self.q - 1))


def fit_gamma_gamma(frequency: ArrayLike, mean_value: ArrayLike, counts: ArrayLike | None = None) -> GammaGamma:
    """Fit to customers who came back: frequency repeat orders with a positive mean value.

    Raises DidNotConverge, also for q <= 1: the mean over customers is infinite there.
    """
    x, m = np.asarray(frequency, dtype=np.float64), np.asarray(mean_value, dtype=np.float64)
    w = np.ones(x.size) if counts is None else np.asarray(counts, dtype=np.float64)
    if w.sum() < 3:
        raise DidNotConverge("fewer than three customers have come back")
    if x.min() < 1 or m.min() <= 0:
        raise ValueError("Gamma-Gamma needs frequency >= 1 and mean values above zero")
    scale = float(np.average(m, weights=w * x))
    likelihood = Spending(x, m / scale, w)
    theta, value, _ = maximise(likelihood, np.log([2.0, 3.0, 1.0]))
    p, q, v = (float(parameter) for parameter in np.exp(theta))
    if q <= 1:
        raise DidNotConverge("a few very large orders outweigh all others, so no usual order value can be told")
    log_likelihood = value - float(w.sum() * np.log(scale))
    return GammaGamma(p, q, v * scale, log_likelihood, float(w.sum()), _correlation(x, m, w))


class Spending:
    """The log-likelihood of mean order values as a function of log(p, q, v), with its gradient and Hessian.

    Gamma functions are summed over the distinct frequencies; only ln(v + x m) and its derivatives need every customer.
    """

    def __init__(self, x: Floats, m: Floats, w: Floats) -> None:
        self._w, self._wx, self._spent = w, w * x, x * m
        self._times = np.bincount(x.astype(np.int64), weights=w)
        self._xs = np.flatnonzero(self._times).astype(np.float64)
        self._times = self._times[self._times > 0]
        logs = np.log(m)
        self._sums = float(np.einsum("n,n", w, logs)), float(np.einsum("n,n", self._wx, logs))

    def __call__(self, theta: Floats) -> tuple[float, Floats, Matrix]:
        """Return value, gradient and Hessian."""
        scale = np.exp(theta)
        value, first, second = self._of_counts(scale)
        logs, inverse, squares = self._of_customers(scale[2])
        (p, q, v), total = scale, self._times.sum()
        value += p * self._sums[1] - self._sums[0] - p * logs[1] - q * logs[0]
        first += [self._sums[1] - logs[1], -logs[0], total * q / v - p * inverse[1] - q * inverse[0]]
        second[0, 2] = second[2, 0] = -inverse[1]
        second[1, 2] = second[2, 1] = total / v - inverse[0]
        second[2, 2] = p * squares[1] + q * squares[0] - total * q / v**2
        gradient = first * scale
        return float(value), gradient, second * np.outer(scale, scale) + np.diag(gradient)

    def _of_counts(self, scale: Floats) -> tuple[float, Floats, Matrix]:
        """Return value and derivatives of what depends on the frequency alone."""
        (p, q, v), x, n = scale, self._xs, self._times
        px, total = p * x, n.sum()
        value = (n * (gammaln(px + q) - gammaln(px) + px * np.log(x))).sum() + total * (q * np.log(v) - gammaln(q))
        of_p = (n * x * (digamma(px + q) - digamma(px) + np.log(x))).sum()
        of_q = (n * digamma(px + q)).sum() + total * (np.log(v) - digamma(q))
        both = (n * x * polygamma(1, px + q)).sum()
        second = np.zeros((3, 3))
        second[0, 0] = (n * x**2 * (polygamma(1, px + q) - polygamma(1, px))).sum()
        second[0, 1] = second[1, 0] = both
        second[1, 1] = (n * polygamma(1, px + q)).sum() - total * polygamma(1, q)
        return float(value), np.array([of_p, of_q, 0.0]), second

    def _of_customers(self, v: float) -> Matrix:
        """Return the sums of ln(v + x m), of 1 / (v + x m) and of its square; of each also the one weighted by x."""
        sums = np.zeros((3, 2))
        for block in blocks(self._w.size):
            rest = v + self._spent[block]
            inverse = 1.0 / rest
            parts = np.stack([np.log(rest), inverse, inverse * inverse])
            sums[:, 0] += np.einsum("in,n->i", parts, self._w[block])
            sums[:, 1] += np.einsum("in,n->i", parts, self._wx[block])
        return sums


def _correlation(x: Floats, m: Floats, w: Floats) -> float:
    moments = np.cov(np.vstack([x, m]), aweights=w)
    spread = float(np.sqrt(moments[0, 0] * moments[1, 1]))
    return float(moments[0, 1]) / spread if spread > 0 else 0.0
