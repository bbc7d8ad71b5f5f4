"""Which columns each file has: those that the importer knows by their names, and in files of their own the truth."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np

from regulars.simulator import parcels
from regulars.simulator.baskets import Lines, Orders
from regulars.simulator.files.columns import Coded, Column, Moments, Numbers, Stamps, coded, own
from regulars.simulator.parcels import Happenings
from regulars.simulator.people import Persons, Traits
from regulars.simulator.plan import CURRENCY, Plan
from regulars.simulator.seasons import Clock
from regulars.simulator.truth import Truth
from regulars.simulator.visits import Lives, Visits
from regulars.simulator.world import trade
from regulars.simulator.world.shelves import Floats, Texts, places, products

Columns = Mapping[str, Column]
FIRST_ORDER = 200_001


@dataclass(frozen=True)
class Scene:
    """What all tables are made from. baskets are the visits in the order of the orders."""

    plan: Plan
    clock: Clock
    stamps: Stamps
    found: Traits
    persons: Persons
    baskets: Visits
    orders: Orders

    @property
    def order_ids(self) -> Texts:
        """Return the id of each order, by time."""
        numbers = np.arange(FIRST_ORDER, FIRST_ORDER + self.orders.visit.size)
        return np.asarray("KK" + numbers.astype(str).astype(object))


def product_columns() -> Columns:
    """Return the table of products."""
    shelf = products()
    days = shelf.replenish_days
    return {
        "product": own(_texts(shelf.product)),
        "name": own(_texts(shelf.name)),
        "category": coded(shelf.categories, shelf.category),
        "price": Numbers(shelf.price, in_cents=True),
        "unit_cost": Numbers(shelf.unit_cost, in_cents=True),
        "currency": _always(CURRENCY, days.size),
        "replenish_days": coded(map(str, range(int(days.max()) + 1)), np.where(days > 0, days, -1)),
    }


def customer_columns(scene: Scene) -> Columns:
    """Return the table of customers."""
    about, n = scene.persons, scene.plan.customers
    first_second = np.zeros(n, dtype=np.int64)
    first = scene.baskets.nth == 1
    first_second[scene.baskets.customer[first]] = scene.orders.second[first]
    return {
        "customer_id": own(about.reference),
        "email": own(about.email),
        "phone": own(about.phone),
        "first_name": own(about.first_name),
        "last_name": own(about.last_name),
        "country": own(about.country),
        "city": own(about.city),
        "postcode": own(about.postcode),
        "language": own(about.language),
        "timezone": own(about.timezone),
        "accepts_email": coded(("no", "yes"), about.accepts_email),
        "accepts_sms": coded(("no", "yes"), about.accepts_sms),
        "created_at": Moments(scene.stamps, scene.found.first_day, first_second),
    }


def order_columns(scene: Scene, lines: Lines) -> Columns:
    """Return the table of order lines; what concerns the order stands in each of its lines."""
    of, orders, shelf, about = lines.order, scene.orders, products(), scene.persons
    customer = scene.baskets.customer[of]
    refund_day = orders.refund_day[of]
    percent = orders.discount[of]
    return {
        "order_id": Coded(scene.order_ids, of),
        "ordered_at": Moments(scene.stamps, scene.baskets.day[of], orders.second[of]),
        "customer_id": Coded(about.reference, np.where(orders.is_guest[of] == 1, -1, customer)),
        "email": Coded(about.email, customer),
        "product": coded(shelf.product, lines.product),
        "product_name": coded(shelf.name, lines.product),
        "category": coded(shelf.categories, shelf.category[lines.product]),
        "quantity": Numbers(lines.quantity),
        "line_amount": Numbers(lines.amount, in_cents=True),
        "total": Numbers(orders.total[of], in_cents=True),
        "currency": _always(CURRENCY, of.size),
        "discount": Numbers(percent, in_cents=True),
        "discount_code": coded((one.name for one in trade.CODES), orders.code[of]),
        "shipping": Numbers(orders.shipping[of], in_cents=True),
        "country": coded((place.code for place in places()), scene.found.place[customer]),
        "channel": coded((one.name for one in trade.CHANNELS), orders.channel[of]),
        "refunded": Numbers(orders.refunded[of], in_cents=True),
        "refunded_at": Moments(scene.stamps, refund_day, np.full(of.size, 12 * 3600)),
    }


def cost_columns(scene: Scene) -> Columns:
    """Return the table of what was spent per channel and month: for new customers what the channel takes, more or less."""
    rng, plan = np.random.default_rng([scene.plan.seed, 6]), scene.plan
    months = sorted({(day.year, day.month) for day in scene.clock.dates[: plan.days]})
    place_of = {month: place for place, month in enumerate(months)}
    month_of = np.array([place_of[day.year, day.month] for day in scene.clock.dates[: plan.days]])
    shape = (len(months), len(trade.CHANNELS))
    new = np.zeros(shape)
    np.add.at(new, (month_of[scene.found.first_day], scene.found.channel), 1.0)
    each = np.array([one.cost for one in trade.CHANNELS]) * rng.lognormal(0.0, 0.18, shape)
    spent = np.round((new + 0.5) * each * 100).astype(np.int64)
    month, channel = np.nonzero(spent)
    return {
        "month": coded((f"{year}-{number:02d}-01" for year, number in months), month),
        "channel": coded((one.name for one in trade.CHANNELS), channel),
        "amount": Numbers(spent[month, channel], in_cents=True),
        "currency": _always(CURRENCY, month.size),
    }


def event_columns(scene: Scene, told: Happenings) -> Columns:
    """Return the table of the shop's own events."""
    customer = scene.baskets.customer[told.order]
    days = coded(map(str, range(int(told.days_late.max(initial=0)) + 1)), told.days_late)
    return {
        "name": coded(parcels.NAMES, told.name),
        "occurred_at": Moments(scene.stamps, told.day, told.second),
        "customer_id": Coded(scene.persons.reference, customer),
        "email": Coded(scene.persons.email, customer),
        "order_id": Coded(scene.order_ids, told.order),
        "carrier": coded((one.name for one in trade.CARRIERS), told.carrier),
        "promised_on": Coded(scene.stamps.dates, told.promised),
        "days_late": days,
        "cause": coded(trade.CAUSES, told.cause),
        "stars": coded("012345", told.stars),
    }


def truth_columns(scene: Scene, lives: Lives, true: Truth) -> Columns:
    """Return the truth of each customer; lapsed_on is the day of the order after which he decided not to come back."""
    found, still = scene.found, lives.active == 1
    return {
        "customer_id": own(scene.persons.reference),
        "orders_per_day": Numbers(found.rate, 6),
        "regularity": Numbers(found.regularity),
        "stays": Numbers(found.stays, 6),
        "first_stays": Numbers(found.first_stays, 6),
        "active": Numbers(lives.active),
        "lapsed_on": Coded(scene.stamps.dates, np.where(still, -1, lives.last_day)),
        "interests": own(_interests(found.interests)),
        "responsiveness": Numbers(found.responsiveness, 4),
        "second_within_56_days": Numbers(true.second_within_56, 6),
        "expected_orders_365_days": Numbers(true.expected_ahead, 6),
        "orders_next_365_days": Numbers(lives.ahead),
        "returned_by_now": Numbers(true.returned_by_now, 6),
    }


def _interests(cumulated: Floats) -> Texts:
    """Return the two categories that a customer likes most, with their shares."""
    shares = np.diff(cumulated, axis=1, prepend=0.0)
    best = np.argsort(-shares, axis=1, kind="stable")[:, :2]
    names, percents = _texts(products().categories), np.array([f" {number} %" for number in range(101)], dtype=object)
    said = [
        names[best[:, rank]] + percents[np.round(np.take_along_axis(shares, best, 1)[:, rank] * 100).astype(int)]
        for rank in (0, 1)
    ]
    return np.asarray(said[0] + ", " + said[1])


def _always(text: str, n: int) -> Coded:
    return coded((text,), np.zeros(n, dtype=np.int64))


def _texts(words: Iterable[str]) -> Texts:
    return np.array(list(words), dtype=np.object_)
