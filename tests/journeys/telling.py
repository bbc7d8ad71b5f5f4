"""Facts of a small shop for journeys, a clock that goes on, and what came of it."""

import json
from datetime import UTC, datetime, timedelta
from decimal import Decimal

from regulars import loop
from regulars.consent import api as consent
from regulars.events import api as events
from regulars.events.kinds.custom import CustomTracked
from regulars.events.kinds.orders import OrderCancelled, OrderPlaced, OrderRefunded
from regulars.journeys import api as journeys
from regulars.journeys.models import Enrolment
from regulars.messaging.models import Message

START = datetime(2024, 6, 3, 9, tzinfo=UTC)  # a Monday
ANN = {"id": "c1", "email": "ann@example.com", "phone": "+4915112345678"}
BO = {"id": "c2", "email": "bo@example.com"}


def ordered(order: str, people: dict[str, str], at: datetime, total: str = "10.00", source: str = "api") -> events.Told:
    fact = OrderPlaced(order_id=order, total=Decimal(total), currency="EUR")
    return events.Told(fact=fact, source=source, event_id=f"placed-{order}", occurred_at=at, people=people)


def refunded(order: str, at: datetime) -> events.Told:
    fact = OrderRefunded(order_id=order, refund_id=f"R{order}", amount=Decimal(5), currency="EUR")
    return events.Told(fact=fact, source="api", event_id=f"R{order}", occurred_at=at)


def cancelled(order: str, at: datetime) -> events.Told:
    return events.Told(fact=OrderCancelled(order_id=order), source="api", event_id=f"C{order}", occurred_at=at)


def did(name: str, people: dict[str, str], at: datetime, event_id: str = "", **properties: object) -> events.Told:
    fact = CustomTracked(name=name, properties=json.dumps(properties))
    return events.Told(
        fact=fact, source="api", event_id=event_id or f"{name}-{at.isoformat()}-{people}", occurred_at=at, people=people
    )


def tell(now: datetime, *told: events.Told) -> None:
    events.append(list(told), now)
    loop.sequence(now)
    loop.WORKERS["profiles.project"](now)


def on(text: str, now: datetime = START) -> str:
    """Keep a journey and switch it on."""
    name, _ = journeys.put(text, "ann", now)
    journeys.activate(name, "ann", now)
    return name


def walk(*instants: datetime) -> None:
    for now in instants:
        journeys.run_once(now)


def asked() -> list[tuple[int, str, str]]:
    """Return customer, name and channel of every message asked for, in order."""
    return list(Message.objects.order_by("id").values_list("customer_id", "name", "channel"))


def stands() -> list[tuple[int, str, int, bool, str]]:
    """Return customer, subject, node, whether inside, and the reason of every run, in the order in which they entered."""
    rows = Enrolment.objects.order_by("entered", "id")
    return list(rows.values_list("customer_id", "subject", "node", "is_active", "reason"))


def say_yes(customer: int, now: datetime = START, channel: str = "email") -> None:
    statement = consent.Statement(
        channel=channel, basis="express", method="form", text="Yes, write to me.", text_version="1"
    )
    consent.give(customer, statement, now)


def after(**length: float) -> datetime:
    return START + timedelta(**length)
