"""What changed: the last four weeks beside the four before, and whether that is more than noise."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from regulars.measurement.explore.look import Look, days
from regulars.measurement.report.returning import rated
from regulars.measurement.rules.change import Change, of_counts, of_sums
from regulars.measurement.rules.intervals import newcombe
from regulars.measurement.words.explored import MOVEMENT

DAYS, WITHIN = 28, 56
COUNTED = ("orders", "new_customers", "returning_orders")
NOTHING = {"orders": 0, "revenue": Decimal(0), "new_customers": 0, "returning_orders": 0}


def movement(look: Look, now: datetime) -> dict[str, Any]:
    """Return each figure of the last DAYS complete days and of the DAYS before, with its change.

    The day of now has not ended: it never counts. A shop without a complete day gets nothing but None.
    """
    day = _complete(look, now)
    began = min((one.day for one in days(look.moment) if one.orders), default=None)
    if day is None or began is None or began > day:
        return {"as_of": None, "days": DAYS, "is_comparable": False} | dict.fromkeys(MOVEMENT)
    look.day = day
    newer, older = _spans(look, day)
    return {
        "as_of": look.as_of,
        "days": DAYS,
        "from_day": (day - timedelta(days=DAYS - 1)).isoformat(),
        "before_from_day": (day - timedelta(days=2 * DAYS - 1)).isoformat(),
        "is_comparable": (is_comparable := began <= day - timedelta(days=2 * DAYS - 1)),
        "orders": _counted("orders", newer, older, is_comparable),
        "revenue": _revenue(newer, older, is_comparable),
        "new_customers": _counted("new_customers", newer, older, is_comparable),
        "returning_orders": _counted("returning_orders", newer, older, is_comparable),
        "repeat_rate": _repeat_rate(look),
    }


def _complete(look: Look, now: datetime) -> date | None:
    if look.day is None:
        return None
    today: date = look.ask("shop_day", now=now)[0][0]
    return min(look.day, today - timedelta(days=1))


Span = list[dict[str, Any]]


def _spans(look: Look, day: date) -> tuple[Span, Span]:
    """Return the last DAYS days and the DAYS before, each day with its figures, in order."""
    since = day - timedelta(days=2 * DAYS - 1)
    names = list(NOTHING)
    known = {
        one.day: dict(zip(names, (one.orders, one.gross, one.new, one.returning), strict=True))
        for one in days(look.moment)
    }
    span = [known.get(since + timedelta(days=n), NOTHING) for n in range(2 * DAYS)]
    return span[DAYS:], span[:DAYS]


def _counted(name: str, newer: Span, older: Span, is_comparable: bool) -> dict[str, Any]:
    now, before = [int(day[name]) for day in newer], [int(day[name]) for day in older]
    change = of_counts(now, before) if is_comparable else None
    return _told(name, sum(now), sum(before) if is_comparable else None, change)


def _revenue(newer: Span, older: Span, is_comparable: bool) -> dict[str, Any]:
    now, before = [day["revenue"] for day in newer], [day["revenue"] for day in older]
    change = of_sums(_floats(now), _floats(before)) if is_comparable else None
    return _told("revenue", _text(now), _text(before) if is_comparable else None, change)


def _floats(amounts: Sequence[Decimal]) -> list[float]:
    return [float(amount) for amount in amounts]


def _text(amounts: Sequence[Decimal]) -> str:
    return f"{sum(amounts, Decimal(0)):.4f}"


def _told(name: str, now: object, before: object, change: Change | None) -> dict[str, Any]:
    return {
        "now": now,
        "before": before,
        "change": change.change if change else None,
        "low": change.low if change else None,
        "high": change.high if change else None,
        "is_more_than_noise": change.is_more_than_noise if change else None,
        "definition": MOVEMENT[name],
    }


def _repeat_rate(look: Look) -> dict[str, Any]:
    found = look.sums("movement_rate", 1, days=DAYS, within=WITHIN)
    counts = {is_newest: (int(eligible), int(retained)) for is_newest, eligible, retained in found}
    newest, before = counts.get(True, (0, 0)), counts.get(False, (0, 0))
    rate, earlier = rated("eligible", *newest), rated("eligible", *before)
    bounds = newcombe(newest[::-1], before[::-1])
    change = None if bounds is None else Change(rate["rate"] - earlier["rate"], *bounds)
    return {
        **_told("repeat_rate", rate["rate"], earlier["rate"], change),
        "newest": rate,
        "earlier": earlier,
    }
