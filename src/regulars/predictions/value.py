"""The value model of a shop: BG/NBD and Gamma-Gamma, tried on the shop's own past, with reasons when it abstains."""

from dataclasses import asdict
from typing import Any

import numpy as np

from regulars.predictions import backtest, fitted
from regulars.predictions.known import Known
from regulars.predictions.rules.bg_nbd import BgNbd, DidNotConverge, sandwich
from regulars.predictions.rules.gamma_gamma import GammaGamma
from regulars.predictions.rules.histories import Histories
from regulars.predictions.rules.uncertainty import Interval, total_interval

HORIZON_DAYS = 365
Z95 = 1.959963984540054


def value_model(known: Known) -> dict[str, Any]:
    """Return parameters, the orders and revenue expected in a year with intervals, and the back-test; or why not."""
    return known.once("value model", lambda: _value_model(known))


def _value_model(known: Known) -> dict[str, Any]:
    model, reasons = fitted.model_of_value(known)
    if model is not None:
        try:
            return {"abstains": False, "reasons": [], **_worth(known, model, fitted.histories(known))}
        except DidNotConverge as reason:
            reasons = [f"the model does not fit this shop: {reason}"]
    blank: dict[str, Any] = {"parameters": {}, "log_likelihood": None, "backtest": None}
    return {"abstains": True, "reasons": reasons, "model": "BG/NBD", "unit": "week", **blank}


def _worth(known: Known, model: BgNbd, histories: Histories) -> dict[str, Any]:
    test = backtest.backtest(known)
    error = (test["expected"] - test["actual"]) / test["actual"] if test and test["actual"] else None
    orders = total_interval(model, histories, HORIZON_DAYS, error)
    spending = fitted.model_of_spending(known)
    return {
        "model": "BG/NBD",
        "unit": "week",
        "parameters": model.parameters,
        "intervals": _intervals(model, histories),
        "log_likelihood": model.log_likelihood,
        "customers": int(model.n_customers),
        "horizon_days": HORIZON_DAYS,
        "expected_orders": asdict(orders),
        "expected_revenue": _revenue(known, model, spending, orders) if spending else None,
        "gamma_gamma": backtest.described(spending),
        "backtest": test,
    }


def _intervals(model: BgNbd, histories: Histories) -> dict[str, list[float]]:
    """Return robust 95 % intervals of the parameters, made on the log scale."""
    spread = Z95 * np.sqrt(np.diag(sandwich(model, histories)))
    return {
        name: [float(value * np.exp(-one)), float(value * np.exp(one))]
        for (name, value), one in zip(model.parameters.items(), spread, strict=True)
    }


def _revenue(known: Known, model: BgNbd, spending: GammaGamma, orders: Interval) -> dict[str, float]:
    """Return the gross expected within the horizon: each customer's expected orders times the expected order value.

    The interval is the orders', relatively: the value per order adds little to it.
    """
    rows = known.arrays("worth")
    expected = model.expected_purchases(HORIZON_DAYS, rows["frequency"], rows["recency"], rows["T"])
    mean = float(expected @ spending.expected_value(rows["frequency"], rows["mean_value"]))
    each = mean / orders.mean if orders.mean else 0.0
    return {"mean": mean, "low": orders.low * each, "high": orders.high * each}
