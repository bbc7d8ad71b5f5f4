"""Reading a report's plain dict without trusting it: a missing or broken value is None or empty, never an error."""

import math
from collections.abc import Mapping
from datetime import date
from typing import Any

Report = Mapping[str, Any]
BEYOND = 1e15  # no figure of a shop gets here; what does is broken


def number(value: object) -> float | None:
    """Return a number from a number or a decimal text, None from anything else and from what no shop can reach.

    >>> number("12.50"), number(3), number(True), number("n/a"), number(float("nan")), number(1e25), number(None)
    (12.5, 3.0, None, None, None, None, None)
    """
    if isinstance(value, bool) or value is None:
        return None
    try:
        found = float(value)  # type: ignore[arg-type]  # whatever float() refuses is not a number
    except (TypeError, ValueError):
        return None
    return found if math.isfinite(found) and abs(found) < BEYOND else None


def amount(value: object) -> float:
    """Return a number as number() does, zero when there is none.

    >>> amount("7"), amount(None)
    (7.0, 0.0)
    """
    return number(value) or 0.0


def block(report: Report, *path: str) -> Report:
    """Return the dict found under a path of keys, an empty one when there is none.

    >>> block({"totals": {"orders": 3}}, "totals"), block({"totals": None}, "totals", "more")
    ({'orders': 3}, {})
    """
    found: object = report
    for key in path:
        found = found.get(key) if isinstance(found, Mapping) else None
    return found if isinstance(found, Mapping) else {}


def rows(report: Report, *path: str) -> list[Report]:
    """Return the dicts of the list found under a path of keys.

    >>> rows({"cohorts": {"rows": [{"cohort": "2024-01"}, None]}}, "cohorts", "rows"), rows({}, "rfm")
    ([{'cohort': '2024-01'}], [])
    """
    found = block(report, *path[:-1]).get(path[-1])
    return [row for row in found if isinstance(row, Mapping)] if isinstance(found, list | tuple) else []


def items(report: Report, key: str) -> list[Any]:
    """Return the list under a key, an empty one when there is none.

    >>> items({"active": [3, 1]}, "active"), items({"active": "31"}, "active")
    ([3, 1], [])
    """
    found = report.get(key)
    return list(found) if isinstance(found, list | tuple) else []


def text(value: object) -> str:
    """Return a value as text, an empty one for None.

    >>> text("Ann"), text(7), text(None)
    ('Ann', '7', '')
    """
    return "" if value is None else str(value)


def day(value: object) -> date | None:
    """Return the date at the head of an ISO date or instant; a bare month is its first day.

    >>> day("1998-06-30"), day("1998-06-30T10:00:00+00:00"), day("1998-06"), day("soon")
    (datetime.date(1998, 6, 30), datetime.date(1998, 6, 30), datetime.date(1998, 6, 1), None)
    """
    if isinstance(value, date):
        return value
    head = text(value)[:10]
    try:
        return date.fromisoformat(head + "-01" if len(head) == 7 else head)
    except ValueError:
        return None
