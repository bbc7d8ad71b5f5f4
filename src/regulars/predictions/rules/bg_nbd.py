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
START_ON = 10_000
LARGEST = 600.0  # exp of it is still a number, and odds beyond it are certainty


class DidNotConverge(ArithmeticError):
    """The likelihood has no maximum that can be found: the data are too thin or too odd for this model."""


@dataclass(frozen=True)
class BgNbd:
    """A fitted model; alpha is in weeks, log_likelihood as for histories in weeks, laplace is the covariance of the log-parameters (inverse Hessian)."""

    r: float
    alpha: float
    a: float
    b: float
    log_likelihood: float
    n_customers: float
    laplace: NDArray[np.float64]

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
    """Fit to counted histories: first to a few of them, then by Newton steps to all."""
    if not histories.frequency.any():
        raise DidNotConverge("nobody has come back yet")
    likelihood = Likelihood(histories)
    if start is None:
        start = np.log([0.5, 30.0, 1.0, 2.0])
        if likelihood.size > 2 * START_ON:
            start = maximise(Likelihood(_thinned(histories)), start)[0]
    theta, value, hessian = maximise(likelihood, start)
    r, alpha, a, b = np.exp(theta)
    n_repeats = float((histories.frequency * histories.counts).sum())
    return BgNbd(
        r=float(r),
        alpha=float(alpha / DAYS_PER_WEEK),
        a=float(a),
        b=float(b),
        log_likelihood=float(value + n_repeats * np.log(DAYS_PER_WEEK)),
        n_customers=histories.n_customers,
        laplace=np.linalg.inv(-hessian),
    )


def sandwich(model: BgNbd, histories: Histories) -> NDArray[np.float64]:
    """Return the robust covariance of the log-parameters: right in large data also when the model is only nearly so."""
    theta = np.log([model.r, model.alpha * DAYS_PER_WEEK, model.a, model.b])
    return np.asarray(model.laplace @ Likelihood(histories).scores(theta) @ model.laplace)


class Likelihood:
    """The log-likelihood over log-parameters with its gradient and Hessian (days).

    Everything but one term depends on the frequency alone or on T alone, and is a sum over a few hundred numbers. The rest
    concerns customers who came back; per distinct history it costs two exponentials and a dozen dot products.
    """

    def __init__(self, histories: Histories) -> None:
        h = histories
        back = np.flatnonzero(h.frequency)
        self._xi, self._t, self._T, self._w = (column[back] for column in (h.frequency, h.recency, h.T, h.counts))
        self._x = self._xi.astype(np.float64)
        self._by_x = np.bincount(h.frequency, weights=h.counts)
        self._xs = np.arange(self._by_x.size, dtype=np.float64)
        self._by_age = np.bincount(h.T, weights=h.counts)
        self._repeats_by_age = np.bincount(h.T, weights=h.counts * h.frequency)
        self._never_by_age = self._by_age - np.bincount(self._T, weights=self._w, minlength=self._by_age.size)
        self._days = np.arange(self._by_age.size, dtype=np.float64)
        self.size = self._xi.size

    def __call__(self, theta: Floats) -> tuple[float, Floats, NDArray[np.float64]]:
        """Return value, gradient and Hessian at log(r, alpha, a, b)."""
        r, alpha, a, b = np.exp(theta)
        value, first, second = self._sums_part(r, alpha, a, b)
        more = self._returned_part(r, alpha, a, b)
        value, first, second = value + more[0], first + more[1], second + more[2]
        scale = np.exp(theta)
        gradient = first * scale
        return value, gradient, second * np.outer(scale, scale) + np.diag(gradient)

    def scores(self, theta: Floats) -> NDArray[np.float64]:
        """Return the sum over customers of the outer product of their scores (log-parameters)."""
        r, alpha, a, b = np.exp(theta)
        scale = np.exp(theta)[:, None]
        rest = alpha + self._days
        quiet = np.zeros((4, rest.size))
        quiet[0], quiet[1] = np.log(alpha) - np.log(rest), r / alpha - r / rest
        odds, gap, ratio, inverse_b = self._odds(r, alpha, a, b)
        share = odds / (1.0 + odds)
        active = self._per_x(r, alpha, a, b)[:, self._xi]
        active[0] += share * gap - np.log(rest)[self._T]
        active[1] += (r + self._x) * (share * ratio - 1 / rest[self._T])
        active[2] += share / a
        active[3] -= share * inverse_b
        quiet, active = quiet * scale, active * scale
        return (quiet * self._never_by_age) @ quiet.T + (active * self._w) @ active.T

    def _per_x(self, r: float, alpha: float, a: float, b: float) -> NDArray[np.float64]:
        """Return the derivatives that depend on the frequency alone, by frequency."""
        x = self._xs
        tail = digamma(a + b) - digamma(a + b + x)
        ones = np.ones(x.size)
        return np.stack(
            [digamma(r + x) - digamma(r) + np.log(alpha), ones * r / alpha, tail, tail + digamma(b + x) - digamma(b)]
        )

    def _sums_part(self, r: float, alpha: float, a: float, b: float) -> tuple[float, Floats, NDArray[np.float64]]:
        """Return what depends on counts by frequency and by T: all but the term that knows the recency."""
        x, n, total = self._xs, self._by_x, float(self._by_x.sum())
        rest = alpha + self._days
        logs, power = np.log(rest), r * self._by_age + self._repeats_by_age
        value = float(n @ (gammaln(r + x) + gammaln(b + x) - gammaln(a + b + x)))
        value += total * float(r * np.log(alpha) - gammaln(r) + gammaln(a + b) - gammaln(b)) - float(power @ logs)
        first = self._per_x(r, alpha, a, b) @ n
        first[0] -= self._by_age @ logs
        first[1] -= power @ (1 / rest)
        both = total * polygamma(1, a + b) - n @ polygamma(1, a + b + x)
        second = np.zeros((4, 4))
        second[0, 0] = n @ polygamma(1, r + x) - total * polygamma(1, r)
        second[0, 1] = second[1, 0] = total / alpha - self._by_age @ (1 / rest)
        second[1, 1] = power @ (1 / rest**2) - total * r / alpha**2
        second[2, 2] = second[2, 3] = second[3, 2] = both
        second[3, 3] = both + n @ polygamma(1, b + x) - total * polygamma(1, b)
        return value, first, second

    def _odds(self, r: float, alpha: float, a: float, b: float) -> tuple[Floats, Floats, Floats, Floats]:
        """Return for each history with repeats the odds of having left, ln((alpha+T)/(alpha+t)),
        1/(alpha+T) - 1/(alpha+t), and 1/(b+x-1)."""
        logs, inverse = np.log(alpha + self._days), 1.0 / (alpha + self._days)
        gap = logs[self._T] - logs[self._t]
        ratio = inverse[self._T] - inverse[self._t]
        inverse_b = 1.0 / (b + np.maximum(self._xs, 1.0) - 1.0)
        odds = np.exp(np.minimum((r + self._x) * gap + np.log(a * inverse_b)[self._xi], LARGEST))
        return odds, gap, ratio, inverse_b[self._xi]

    def _returned_part(self, r: float, alpha: float, a: float, b: float) -> tuple[float, Floats, NDArray[np.float64]]:
        """Return the term ln(1 + odds of having left), with derivatives; its moments are sums over distinct histories."""
        odds, gap, ratio, inverse_b = self._odds(r, alpha, a, b)
        power = r + self._x
        slope = power * ratio
        stays = 1.0 / (1.0 + odds)
        ws = self._w * (odds * stays)
        wv = ws * stays
        value = _dot(self._w, np.log1p(odds))
        first = np.array([_dot(ws, gap), _dot(ws, slope), ws.sum() / a, -_dot(ws, inverse_b)])
        vg, vs, vb = wv * gap, wv * slope, wv * inverse_b
        second = np.array(
            [
                [_dot(vg, gap), _dot(vg, slope), vg.sum() / a, -_dot(vg, inverse_b)],
                [0.0, _dot(vs, slope), vs.sum() / a, -_dot(vs, inverse_b)],
                [0.0, 0.0, wv.sum() / a**2, -vb.sum() / a],
                [0.0, 0.0, 0.0, _dot(vb, inverse_b)],
            ]
        )
        second += np.triu(second, 1).T
        squares = 1.0 / (alpha + self._days) ** 2
        second[0, 1] += _dot(ws, ratio)
        second[1, 0] = second[0, 1]
        second[1, 1] -= _dot(ws * power, squares[self._T] - squares[self._t])
        second[2, 2] -= ws.sum() / a**2
        second[3, 3] += _dot(ws * inverse_b, inverse_b)
        return value, first, second


def _dot(left: Floats, right: Floats) -> float:
    """Return the inner product without BLAS: its threads wait for each other whenever the machine has other work."""
    return float(np.einsum("i,i", left, right))


def maximise(likelihood: Likelihood, start: Floats, steps: int = 60) -> tuple[Floats, float, NDArray[np.float64]]:
    """Climb by Newton steps, shortened until they gain; return the place, the value and the Hessian there.

    The last step is so small that value and Hessian are carried over it by the Taylor series in place of one more look.
    """
    theta = start.copy()
    value, gradient, hessian = likelihood(theta)
    for _ in range(steps):
        step = _newton(gradient, hessian)
        if np.abs(step).max() < 1e-3:
            return theta + step, value + float(gradient @ step + step @ hessian @ step / 2), hessian
        length = min(1.0, 2.0 / np.abs(step).max())
        for _ in range(40):
            trial = theta + length * step
            found = likelihood(trial)
            if np.isfinite(found[0]) and found[0] >= value + 1e-4 * length * float(gradient @ step) - 1e-11 * abs(value):
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


def _thinned(histories: Histories) -> Histories:
    """Return about ten thousand of the distinct histories, evenly chosen: a start near the maximum for little work."""
    h = histories
    back = np.flatnonzero(h.frequency)
    step = max(back.size // START_ON, 1)
    never, some = np.flatnonzero(h.frequency == 0), back[::step]
    rows = np.concatenate([never, some])
    weights = np.concatenate([h.counts[never] * (h.counts[some].sum() / h.counts[back].sum()), h.counts[some]])
    return Histories(h.frequency[rows], h.recency[rows], h.T[rows], weights)


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
