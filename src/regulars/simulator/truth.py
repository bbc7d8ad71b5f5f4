"""What the shop cannot see: how each customer really buys, whether he still comes, and what to expect of him."""

import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
from scipy.special import gammainc

from regulars.simulator import visits
from regulars.simulator.people import Traits
from regulars.simulator.plan import AHEAD_DAYS, Plan
from regulars.simulator.seasons import Clock
from regulars.simulator.visits import Lives, Visits
from regulars.simulator.world import response, trade
from regulars.simulator.world.shelves import Floats, Ints

WINDOW = 56
NEGLIGIBLE = 1e-7


@dataclass(frozen=True)
class Truth:
    """One entry per customer: the chance of a second order day within 56 days of the first, given how the first order
    went; the orders to expect in the unseen year; and how likely he would have come by now, were he still active."""

    second_within_56: Floats
    expected_ahead: Floats
    returned_by_now: Floats


def truth_of(plan: Plan, clock: Clock, found: Traits, lives: Lives) -> Truth:
    """Compute the truth from the process itself, without drawing anything."""
    pace = found.regularity * found.rate
    passed = clock.passed
    begins = np.minimum(found.first_day + 1, len(clock.dates))
    window = passed[np.minimum(begins + WINDOW, len(clock.dates))] - passed[begins]
    silence = passed[plan.days] - passed[lives.last_day + 1]
    ahead = float(passed[plan.days + AHEAD_DAYS] - passed[plan.days])
    still = np.flatnonzero(lives.active)
    keeps = found.stays[still] * visits.kept_on_average(clock)
    expected = np.zeros(plan.customers)
    expected[still] = orders_ahead(found.regularity[still], found.rate[still], keeps, (silence[still], ahead))
    return Truth(
        second_within_56=lives.stayed_first * gammainc(found.regularity, pace * window),
        expected_ahead=expected,
        returned_by_now=np.asarray(gammainc(found.regularity, pace * silence), dtype=np.float64),
    )


def orders_ahead(regularity: Ints, rate: Floats, keeps: Floats, times: tuple[Floats, float]) -> Floats:
    """Return the orders to expect of active customers within a time, after a silence (times), when each order is followed
    by another with the chance keeps.

    Gaps are sums of `regularity` steps of equal mean; the steps taken within a time are Poisson. So many as fit into the
    silence may have been taken already. An order ends its day, which costs the next gap half a day on the mean.

    >>> found = orders_ahead(np.array([1, 3]), np.array([0.1, 0.1]), np.array([0.9, 0.9]), (np.array([5.0, 5.0]), 1e6))
    >>> found.round(3).tolist()
    [10.0, 10.0]
    """
    silence, time = times
    found = np.zeros(rate.size)
    for shape in np.unique(regularity):
        mine = np.flatnonzero(regularity == shape)
        steps = rate[mine] * shape
        mean = steps * time / (1.0 + rate[mine] / 2.0)
        taken = _taken(int(shape), steps * silence[mine])
        found[mine] = _summed(int(shape), mean, keeps[mine], taken)
    return found


def lateness(seen: Visits, clock: Clock) -> list[dict[str, Any]]:
    """Return for each carrier its parcels, the chance that one is late as it is in the process, on the days they were
    sent, and the share that was late."""
    rows = []
    for number, carrier in enumerate(trade.CARRIERS):
        mine = np.flatnonzero(seen.carrier == number)
        chance = visits.late_share(carrier, clock.december[seen.day[mine]])
        rows.append(
            {
                "carrier": carrier.name,
                "parcels": int(mine.size),
                "late_share": round(float(chance.mean()), 6) if mine.size else None,
                "late_share_seen": round(float((seen.days_late[mine] > 0).mean()), 6) if mine.size else None,
                "mean_days_late": carrier.late_days,
            }
        )
    return rows


def described(plan: Plan, found: Truth, lives: Lives, seen: Visits, clock: Clock) -> dict[str, Any]:
    """Return the shop's parameters and the sums of the truth as plain values."""
    closed = found.second_within_56[: int(np.searchsorted(_first(seen), plan.days - WINDOW))]
    return {
        "customers": plan.customers,
        "seed": plan.seed,
        "begins": plan.begins.isoformat(),
        "ends": plan.ends.isoformat(),
        "process": asdict(plan.process),
        "service": asdict(visits.SERVICE),
        "channels": [one._asdict() for one in trade.CHANNELS],
        "carriers": lateness(seen, clock),
        "response": response.described(),
        "orders": int(seen.day.size),
        "repeat_within_56_days": round(float(closed.mean()), 6) if closed.size else None,
        "active": int(lives.active.sum()),
        "expected_orders_next_365_days": round(float(found.expected_ahead.sum()), 3),
        "orders_next_365_days": int(lives.ahead.sum()),
    }


def write_json(path: Path, told: dict[str, Any]) -> None:
    """Write the truth of the whole."""
    path.write_text(json.dumps(told, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def _first(seen: Visits) -> Ints:
    """Return the days of first orders, in order."""
    return np.asarray(seen.day[seen.nth == 1])


def _taken(shape: int, mean: Floats) -> Floats:
    """Return the chances that 0, 1, … shape - 1 steps of the open gap are taken already, in columns."""
    terms = np.ones((mean.size, shape))
    for step in range(1, shape):
        terms[:, step] = terms[:, step - 1] * mean / step
    return np.asarray(terms / terms.sum(axis=1, keepdims=True))


def _summed(shape: int, mean: Floats, keeps: Floats, taken: Floats) -> Floats:
    """Return the sum over n of keeps^(n-1) times the chance of n orders: of shape·n steps less those taken already."""
    found, place = np.zeros(mean.size), np.arange(mean.size)
    chance = np.exp(-mean)  # of exactly `step` steps
    more = 1.0 - chance  # of more than `step` steps
    weight = np.ones(mean.size)
    step, orders = 0, 1
    at = [np.zeros(mean.size) for _ in range(shape)]
    while place.size:
        # `more` is the chance of at least step + 1 steps; order n needs shape·n - m of them when m are taken.
        need = step + 1
        m = shape * orders - need
        at[m] = more
        if m == 0:
            found[place] += weight * sum(taken[place, k] * at[k] for k in range(shape))
            weight = weight * keeps[place]
            orders += 1
            goes_on = weight * more > NEGLIGIBLE
            if not goes_on.all():
                place, mean = place[goes_on], mean[goes_on]
                chance, more, weight = chance[goes_on], more[goes_on], weight[goes_on]
                at = [column[goes_on] for column in at]
        step += 1
        chance = chance * mean / step
        more = np.maximum(more - chance, 0.0)
    return found
