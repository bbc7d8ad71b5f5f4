"""Curves of coming back: a rate for every period after the first order, for everybody or group by group."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Literal

from regulars.measurement.explore.look import FEW, Look, checked
from regulars.measurement.explore.sizes import label_sizes
from regulars.measurement.report.returning import rated
from regulars.measurement.words.explored import CURVES

Kind = Literal["within", "bounded", "unbounded"]


@dataclass(frozen=True)
class Curves:
    """Which curves: the kind of window, so many periods of so many days, by which dimension (None: everybody), and how
    many groups stand alone (the largest; of months the newest), the others being taken together.

    within: ordered again by the end of the period; bounded: ordered in it; unbounded: ordered on its last day or later.
    """

    kind: Kind = "within"
    by: str | None = None
    every: int = 7
    periods: int = 12
    top: int = 6

    def window(self, period: int) -> tuple[int, int | None]:
        """Return the days after the first order that count for a period, None for no end."""
        last = period * self.every
        if self.kind == "unbounded":
            return last, None
        return (1 if self.kind == "within" else last - self.every + 1), last


@dataclass(frozen=True)
class _Line:
    """A group: its place in the queries' answers, its value (None: everybody or all others), its customers."""

    place: int
    name: Literal["all", "value", "other"]
    value: str | None
    customers: int


def retention_curves(look: Look, asked: Curves) -> dict[str, Any]:
    """Return for each group and period the share that came, of the customers whose window has closed."""
    if asked.every < 1 or asked.periods < 1:
        raise ValueError("give periods of 1 day or more, and 1 period or more")
    lines = [] if look.day is None else _looked_at(look, asked)
    watched, came = (
        ({}, {}) if look.day is None else (_counts(look, asked, "watched"), _counts(look, asked, asked.kind))
    )
    return {
        "as_of": look.as_of,
        "kind": asked.kind,
        "by": asked.by,
        "every": asked.every,
        "periods": asked.periods,
        "definition": CURVES[asked.kind],
        "groups": [_group(asked, line, watched, came) for line in lines],
    }


def _looked_at(look: Look, asked: Curves) -> list[_Line]:
    if asked.by is None:
        look.everybody()
        return [_Line(0, "all", None, sum(n for _, n in label_sizes(look, "discount")))]
    sizes = dict(label_sizes(look, checked(asked.by)))
    chosen = sorted(sizes)[-asked.top :] if asked.by == "month" else list(sizes)[: asked.top]
    look.each(asked.by, chosen)
    lines = [_Line(place, "value", value, sizes[value]) for place, value in enumerate(chosen, 1)]
    others = sum(sizes.values()) - sum(line.customers for line in lines)
    return [*lines, _Line(0, "other", None, others)] if others else lines


def _counts(look: Look, asked: Curves, name: str) -> dict[tuple[int, int], int]:
    """Return how many customers of a place count for a period, from rows that count for a span of periods."""
    found: dict[tuple[int, int], int] = {}
    for place, low, high, customers in look.sums(f"curve_{name}", 3, every=asked.every, periods=asked.periods):
        for period in range(int(low), int(high) + 1):
            found[place, period] = found.get((place, period), 0) + int(customers)
    return found


def _group(
    asked: Curves, line: _Line, watched: dict[tuple[int, int], int], came: dict[tuple[int, int], int]
) -> dict[str, Any]:
    return {
        "name": line.name,
        "value": line.value,
        "customers": line.customers,
        "few": line.customers < FEW,
        "points": list(_points(asked, line.place, watched, came)),
    }


def _points(
    asked: Curves, place: int, watched: dict[tuple[int, int], int], came: dict[tuple[int, int], int]
) -> Iterable[dict[str, Any]]:
    for period in range(1, asked.periods + 1):
        eligible = watched.get((place, period), 0)
        if eligible:
            first, last = asked.window(period)
            row = rated("eligible", eligible, came.get((place, period), 0))
            yield {"period": period, "from_day": first, "to_day": last, **row, "few": eligible < FEW}
