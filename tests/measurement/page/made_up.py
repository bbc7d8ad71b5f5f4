"""The blocks of a made-up report: plausible figures from formulas, the same on every run."""

import math
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

Report = dict[str, Any]
SEGMENTS = (
    "Champions",
    "Loyal",
    "Potential Loyalists",
    "New",
    "Promising",
    "Need Attention",
    "About to Sleep",
    "At Risk",
    "Can't Lose",
    "Hibernating",
)


def wilson(retained: int, eligible: int) -> dict[str, float | None]:
    """Return a rate with its Wilson interval."""
    if not eligible:
        return {"rate": None, "low": None, "high": None}
    z, p = 1.959964, retained / eligible
    middle = (p + z * z / (2 * eligible)) / (1 + z * z / eligible)
    half = z * math.sqrt(p * (1 - p) / eligible + z * z / (4 * eligible**2)) / (1 + z * z / eligible)
    return {"rate": p, "low": middle - half, "high": middle + half}


def totals() -> Report:
    """Return the totals of the shop like CDNOW."""
    return {
        "orders": 6919,
        "revenue": "244091.18",
        "refunds": "1302.40",
        "net_revenue": "242788.78",
        "customers": 2357,
        "repeat_customers": 1139,
        "repeat_rate": 0.483241,
        "orders_per_customer": 2.9355,
        "average_order_value": "35.28",
        "top_10_percent_revenue_share": 0.372,
        "top_20_percent_revenue_share": 0.628,
        "first_order_on": "1997-01-01",
        "last_order_on": "1998-06-30",
        "guests_orders": 0,
        "free_orders": 18,
        "refund_share": 0.0053,
    }


def next_steps() -> list[Report]:
    """Return three pieces of advice."""
    return [
        {"title": "Write to those who are late", "why": "By their own rhythm they should have ordered.", "count": 143},
        {"title": "Ask for the second order early", "why": "Half of those who return do so by then.", "count": 1218},
        {"title": "Keep the champions close", "why": "They are few and bring most of the revenue.", "count": 214},
    ]


def windows(eligible: int, retained: tuple[int, int, int]) -> list[Report]:
    given = (("bounded_week_8", 50, 56), ("within_56_days", 1, 56), ("unbounded_day_56", 56, None))
    return [
        {
            "name": name,
            "from_day": first,
            "to_day": last,
            "eligible": eligible,
            "retained": count,
            "as_of": "1998-06-30",
            "definition": f"Ordered again on day {first}" + (f" to {last}." if last else " or any day after."),
            **wilson(count, eligible),
        }
        for (name, first, last), count in zip(given, retained, strict=True)
    ]


def custom_window(eligible: int) -> list[Report]:
    return [
        {
            "name": "days_57_112",
            "definition": "Ordered again on day 57 to 112.",
            "from_day": 57,
            "to_day": 112,
            "eligible": eligible,
            "retained": 14410,
            **wilson(14410, eligible),
        }
    ]


def sequence(customers: int) -> list[Report]:
    found, left = [], customers
    for n, rate in enumerate((0.483, 0.623, 0.691, 0.727, 0.744, 0.751, 0.77, 0.778, 0.78, 0.79), start=1):
        following = round(left * rate)
        found.append({"order_number": n, "customers": left, "next_customers": following, **wilson(following, left)})
        left = following
    return found


def curve(customers: int, last: int, end: float) -> list[Report]:
    days = [
        day for day in (0, 7, 14, 28, 30, 56, 60, 90, 120, 180, 270, 365, 455, 540, 545, 730, 900, 1095) if day <= last
    ]
    found = []
    for day in days:
        share = end * (1 - math.exp(-((day / 130) ** 0.62))) / (1 - math.exp(-((last / 130) ** 0.62)))
        half = 1.96 * math.sqrt(share * (1 - share) / customers) * (1 + day / last)
        at_risk = max(12, round(customers * (1 - share) * (1 if day < last * 0.8 else 0.01)))
        found.append(
            {"day": day, "share": share, "low": max(0.0, share - half), "high": share + half, "at_risk": at_risk}
        )
    return found


def lorenz(top_fifth: float) -> list[Report]:
    power = math.log(1 - top_fifth) / math.log(0.8)
    return [{"customer_share": n / 20, "revenue_share": 1 - (1 - n / 20) ** power} for n in range(21)]


def month(start: date, n: int) -> date:
    return date(start.year + (start.month - 1 + n) // 12, (start.month - 1 + n) % 12 + 1, 1)


def lifecycle() -> list[Report]:
    people = [
        (781, 0, 0, 0),
        (857, 101, 0, 680),
        (719, 198, 12, 760),
        (0, 221, 66, 708),
        (0, 118, 139, 169),
        (0, 110, 158, 147),
    ]
    people += [(0, 96 + n * 7 % 31, 140 + n * 13 % 37, 160 + n * 11 % 29) for n in range(12)]
    return [
        {
            "month": month(date(1997, 1, 1), n).isoformat()[:7],
            "new": new,
            "returning": returning,
            "resurrected": back,
            "dormant": gone,
            "revenue_new": f"{new * 34.1:.2f}",
            "revenue_returning": f"{(returning + back) * 38.7:.2f}",
            "complete": True,
        }
        for n, (new, returning, back, gone) in enumerate(people)
    ]


def growing_lifecycle(start: date) -> list[Report]:
    found = []
    for n in range(37):
        new, returning, back = 1400 + 90 * n, 300 + 120 * n, 150 + 80 * n
        part = 0.45 if n == 36 else 1.0
        found.append(
            {
                "month": month(start, n).isoformat()[:7],
                "new": int(new * part),
                "returning": int(returning * part),
                "resurrected": int(back * part),
                "dormant": 1100 + 95 * n,
                "revenue_new": f"{new * part * 41.2:.2f}",
                "revenue_returning": f"{(returning + back) * part * 52.9:.2f}",
                "complete": n < 36,
            }
        )
    return found


def periods() -> list[Report]:
    given = (
        ("1997-Q2", 2357, 512, 0, 512),
        ("1997-Q3", 512, 418, 0, 236),
        ("1997-Q4", 418, 404, 0, 203),
        ("1998-Q1", 404, 377, 0, 189),
        ("1998-Q2", 377, 341, 0, 168),
    )
    return [
        {
            "period": period,
            "start_customers": start,
            "end_customers": end,
            "new": new,
            "retained": kept,
            **wilson(kept, start),
            "complete": period != "1998-Q2",
        }
        for period, start, end, new, kept in given
    ]


def cohorts(grain: str, start: date, ages: int, sizes: tuple[int, ...]) -> list[Report]:
    """Return one cohort for each size; months end at one day, weeks are all watched for as long."""
    found = []
    for n, size in enumerate(sizes):
        is_month = grain == "month"
        begins = month(start, n) if is_month else start + timedelta(days=7 * n)
        level = size * (0.15 if is_month else 0.06)
        waves = [(0.45 + 0.55 * math.exp(-age / 4)) * (1 + 0.12 * math.sin(n * 2 + age * 3)) for age in range(1, ages)]
        active = [size, *(round(level * wave) for wave in waves[: ages - n - 1 if is_month else None])]
        found.append(
            {
                "cohort": begins.isoformat()[:7] if is_month else begins.isoformat(),
                "customers": size,
                "active": active,
                "complete": [age < len(active) - 1 for age in range(len(active))],
                "revenue": f"{sum(active) * 35.28:.2f}",
            }
        )
    return found


def rfm(customers: int, revenue: int) -> list[Report]:
    people = (0.09, 0.11, 0.12, 0.0, 0.06, 0.04, 0.19, 0.07, 0.01, 0.31)
    money = (0.39, 0.2, 0.1, 0.0, 0.02, 0.04, 0.07, 0.09, 0.03, 0.06)
    return [
        {
            "segment": name,
            "customers": round(customers * part),
            "revenue": str(round(Decimal(revenue) * Decimal(str(share)), 2)),
            "share": part,
        }
        for name, part, share in zip(SEGMENTS, people, money, strict=True)
    ]


def model() -> Report:
    gamma = {
        "p": 6.2496,
        "q": 3.7442,
        "v": 15.4435,
        "log_likelihood": -4055.918,
        "population_mean": 35.17,
        "correlation": 0.114,
        "independent": True,
    }
    weekly = [
        {
            "week": n,
            "expected_cumulative": 1653.4 * (n / 39) ** 0.93,
            "actual_cumulative": round(1882 * (n / 39) ** 0.97 + 14 * math.sin(n)),
        }
        for n in range(1, 40)
    ]
    weekly[-1] |= {"actual_cumulative": 1882}
    return {
        "abstains": False,
        "reasons": [],
        "model": "BG/NBD",
        "unit": "week",
        "parameters": {"r": 0.2426, "alpha": 4.4136, "a": 0.7929, "b": 2.4259},
        "intervals": {"r": [0.217, 0.271], "alpha": [3.72, 5.24], "a": [0.5, 1.25], "b": [1.37, 4.29]},
        "log_likelihood": -9582.429,
        "gamma_gamma": gamma,
        "horizon_days": 365,
        "expected_orders": {"mean": 1604.2, "low": 1391.0, "high": 1838.0},
        "expected_revenue": {"mean": "59120.40", "low": "50210.00", "high": "69480.00"},
        "backtest": {
            "calibration_end": "1997-09-30",
            "holdout_end": "1998-06-30",
            "days": 273,
            "parameters": {"r": 0.2426, "alpha": 4.4136, "a": 0.7929, "b": 2.4259},
            "log_likelihood": -9582.429,
            "expected": 1653.4,
            "low": 1476.0,
            "high": 1890.0,
            "actual": 1882,
            "correlation": 0.6256,
            "mae": 0.7855,
            "gamma_gamma": gamma,
            "weekly": weekly,
        },
    }


def late(n: int) -> Report:
    return {
        "customer_id": 1042 + 37 * n,
        "orders": 22 - n // 2,
        "last_order_on": (date(1998, 2, 3) - timedelta(days=5 * n)).isoformat(),
        "usual_gap_days": 18 + n,
        "days_since": 147 + 5 * n,
        "probability": 0.62 - 0.012 * n,
        "value": f"{912.4 - 31.7 * n:.2f}",
    }


def mixpanel() -> Report:
    return {
        "name": "Eight-week retention of apps",
        "value": "under 20%",
        "source": "Mixpanel Product Benchmarks Report",
        "year": 2017,
        "definition": "Users who trigger any event of an app in the eighth week.",
        "comparable": False,
        "caveat": "These are app events and not orders; held against this shop they say nothing.",
    }
