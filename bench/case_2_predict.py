"""Case 2: expected orders of the next year for a million customers, beside lifetimes, equal answers."""

import statistics
import warnings
from typing import Any

import numpy as np

from bench.case_1_fit import timed
from bench.shop import histories
from regulars.predictions import fit_bg_nbd

EQUAL = 1e-9


def run(quick: bool = False) -> dict[str, Any]:
    """Predict with the same parameters on both sides, in turn."""
    from lifetimes import BetaGeoFitter

    warnings.simplefilter("ignore")
    x, t_x, age = histories(100_000 if quick else 1_000_000)
    model = fit_bg_nbd(x, t_x, age)
    peer = BetaGeoFitter()
    peer.params_ = model.parameters
    ours, theirs, off = [], [], 0.0
    for _ in range(5):
        found, seconds = timed(lambda: model.expected_purchases(365, x, t_x, age))
        ours.append(seconds)
        expected, seconds = timed(
            lambda: peer.conditional_expected_number_of_purchases_up_to_time(365 / 7, x, t_x / 7, age / 7)
        )
        theirs.append(seconds)
        off = max(off, float(np.abs(found / np.asarray(expected) - 1).max()))
    ours_s, peer_s = statistics.median(ours), statistics.median(theirs)
    return {
        "case": 2,
        "name": f"predict {len(x):,} customers",
        "ours_s": ours_s,
        "peer": "lifetimes",
        "peer_s": peer_s,
        "ratio": peer_s / ours_s,
        "target": ">= 20x",
        "met": peer_s / ours_s >= 20,
        "equal": off < EQUAL,
        "note": f"each customer within {off:.0e}",
    }
