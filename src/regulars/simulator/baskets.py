"""What is in the orders: lines, money in cents, codes, channels, refunds, and the moment of the day."""

from dataclasses import dataclass, replace

import numpy as np

from regulars.simulator.people import Traits, drawn, picked
from regulars.simulator.plan import Plan
from regulars.simulator.seasons import Clock
from regulars.simulator.visits import Visits
from regulars.simulator.world import trade
from regulars.simulator.world.shelves import Ints, places, products

FREE_SHIPPING_FROM, SHIPPING = 4_500, (490, 890)  # cents; the second one abroad
EARLIEST, LATEST = 6 * 3600, 24 * 3600 - 1  # of the day, in seconds: clear of the hour that summer time takes
FLOOD = 40  # orders drawn at a time, in thousands


@dataclass(frozen=True)
class Orders:
    """One entry per order, sorted by day and second; money is cents, code is -1 without one, refund_day -1 without one."""

    visit: Ints
    second: Ints
    channel: Ints
    code: Ints
    shipping: Ints
    discount: Ints
    total: Ints
    refunded: Ints
    refund_day: Ints
    is_guest: Ints

    def as_known(self, day: int) -> "Orders":
        """Return them as the shop knows them when a day begins: without the refunds that come later."""
        known = self.refund_day < day
        refunded, refund_day = np.where(known, self.refunded, 0), np.where(known, self.refund_day, -1)
        return replace(self, refunded=refunded, refund_day=refund_day)


@dataclass(frozen=True)
class Lines:
    """One entry per line, by order."""

    order: Ints
    product: Ints
    quantity: Ints
    amount: Ints


def baskets(plan: Plan, clock: Clock, found: Traits, seen: Visits, stream: int = 4) -> tuple[Orders, Lines]:
    """Fill orders, with all refunds that will ever come; each stream is another luck."""
    rng, n = np.random.default_rng([plan.seed, stream]), seen.customer.size
    second = _seconds(rng, n)
    visit = np.lexsort((second, seen.day))
    customer, day, first = seen.customer[visit], seen.day[visit], seen.nth[visit] == 1
    code = _codes(rng, clock.sale[day], first, found.with_code[customer])
    lines, discounts = _lines(rng, found, customer, first, code)
    goods, discount = (np.bincount(lines.order, column, n).astype(np.int64) for column in (lines.amount, discounts))
    abroad = np.array([place.code != "DE" for place in places()])[found.place[customer]].astype(np.int64)
    shipping = np.where(goods < FREE_SHIPPING_FROM, np.array(SHIPPING)[abroad], 0)
    later = drawn(rng, [one.later for one in trade.CHANNELS], n)
    refunded, refund_day = _refunds(rng, seen.refunded[visit], (goods, lines.amount, lines.order), day)
    orders = Orders(
        visit=visit,
        second=second[visit],
        channel=np.where(first, found.channel[customer], later),
        code=code,
        shipping=shipping,
        discount=discount,
        total=goods + shipping,
        refunded=refunded,
        refund_day=refund_day,
        is_guest=(rng.random(n) < 0.06).astype(np.int64),
    )
    return orders, lines


def _seconds(rng: np.random.Generator, n: int) -> Ints:
    """Draw moments of the day: around noon, and more in the evening."""
    hour = np.where(rng.random(n) < 0.58, rng.normal(20.0, 1.7, n), rng.normal(12.3, 2.6, n))
    seconds = (hour * 3600).astype(np.int64)
    inside = (seconds >= EARLIEST) & (seconds <= LATEST)
    return np.where(inside, seconds, rng.integers(9 * 3600, 22 * 3600, n))


def _codes(
    rng: np.random.Generator, sale: Ints, first: "np.ndarray[tuple[int], np.dtype[np.bool_]]", welcome: Ints
) -> Ints:
    luck = rng.random(first.size)
    taken = np.array([one.taken for one in trade.CODES])
    code = np.where(luck < taken[trade.THANKS], trade.THANKS, -1)
    code = np.where((sale == 2) & (luck < taken[trade.SPRING]), trade.SPRING, code)
    code = np.where((sale == 1) & (luck < taken[trade.BLACK_FRIDAY]), trade.BLACK_FRIDAY, code)
    return np.where(first, np.where(welcome == 1, trade.WELCOME, np.where(sale > 0, code, -1)), code)


def _lines(
    rng: np.random.Generator,
    found: Traits,
    customer: Ints,
    first: "np.ndarray[tuple[int], np.dtype[np.bool_]]",
    code: Ints,
) -> tuple[Lines, Ints]:
    """Draw the lines; return the discount of each beside them."""
    counts = 1 + np.minimum(rng.poisson(found.lines[customer]), 8)
    order = np.repeat(np.arange(customer.size), counts)
    product = np.concatenate(
        [
            picked(rng, found.interests, customer[order[start : start + FLOOD * 1000]])
            for start in range(0, order.size, FLOOD * 1000)
        ]
    )
    leads = np.cumsum(counts) - counts
    product[leads] = np.where(first, found.first_product[customer], product[leads])
    luck = rng.random(order.size)
    quantity = 1 + (luck < 0.20) + (luck < 0.05)
    full = products().price[product] * quantity
    percent = np.append([one.percent for one in trade.CODES], 0)[code]
    discount = (full * percent[order] + 50) // 100
    return Lines(order, product, quantity, full - discount), discount


def _refunds(rng: np.random.Generator, refunded: Ints, money: tuple[Ints, Ints, Ints], day: Ints) -> tuple[Ints, Ints]:
    """Give back the goods of the order, or its first line."""
    goods, amounts, order = money
    leads = np.searchsorted(order, np.arange(goods.size))
    whole = rng.random(goods.size) < 0.35
    amount = np.where(refunded == 1, np.where(whole, goods, amounts[leads]), 0)
    return amount, np.where(refunded == 1, day + rng.integers(5, 24, goods.size), -1)
