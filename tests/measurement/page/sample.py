"""Made-up reports for the page's tests: a shop like CDNOW, a growing shop, an empty one, a thin one, a hostile one."""

import re
from datetime import date
from typing import Any

from tests.measurement.page import made_up

Report = dict[str, Any]


def like_cdnow() -> Report:
    """Return a report of a shop that won its customers in one quarter and watched them for eighteen months."""
    return {
        "as_of": "1998-06-30",
        "timezone": "UTC",
        "currency": "USD",
        "generated_at": "2024-05-02T09:30:00+00:00",
        "lake_version": 7,
        "headline": {"text": "244 of 1,000 first buyers came back within eight weeks", "metric": "within_56_days"},
        "definitions": {
            "repeat_rate": "Customers with at least two orders, divided by all customers.",
            "repurchase_curve": "One minus Kaplan–Meier of the days from the first order day to the second.",
        },
        "totals": made_up.totals(),
        "retention": made_up.windows(2357, (88, 576, 952)),
        "sequence": made_up.sequence(2357),
        "repurchase_curve": made_up.curve(2357, 545, 0.49),
        "median_days_to_second": None,
        "concentration": made_up.lorenz(0.628),
        "lifecycle": made_up.lifecycle(),
        "period_retention": made_up.periods(),
        "cohorts": {"grain": "month", "rows": made_up.cohorts("month", date(1997, 1, 1), 18, (781, 857, 719))},
        "weekly_cohorts": {
            "grain": "week",
            "rows": made_up.cohorts("week", date(1997, 1, 6), 26, (180, 202, 214, 196) * 3),
        },
        "rfm": made_up.rfm(2357, 244091),
        "value_model": made_up.model(),
        "customers_late": [made_up.late(n) for n in range(25)],
        "late_total": {"count": 143, "value": "8123.45"},
        "benchmarks": [made_up.mixpanel()],
        "next_steps": made_up.next_steps(),
        "imports": {"rows": 6921, "accepted": 6919, "rejected": 1, "duplicates": 1},
    }


def growing_shop() -> Report:
    """Return a report of a shop with three years of months, wide figures, and periods that have not ended."""
    report = like_cdnow()
    start = date(2021, 7, 1)
    sizes = tuple(1400 + 90 * n for n in range(37))
    report |= {
        "as_of": "2024-07-14",
        "currency": "EUR",
        "headline": {"text": "312 of 1,000 first buyers came back within eight weeks", "metric": "within_56_days"},
        "retention": [*made_up.windows(91840, (5102, 28654, 44031)), *made_up.custom_window(91840)],
        "median_days_to_second": 214,
        "repurchase_curve": made_up.curve(91840, 1095, 0.61),
        "cohorts": {"grain": "month", "rows": made_up.cohorts("month", start, 37, sizes)},
        "lifecycle": made_up.growing_lifecycle(start),
        "rfm": made_up.rfm(112_430, 18_734_910),
    }
    report["totals"] |= {
        "orders": 402_118,
        "revenue": "18734910.55",
        "net_revenue": "17902215.10",
        "refunds": "832695.45",
        "customers": 112_430,
        "repeat_customers": 51_210,
        "guests_orders": 20_411,
        "free_orders": 0,
    }
    return report


def empty() -> Report:
    """Return the report of a shop without orders."""
    return {
        "as_of": None,
        "timezone": "UTC",
        "currency": "EUR",
        "headline": {"text": "No orders yet", "metric": None},
        "totals": {
            "orders": 0,
            "revenue": "0.00",
            "refunds": "0.00",
            "net_revenue": "0.00",
            "customers": 0,
            "repeat_rate": None,
        },
        "retention": [
            {**window, "eligible": 0, "retained": 0, **made_up.wilson(0, 0)} for window in made_up.windows(1, (0, 0, 0))
        ],
        "cohorts": {"grain": "month", "rows": []},
        "rfm": [{"segment": name, "customers": 0, "revenue": "0.00"} for name in made_up.SEGMENTS],
        "value_model": {"abstains": True, "reasons": ["There are no orders yet."]},
        "imports": {"rows": 0, "accepted": 0, "rejected": 0, "duplicates": 0},
        "lifecycle": [],
        "sequence": [],
        "repurchase_curve": [],
        "concentration": [],
        "customers_late": [],
        "next_steps": [],
        "benchmarks": [],
    }


def abstaining() -> Report:
    """Return a report whose history is too thin for the value model."""
    report = like_cdnow()
    report["value_model"] = {
        "abstains": True,
        "reasons": [
            "61 customers have ordered twice or more; the model asks for 100.",
            "The history covers 74 days; the model asks for 180.",
        ],
        "backtest": None,
    }
    return report


HOSTILE = "<script>alert('x')</script>\"><img src=https://evil.example/x onerror=alert(1)>&amp;"


def hostile() -> Report:
    """Return a report in which every text is an attack on the page."""
    report: Report = _poisoned(like_cdnow())
    return report


def _poisoned(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _poisoned(inner) for key, inner in value.items()} | (
            {HOSTILE: HOSTILE} if "within" not in value else {}
        )
    if isinstance(value, list):
        return [_poisoned(inner) for inner in value]
    keeps = isinstance(value, str) and re.fullmatch(r"[\d.:+T-]+|within_56_days|USD", value)
    return value if keeps or not isinstance(value, str) else value + HOSTILE
