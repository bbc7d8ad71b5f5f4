"""Gamma-Gamma: what a customer spends per order (Fader and Hardie, note 025, 2013; Fader, Hardie and Lee, JMR 42, 2005).

Each order's value is Gamma(p, nu) with nu ~ Gamma(q, v) over customers, independent of how often they buy.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy.optimize import minimize
from scipy.special import digamma, gammaln

from regulars.predictions.rules.bg_nbd import DidNotConverge
from regulars.predictions.rules.histories import Floats

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
    def population_mean(self) -> float | None:
        """Return the mean order value over customers; None when q <= 1, where it has none."""
        return self.p * self.v / (self.q - 1) if self.q > 1 else None

    def expected_value(self, frequency: ArrayLike, mean_value: ArrayLike) -> Floats:
        """Return the expected order value of customers: their own mean drawn towards everybody's (note 025, equation 5)."""
        x, m = np.asarray(frequency, dtype=np.float64), np.asarray(mean_value, dtype=np.float64)
        return np.asarray(self.p * (self.v + x * m) / (self.p * x + self.q - 1))


def fit_gamma_gamma(frequency: ArrayLike, mean_value: ArrayLike, counts: ArrayLike | None = None) -> GammaGamma:
    """Fit to customers who came back: frequency repeat orders with a positive mean value. Raises DidNotConverge."""
    x, m = np.asarray(frequency, dtype=np.float64), np.asarray(mean_value, dtype=np.float64)
    w = np.ones(x.size) if counts is None else np.asarray(counts, dtype=np.float64)
    if w.sum() < 3:
        raise DidNotConverge("fewer than three customers have come back")
    if x.min() < 1 or m.min() <= 0:
        raise ValueError("Gamma-Gamma needs frequency >= 1 and mean values above zero")
    scale = float(np.average(m, weights=w * x))
    times = np.bincount(x.astype(np.int64), weights=w)
    distinct = np.flatnonzero(times)
    spend = m / scale
    log_spend = np.log(spend)

    def negative(theta: Floats) -> tuple[float, Floats]:
        p, q, v = np.exp(theta)
        n = times[distinct]
        px = p * distinct
        total = v + x * spend
        log_total = np.log(total)
        value = float(n @ (gammaln(px + q) - gammaln(px) - gammaln(q) + q * np.log(v) + px * np.log(distinct)))
        value += float((w * (p * x - 1)) @ log_spend) - float((w * (p * x + q)) @ log_total)
        d_p = float(n @ (distinct * (digamma(px + q) - digamma(px) + np.log(distinct)))) + float(
            (w * x) @ (log_spend - log_total)
        )
        d_q = float(n @ (digamma(px + q) - digamma(q) + np.log(v))) - float(w @ log_total)
        d_v = float(n.sum() * q / v) - float((w * (p * x + q)) @ (1 / total))
        return -value, -np.array([d_p * p, d_q * q, d_v * v])

    best = minimize(
        negative,
        np.log([2.0, 3.0, 1.0]),
        jac=True,
        method="L-BFGS-B",
        options={"maxiter": 500, "ftol": 1e-15, "gtol": 1e-6},
    )
    p, q, v = np.exp(best.x)
    if not np.isfinite(best.fun) or np.abs(best.x).max() > 15:
        raise DidNotConverge("order values do not fit the Gamma-Gamma model: a parameter runs away")
    log_likelihood = -float(best.fun) - float(w.sum() * np.log(scale))
    return GammaGamma(float(p), float(q), float(v * scale), log_likelihood, float(w.sum()), _correlation(x, m, w))


def _correlation(x: Floats, m: Floats, w: Floats) -> float:
    moments = np.cov(np.vstack([x, m]), aweights=w)
    spread = float(np.sqrt(moments[0, 0] * moments[1, 1]))
    return float(moments[0, 1]) / spread if spread > 0 else 0.0
