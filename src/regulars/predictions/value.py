"""The value model of a shop: BG/NBD and Gamma-Gamma, tried on the shop's own past, with reasons when it abstains."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import numpy as np

from regulars.core import sql
from regulars.core.lake.moment import Moment
from regulars.predictions.rules import abstention
from regulars.predictions.rules.bg_nbd import BgNbd, DidNotConverge, fit_histories
from regulars.predictions.rules.gamma_gamma import GammaGamma, fit_gamma_gamma
from regulars.predictions.rules.histories import Histories, counted
from regulars.predictions.rules.uncertainty import Interval, total_interval

HORIZON_DAYS = 365
HIDDEN_SHARE = 0.25


@dataclass(frozen=True)
class Past:
    """What was known at a day, and what came after it: later order days of each distinct history."""

    histories: Histories
    place: np.ndarray[Any, np.dtype[np.int64]]
    later: np.ndarray[Any, np.dtype[np.float64]]
    counts: np.ndarray[Any, np.dtype[np.float64]]


def value_model(moment: Moment, as_of: date, calibration_end: date | None) -> dict[str, Any]:
    """Return parameters, the orders and revenue expected in a year with intervals, and the back-test; or why not.

    calibration_end is the last day that the back-test may see; None hides the last quarter of calendar time.
    """
    evidence = abstention.Evidence(*moment.rows(_query("evidence"), until=as_of)[0])
    reasons = abstention.reasons(evidence)
    blank = {"model": "BG/NBD", "unit": "week", "parameters": {}, "log_likelihood": None, "backtest": None}
    if reasons:
        return {"abstains": True, "reasons": reasons, **blank}
    try:
        return {"abstains": False, "reasons": [], **_fitted(moment, as_of, calibration_end)}
    except DidNotConverge as reason:
        return {"abstains": True, "reasons": [f"the model does not fit this shop: {reason}"], **blank}


def _fitted(moment: Moment, as_of: date, calibration_end: date | None) -> dict[str, Any]:
    past = _past(moment, as_of, as_of)
    model = fit_histories(past.histories)
    backtest = _backtest(moment, as_of, calibration_end or _default_end(moment, as_of))
    error = (backtest["expected"] - backtest["actual"]) / backtest["actual"] if backtest and backtest["actual"] else None
    orders = total_interval(model, past.histories, HORIZON_DAYS, error)
    spending = _spending(moment, as_of)
    revenue = _revenue(moment, as_of, model, spending) if spending else None
    return {
        "model": "BG/NBD",
        "unit": "week",
        "parameters": model.parameters,
        "log_likelihood": model.log_likelihood,
        "customers": model.n_customers,
        "horizon_days": HORIZON_DAYS,
        "expected_orders": _span(orders),
        "expected_revenue": _scaled(orders, revenue) if revenue is not None else None,
        "gamma_gamma": _described(spending),
        "backtest": backtest,
    }


def _backtest(moment: Moment, as_of: date, end: date) -> dict[str, Any] | None:
    """Fit on what was known at the end of calibration, predict to as_of, compare; None when nothing lies between."""
    days = (as_of - end).days
    if days < 1:
        return None
    past = _past(moment, end, as_of)
    try:
        model = fit_histories(past.histories)
    except DidNotConverge:
        return None
    h = past.histories
    expected = model.expected_purchases(days, h.frequency, h.recency, h.T)[past.place]
    interval = total_interval(model, h, days)
    return {
        "calibration_end": end.isoformat(),
        "holdout_end": as_of.isoformat(),
        "days": days,
        "customers": model.n_customers,
        "parameters": model.parameters,
        "log_likelihood": model.log_likelihood,
        "expected": float(expected @ past.counts),
        "low": interval.low,
        "high": interval.high,
        "actual": float(past.later @ past.counts),
        "correlation": _correlation(expected, past.later, past.counts),
        "mae": float((np.abs(expected - past.later) @ past.counts) / past.counts.sum()),
        "gamma_gamma": _described(_spending(moment, end)),
        "weekly": _weekly(moment, as_of, end, model, h),
    }


def _past(moment: Moment, until: date, as_of: date) -> Past:
    rows = moment.arrays(_query("histories"), until=until, as_of=as_of)
    counts = np.asarray(rows["counts"], dtype=np.float64)
    columns = [np.asarray(rows[name], dtype=np.int64) for name in ("frequency", "recency", "T")]
    histories = counted(*columns, counts)
    keys = {key: place for place, key in enumerate(zip(*(_lists(histories)), strict=True))}
    place = np.fromiter((keys[key] for key in zip(*(column.tolist() for column in columns), strict=True)), np.int64)
    return Past(histories, place, np.asarray(rows["later"], dtype=np.float64), counts)


def _lists(histories: Histories) -> list[list[int]]:
    return [histories.frequency.tolist(), histories.recency.tolist(), histories.T.tolist()]


def _weekly(moment: Moment, as_of: date, end: date, model: BgNbd, h: Histories) -> list[dict[str, Any]]:
    """Return expected and actual order days, summed up week by week after the end of calibration."""
    came = dict(moment.rows(_query("weekly"), until=end, as_of=as_of))
    weeks = -(-(as_of - end).days // 7)
    step = max(weeks // 26, 1)
    rows, total = [], 0
    for week in range(1, weeks + 1):
        total += came.get(week, 0)
        if week % step == 0 or week == weeks:
            days = min(week * 7, (as_of - end).days)
            expected = float(model.expected_purchases(days, h.frequency, h.recency, h.T) @ h.counts)
            rows.append({"week": week, "expected_cumulative": expected, "actual_cumulative": total})
    return rows


def _spending(moment: Moment, until: date) -> GammaGamma | None:
    rows = moment.arrays(_query("spending"), until=until)
    try:
        return fit_gamma_gamma(rows["frequency"], rows["mean_value"], rows["counts"])
    except DidNotConverge:
        return None


def _revenue(moment: Moment, as_of: date, model: BgNbd, spending: GammaGamma) -> float:
    """Return expected gross of the horizon: each customer's expected orders times his expected order value."""
    rows = moment.arrays(_query("spending_of_all"), until=as_of)
    orders = model.expected_purchases(HORIZON_DAYS, rows["frequency"], rows["recency"], rows["T"])
    values = spending.expected_value(rows["frequency"], rows["mean_value"])
    return float((orders * values) @ rows["counts"])


def _scaled(orders: Interval, revenue: float) -> dict[str, float]:
    """Return the revenue with the relative interval of the orders: the value per order adds little to it."""
    each = revenue / orders.mean if orders.mean else 0.0
    return {"mean": revenue, "low": orders.low * each, "high": orders.high * each}


def _span(interval: Interval) -> dict[str, float]:
    return {"mean": interval.mean, "low": interval.low, "high": interval.high}


def _described(spending: GammaGamma | None) -> dict[str, Any] | None:
    if spending is None:
        return None
    return {
        "p": spending.p,
        "q": spending.q,
        "v": spending.v,
        "log_likelihood": spending.log_likelihood,
        "population_mean": spending.population_mean,
        "correlation": spending.correlation,
        "independent": spending.independent,
    }


def _correlation(left: Any, right: Any, weights: Any) -> float | None:
    total = weights.sum()
    x, y = left - (left @ weights) / total, right - (right @ weights) / total
    spread = float(np.sqrt(((x * x) @ weights) * ((y * y) @ weights)))
    return float((x * y) @ weights) / spread if spread else None


def _default_end(moment: Moment, as_of: date) -> date:
    first, _ = moment.rows(_query("span"), as_of=as_of)[0]
    return as_of - timedelta(days=round((as_of - first).days * HIDDEN_SHARE))


def _query(name: str) -> str:
    return sql.load("regulars.predictions")[name]
