"""What the predictions floor says: segments, expected value, customers who are late; with the money written out."""

from decimal import Decimal
from typing import Any

from regulars.measurement.report.asked import Ground, Setting
from regulars.measurement.report.totals import share
from regulars.predictions import SEGMENTS, api as predictions


def predicted(ground: Ground) -> dict[str, Any]:
    """Return the segments, the value model with its back-test, and the customers who are late."""
    setting = ground.setting
    known = predictions.known(ground.moment, ground.as_of, ground.question.calibration_end)
    late = predictions.late_customers(known)
    return {
        "rfm": segments(predictions.rfm_summary(known), setting),
        "value_model": _worth(predictions.value_model(known), setting),
        "customers_late": _named(late["customers"], setting),
        "late_total": {
            "count": late["count"],
            "value": setting.money(late["value"]),
            "lost": late["lost"],
            "reason": late["reason"],
        },
    }


def _named(rows: list[dict[str, Any]], setting: Setting) -> list[dict[str, Any]]:
    names = setting.names([row["customer_id"] for row in rows])
    return [{**row, "customer": names.get(row["customer_id"]), "value": setting.money(row["value"])} for row in rows]


def nothing(setting: Setting) -> dict[str, Any]:
    """Return these parts for a shop without orders."""
    empty = [{"segment": name, "customers": 0, "revenue": Decimal(0), "share": None} for name in SEGMENTS]
    return {
        "rfm": segments(empty, setting),
        "value_model": {"abstains": True, "reasons": ["There are no orders yet."], "model": "BG/NBD", "backtest": None},
        "customers_late": [],
        "late_total": {"count": 0, "value": setting.money(Decimal(0)), "lost": 0, "reason": None},
    }


def segments(rows: list[dict[str, Any]], setting: Setting) -> list[dict[str, Any]]:
    """Return the ten segments with their revenue as text and its share of the whole."""
    whole = sum((row["revenue"] for row in rows), Decimal(0))
    return [
        {**row, "revenue": setting.money(row["revenue"]), "revenue_share": share(row["revenue"], whole)} for row in rows
    ]


def _worth(model: dict[str, Any], setting: Setting) -> dict[str, Any]:
    revenue = model.get("expected_revenue")
    if revenue is None:
        return model
    written = {name: setting.money(Decimal(str(value))) for name, value in revenue.items()}
    return {**model, "expected_revenue": written}
