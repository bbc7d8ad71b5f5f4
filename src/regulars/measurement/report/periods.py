"""Months, weeks and quarters: cohorts, the life of the customer base, and who stays from quarter to quarter."""

from collections import defaultdict
from dataclasses import dataclass, fields
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from regulars.measurement.report.asked import Ground
from regulars.measurement.report.returning import rated
from regulars.measurement.rules.calendar import ends_on, monday, month_name, month_number, quarter_name

WEEKLY_COHORTS = 26


@dataclass
class Bought:
    """What a cohort, or everybody, did in a month; kept are the buyers who bought in the month before too."""

    buyers: int = 0
    kept: int = 0
    quarter_buyers: int = 0
    quarter_kept: int = 0
    gross: Decimal = Decimal(0)

    def add(self, other: "Bought") -> None:
        """Take in what others did."""
        for one in fields(self):
            setattr(self, one.name, getattr(self, one.name) + getattr(other, one.name))


class Months:
    """All months from the first order to the as-of day, by cohort and for everybody, from one scan."""

    def __init__(self, ground: Ground) -> None:
        self.ground, self.last = ground, month_number(ground.as_of)
        self.cohorts: dict[int, dict[int, Bought]] = defaultdict(dict)
        self.all: dict[int, Bought] = defaultdict(Bought)
        for cohort, month, *counts in ground.sums("months", 2):
            self.cohorts[cohort][month] = Bought(*counts)
            self.all[month].add(self.cohorts[cohort][month])
        self.first = min(self.cohorts, default=self.last + 1)

    def new(self, month: int) -> Bought:
        """Return what those did in a month whose first order fell into it."""
        return self.cohorts.get(month, {}).get(month, Bought())

    def in_month(self, month: int) -> Bought:
        """Return what everybody did in a month."""
        return self.all.get(month, Bought())

    def is_complete(self, month: int) -> bool:
        """Say whether a month has ended by the as-of day."""
        return ends_on(month) <= self.ground.as_of

    def cohort_rows(self) -> dict[str, Any]:
        """Return each month's first buyers and how many of them bought in every month since."""
        return {"grain": "month", "rows": [self._cohort(cohort) for cohort in sorted(self.cohorts)]}

    def lifecycle(self) -> list[dict[str, Any]]:
        """Return for each month who was new, stayed, came back or fell silent."""
        return [self._life(month) for month in range(self.first, self.last + 1)]

    def quarters(self) -> list[dict[str, Any]]:
        """Return for each quarter after the first who stayed from the one before; new are all others in it."""
        counts = {quarter: self._quarter(quarter) for quarter in range(self.first // 3, self.last // 3 + 1)}
        found = []
        for quarter, (end, kept, first_time) in list(counts.items())[1:]:
            start = counts[quarter - 1][0]
            row = {"period": quarter_name(quarter), **rated("start_customers", start, kept)}
            others = {"end_customers": end, "new": end - kept, "first_time": first_time}
            found.append({**row, **others, "complete": self.is_complete(quarter * 3 + 2)})
        return found

    def _cohort(self, cohort: int) -> dict[str, Any]:
        months = range(cohort, self.last + 1)
        bought = self.cohorts[cohort]
        return {
            "cohort": month_name(cohort),
            "customers": bought[cohort].buyers,
            "active": [bought[month].buyers if month in bought else 0 for month in months],
            "complete": [self.is_complete(month) for month in months],
            "revenue": self.ground.setting.money(sum((one.gross for one in bought.values()), Decimal(0))),
        }

    def _life(self, month: int) -> dict[str, Any]:
        now, new, before = self.in_month(month), self.new(month), self.in_month(month - 1)
        money = self.ground.setting.money
        return {
            "month": month_name(month),
            "new": new.buyers,
            "returning": now.kept,
            "resurrected": now.buyers - new.buyers - now.kept,
            "dormant": before.buyers - now.kept,
            "revenue_new": money(new.gross),
            "revenue_returning": money(now.gross - new.gross),
            "complete": self.is_complete(month),
        }

    def _quarter(self, quarter: int) -> tuple[int, int, int]:
        months = [quarter * 3 + n for n in range(3)]
        told = [self.in_month(month) for month in months]
        first_time = sum(self.new(month).buyers for month in months)
        return sum(one.quarter_buyers for one in told), sum(one.quarter_kept for one in told), first_time


def weekly_cohorts(ground: Ground, last_first: date | None) -> dict[str, Any]:
    """Return the newest cohorts by the Monday of their first order's week, the last one ending with last_first."""
    if last_first is None:
        return {"grain": "week", "rows": []}
    since = monday(last_first) - timedelta(weeks=WEEKLY_COHORTS - 1)
    found: dict[date, dict[int, tuple[int, Decimal]]] = defaultdict(dict)
    for cohort, week, buyers, gross in ground.sums("weeks", 2, since=since):
        found[cohort][week] = (int(buyers), gross)
    return {"grain": "week", "rows": [_week(ground, cohort, bought) for cohort, bought in sorted(found.items())]}


def _week(ground: Ground, cohort: date, bought: dict[int, tuple[int, Decimal]]) -> dict[str, Any]:
    weeks = range((monday(ground.as_of) - cohort).days // 7 + 1)
    return {
        "cohort": cohort.isoformat(),
        "customers": bought[0][0],
        "active": [bought[week][0] if week in bought else 0 for week in weeks],
        "complete": [cohort + timedelta(days=7 * week + 6) <= ground.as_of for week in weeks],
        "revenue": ground.setting.money(sum((gross for _, gross in bought.values()), Decimal(0))),
    }
