"""BG/NBD: how often customers buy and whether they still do (Fader, Hardie and Lee, Marketing Science 24(2), 2005).

While active a customer buys at a Poisson rate lambda ~ Gamma(r, alpha); after each purchase he leaves with probability
p ~ Beta(a, b). Histories are in whole days; parameters are reported in weeks, as published. The likelihood splits so that
the gamma functions depend on the frequency alone, the logarithms on a day alone, and only customers who came back need
anything per distinct history.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import digamma, gammaln, hyp2f1, polygamma

from regulars.predictions.rules.histories import Floats, Histories, counted

DAYS_PER_WEEK = 7.0
NAMES = ("r", "alpha", "a", "b")


class DidNotConverge(ArithmeticError):
    """The likelihood has no maximum that can be found: the data are too thin or too odd for this model."""


@dataclass(frozen=True)
class BgNbd:
    """A fitted model; alpha is in weeks, log_likelihood as for histories in weeks, covariances of log-parameters."""

    r: float
    alpha: float
    a: float
    b: float
    log_likelihood: float
    n_customers: float
    laplace: NDArray[np.float64]
    sandwich: NDArray[np.float64]

    @cached_property
    def parameters(self) -> dict[str, float]:
        return {name: getattr(self, name) for name in NAMES}

    def p_alive(self, frequency: ArrayLike, recency: ArrayLike, T: ArrayLike) -> Floats:  # noqa: N803
        """Return the probability that a customer has not left (equation 11 of the 2008 note); 1 for those who never
        came back, because this model lets nobody leave before a second purchase."""
        x, t_x, age = (np.asarray(column) for column in (frequency, recency, T))
        return 1.0 / (1.0 + self._left_odds(x, t_x, age))

    def expected_purchases(self, days: float, frequency: ArrayLike, recency: ArrayLike, T: ArrayLike) -> Floats:  # noqa: N803
        """Return E[Y(t) | x, t_x, T], the orders expected in the next `days` (equation 10).

        The hypergeometric part depends on (frequency, T) only and is computed once per distinct pair.
        """
        x, t_x, age = (np.asarray(column) for column in (frequency, recency, T))
        pairs, places = _pairs(x, age)
        bulk = self._bulk(days, *pairs)
        odds = np.zeros(x.shape)
        back = np.flatnonzero(x)
        odds[back] = self._left_odds(x[back], t_x[back], age[back])
        return bulk[places] / (1.0 + odds)

    def expected_repeat_purchases(self, days: float) -> float:
        """Return E[X(t)], the repeat orders of a customer chosen at random in his first `days` (equation 9)."""
        t = days / DAYS_PER_WEEK
        share = t / (self.alpha + t)
        inner = (self.alpha / (self.alpha + t)) ** self.r * hyp2f1(self.r, self.b, self.a + self.b - 1, share)
        return float((self.a + self.b - 1) / (_off_one(self.a) - 1) * (1 - inner))

    def _left_odds(self, x: NDArray[np.generic], t_x: NDArray[np.generic], age: NDArray[np.generic]) -> Floats:
        alpha = self.alpha * DAYS_PER_WEEK
        logs = np.log(alpha + np.arange(int(age.max(initial=0)) + 1))
        times = x > 0
        count = np.where(times, x, 1)
        power = np.exp((self.r + x) * (logs[age.astype(np.int64)] - logs[t_x.astype(np.int64)]))
        return np.where(times, self.a / (self.b + count - 1.0) * power, 0.0)

    def _bulk(self, days: float, x: Floats, age: Floats) -> Floats:
        """Return the part of E[Y] that the recency does not touch; a = 1 is a removable singularity, met from beside."""
        a, alpha = _off_one(self.a), self.alpha * DAYS_PER_WEEK
        share = days / (alpha + age + days)
        series = hyp2f1(self.r + x, self.b + x, a + self.b + x - 1, share)
        rest = np.exp((self.r + x) * (np.log(alpha + age) - np.log(alpha + age + days))) * series
        return np.asarray((a + self.b + x - 1) / (a - 1) * (1 - rest))


def fit_bg_nbd(frequency: ArrayLike, recency: ArrayLike, T: ArrayLike, counts: ArrayLike | None = None) -> BgNbd:  # noqa: N803
    """Fit by maximum likelihood; frequency, recency and T are whole days (see Histories). Raises DidNotConverge."""
    return fit_histories(counted(frequency, recency, T, counts))


def fit_histories(histories: Histories, start: Floats | None = None) -> BgNbd:
    """Fit to counted histories: first to coarse ones, then Newton steps on all of them."""
    if not histories.frequency.any():
        raise DidNotConverge("nobody has come back yet")
    likelihood = Likelihood(histories)
    if start is None:
        start = np.log([0.5, 30.0, 1.0, 2.0])
        if likelihood.size > 5_000:
            start = maximise(Likelihood(_coarse(histories)), start)
    theta = maximise(likelihood, start)
    value, gradient, hessian = likelihood(theta)
    bread = np.linalg.inv(-hessian)
    meat = likelihood.scores(theta)
    r, alpha, a, b = np.exp(theta)
    n_repeats = float((histories.frequency * histories.counts).sum())
    return BgNbd(
        r=float(r),
        alpha=float(alpha / DAYS_PER_WEEK),
        a=float(a),
        b=float(b),
        log_likelihood=float(value + n_repeats * np.log(DAYS_PER_WEEK)),
        n_customers=histories.n_customers,
        laplace=bread,
        sandwich=bread @ meat @ bread,
    )


class Likelihood:
    """The log-likelihood over log-parameters with its gradient and Hessian (days)."""

    def __init__(self, histories: Histories) -> None:
        h = histories
        once = h.frequency == 0
        self._ages = np.bincount(h.T[once], weights=h.counts[once]) if once.any() else np.zeros(1)
        self._age_days = np.arange(self._ages.size, dtype=np.float64)
        self._by_x = np.bincount(h.frequency, weights=h.counts)
        self._xs = np.arange(self._by_x.size, dtype=np.float64)
        back = ~once
        self._x = h.frequency[back].astype(np.float64)
        self._xi, self._t, self._T = h.frequency[back], h.recency[back], h.T[back]
        self._w = h.counts[back]
        self._days = np.arange(int(h.T.max(initial=0)) + 1, dtype=np.float64)
        self.size = self._x.size

    def __call__(self, theta: Floats) -> tuple[float, Floats, NDArray[np.float64]]:
        """Return value, gradient and Hessian at log(r, alpha, a, b)."""
        r, alpha, a, b = np.exp(theta)
        value, first, second = self._counts_part(r, alpha, a, b)
        u, du, v = self._returned(r, alpha, a, b)
        w, odds = self._w, np.exp(u)
        share = odds / (1.0 + odds)
        value += float(w @ np.log1p(odds))
        ws, wv = w * share, w * share * (1.0 - share)
        first += du @ ws
        second += (du * wv) @ du.T + self._curvature(ws, v, theta)
        scale = np.exp(theta)
        gradient = first * scale
        return value, gradient, second * np.outer(scale, scale) + np.diag(gradient)

    def scores(self, theta: Floats) -> NDArray[np.float64]:
        """Return the sum over customers of the outer product of their scores (log-parameters)."""
        r, alpha, a, b = np.exp(theta)
        scale = np.exp(theta)[:, None]
        quiet = np.zeros((4, self._ages.size))
        quiet[0] = np.log(alpha) - np.log(alpha + self._age_days)
        quiet[1] = r / alpha - r / (alpha + self._age_days)
        quiet *= scale
        u, du, _ = self._returned(r, alpha, a, b)
        odds = np.exp(u)
        per_x = self._per_x(r, alpha, a, b)
        active = per_x[:, self._xi] + du * (odds / (1 + odds))
        rest = alpha + self._T
        active[0] -= np.log(rest)
        active[1] -= (r + self._x) / rest
        active *= scale
        return (quiet * self._ages) @ quiet.T + (active * self._w) @ active.T

    def _per_x(self, r: float, alpha: float, a: float, b: float) -> NDArray[np.float64]:
        """Return the derivatives that depend on the frequency alone, by frequency."""
        x = self._xs
        found = np.empty((4, x.size))
        found[0] = digamma(r + x) - digamma(r) + np.log(alpha)
        found[1] = r / alpha
        found[2] = digamma(a + b) - digamma(a + b + x)
        found[3] = digamma(a + b) - digamma(a + b + x) + digamma(b + x) - digamma(b)
        return found

    def _counts_part(self, r: float, alpha: float, a: float, b: float) -> tuple[float, Floats, NDArray[np.float64]]:
        """Return what depends on counts by frequency and by T: all but the term that knows the recency."""
        x, n = self._xs, self._by_x
        total = float(n.sum())
        value = float(n @ (gammaln(r + x) + gammaln(b + x) - gammaln(a + b + x)))
        value += total * float(r * np.log(alpha) - gammaln(r) + gammaln(a + b) - gammaln(b))
        first = self._per_x(r, alpha, a, b) @ n
        both = total * polygamma(1, a + b) - n @ polygamma(1, a + b + x)
        second = np.zeros((4, 4))
        second[0, 0] = n @ polygamma(1, r + x) - total * polygamma(1, r)
        second[0, 1] = second[1, 0] = total / alpha
        second[1, 1] = -total * r / alpha**2
        second[2, 2] = second[2, 3] = second[3, 2] = both
        second[3, 3] = both + n @ polygamma(1, b + x) - total * polygamma(1, b)
        ages = [(self._age_days, self._ages, np.zeros(self._ages.size)), (self._T, self._w, self._x)]
        for days, weights, times in ages:
            rest = alpha + days
            power = r + times
            value -= float((weights * power) @ np.log(rest))
            first[0] -= float(weights @ np.log(rest))
            first[1] -= float((weights * power) @ (1 / rest))
            second[0, 1] -= float(weights @ (1 / rest))
            second[1, 0] = second[0, 1]
            second[1, 1] += float((weights * power) @ (1 / rest**2))
        return value, first, second

    def _returned(self, r: float, alpha: float, a: float, b: float) -> tuple[Floats, NDArray[np.float64], Floats]:
        """Return u = log odds of having left for each history with repeats, its gradient, and 1/(alpha+T) − 1/(alpha+t)."""
        logs, inverse = np.log(alpha + self._days), 1.0 / (alpha + self._days)
        gap = logs[self._T] - logs[self._t]
        ratio = inverse[self._T] - inverse[self._t]
        by_x = np.log(b + self._xs[1:] - 1.0)
        u = (r + self._x) * gap + np.log(a) - by_x[self._xi - 1]
        du = np.empty((4, self.size))
        du[0], du[1], du[2] = gap, (r + self._x) * ratio, 1.0 / a
        du[3] = (-1.0 / (b + self._xs[1:] - 1.0))[self._xi - 1]
        return u, du, ratio

    def _curvature(self, ws: Floats, ratio: Floats, theta: Floats) -> NDArray[np.float64]:
        """Return the weighted second derivatives of u."""
        r, alpha, a, b = np.exp(theta)
        inverse = 1.0 / (alpha + self._days) ** 2
        second = np.zeros((4, 4))
        second[0, 1] = second[1, 0] = float(ws @ ratio)
        second[1, 1] = -float((ws * (r + self._x)) @ (inverse[self._T] - inverse[self._t]))
        second[2, 2] = -float(ws.sum()) / a**2
        second[3, 3] = float(ws @ (1.0 / (b + self._x - 1.0) ** 2))
        return second


def maximise(likelihood: Likelihood, start: Floats, steps: int = 60) -> Floats:
    """Climb by Newton steps, shortened until they gain; where the surface bends the wrong way, along a damped direction."""
    theta = start.copy()
    value, gradient, hessian = likelihood(theta)
    for _ in range(steps):
        step = _newton(gradient, hessian)
        if abs(float(gradient @ step)) < 1e-10 * (1 + abs(value)) * 1e-2 or np.abs(step).max() < 1e-9:
            return theta + step if np.abs(step).max() < 1e-3 else theta
        length = min(1.0, 2.0 / np.abs(step).max())
        for _ in range(40):
            trial = theta + length * step
            found = likelihood(trial)
            if np.isfinite(found[0]) and found[0] >= value + 1e-4 * length * float(gradient @ step):
                break
            length /= 2
        else:
            raise DidNotConverge("the likelihood stopped rising before its maximum")
        theta, (value, gradient, hessian) = trial, found
        if np.abs(theta).max() > 25:
            raise DidNotConverge("a parameter runs away to zero or to infinity")
    raise DidNotConverge(f"no maximum after {steps} steps")


def _newton(gradient: Floats, hessian: NDArray[np.float64]) -> Floats:
    values, vectors = np.linalg.eigh(-hessian)
    floor = max(values.max() * 1e-10, 1e-8)
    return np.asarray(vectors @ ((vectors.T @ gradient) / np.maximum(np.abs(values), floor)))


def _coarse(histories: Histories) -> Histories:
    """Return histories with days rounded to about two hundred steps: a start near the maximum for a fraction of the work."""
    width = max(int(histories.T.max()) // 200, 1)
    age = histories.T // width * width + width // 2
    recency = np.minimum(histories.recency // width * width + width // 2, age)
    recency[histories.frequency == 0] = 0
    few = np.minimum(histories.frequency, 40)
    return counted(few, recency, age, histories.counts)


def _pairs(x: NDArray[np.generic], age: NDArray[np.generic]) -> tuple[tuple[Floats, Floats], NDArray[np.int64]]:
    """Return the distinct (frequency, T) pairs and each history's place among them."""
    width = int(age.max(initial=0)) + 1
    keys = x.astype(np.int64) * width + age.astype(np.int64)
    room = int(keys.max(initial=0)) + 1
    if room <= 4 * keys.size + 100_000:
        seen = np.zeros(room, dtype=bool)
        seen[keys] = True
        distinct = np.flatnonzero(seen)
        place = np.empty(room, dtype=np.int64)
        place[distinct] = np.arange(distinct.size)
        places = place[keys]
    else:
        distinct, places = np.unique(keys, return_inverse=True)
    return ((distinct // width).astype(np.float64), (distinct % width).astype(np.float64)), places


def _off_one(a: float) -> float:
    """Step off a = 1, where the closed form divides by zero though its limit exists."""
    return a if abs(a - 1) > 1e-6 else 1 + 1e-6
