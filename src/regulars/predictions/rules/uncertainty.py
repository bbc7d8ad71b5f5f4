"""How far off a predicted total may be: other parameters, chance, and how wrong the model was on the shop's own past.

The rule, in order:
1. Parameters: 200 totals that the data could have given as well. Up to 5,000 distinct histories they come from refits to
   customers drawn with replacement; beyond that the log-parameters are as good as normal with the sandwich covariance, and
   the logarithm of the total moves with them in a straight line. (The inverse Hessian alone is too narrow by about 15 % on
   CDNOW, because no model fits quite.)
2. Chance: each set's expected total is spread by fifty normal draws whose variance is the total times the model's own variance
   per expected order, which the rates and the departures of customers make larger than the Poisson's 1.
3. The interval goes from the 2.5 % to the 97.5 % point of these totals.
4. Season and trend are in no parameter. Where a back-test says that the model was off by a share of the total, the interval
   is made wider by that share of the expected total, on both sides.
"""

from dataclasses import dataclass, replace

import numpy as np
from scipy.special import betaincinv

from regulars.predictions.rules.bg_nbd import DAYS_PER_WEEK, BgNbd, DidNotConverge, fit_histories, sandwich
from regulars.predictions.rules.histories import Floats, Histories

DRAWS, CHANCES = 200, 50
BOOTSTRAP_UP_TO = 5_000
SLOPED_ON = 40_000
VARIANCE_ON = 4_000
NODES = 64


@dataclass(frozen=True)
class Interval:
    """A predicted total with its 95 % interval."""

    mean: float
    low: float
    high: float


def total_interval(
    model: BgNbd, histories: Histories, days: float, error: float | None = None, seed: int = 7
) -> Interval:
    """Return the orders expected of all customers in the next `days`; error is the back-test's, a share of what came."""
    mean = expected_total(model, histories, days)
    if histories.frequency.size <= BOOTSTRAP_UP_TO:
        draws = _told(bootstrap(model, histories, DRAWS, seed), histories, days)
    else:
        relative = _relative_spread(model, histories, days)
        draws = mean * np.exp(relative * np.random.default_rng(seed).standard_normal(DRAWS))
    chance = np.random.default_rng(seed + 1).standard_normal((CHANCES, DRAWS))[:, : draws.size]
    totals = draws + chance * np.sqrt(draws * variance_per_order(model, histories, days))
    low, high = np.quantile(totals, [0.025, 0.975])
    wider = abs(error or 0.0) * mean
    return Interval(mean, max(0.0, float(low) - wider), float(high) + wider)


def _told(refits: list[BgNbd], histories: Histories, days: float) -> Floats:
    """Return the totals of refits. One whose a and b ran off together has a total that floating point cannot hold; it is left
    out, and DidNotConverge is raised where that happens to half of them."""
    with np.errstate(over="ignore", invalid="ignore", divide="ignore"):
        draws = np.array([expected_total(refit, histories, days) for refit in refits])
    finite = draws[np.isfinite(draws)]
    if finite.size < draws.size / 2:
        raise DidNotConverge("the orders are too few to tell how sure a prediction is")
    return np.asarray(finite)


def _relative_spread(model: BgNbd, histories: Histories, days: float) -> float:
    """Return the standard deviation of the total's logarithm, from the slopes along each log-parameter."""
    some, place = thinned(histories, SLOPED_ON), model.log_parameters
    slopes = np.empty(place.size)
    for k in range(place.size):
        aside = np.zeros(place.size)
        aside[k] = 1e-3
        up, down = (expected_total(_moved(model, place + side), some, days) for side in (aside, -aside))
        slopes[k] = np.log(up / down) / 2e-3
    return float(np.sqrt(slopes @ sandwich(model, histories) @ slopes))


def bootstrap(model: BgNbd, histories: Histories, n: int, seed: int) -> list[BgNbd]:
    """Return up to n refits to customers drawn with replacement, each begun at the model.

    A draw without a fit is left out; DidNotConverge where that happens to more than half, for then the rest misleads.
    """
    rng = np.random.default_rng(seed)
    total, shares = round(histories.n_customers), histories.counts / histories.counts.sum()
    refits = []
    for _ in range(n):
        counts = rng.multinomial(total, shares).astype(np.float64)
        kept = np.flatnonzero(counts)
        drawn = Histories(histories.frequency[kept], histories.recency[kept], histories.T[kept], counts[kept])
        try:
            refits.append(fit_histories(drawn, model.log_parameters))
        except DidNotConverge:
            continue
    if len(refits) < n / 2:
        raise DidNotConverge("the orders are too few to tell how sure a prediction is")
    return refits


def expected_total(model: BgNbd, histories: Histories, days: float) -> float:
    """Return the orders expected of all customers in the next `days`."""
    h = histories
    return float(model.expected_purchases(days, h.frequency, h.recency, h.T) @ h.counts)


def variance_per_order(model: BgNbd, histories: Histories, days: float) -> float:
    """Return the variance of the total, given the parameters and what is known of each customer, per expected order.

    A customer who has not left has lambda ~ Gamma(r+x, alpha+T) and p ~ Beta(a, b+x), independently, and
    E[Y(Y-1) | lambda, p] = 2 (1-p)/p² (1 - exp(-s) (1+s)) with s = lambda p t, because two orders within t need a first one
    after which he stays. The mean over lambda has a closed form, that over p is taken at even quantiles. Four thousand
    histories, evenly chosen, are enough for a ratio.
    """
    h = thinned(histories, VARIANCE_ON)
    alive, if_alive = model.p_alive(h.frequency, h.recency, h.T), model.expected_if_alive(days, h.frequency, h.T)
    pairs = _ordered_pairs(model, h, days)
    variance = alive * (pairs + if_alive) - (alive * if_alive) ** 2
    return float(variance @ h.counts) / float((alive * if_alive) @ h.counts)


def _ordered_pairs(model: BgNbd, h: Histories, days: float) -> Floats:
    """Return E[Y(Y-1)] of customers who have not left."""
    even = (np.arange(NODES) + 0.5) / NODES
    frequencies, places = np.unique(h.frequency, return_inverse=True)
    leaving = betaincinv(model.a, model.b + frequencies[:, None], even)
    p = np.maximum(leaving, 1e-4)[places]  # below it the difference of two near ones is noise, and its limit is reached
    shape, rest = (model.r + h.frequency)[:, None], (model.alpha * DAYS_PER_WEEK + h.T)[:, None] + p * days
    silent = np.exp(shape * np.log1p(-p * days / rest))
    both = 2.0 * (1.0 - p) / p**2 * (1.0 - silent * (1.0 + shape * p * days / rest))
    return np.asarray(both.mean(axis=1))


def thinned(histories: Histories, n: int) -> Histories:
    """Return about n of the distinct histories, evenly chosen, that stand for all customers."""
    h = histories
    some = slice(None, None, max(h.frequency.size // n, 1))
    share = h.counts.sum() / h.counts[some].sum()
    return Histories(h.frequency[some], h.recency[some], h.T[some], h.counts[some] * share)


def _moved(model: BgNbd, place: Floats) -> BgNbd:
    r, alpha, a, b = (float(parameter) for parameter in np.exp(place))
    return replace(model, r=r, alpha=alpha / DAYS_PER_WEEK, a=a, b=b)
