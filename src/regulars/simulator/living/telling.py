"""What happens in the living demo as the facts that a shop's own system would tell."""

import json
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import numpy as np

from regulars.events import api as events
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
    told = {name: str(getattr(about, name)[who]) for name in names}
    accepts = {name: bool(getattr(about, name)[who]) for name in ("accepts_email", "accepts_sms")}
    return events.read("customer.updated", {"version": f"demo-{about.reference[who]}", **told, **accepts})


def _order(trade: Trade, order: int) -> events.Fact:
    orders, code = trade.orders, int(trade.orders.code[order])
    first, end = np.searchsorted(trade.lines.order, [order, order + 1])
    fields = {
        "order_id": trade.order_id(order),
        "total": _money(orders.total[order]),
        "currency": CURRENCY,
        "discount": _money(orders.discount[order]),
        "shipping": _money(orders.shipping[order]),
        "discount_code": world.CODES[code].name if code >= 0 else None,
        "country": places()[trade.found.place[trade.visits.customer[order]]].code,
        "channel": world.CHANNELS[orders.channel[order]].name,
        "lines": [_line(trade, line) for line in range(int(first), int(end))],
    }
    return events.read("order.placed", fields)


def _line(trade: Trade, line: int) -> dict[str, object]:
    shelf, product = products(), int(trade.lines.product[line])
    return {
        "product": shelf.product[product],
        "name": shelf.name[product],
        "category": shelf.categories[shelf.category[product]],
        "quantity": int(trade.lines.quantity[line]),
        "amount": _money(trade.lines.amount[line]),
    }


def _refund(trade: Trade, order: int) -> events.Fact:
    number, amount = trade.order_id(order), _money(trade.orders.refunded[order])
    fields = {"refund_id": f"{number}-1", "order_id": number, "amount": amount, "currency": CURRENCY}
    return events.read("order.refunded", fields)


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
    name = parcels.NAMES[happened.name[row]]
    return events.read("custom.tracked", {"name": name, "properties": json.dumps(properties)})


def _money(cents: "np.int64") -> Decimal:
    return Decimal(int(cents)).scaleb(-2)
