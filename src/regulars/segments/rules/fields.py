"""The closed lists: what a rule can ask of a customer and of what customers did, and the SQL of each."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from regulars.core import sql
from regulars.events import api as events
from regulars.segments.rules.comparing import Kind

STATES = ("given", "asked", "withdrawn", "expired", "never")
CHANNELS = ("email", "sms", "push", "whatsapp")
CUSTOM = "custom:"
ATTRIBUTE = "attribute:"  # of what a shop keeps of its customers by names of its own
_NOT_OF_CUSTOMERS = ("customer.identified", "customer.merged", "product.updated", "cost.recorded", "custom.tracked")


@dataclass(frozen=True)
class Field:
    """Something that can be compared: its kind, its SQL, and the table that has to be joined for it.

    A nightly one depends on all customers together, or on a model: it is worked out once a day.
    """

    kind: Kind
    sql: str
    says: str
    join: str = ""
    is_nightly: bool = False


@dataclass(frozen=True)
class Source:
    """Things that happen to customers: a query with customer_id, instant and day, and the fields that can be compared, of its rows h."""

    sql: str
    fields: Mapping[str, Field]
    says: str


_TAGS = "list_filter(list_transform(string_split(c.tags, ','), lambda tag: lower(trim(tag))), lambda tag: tag <> '')"
ABOUT: Mapping[str, Field] = {
    **{
        name: Field(Kind.TEXT, f"c.{name}", says)
        for name, says in {
            "reference": "number in the shop", "email": "e-mail address", "phone": "phone number", "first_name": "first name",
            "last_name": "last name", "country": "country", "city": "city", "language": "language",
        }.items()
    },
    "tags": Field(Kind.TAGS, _TAGS, "tags"),
    "accepts_email": Field(Kind.FLAG, "c.accepts_email", "said yes to e-mail in the shop system"),
    "accepts_sms": Field(Kind.FLAG, "c.accepts_sms", "said yes to texts in the shop system"),
    "orders": Field(Kind.NUMBER, "c.orders", "number of orders"),
    "order_days": Field(Kind.NUMBER, "c.days", "number of days with an order"),
    "gross": Field(Kind.NUMBER, "c.gross", "spent before refunds"),
    "refunded": Field(Kind.NUMBER, "c.refunded", "given back"),
    "net": Field(Kind.NUMBER, "c.net", "spent after refunds"),
    "average_order": Field(Kind.NUMBER, "c.gross / nullif(c.orders, 0)", "average order"),
    "first_order": Field(Kind.DATE, "c.first_day", "first order"),
    "last_order": Field(Kind.DATE, "c.last_day", "last order"),
    "second_order": Field(Kind.DATE, "first_orders.second_day", "second order day", "first_orders"),
    **{
        f"first_{name}": Field(Kind.TEXT, f"first_orders.{name}", says, "first_orders")
        for name, says in {
            "product": "main product of the first order", "category": "category of the first order",
            "channel": "channel of the first order", "discount_code": "discount code of the first order",
        }.items()
    },
    "rfm": Field(Kind.TEXT, "rfm_of.segment", "RFM segment", "rfm_of", is_nightly=True),
    "birthday": Field(Kind.DATE, "birthday.day", "birthday", "birthday"),
    "late": Field(Kind.FLAG, "late_of.customer_id IS NOT NULL", "late by their own rhythm", "late_of", is_nightly=True),
}  # fmt: skip
_ORDER = {
    "shop": Field(Kind.TEXT, "h.shop", "shop"),
    "order_id": Field(Kind.TEXT, "h.order_id", "order number"),
    "total": Field(Kind.NUMBER, "h.total", "total"),
    "refunded": Field(Kind.NUMBER, "h.refunded", "given back"),
    "discount": Field(Kind.NUMBER, "h.discount", "discount"),
    "discount_code": Field(Kind.TEXT, "h.discount_code", "discount code"),
    "country": Field(Kind.TEXT, "h.country", "country"),
    "channel": Field(Kind.TEXT, "h.channel", "channel"),
    "currency": Field(Kind.TEXT, "h.currency", "currency"),
}
_LINE = {
    "product": Field(Kind.TEXT, "h.product", "product"),
    "name": Field(Kind.TEXT, "h.name", "product's name"),
    "category": Field(Kind.TEXT, "h.category", "category"),
    "quantity": Field(Kind.NUMBER, "h.quantity", "quantity"),
    "amount": Field(Kind.NUMBER, "h.amount", "amount"),
    "country": Field(Kind.TEXT, "h.country", "country of the order"),
    "channel": Field(Kind.TEXT, "h.channel", "channel of the order"),
}
_REFUND = {
    "amount": Field(Kind.NUMBER, "h.amount", "amount"),
    "reason": Field(Kind.TEXT, "h.reason", "reason"),
    "order_id": Field(Kind.TEXT, "h.order_id", "order number"),
}
_CANCELLATION = {name: _REFUND[name] for name in ("reason", "order_id")}
_KINDS = {
    "VARCHAR": Kind.TEXT, "DECIMAL": Kind.NUMBER, "BIGINT": Kind.NUMBER, "INTEGER": Kind.NUMBER, "DOUBLE": Kind.NUMBER,
    "DATE": Kind.DATE, "TIMESTAMP": Kind.DATE, "BOOLEAN": Kind.FLAG,
}  # fmt: skip


# As which column of customer_attributes an attribute is read: what it holds is known by the comparison.
READ_AS = {Kind.TEXT: "value", Kind.NUMBER: "number", Kind.DATE: "day"}


def is_attribute(name: object) -> bool:
    """Say whether a field names an attribute of the shop's own.

    >>> is_attribute("attribute:colour"), is_attribute("attribute: "), is_attribute("country")
    (True, False, False)
    """
    return isinstance(name, str) and name.startswith(ATTRIBUTE) and bool(called(name))


def called(name: str) -> str:
    """Return the shop's own name of the attribute that a field names."""
    return name.removeprefix(ATTRIBUTE).strip()


@cache
def sources() -> Mapping[str, Source]:
    """Return every source by name; a shop's own events are named custom:<name> and are not listed."""
    texts = sql.load("regulars.segments")
    found = {
        "order": Source(texts["orders"], _ORDER, "placed an order"),
        "line": Source(texts["lines"], _LINE, "bought"),
        "refund": Source(texts["refunds"], _REFUND, "got money back"),
        "cancellation": Source(texts["cancellations"], _CANCELLATION, "cancelled an order"),
    }
    for kind, record in events.kinds().items():
        if record.about == "customer" and kind not in _NOT_OF_CUSTOMERS and not kind.startswith("order."):
            told = texts["facts"].replace("$table", events.table_name(kind))
            found[kind] = Source(told, _fields_of(kind), kind.replace(".", " "))
    return found


def source_of(name: str) -> Source | None:
    """Return a source by its name, or None. Of a shop's own events any name is a source."""
    if name.startswith(CUSTOM) and name != CUSTOM:
        told = sql.load("regulars.segments")["facts"].replace("$table", events.table_name("custom.tracked"))
        return Source(told, {}, name.removeprefix(CUSTOM))
    return sources().get(name)


def labels() -> list[str]:
    """Return what fields and sources are called, each once: whoever translates the rules' words needs them."""
    named = {field.says for field in ABOUT.values()}
    for source in sources().values():
        named |= {source.says, *(field.says for field in source.fields.values())}
    return sorted(named)


def _fields_of(kind: str) -> dict[str, Field]:
    own = {column.name: column.type for column in events.schema_of(kind).columns}
    fields = {}
    for name in events.kind_of(kind).__dataclass_fields__:  # type: ignore[attr-defined]
        kind_of_value = _KINDS.get(re.split(r"[( ]", own[name])[0]) if not own[name].endswith("]") else None
        if kind_of_value is not None:
            expression = f'CAST(h."{name}" AS DATE)' if kind_of_value == Kind.DATE else f'h."{name}"'
            fields[name] = Field(kind_of_value, expression, name.replace("_", " "))
    return fields
