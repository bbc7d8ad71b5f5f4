"""What the predictions find in a made shop, beside what is true of it: each figure as (low, value, high)."""

from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import duckdb
import numpy as np

from regulars.measurement.rules.intervals import wilson
from regulars.predictions import api as predictions, fit_rhythm
from regulars.predictions.rules.late import LATE
from regulars.simulator import api as simulator
from tests.measurement.stand_in import TABLES, Lake

UNTIL = date(2025, 11, 24)
CUSTOMERS = 1_500
WINDOW = 56
SALES = r"""
CREATE TABLE sales AS
SELECT regexp_extract(any_value(email), '(\d+)@', 1)::BIGINT AS customer_id, any_value(ordered_at)[:10]::DATE AS day,
    any_value(total)::DECIMAL(18, 4) AS gross, any_value(refunded)::DECIMAL(18, 4) AS refunded,
    any_value(refunded_at)[:10]::DATE AS back_on
FROM read_csv($orders, all_varchar = true) GROUP BY order_id
"""
FIGURES = (
    "second order within 56 days",
    "orders to expect in a year",
    "orders that came in a year",
    "late, of those with a rhythm",
    "still active, of the late",
    "late, of the active",
)
Span = tuple[float, float, float]


@dataclass(frozen=True)
class Found:
    """A shop's figures by name, and the error of the forecast's mean as a share of the true total."""

    spans: dict[str, Span]
    forecast_error: float

    def holds(self, name: str) -> bool:
        low, value, high = self.spans[name]
        return low <= value <= high


def found(folder: Path, seed: int, customers: int = CUSTOMERS) -> Found:
    """Make a shop and read its orders into a lake; no database is needed."""
    plan = simulator.Plan(until=UNTIL, customers=customers, seed=seed)
    files = simulator.write(plan, folder)
    true = simulator.truth_of_customers(folder)
    with duckdb.connect() as con:
        con.execute("SET threads = 1")
        con.execute(SALES, {"orders": str(files.orders)})
        con.execute(TABLES)
        known = predictions.known(Lake(con), plan.ends)  # type: ignore[arg-type]
        back = con.execute(
            "SELECT count(DISTINCT customer_id) FILTER (n = 2 AND age <= 56), count(DISTINCT customer_id) "
            "FROM order_days WHERE first_day <= $last",
            {"last": plan.ends - timedelta(days=WINDOW)},
        ).fetchone()
        first = {
            f"K{who}": day for who, day in con.execute("SELECT customer_id, first_day FROM customer_sum").fetchall()
        }
        closed = [who for who, day in first.items() if day <= plan.ends - timedelta(days=WINDOW)]
        assert back is not None
        assert back[1] == len(closed)
        spans = {"second order within 56 days": _share(back[0], back[1], _mean(true, closed, "second_within_56_days"))}
        ahead = _ahead(predictions.value_model(known), true)
        return Found(spans | ahead[0] | _lateness(known, true), ahead[1])


def shares(folder: Path, seeds: range) -> dict[str, float]:
    """Return for each figure the share of shops in which the interval holds the truth."""
    shops = [found(folder / str(seed), seed) for seed in seeds]
    return {name: float(np.mean([shop.holds(name) for shop in shops])) for name in FIGURES}


def _ahead(model: dict[str, Any], true: dict[str, dict[str, str]]) -> tuple[dict[str, Span], float]:
    nothing: dict[str, Any] = {"mean": np.nan, "low": np.nan, "high": np.nan}  # holds no truth, and is counted so
    orders = nothing if model["abstains"] else model["expected_orders"]
    expected = sum(float(row["expected_orders_365_days"]) for row in true.values())
    came = sum(int(row["orders_next_365_days"]) for row in true.values())
    spans = {
        "orders to expect in a year": (orders["low"], expected, orders["high"]),
        "orders that came in a year": (orders["low"], came, orders["high"]),
    }
    return spans, orders["mean"] / expected - 1.0


def _lateness(known: predictions.Known, true: dict[str, dict[str, str]]) -> dict[str, Span]:
    """Compare the fitted rhythm with the process: how many are late, and of the late how many still come.

    Late by the process is who would have come by now with 90 % at his true pace, were he still active.
    """
    rhythm, rows = fit_rhythm(**known.arrays("shop_rhythm")), known.arrays("rhythms")
    history = rows["n_gaps"], rows["sum_gaps"], rows["silence"]
    called, active = rhythm.returned_by_now(*history) >= LATE, rhythm.active(*history)
    told = predictions.late_customers(known)
    assert told["count"] + told["lost"] == called.sum()
    mine = [true[f"K{who}"] for who in rows["customer_id"]]
    late = np.array([float(row["returned_by_now"]) >= LATE for row in mine])
    still = np.array([row["active"] == "1" for row in mine])
    return {
        "late, of those with a rhythm": _share(called.sum(), called.size, late.mean()),
        "still active, of the late": _share((called & still).sum(), called.sum(), active[called].mean()),
        "late, of the active": _share((called & still).sum(), still.sum(), active[called].sum() / active.sum()),
    }


def _share(hits: int, total: int, value: float) -> Span:
    low, high = wilson(int(hits), int(total)) or (0.0, 1.0)
    return low, float(value), high


def _mean(true: dict[str, dict[str, str]], who: list[str], name: str) -> float:
    return float(np.mean([float(true[one][name]) for one in who]))
