"""Late by their own rhythm: how surprising a customer's silence is, given his own gaps and everybody's.

Gaps between order days are Gamma(k, theta) with theta ~ Gamma(r, alpha) over customers, so after n gaps that add up to s the
next gap is at most u with probability F(u) = I[u / (u + alpha + s)](k, r + k n), the regularised incomplete beta function.
After an order day a customer lapses with probability pi (another one after the very first) and stays silent for ever, so the
silence that still lasts is longer than u with probability pi + (1 - pi)(1 - F(u)). Customers who never came back and silences
that still last belong into the fit: without them every rhythm looks quicker than it is, for long gaps are the ones that have
not ended yet.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy.optimize import minimize
from scipy.special import betainc, betaincinv, betaln, expit, gammaln, psi, xlog1py, xlogy

from regulars.predictions.rules.histories import Floats
from regulars.predictions.rules.likelihood import DidNotConverge

LATE, GONE = 0.9, 0.995  # between them a customer is late; above, silence has lasted so long that he is rather lost
AT_LEAST = 20  # customers with a gap
RHYTHM_FROM = 2  # gaps: of fewer nobody can tell a rhythm
FITTED_ON = 5_000  # customers
STEP = 1e-6  # of a parameter, for the slopes that have no closed form
EDGE = 11.0  # a log-parameter beyond it has run away

Columns = tuple[Floats, Floats, Floats, Floats]


@dataclass(frozen=True)
class Rhythm:
    """The shop's rhythm: regularity k (1 is no rhythm at all), how customers differ (r, alpha in days), and the share
    that lapses after an order day."""

    k: float
    r: float
    alpha: float
    lapse: float

    def returned_by_now(self, n_gaps: ArrayLike, sum_gaps: ArrayLike, silence: ArrayLike) -> Floats:
        """Return the probability that a customer who has not lapsed would have ordered again within his silence (days).

        >>> Rhythm(4.0, 2.0, 60.0, 0.1).returned_by_now([3, 3], [90, 90], [30, 90]).round(2).tolist()
        [0.31, 0.93]
        """
        n, s, u = (np.asarray(column, dtype=np.float64) for column in (n_gaps, sum_gaps, silence))
        return np.asarray(betainc(self.k, self.r + self.k * n, u / (u + self.alpha + s)))

    def silence_until(self, probability: float, n_gaps: ArrayLike, sum_gaps: ArrayLike) -> Floats:
        """Return after how many days of silence a customer who has not lapsed would have ordered with this probability.

        >>> rhythm = Rhythm(1.5, 2.0, 30.0, 0.1)
        >>> days = rhythm.silence_until(0.9, [2, 8], [40, 400])
        >>> rhythm.returned_by_now([2, 8], [40, 400], days).round(9).tolist()
        [0.9, 0.9]
        """
        distinct, places = np.unique(np.asarray(n_gaps, dtype=np.float64), return_inverse=True)
        share = betaincinv(self.k, self.r + self.k * distinct, probability)
        return np.asarray((self.alpha + np.asarray(sum_gaps, dtype=np.float64)) * (share / (1.0 - share))[places])

    def active(self, n_gaps: ArrayLike, sum_gaps: ArrayLike, silence: ArrayLike) -> Floats:
        """Return the probability that a customer has not lapsed, for all that his silence says."""
        silent = (1.0 - self.lapse) * (1.0 - self.returned_by_now(n_gaps, sum_gaps, silence))
        return np.asarray(silent / (silent + self.lapse))


def fit_rhythm(n_gaps: ArrayLike, sum_gaps: ArrayLike, log_gaps: ArrayLike, silence: ArrayLike) -> Rhythm:
    """Fit to all customers, those without a gap too: how many gaps, their sum in days, the sum of their logarithms, and the
    days since the last order. At most 5,000 of them are used, evenly chosen. Raises DidNotConverge.
    """
    columns = [np.asarray(column, dtype=np.float64) for column in (n_gaps, sum_gaps, log_gaps, silence)]
    if np.count_nonzero(columns[0]) < AT_LEAST:
        raise DidNotConverge("fewer than twenty customers have come back")
    n, s, logs, u = (column[:: -(-column.size // FITTED_ON)] for column in columns)
    unit = float(s.sum() / n.sum())
    scaled = (n, s / unit, logs - n * np.log(unit), u / unit)
    wide = (-EDGE - 1.0, EDGE + 1.0)
    # Where all customers are alike r and alpha have no end, only their quotient; at the edge of r they are alike enough.
    start, bounds = (
        np.array([0.5, 0.5, 0.5, -1.5, -1.0]),
        [wide, (-EDGE - 1.0, EDGE), (-EDGE - 1.0, 2 * EDGE), wide, wide],
    )
    best = minimize(
        _negative, start, args=(scaled,), jac=True, method="L-BFGS-B", bounds=bounds, options={"ftol": 1e-10}
    )
    if not np.isfinite(best.fun) or best.x[:3].min() < -EDGE or best.x[0] > EDGE:
        raise DidNotConverge("the gaps between orders follow no rhythm that could be measured")
    k, r, alpha = (float(value) for value in np.exp(best.x[:3]))
    return Rhythm(k, r, alpha * unit, float(expit(best.x[3])))


def _negative(theta: Floats, columns: Columns) -> tuple[float, Floats]:
    """Return minus the mean log-likelihood of a customer (his gaps with theta integrated out, that he did not lapse before
    them, and his silence) and its gradient by the five parameters."""
    n, s, logs, u = columns
    k, r, alpha = np.exp(theta[:3])
    lapse, at_first = expit(theta[3]), expit(theta[4])
    came, power = n > 0, r + k * n
    gaps = (k - 1) * logs + r * np.log(alpha) - n * gammaln(k) + gammaln(power) - gammaln(r) - power * np.log(alpha + s)
    back = betainc(k, power, u / (u + alpha + s))
    stayed = np.where(came, np.log1p(-at_first) + (n - 1) * np.log1p(-lapse), 0.0)
    lapses = np.where(came, lapse, at_first)
    silent = lapses + (1.0 - lapses) * (1.0 - back)
    by_k, by_power, by_alpha = _slopes(k, power, alpha, (s, u), back)
    weight, digammas = (1.0 - lapses) / silent, psi(power) - np.log(alpha + s)
    slopes = (
        k * (logs - n * psi(k) + n * digammas - weight * (by_k + n * by_power)),
        r * (np.log(alpha) - psi(r) + digammas - weight * by_power),
        r - alpha * power / (alpha + s) - alpha * weight * by_alpha,
        np.where(came, back * lapse * (1.0 - lapse) / silent - (n - 1) * lapse, 0.0),
        np.where(came, -at_first, back * at_first * (1.0 - at_first) / silent),
    )
    return -float((gaps + stayed + np.log(silent)).mean()), -np.array([slope.mean() for slope in slopes])


def _slopes(
    k: float, power: Floats, alpha: float, days: tuple[Floats, Floats], back: Floats
) -> tuple[Floats, Floats, Floats]:
    """Return the slopes of I[u / (u + alpha + s)](k, power) by k, power and alpha; the first two have no closed form."""
    s, u = days
    whole = u + alpha + s
    x = u / whole
    by_k = (betainc(k * (1.0 + STEP), power, x) - back) / (k * STEP)
    by_power = (betainc(k, power * (1.0 + STEP), x) - back) / (power * STEP)
    by_alpha = -np.exp(xlogy(k, x) + xlog1py(power - 1.0, -x) - betaln(k, power)) / whole
    return by_k, by_power, by_alpha
