"""How far off a predicted total may be: parameter draws, chance, and how wrong the model was on the shop's own past.

Rule: (1) draw parameters, from customer bootstrap refits when there are at most 20,000 distinct histories, else from the
sandwich normal of the log-parameters; (2) for each draw the expected total, with Poisson-like chance on top (its variance is
the total times one plus the mean orders of those who order at all); (3) take the 2.5 % and 97.5 % points; (4) widen both
sides by the relative error of the back-test, when there is one: parameter uncertainty is not forecast uncertainty.
"""

from dataclasses import dataclass

import numpy as np

from regulars.predictions.rules.bg_nbd import DAYS_PER_WEEK, BgNbd, DidNotConverge, fit_histories, sandwich
from regulars.predictions.rules.histories import Floats, Histories

DRAWS = 200
BOOTSTRAP_UP_TO = 20_000
SCORED_ON = 40_000


@dataclass(frozen=True)
class Interval:
    """A predicted total with its 95 % interval."""

    mean: float
    low: float
    high: float


def total_interval(
    model: BgNbd, histories: Histories, days: float, error: float | None = None, seed: int = 7
) -> Interval:
    """Return the orders expected of all customers in the next `days`; error is the back-test's (expected - actual)/actual."""
    draws = np.array([_total(drawn, histories, days) for drawn in drawn_models(model, histories, seed)])
    mean = _total(model, histories, days)
    chance = np.random.default_rng(seed + 1).standard_normal(draws.size)
    spread = np.sqrt(np.maximum(draws, 1.0) * (1.0 + mean / max(histories.n_customers, 1.0)))
    low, high = np.quantile(draws + chance * spread, [0.025, 0.975])
    wider = abs(error or 0.0) * mean
    return Interval(mean, max(0.0, float(low) - wider), float(high) + wider)


def drawn_models(model: BgNbd, histories: Histories, seed: int) -> list[BgNbd]:
    """Return models that the data could have given as well."""
    if histories.frequency.size <= BOOTSTRAP_UP_TO:
        return bootstrap(model, histories, DRAWS, seed)
    rng = np.random.default_rng(seed)
    centre = np.log([model.r, model.alpha, model.a, model.b])
    thetas = rng.multivariate_normal(centre, sandwich(model, histories), size=DRAWS, method="eigh")
    return [_with(model, theta) for theta in thetas]


def bootstrap(model: BgNbd, histories: Histories, n: int, seed: int) -> list[BgNbd]:
    """Return n refits to customers drawn with replacement; a draw that cannot be fitted is left out."""
    rng = np.random.default_rng(seed)
    total = int(histories.n_customers)
    shares = histories.counts / histories.counts.sum()
    start = np.log([model.r, model.alpha * DAYS_PER_WEEK, model.a, model.b])
    refits = []
    for _ in range(n):
        counts = rng.multinomial(total, shares).astype(np.float64)
        kept = counts > 0
        drawn = Histories(histories.frequency[kept], histories.recency[kept], histories.T[kept], counts[kept])
        try:
            refits.append(fit_histories(drawn, start))
        except (DidNotConverge, np.linalg.LinAlgError):
            continue
    return refits


def _total(model: BgNbd, histories: Histories, days: float) -> float:
    """Return the expected total, on an even sample of the histories when there are very many."""
    step = max(histories.frequency.size // SCORED_ON, 1)
    some = slice(None, None, step)
    weights = histories.counts[some]
    expected = model.expected_purchases(days, histories.frequency[some], histories.recency[some], histories.T[some])
    return float(expected @ weights) * float(histories.counts.sum() / weights.sum())


def _with(model: BgNbd, theta: Floats) -> BgNbd:
    from dataclasses import replace

    r, alpha, a, b = np.exp(theta)
    return replace(model, r=float(r), alpha=float(alpha), a=float(a), b=float(b))
