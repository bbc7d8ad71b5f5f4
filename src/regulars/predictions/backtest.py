"""The value model on trial: fitted on the history up to a day, asked about the time after it."""

from dataclasses import asdict
from typing import Any

import numpy as np

from regulars.predictions.known import Known
from regulars.predictions.rules.backtest import compare
from regulars.predictions.rules.bg_nbd import BgNbd, DidNotConverge, fit_histories
from regulars.predictions.rules.gamma_gamma import GammaGamma, fit_gamma_gamma
from regulars.predictions.rules.histories import Histories
from regulars.predictions.rules.uncertainty import total_interval

DRAWN_ON = 20_000


def backtest(known: Known) -> dict[str, Any] | None:
    """Return what was predicted and what came; None when nothing is hidden or what is left tells too little.

    Counted are order days after known.until of the customers known by then.
    """
    days = (known.as_of - known.until).days
    known.lay_out("lives_known")
    rows = known.arrays("histories_known")
    past = histories(rows)
    if days < 1:
        return None
    try:
        model = fit_histories(past)
        interval = total_interval(model, past, days)
    except DidNotConverge:
        return None
    expected = model.expected_purchases(days, past.frequency, past.recency, past.T)
    found = compare(expected, rows["later"], past.counts)
    return {
        "calibration_end": known.until.isoformat(),
        "holdout_end": known.as_of.isoformat(),
        "days": days,
        "customers": int(model.n_customers),
        "parameters": model.parameters,
        "log_likelihood": model.log_likelihood,
        "expected": found.expected,
        "low": interval.low,
        "high": interval.high,
        "actual": int(found.actual),
        "correlation": found.correlation,
        "mae": found.mae,
        "gamma_gamma": described(spending(known.arrays("spending_known"))),
        "weekly": _weekly(known, model, past, found.expected),
    }


def histories(rows: dict[str, Any]) -> Histories:
    """Return the queried histories as the models take them."""
    frequency, recency, age = (np.asarray(rows[name], dtype=np.int64) for name in ("frequency", "recency", "T"))
    return Histories(frequency, recency, age, np.asarray(rows["counts"], dtype=np.float64))


def spending(rows: dict[str, Any]) -> GammaGamma | None:
    """Return the order values' model, None where too few customers came back for one."""
    try:
        return fit_gamma_gamma(rows["frequency"], rows["mean_value"], rows["counts"])
    except DidNotConverge:
        return None


def described(found: GammaGamma | None) -> dict[str, Any] | None:
    """Return the model of order values as plain values."""
    if found is None:
        return None
    return {**asdict(found), "population_mean": found.population_mean, "independent": found.independent}


def _weekly(known: Known, model: BgNbd, past: Histories, whole: float) -> list[dict[str, Any]]:
    """Return expected and actual order days, added up, at fifty weeks or fewer; the last one expects the whole.

    The way there is drawn by an even choice of the histories.
    """
    came = dict(known.rows("weekly"))
    days = (known.as_of - known.until).days
    some = slice(None, None, max(past.counts.size // DRAWN_ON, 1))
    h = Histories(past.frequency[some], past.recency[some], past.T[some], past.counts[some])

    def expected(after: int) -> float:
        return float(model.expected_purchases(after, h.frequency, h.recency, h.T) @ h.counts)

    weeks, each = -(-days // 7), whole / expected(days)
    step = max(weeks // 26, 1)
    return [
        {
            "week": week,
            "expected_cumulative": expected(min(week * 7, days)) * each,
            "actual_cumulative": sum(found for earlier, found in came.items() if earlier <= week),
        }
        for week in range(1, weeks + 1)
        if week % step == 0 or week == weeks
    ]
