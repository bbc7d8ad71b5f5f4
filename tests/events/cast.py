"""The cast and their orders: Ann loyal, Bo leaving, Cleo refunded, and a guest."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

from regulars.events import api as events
from regulars.events.kinds.orders import OrderCancelled, OrderPlaced, OrderRefunded, OrderUpdated

NOW = datetime(2024, 6, 1, 12, tzinfo=UTC)
DAY_0 = datetime(2024, 1, 1, 10, tzinfo=UTC)

ANN = {"id": "c1", "email": "ann@example.com"}
BO = {"id": "c2", "email": "bo@example.com"}
CLEO = {"email": "cleo@example.com"}
GUEST: dict[str, str] = {}


def placed(order_id: str, people: dict[str, str], day: int = 0, total: str = "10.00", **more: object) -> events.Told:
    """Tell an order placed on a day counted from DAY_0."""
    fact = OrderPlaced(order_id=order_id, total=Decimal(total), currency="EUR", **more)  # type: ignore[arg-type]
    return events.Told(
        fact=fact, source="shop", event_id=f"placed-{order_id}", occurred_at=DAY_0 + timedelta(days=day), people=people
    )


def refunded(order_id: str, refund_id: str, amount: str, day: int = 0, is_total: bool = False) -> events.Told:
    """Tell a refund, without saying whose it is: it follows the order."""
    fact = OrderRefunded(
        order_id=order_id, refund_id=refund_id, amount=Decimal(amount), currency="EUR", is_total=is_total
    )
    return events.Told(fact=fact, source="shop", event_id=refund_id, occurred_at=DAY_0 + timedelta(days=day))


def cancelled(order_id: str) -> events.Told:
    """Tell a cancellation, without saying whose order it was."""
    return events.Told(
        fact=OrderCancelled(order_id=order_id), source="shop", event_id=f"cancelled-{order_id}", occurred_at=DAY_0
    )


def updated(order_id: str, version: str, total: str, minute: int) -> events.Told:
    """Tell an order's newer state; the minute is the source's own time of the change."""
    fact = OrderUpdated(
        order_id=order_id,
        version=version,
        total=Decimal(total),
        currency="EUR",
        updated_at=DAY_0 + timedelta(minutes=minute),
    )
    return events.Told(fact=fact, source="shop", event_id=f"updated-{order_id}-{version}", occurred_at=DAY_0)
