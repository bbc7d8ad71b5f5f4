"""The value model on trial: fitted on the history up to a day, asked about the time after it."""

from dataclasses import asdict
from typing import Any

import numpy as np

from regulars.predictions.known import Known
from regulars.predictions.rules.bg_nbd import BgNbd, DidNotConverge, fit_histories
from regulars.predictions.rules.gamma_gamma import GammaGamma, fit_gamma_gamma
from regulars.predictions.rules.histories import Floats, Histories
from regulars.predictions.rules.uncertainty import total_interval


def backtest(known: Known) -> dict[str, Any] | None:
    """Return what was predicted and what came; None when nothing is hidden or what is left tells too little.

    Counted are order days after known.until of the customers known by then.
    """
    days = (known.as_of - known.until).days
    rows = known.arrays("histories_known")
    past, later = histories(rows), np.asarray(rows["later"], dtype=np.float64)
    try:
        model = fit_histories(past)
    except DidNotConverge:
        return None
    if days < 1:
        return None
    expected = model.expected_purchases(days, past.frequency, past.recency, past.T)
    interval = total_interval(model, past, days)
    return {
        "calibration_end": known.until.isoformat(),
        "holdout_end": known.as_of.isoformat(),
        "days": days,
        "customers": int(model.n_customers),
        "parameters": model.parameters,
        "log_likelihood": model.log_likelihood,
        "expected": float(expected @ past.counts),
        "low": interval.low,
        "high": interval.high,
        "actual": int(later @ past.counts),
        "correlation": _correlation(expected, later, past.counts),
        "mae": float((np.abs(expected - later) @ past.counts) / past.counts.sum()),
        "gamma_gamma": described(spending(known.arrays("spending_known"))),
        "weekly": _weekly(known, model, past),
    }


def histories(rows: dict[str, Any]) -> Histories:
    """Return the queried histories as the models take them."""
    frequency, recency, age = (np.asarray(rows[name], dtype=np.int64) for name in ("frequency", "recency", "T"))
    return Histories(frequency, recency, age, np.asarray(rows["counts"], dtype=np.float64))


def spending(rows: dict[str, Any]) -> GammaGamma | None:
    """Return the order values' model, None where too few customers came back for one."""
    try:
        return fit_gamma_gamma(rows["frequency"], rows["mean_value"])
    except DidNotConverge:
        return None


def described(found: GammaGamma | None) -> dict[str, Any] | None:
    """Return the model of order values as plain values."""
    if found is None:
        return None
    return {**asdict(found), "population_mean": found.population_mean, "independent": found.independent}


def _weekly(known: Known, model: BgNbd, past: Histories) -> list[dict[str, Any]]:
    """Return expected and actual order days, added up over at most about fifty weeks."""
    came = dict(known.rows("weekly"))
    days = (known.as_of - known.until).days
    weeks = -(-days // 7)
    step = max(weeks // 26, 1)
    rows, total = [], 0
    for week in range(1, weeks + 1):
        total += came.get(week, 0)
        if week % step == 0 or week == weeks:
            after = min(week * 7, days)
            expected = float(model.expected_purchases(after, past.frequency, past.recency, past.T) @ past.counts)
            rows.append({"week": week, "expected_cumulative": expected, "actual_cumulative": total})
    return rows


def _correlation(left: Floats, right: Floats, weights: Floats) -> float | None:
    total = weights.sum()
    x, y = left - (left @ weights) / total, right - (right @ weights) / total
    spread = float(np.sqrt(((x * x) @ weights) * ((y * y) @ weights)))
    return float((x * y) @ weights) / spread if spread else None
