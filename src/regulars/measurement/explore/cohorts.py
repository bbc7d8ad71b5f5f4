"""The cohort heat map: customers by the month or week of their first order, and what they did since."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, Literal

from regulars.measurement.explore.look import Group, Look, told
from regulars.measurement.report.returning import rated
from regulars.measurement.rules.calendar import ends_on, monday, month_name, month_number
from regulars.measurement.words.explored import COHORTS

EPOCH = date(1970, 1, 1)
Measure = Literal["active", "returned", "revenue", "cumulative"]


@dataclass(frozen=True)
class Cohorts:
    """Which heat map: so many newest cohorts, and for each so many periods, its own one included.

    active: ordered in the period; returned: had ordered on a second day by its end; revenue: of the period;
    cumulative: up to its end, per customer.
    """

    grain: Literal["month", "week"] = "month"
    measure: Measure = "active"
    group: Group | None = None
    periods: int = 13
    newest: int = 24


@dataclass
class Cell:
    """What a cohort did in a period."""

    buyers: int = 0
    seconds: int = 0
    gross: Decimal = Decimal(0)


@dataclass(frozen=True)
class Cohort:
    """A cohort with its periods up to the as-of day; sums up to each, as all measures need them."""

    number: int
    cells: tuple[Cell, ...]

    @property
    def customers(self) -> int:
        """Return how many began in the cohort's own period."""
        return self.cells[0].buyers

    def returned(self, period: int) -> int:
        """Return how many had a second order day by the end of a period."""
        return sum(cell.seconds for cell in self.cells[: period + 1])

    def earned(self, period: int) -> Decimal:
        """Return what the cohort had spent by the end of a period."""
        return sum((cell.gross for cell in self.cells[: period + 1]), Decimal(0))


def cohorts(look: Look, asked: Cohorts) -> dict[str, Any]:
    """Return the heat map and, per period, the mean over the cohorts for which it has ended."""
    found = [] if look.day is None else _read(look, asked)
    rows = [_row(look, asked, cohort) for cohort in found]
    return {
        "as_of": look.as_of,
        "grain": asked.grain,
        "measure": asked.measure,
        "group": told(asked.group),
        "definition": COHORTS[asked.measure],
        "rows": rows,
        "average": _averages(look, asked, found),
    }


def _read(look: Look, asked: Cohorts) -> list[Cohort]:
    look.only(asked.group)
    assert look.day is not None
    begin = _first_day(asked, _number(asked, look.day) - _step(asked) * (asked.newest - 1))
    cells: dict[int, dict[int, Cell]] = defaultdict(dict)
    for number, period, *counts in look.sums(f"cohort_{asked.grain}s", 2, since=begin, periods=asked.periods):
        cells[int(number)][int(period)] = Cell(*counts)
    lengths = {number: (_number(asked, look.day) - number) // _step(asked) + 1 for number in cells}
    return [
        Cohort(number, tuple(row.get(period, Cell()) for period in range(min(asked.periods, lengths[number]))))
        for number, row in sorted(cells.items())
    ]


def _step(asked: Cohorts) -> int:
    return 1 if asked.grain == "month" else 7


def _number(asked: Cohorts, day: date) -> int:
    return month_number(day) if asked.grain == "month" else (monday(day) - EPOCH).days


def _first_day(asked: Cohorts, number: int) -> date:
    if asked.grain == "week":
        return EPOCH + timedelta(days=number)
    return ends_on(max(number, 13) - 1) + timedelta(days=1)


def _name(asked: Cohorts, number: int) -> str:
    return month_name(number) if asked.grain == "month" else (EPOCH + timedelta(days=number)).isoformat()


def _is_mature(look: Look, asked: Cohorts, number: int, period: int) -> bool:
    following = _first_day(asked, number + _step(asked) * (period + 1))
    return look.day is not None and following - timedelta(days=1) <= look.day


def _row(look: Look, asked: Cohorts, cohort: Cohort) -> dict[str, Any]:
    return {
        "cohort": _name(asked, cohort.number),
        "customers": cohort.customers,
        "cells": [
            {
                "period": period,
                "mature": _is_mature(look, asked, cohort.number, period),
                **_measured(asked.measure, [cohort], period),
            }
            for period in range(len(cohort.cells))
        ],
    }


def _averages(look: Look, asked: Cohorts, found: list[Cohort]) -> list[dict[str, Any]]:
    rows = []
    for period in range(asked.periods):
        ended = [one for one in found if _is_mature(look, asked, one.number, period)]
        if ended:
            rows.append({"period": period, "cohorts": len(ended), **_measured(asked.measure, ended, period)})
    return rows


def _measured(measure: Measure, among: list[Cohort], period: int) -> dict[str, Any]:
    """Return a measure of some cohorts taken together; revenue of a period is their mean."""
    customers = sum(one.customers for one in among)
    if measure in ("active", "returned"):
        hits = sum(one.cells[period].buyers if measure == "active" else one.returned(period) for one in among)
        row = rated("eligible", customers, hits)
        return {**row, "value": row["rate"]}
    if measure == "revenue":
        amount = sum((one.cells[period].gross for one in among), Decimal(0)) / len(among)
    else:
        amount = sum((one.earned(period) for one in among), Decimal(0)) / customers
    return {"eligible": customers, "amount": f"{amount:.4f}", "value": float(amount)}
