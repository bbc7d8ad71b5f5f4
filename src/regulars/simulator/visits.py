"""When customers order and whether they stay: every order of every customer, the unseen year's too.

The next order is a Gamma gap away on the shop's clock, counted from the next day on, so that nobody orders twice a day.
Whoever does not stay after an order never comes back. All customers take their n-th order in one step.
"""

from dataclasses import dataclass

import numpy as np

from regulars.simulator.people import Traits, drawn
from regulars.simulator.plan import Plan
from regulars.simulator.seasons import Clock
from regulars.simulator.world import trade
from regulars.simulator.world.shelves import Floats, Ints

SERVICE = trade.Service()


@dataclass(frozen=True)
class Visits:
    """One entry per order, by day: whose it is, his how manieth, the day, the parcel's carrier and lateness in days, whether
    something was refunded (1) and complained about (1)."""

    customer: Ints
    nth: Ints
    day: Ints
    carrier: Ints
    days_late: Ints
    refunded: Ints
    complained: Ints

    def until(self, day: int) -> "Visits":
        """Return the orders before a day."""
        return self.some(slice(0, int(np.searchsorted(self.day, day))))

    def between(self, day: int, until: int) -> "Visits":
        """Return the orders from a day on and before another."""
        return self.some(slice(*(int(place) for place in np.searchsorted(self.day, [day, until]))))

    def some(self, which: slice | Ints) -> "Visits":
        """Return some of the orders."""
        return Visits(**{name: column[which] for name, column in vars(self).items()})


@dataclass(frozen=True)
class Lives:
    """One entry per customer, as it stands when the trade ends: last order's day, orders, whether he still comes (1), the
    chance to stay that he had after his first order, all told, and the orders of the unseen year."""

    last_day: Ints
    orders: Ints
    active: Ints
    stayed_first: Floats
    ahead: Ints


def visits(plan: Plan, clock: Clock, found: Traits, stream: int = 3) -> tuple[Visits, Lives]:
    """Let the customers live, until the end of the unseen year; each stream is another luck."""
    rng, n = np.random.default_rng([plan.seed, stream]), found.first_day.size
    who, day, nth, steps = np.arange(n), found.first_day, 1, []
    active, stayed_first = np.zeros(n, dtype=np.int64), np.zeros(n)
    while who.size:
        step = _served(rng, clock, who, day, nth)
        chance = kept(step) * (found.first_stays if nth == 1 else found.stays)[who]
        if nth == 1:
            stayed_first = chance
        stays = rng.random(who.size) < chance
        active[who] = np.where(day < plan.days, stays, active[who])
        steps.append(step)
        gap = rng.standard_gamma(found.regularity[who]) / (found.regularity[who] * found.rate[who])
        after = clock.day_at(clock.passed[day + 1] + gap)
        goes_on = stays & (after < len(clock.dates))
        who, day, nth = who[goes_on], after[goes_on], nth + 1
    whole = {name: np.concatenate([getattr(step, name) for step in steps]) for name in vars(steps[0])}
    every = Visits(**whole).some(np.lexsort((whole["customer"], whole["day"])))
    seen = every.until(plan.days)
    last_day = np.zeros(n, dtype=np.int64)
    last_day[seen.customer] = seen.day  # by day, so the last one stands
    orders = np.bincount(seen.customer, minlength=n)
    ahead = np.bincount(every.customer, minlength=n) - orders
    return every, Lives(last_day, orders, active, stayed_first, ahead)


def kept(step: Visits) -> Floats:
    """Return what the service leaves of the chance to stay."""
    return np.asarray(
        np.where(step.days_late > 0, SERVICE.keeps_late, 1.0)
        * np.where(step.refunded, SERVICE.keeps_refunded, 1.0)
        * np.where(step.complained, SERVICE.keeps_complaint, 1.0)
    )


def kept_on_average(clock: Clock) -> float:
    """Return the mean of what the service leaves, over carriers and the days of a year."""
    month = float(clock.december[-365:] @ clock.pace[-365:] / clock.pace[-365:].sum())
    total = 0.0
    for carrier in trade.CARRIERS:
        for december, share in ((1, month), (0, 1.0 - month)):
            late = min(carrier.late * (SERVICE.december_late if december else 1.0), 1.0)
            total += carrier.share * share * (late * _kept_if(late=True) + (1.0 - late) * _kept_if(late=False))
    return total


def late_share(carrier: trade.Carrier, december: Floats) -> Floats:
    """Return the chance that this carrier's parcel is late, for days inside (1) and outside (0) of December."""
    return np.minimum(carrier.late * np.where(december > 0, SERVICE.december_late, 1.0), 1.0)


def _kept_if(*, late: bool) -> float:
    found = 0.0
    for refunded, share in ((True, SERVICE.refunded), (False, 1.0 - SERVICE.refunded)):
        complains = float(_complains(np.array([late]), np.array([refunded]))[0])
        kept_here = (SERVICE.keeps_late if late else 1.0) * (SERVICE.keeps_refunded if refunded else 1.0)
        found += share * kept_here * (1.0 - complains * (1.0 - SERVICE.keeps_complaint))
    return found


def _complains(
    late: "np.ndarray[tuple[int], np.dtype[np.bool_]]", refunded: "np.ndarray[tuple[int], np.dtype[np.bool_]]"
) -> Floats:
    return np.minimum(
        SERVICE.complains
        + np.where(late, SERVICE.complains_when_late, 0.0)
        + np.where(refunded, SERVICE.complains_when_refunded, 0.0),
        1.0,
    )


def _served(rng: np.random.Generator, clock: Clock, who: Ints, day: Ints, nth: int) -> Visits:
    """Draw how each order of one step is served."""
    n = who.size
    carrier = drawn(rng, [one.share for one in trade.CARRIERS], n)
    chance = np.array([late_share(one, np.array([0.0, 1.0])) for one in trade.CARRIERS])
    late = rng.random(n) < chance[carrier, clock.december[day].astype(np.int64)]
    mean = np.array([one.late_days for one in trade.CARRIERS])[carrier]
    days_late = np.where(late, rng.geometric(1.0 / mean), 0)
    refunded = rng.random(n) < SERVICE.refunded
    complained = rng.random(n) < _complains(late, refunded)
    nths = np.full(n, nth, dtype=np.int64)
    return Visits(who, nths, day, carrier, days_late, refunded.astype(np.int64), complained.astype(np.int64))
