"""Late by their own rhythm: how surprising a customer's silence is, given his own gaps and everybody's.

Gaps between order days are Gamma(k, theta) with theta ~ Gamma(r, alpha) over customers, so after n gaps that add up to s the
next gap has the distribution function F(u) = I[u / (u + alpha + s)](k, r + k n), the regularised incomplete beta function.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy.optimize import minimize
from scipy.special import betainc, betaincinv, gammaln

from regulars.predictions.rules.bg_nbd import DidNotConverge
from regulars.predictions.rules.histories import Floats

LATE, GONE = 0.9, 0.995  # between them a customer is late; above, silence has lasted so long that he is rather lost
FITTED_ON = 20_000


@dataclass(frozen=True)
class Rhythm:
    """The shop's rhythm: regularity k (1 is no rhythm at all), and how customers differ (r, alpha in days)."""

    k: float
    r: float
    alpha: float

    def returned_by_now(self, n_gaps: ArrayLike, sum_gaps: ArrayLike, silence: ArrayLike) -> Floats:
        """Return the probability that an active customer would have ordered again within his present silence (days)."""
        n, s, u = (np.asarray(column, dtype=np.float64) for column in (n_gaps, sum_gaps, silence))
        return np.asarray(betainc(self.k, self.r + self.k * n, u / (u + self.alpha + s)))

    def silence_until(self, probability: float, n_gaps: ArrayLike, sum_gaps: ArrayLike) -> Floats:
        """Return after how many days of silence an active customer would have ordered again with this probability.

        >>> rhythm = Rhythm(1.5, 2.0, 30.0)
        >>> days = rhythm.silence_until(0.9, [2, 8], [40, 400])
        >>> rhythm.returned_by_now([2, 8], [40, 400], days).round(9).tolist()
        [0.9, 0.9]
        """
        distinct, places = np.unique(np.asarray(n_gaps, dtype=np.float64), return_inverse=True)
        share = betaincinv(self.k, self.r + self.k * distinct, probability)
        return np.asarray((self.alpha + np.asarray(sum_gaps, dtype=np.float64)) * (share / (1.0 - share))[places])


def fit_rhythm(n_gaps: ArrayLike, sum_gaps: ArrayLike, log_gaps: ArrayLike) -> Rhythm:
    """Fit to customers with at least two gaps: how many, their sum in days, the sum of their logarithms.

    The likelihood of one customer is B-shaped in closed form: product of gap^(k-1), times
    alpha^r Gamma(r + k n) / (Gamma(r) Gamma(k)^n (alpha + s)^(r + k n)). At most about 20,000 customers are used, evenly chosen.
    """
    n, s, logs = (np.asarray(column, dtype=np.float64) for column in (n_gaps, sum_gaps, log_gaps))
    if n.size < 20:
        raise DidNotConverge("fewer than twenty customers have ordered on three days")
    step = max(n.size // FITTED_ON, 1)
    n, s, logs = n[::step], s[::step], logs[::step]
    middle = float(np.median(s / n))

    def negative(theta: Floats) -> float:
        k, r, alpha = np.exp(np.clip(theta, -12, 12))
        alpha *= middle
        power = r + k * n
        value = (
            (k - 1) * logs
            + r * np.log(alpha)
            - n * gammaln(k)
            + gammaln(power)
            - gammaln(r)
            - power * np.log(alpha + s)
        )
        return -float(value.sum())

    best = minimize(negative, np.zeros(3), method="Nelder-Mead", options={"maxiter": 600, "xatol": 1e-4, "fatol": 1e-6})
    if not np.isfinite(best.fun) or np.abs(best.x).max() > 11:
        raise DidNotConverge("the gaps between orders follow no rhythm that could be measured")
    k, r, alpha = np.exp(best.x)
    return Rhythm(float(k), float(r), float(alpha * middle))
