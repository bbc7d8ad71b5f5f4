"""The time after the files: every order, parcel and refund that comes, drawn once from the plan alone.

What happens on a day depends on the plan and the day, never on when somebody asks.
"""

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

import numpy as np

from regulars.simulator.baskets import Lines, Orders, baskets
from regulars.simulator.files.tables import FIRST_ORDER
from regulars.simulator.parcels import Happenings, happenings
from regulars.simulator.people import Persons, Traits, joined, newcomers, persons, traits
from regulars.simulator.plan import ZONE, Plan
from regulars.simulator.seasons import Clock
from regulars.simulator.visits import Visits, visits
from regulars.simulator.world.shelves import Ints

LIVES_DAYS = 350  # parcels of the last orders still arrive within the year that is drawn
MOST_CUSTOMERS = 50_000  # of a larger shop the time ahead takes more of the loop's memory and time than a demo is worth
CUSTOMER, ORDER, REFUND, EVENT = range(4)
NOON = 12 * 3600
LIVES_OF_NEW, BASKETS_AHEAD, PARCELS_AHEAD = 9, 10, 11  # streams of luck; the files took those before


@dataclass(frozen=True)
class Trade:
    """Orders with all that belongs to them; first is the number of the first one, customers counts those of the files."""

    found: Traits
    about: Persons
    visits: Visits
    orders: Orders
    lines: Lines
    told: Happenings
    first: int

    def order_id(self, order: int) -> str:
        return f"KK{self.first + order}"


@dataclass(frozen=True)
class Ahead:
    """Everything that comes, by time: at is in seconds since 1970; each is a kind and a row of the past's or the coming trade."""

    clock: Clock
    past: Trade
    coming: Trade
    at: Ints
    kind: Ints
    row: Ints
    is_past: Ints

    def until(self, now: datetime) -> int:
        """Return how much of it has happened."""
        return int(np.searchsorted(self.at, now.timestamp(), side="right"))


@lru_cache(1)
def ahead(plan: Plan) -> Ahead:
    """Draw what comes after the files of a plan."""
    clock = Clock(plan)
    found = traits(plan, clock)
    every, _ = visits(plan, clock, found)
    past, coming = _past(plan, clock, found, every), _coming(plan, clock, found, every)
    parts = [
        *_refunds_and_events(clock, past, plan.days, is_past=1),
        *_refunds_and_events(clock, coming, plan.days, is_past=0),
        *_orders(clock, coming, plan.customers),
    ]
    at, kind, row, is_past = (np.concatenate(columns) for columns in zip(*parts, strict=True))
    order = np.lexsort((row, kind, is_past, at))
    return Ahead(clock, past, coming, at[order], kind[order], row[order], is_past[order])


def _past(plan: Plan, clock: Clock, found: Traits, every: Visits) -> Trade:
    """Draw the orders of the files once more, with what comes of them later."""
    seen = every.until(plan.days)
    orders, lines = baskets(plan, clock, found, seen)
    mine = seen.some(orders.visit)
    return Trade(found, persons(plan, found), mine, orders, lines, happenings(plan, clock, found, mine), FIRST_ORDER)


def _coming(plan: Plan, clock: Clock, found: Traits, every: Visits) -> Trade:
    """Draw the orders after the files: those of the customers whom the files know, and of new ones."""
    horizon = plan.days + LIVES_DAYS
    new = newcomers(plan, clock, horizon)
    lives, _ = visits(plan, clock, new, LIVES_OF_NEW)
    theirs, known = lives.between(plan.days, horizon), every.between(plan.days, horizon)
    columns = {name: np.concatenate([column, getattr(theirs, name)]) for name, column in vars(known).items()}
    columns["customer"] = np.concatenate([known.customer, theirs.customer + plan.customers])
    whole = Visits(**columns)
    later = whole.some(np.lexsort((whole.customer, whole.day)))
    everybody = joined(found, new)
    orders, lines = baskets(plan, clock, everybody, later, BASKETS_AHEAD)
    mine = later.some(orders.visit)
    told = happenings(plan, clock, everybody, mine, PARCELS_AHEAD)
    old, fresh = persons(plan, found), persons(plan, new, plan.customers)
    about = Persons(**{name: np.concatenate([column, getattr(fresh, name)]) for name, column in vars(old).items()})
    return Trade(everybody, about, mine, orders, lines, told, FIRST_ORDER + every.until(plan.days).day.size)


def _orders(clock: Clock, trade: Trade, n_known: int) -> list[tuple[Ints, Ints, Ints, Ints]]:
    """Return the orders, and a second before somebody's first one who they are."""
    every = np.arange(trade.visits.day.size)
    at = _instants(clock, trade.visits.day, trade.orders.second)
    new = np.flatnonzero((trade.visits.nth == 1) & (trade.visits.customer >= n_known))
    return [_part(at, ORDER, every, 0), _part(at[new] - 1, CUSTOMER, trade.visits.customer[new], 0)]


def _refunds_and_events(clock: Clock, trade: Trade, since: int, *, is_past: int) -> list[tuple[Ints, Ints, Ints, Ints]]:
    """Return the refunds and events of orders from a day on."""
    back = np.flatnonzero(trade.orders.refund_day >= since)
    told = np.flatnonzero(trade.told.day >= since)
    refunded_at = _instants(clock, trade.orders.refund_day[back], np.full(back.size, NOON))
    told_at = _instants(clock, trade.told.day[told], trade.told.second[told])
    return [_part(refunded_at, REFUND, back, is_past), _part(told_at, EVENT, told, is_past)]


def _part(at: Ints, kind: int, row: Ints, is_past: int) -> tuple[Ints, Ints, Ints, Ints]:
    return at, np.full(at.size, kind, dtype=np.int64), row, np.full(at.size, is_past, dtype=np.int64)


def _instants(clock: Clock, day: Ints, second: Ints) -> Ints:
    """Return instants from days of the shop and seconds of them; nothing happens in the hour that summer time takes."""
    zone, days = ZoneInfo(ZONE), np.unique(day)
    noons = [
        int(datetime.combine(clock.plan.begins + timedelta(days=int(one)), time(12), zone).timestamp()) for one in days
    ]
    return np.asarray(np.array(noons, dtype=np.int64)[np.searchsorted(days, day)] - NOON + second)
