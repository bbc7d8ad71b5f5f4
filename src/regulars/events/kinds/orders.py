"""Facts about orders: placed, corrected, cancelled, refunded."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Annotated

from regulars.core.lake.schema import SqlType
from regulars.events.registry import Fact, fact

Rate = Annotated[Decimal, SqlType("DECIMAL(18,9)")]


@dataclass(frozen=True, kw_only=True)
class Line:
    """One line of an order: amount is what was paid for the whole line, in the order's currency."""

    product: str | None = None
    name: str | None = None
    category: str | None = None
    quantity: Decimal | None = None
    amount: Decimal | None = None


@dataclass(frozen=True, kw_only=True)
class OrderState(Fact):
    """An order as told at one time. total is before refunds, in currency; rate converts it to the shop's currency."""

    shop: str = "main"
    order_id: str
    total: Decimal
    currency: str
    rate: Rate = Decimal(1)
    gift_card: Decimal | None = None
    discount: Decimal | None = None
    shipping: Decimal | None = None
    tax: Decimal | None = None
    discount_code: str | None = None
    country: str | None = None
    channel: str | None = None
    is_test: bool = False
    updated_at: datetime | None = None
    lines: tuple[Line, ...] = ()


@fact("order.placed", key=("shop", "order_id"))
class OrderPlaced(OrderState):
    """An order as first told."""


@fact("order.updated", key=("shop", "order_id", "version"), about="order")
class OrderUpdated(OrderState):
    """An order's newer state, whole; the latest by updated_at, then seq, stands in place of the placed one."""

    version: str


@fact("order.cancelled", key=("shop", "order_id"), about="order")
class OrderCancelled(Fact):
    """A cancelled order is no order: it leaves every figure."""

    shop: str = "main"
    order_id: str
    reason: str | None = None


@fact("order.refunded", key=("shop", "refund_id"), about="order")
class OrderRefunded(Fact):
    """Money given back. is_total says that amount is all that was refunded of the order so far, not one refund more.

    order_id is empty for a credit note that names no order.
    """

    shop: str = "main"
    refund_id: str
    order_id: str | None = None
    amount: Decimal
    currency: str
    rate: Rate = Decimal(1)
    is_total: bool = False
    reason: str | None = None
