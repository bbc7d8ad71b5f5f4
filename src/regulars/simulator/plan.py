"""What a demo shop is made of: its size, its days, its seed, and how its customers buy and leave."""

import json
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Any

ZONE, CURRENCY = "Europe/Berlin", "EUR"
LABEL = "demo"
AHEAD_DAYS = 365  # the shop lives on unseen for so long, so that forecasts can be judged


@dataclass(frozen=True)
class Process:
    """How customers buy: the rate is Gamma(rate_shape) with a mean gap scale in days; after an order a customer stays with a
    chance of his own, Beta(stay_a, stay_b), and after the very first one with first_stay on top."""

    rate_shape: float = 0.6
    rate_days: float = 68.0
    regular_share: float = 0.75  # whose gaps are more even than chance
    regularity: int = 2  # shape of their gaps; everybody else's is 1
    stay_a: float = 3.0
    stay_b: float = 0.8
    first_stay: float = 1.0
    growth: float = 2.0  # new customers per day at the end, times those at the beginning


@dataclass(frozen=True)
class Plan:
    """A shop to make: it trades for `years` years and ends the day before `until`."""

    until: date
    customers: int = 10_000
    seed: int = 1
    years: int = 2
    process: Process = field(default_factory=Process)

    def __post_init__(self) -> None:
        if self.customers < 1 or self.seed < 0 or not 1 <= self.years <= 20:
            raise ValueError("a shop needs at least 1 customer, a seed of 0 or more, and 1 to 20 years")

    @property
    def begins(self) -> date:
        """Return the first day of trade."""
        year = self.until.year - self.years
        leap = (self.until.month, self.until.day) == (2, 29)
        return date(year, 2, 28) if leap else self.until.replace(year=year)

    @property
    def ends(self) -> date:
        """Return the last day of trade."""
        return self.until - timedelta(days=1)

    @property
    def days(self) -> int:
        """Return for how many days the shop trades."""
        return (self.until - self.begins).days


@dataclass(frozen=True)
class Files:
    """Where a shop was written to; the last two hold the truth, which the shop itself never sees."""

    products: Path
    customers: Path
    orders: Path
    costs: Path
    events: Path
    truth: Path
    truth_customers: Path


def files_in(folder: Path) -> Files:
    """Return the places of a shop's files in a folder."""
    return Files(
        products=folder / "products.csv",
        customers=folder / "customers.csv",
        orders=folder / "orders.csv",
        costs=folder / "costs.csv",
        events=folder / "events.csv",
        truth=folder / "truth.json",
        truth_customers=folder / "truth_customers.csv",
    )


def kept(folder: Path) -> dict[str, Any] | None:
    """Return what a shop's files in a folder say of their plan; None where there are none."""
    try:
        found: dict[str, Any] = json.loads(files_in(folder).truth.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return found


def kept_plan(folder: Path) -> Plan | None:
    """Return the plan that a shop's files in a folder were made by; None where there are none."""
    told = kept(folder)
    if told is None:
        return None
    until = date.fromisoformat(told["ends"]) + timedelta(days=1)
    return Plan(until=until, customers=told["customers"], seed=told["seed"])
