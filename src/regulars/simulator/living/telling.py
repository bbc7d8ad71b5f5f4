"""What happens in the living demo as the facts that a shop's own system would tell."""

import json
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import numpy as np

from regulars.events import api as events
from regulars.events.kinds.custom import CustomTracked
from regulars.events.kinds.customers import CustomerUpdated
from regulars.events.kinds.orders import Line, OrderPlaced, OrderRefunded
from regulars.simulator import parcels
from regulars.simulator.living.ahead import CUSTOMER, ORDER, REFUND, Ahead, Trade
from regulars.simulator.plan import CURRENCY
from regulars.simulator.world import trade as world
from regulars.simulator.world.shelves import places, products

SOURCE = "demo"


def told(found: Ahead, place: int) -> events.Told:
    """Return what happens at a place of the time ahead."""
    kind, row = int(found.kind[place]), int(found.row[place])
    trade = found.past if found.is_past[place] else found.coming
    if kind == CUSTOMER:
        fact, name, who = _customer(trade, row), "customer", row
    elif kind == ORDER:
        fact, name, who = _order(trade, row), trade.order_id(row), int(trade.visits.customer[row])
    elif kind == REFUND:
        fact, name, who = _refund(trade, row), f"refund-{trade.order_id(row)}", int(trade.visits.customer[row])
    else:
        order = int(trade.told.order[row])
        fact, who = _event(trade, row, found.clock.plan.begins), int(trade.visits.customer[order])
        name = f"{parcels.NAMES[trade.told.name[row]]}-{trade.order_id(order)}"
    is_guest = kind == ORDER and bool(trade.orders.is_guest[row])
    people = _people(trade, who, is_guest)
    event_id = f"{name}-{people['id']}" if kind == CUSTOMER else name
    at = datetime.fromtimestamp(int(found.at[place]), UTC)
    return events.Told(fact=fact, source=SOURCE, occurred_at=at, event_id=event_id, people=people)


def _people(trade: Trade, who: int, is_guest: bool) -> dict[str, str]:
    about = trade.about
    found = {"email": str(about.email[who])}
    if not is_guest:
        found |= {"id": str(about.reference[who])}
        found |= {"phone": str(about.phone[who])} if about.phone[who] else {}
    return found


def _customer(trade: Trade, who: int) -> events.Fact:
    about = trade.about
    names = ("first_name", "last_name", "country", "city", "postcode", "language", "timezone")
    return CustomerUpdated(
        version=f"demo-{about.reference[who]}",
        accepts_email=bool(about.accepts_email[who]),
        accepts_sms=bool(about.accepts_sms[who]),
        **{name: str(getattr(about, name)[who]) for name in names},
    )


def _order(trade: Trade, order: int) -> events.Fact:
    orders, lines, shelf = trade.orders, trade.lines, products()
    first, end = np.searchsorted(lines.order, [order, order + 1])
    mine = range(int(first), int(end))
    of = [int(lines.product[line]) for line in mine]
    code = int(orders.code[order])
    return OrderPlaced(
        order_id=trade.order_id(order),
        total=_money(orders.total[order]),
        currency=CURRENCY,
        discount=_money(orders.discount[order]),
        shipping=_money(orders.shipping[order]),
        discount_code=world.CODES[code].name if code >= 0 else None,
        country=places()[trade.found.place[trade.visits.customer[order]]].code,
        channel=world.CHANNELS[orders.channel[order]].name,
        lines=tuple(
            Line(
                product=shelf.product[product],
                name=shelf.name[product],
                category=shelf.categories[shelf.category[product]],
                quantity=Decimal(int(lines.quantity[line])),
                amount=_money(lines.amount[line]),
            )
            for line, product in zip(mine, of, strict=True)
        ),
    )


def _refund(trade: Trade, order: int) -> events.Fact:
    number = trade.order_id(order)
    amount = _money(trade.orders.refunded[order])
    return OrderRefunded(refund_id=f"{number}-1", order_id=number, amount=amount, currency=CURRENCY)


def _event(trade: Trade, row: int, begins: date) -> events.Fact:
    happened = trade.told
    properties: dict[str, object] = {"order_id": trade.order_id(int(happened.order[row]))}
    if happened.carrier[row] >= 0:
        promised = begins + timedelta(days=int(happened.promised[row]))
        properties |= {"carrier": world.CARRIERS[happened.carrier[row]].name, "promised_on": promised.isoformat()}
    if happened.days_late[row] >= 0:
        properties["days_late"] = int(happened.days_late[row])
    if happened.cause[row] >= 0:
        properties["cause"] = world.CAUSES[happened.cause[row]]
    if happened.stars[row] >= 0:
        properties["stars"] = int(happened.stars[row])
    return CustomTracked(name=parcels.NAMES[happened.name[row]], properties=json.dumps(properties))


def _money(cents: "np.int64") -> Decimal:
    return Decimal(int(cents)).scaleb(-2)
