"""Case 1: fitting BG/NBD to a million store-like customers, beside lifetimes, equal estimates."""

import statistics
import time
import warnings
from collections.abc import Callable
from typing import Any, TypeVar

import numpy as np

from bench.shop import histories
from regulars.predictions import BgNbd, counted, fit_bg_nbd
from regulars.predictions.rules.likelihood import Likelihood

T = TypeVar("T")
EQUAL = 1e-4


def run(quick: bool = False) -> dict[str, Any]:
    """Fit both to the same customers one by one, and the peer to counted ones too; ours before and after each."""
    from lifetimes import BetaGeoFitter

    warnings.simplefilter("ignore")
    x, t_x, age = histories(100_000 if quick else 1_000_000)
    keys, counts = np.unique(np.stack([x, t_x, age]), axis=1, return_counts=True)
    fits = [timed(lambda: fit_bg_nbd(x, t_x, age)) for _ in range(3)]
    peer, peer_s = timed(lambda: BetaGeoFitter().fit(x, t_x / 7, age / 7))
    fits += [timed(lambda: fit_bg_nbd(x, t_x, age)) for _ in range(3)]
    weighted, weighted_s = timed(lambda: BetaGeoFitter().fit(keys[0], keys[1] / 7, keys[2] / 7, weights=counts))
    fits += [timed(lambda: fit_bg_nbd(x, t_x, age)) for _ in range(3)]
    ours_s = statistics.median(seconds for _, seconds in fits)
    off = max(_apart(fits[0][0], theirs) for theirs in (peer, weighted))
    higher = fits[0][0].log_likelihood - _log_likelihood(peer, (x, t_x, age))
    return {
        "case": 1,
        "name": f"BG/NBD fit, {len(x):,} store-like customers",
        "ours_s": ours_s,
        "peer": "lifetimes",
        "peer_s": peer_s,
        "ratio": peer_s / ours_s,
        "target": ">= 100x",
        "met": peer_s / ours_s >= 100 and weighted_s / ours_s >= 20,
        "equal": off < EQUAL,
        "note": f"parameters within {off:.0e}, log-likelihood {higher:+.1e}; "
        f"lifetimes with weights= {weighted_s:.2f} s, {weighted_s / ours_s:.0f}x (target 20x)",
    }


def timed(work: Callable[[], T]) -> tuple[T, float]:
    """Return what the work gives and the seconds it took."""
    start = time.perf_counter()
    result = work()
    return result, time.perf_counter() - start


def _apart(model: BgNbd, peer: Any) -> float:
    """Return the largest relative difference of the parameters."""
    return max(abs(value / float(peer.params_[name]) - 1) for name, value in model.parameters.items())


def _log_likelihood(peer: Any, customers: tuple[Any, Any, Any]) -> float:
    """Return what the peer's estimate reaches, in our unit."""
    r, alpha, a, b = (float(peer.params_[name]) for name in ("r", "alpha", "a", "b"))
    value, _, _ = Likelihood(counted(*customers))(np.log([r, alpha * 7, a, b]))
    return value + float(customers[0].sum()) * float(np.log(7))
