"""What happens after an order: parcels, complaints and reviews, as the shop's own events."""

from dataclasses import dataclass

import numpy as np

from regulars.simulator.people import Traits, drawn
from regulars.simulator.plan import Plan
from regulars.simulator.seasons import Clock
from regulars.simulator.visits import SERVICE, Visits
from regulars.simulator.world import trade
from regulars.simulator.world.shelves import Ints, places

NAMES = ("shipment.created", "shipment.delivered", "complaint.opened", "complaint.resolved", "review.written")
CREATED, DELIVERED, OPENED, RESOLVED, REVIEWED = range(len(NAMES))
STARS = ((2, 2, 6, 25, 65), (25, 20, 25, 18, 12), (55, 25, 12, 5, 3))  # in %: all well, late, complained
SUNDAY = 6


@dataclass(frozen=True)
class Happenings:
    """One entry per event, by time. order is the order's place; the rest is -1 where it says nothing."""

    name: Ints
    day: Ints
    second: Ints
    order: Ints
    carrier: Ints
    promised: Ints
    days_late: Ints
    cause: Ints
    stars: Ints

    def some(self, which: "Ints | np.ndarray[tuple[int], np.dtype[np.bool_]]") -> "Happenings":
        """Return some of the events."""
        return Happenings(**{name: column[which] for name, column in vars(self).items()})


def happenings(plan: Plan, clock: Clock, found: Traits, seen: Visits, stream: int = 5) -> Happenings:
    """Draw the events of the orders (in the order of the baskets), whenever they fall; each stream is another luck."""
    rng = np.random.default_rng([plan.seed, stream])
    parcels, arrived = _parcels(rng, clock, found, seen)
    parts = [*parcels, *_complaints(rng, seen, arrived), _reviews(rng, seen, arrived)]
    whole = {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}
    order = np.lexsort((whole["name"], whole["order"], whole["second"], whole["day"]))
    return Happenings(**whole).some(order)


def _parcels(rng: np.random.Generator, clock: Clock, found: Traits, seen: Visits) -> tuple[list[dict[str, Ints]], Ints]:
    every, n = np.arange(seen.day.size), seen.day.size
    weekday = np.array([day.weekday() for day in clock.dates])
    created = _no_sunday(weekday, seen.day + 1)
    transit = np.array([one.days for one in trade.CARRIERS])[seen.carrier]
    further = np.array([place.further for place in places()])[found.place[seen.customer]]
    promised = _no_sunday(weekday, created + transit + further)
    early = (rng.random(n) < 0.25) & (transit + further > 1) & (weekday[promised - 1] != SUNDAY)
    arrived = promised + np.where(seen.days_late > 0, seen.days_late, -early.astype(np.int64))
    told = {"order": every, "carrier": seen.carrier, "promised": promised}
    sent = _event(CREATED, created, _office(rng, n), **told)
    late = np.where(seen.days_late > 0, seen.days_late, 0)
    return [sent, _event(DELIVERED, arrived, _office(rng, n), days_late=late, **told)], arrived


def _complaints(rng: np.random.Generator, seen: Visits, arrived: Ints) -> list[dict[str, Ints]]:
    who = np.flatnonzero(seen.complained)
    luck = drawn(rng, [35, 25, 40], who.size) + trade.DAMAGED
    late = (seen.days_late[who] > 0) & (rng.random(who.size) < 0.85)
    cause = np.where(late, trade.LATE, luck)
    opened = arrived[who] + rng.integers(0, 3, who.size)
    resolved = opened + 1 + rng.geometric(0.4, who.size)
    told = {"order": who, "cause": cause}
    return [
        _event(OPENED, opened, _office(rng, who.size), **told),
        _event(RESOLVED, resolved, _office(rng, who.size), **told),
    ]


def _reviews(rng: np.random.Generator, seen: Visits, arrived: Ints) -> dict[str, Ints]:
    who = np.flatnonzero(rng.random(seen.day.size) < SERVICE.reviews)
    mood = np.where(seen.complained[who] == 1, 2, np.where(seen.days_late[who] > 0, 1, 0))
    chances = np.cumsum(STARS, axis=1)[mood]
    stars = 1 + (chances <= rng.random(who.size)[:, None] * 100).sum(axis=1)
    when = arrived[who] + rng.integers(2, 12, who.size)
    return _event(REVIEWED, when, rng.integers(8 * 3600, 23 * 3600, who.size), order=who, stars=np.minimum(stars, 5))


def _event(name: int, day: Ints, second: Ints, **told: Ints) -> dict[str, Ints]:
    blank = np.full(day.size, -1, dtype=np.int64)
    rest = {field: told.get(field, blank) for field in ("order", "carrier", "promised", "days_late", "cause", "stars")}
    return {"name": np.full(day.size, name, dtype=np.int64), "day": day, "second": second, **rest}


def _office(rng: np.random.Generator, n: int) -> Ints:
    return rng.integers(8 * 3600, 18 * 3600, n)


def _no_sunday(weekday: Ints, day: Ints) -> Ints:
    return np.asarray(day + (weekday[day] == SUNDAY))
