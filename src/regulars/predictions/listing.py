"""The list of customers: filters and orders out of closed lists, compiled with bound parameters."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from regulars.predictions.groups import lay_out_groups
from regulars.predictions.known import Known

# Each filter's condition; its $name is bound, never written into the statement.
FILTERS: Mapping[str, str] = {
    "text": "contains(strip_accents(lower(concat_ws(' ', first_name, last_name, email, reference))), strip_accents(lower($text)))",
    "country": "country = $country",
    "segment": "segment = $segment",
    "orders_from": "orders >= $orders_from",
    "orders_to": "orders <= $orders_to",
    "value_from": "net >= $value_from::DECIMAL(18, 4)",
    "value_to": "net <= $value_to::DECIMAL(18, 4)",
    "last_from": "last_day >= $last_from",
    "last_to": "last_day <= $last_to",
    "first_from": "first_day >= $first_from",
    "first_to": "first_day <= $first_to",
    "consent": "accepts_email = ($consent = 'yes')",
    "late": "is_late = ($late = 'yes')",
}
SORTS: Mapping[str, str] = {
    "name": "strip_accents(lower(first_name || ' ' || last_name))", "country": "country", "orders": "orders", "net": "net",
    "first_day": "first_day", "last_day": "last_day", "segment": "segment",
}  # fmt: skip
MOST, FURTHEST = 1_000, 2**62  # the engine counts rows in 64 bits


@dataclass(frozen=True)
class Listing:
    """Which customers: filters by name (see FILTERS), the order, and which part of the list; among these alone, if any are given."""

    filters: Mapping[str, str] = field(default_factory=dict)
    sort: str = "net"
    descending: bool = True
    offset: int = 0
    limit: int = 50
    among: Sequence[int] | None = None


class NoSuchFilter(ValueError):
    """A filter or an order that the list does not have."""


class UnfitValue(NoSuchFilter):
    """A value that its filter cannot take; the message says what it must be."""


def listing(known: Known, asked: Listing) -> dict[str, Any]:
    """Return the customers asked for and how many there are in all; `limit` is at most 1,000.

    Rows: customer_id, name parts, contact, country, orders, net, first_day, last_day, segment, is_late. Raises NoSuchFilter
    for a name that is in no list, UnfitValue for a value that is no number, date, yes or no where it must be one.
    """
    for name in asked.filters:
        if name not in FILTERS:
            raise NoSuchFilter(f"customers cannot be filtered by {name!r}")
    if asked.sort not in SORTS:
        raise NoSuchFilter(f"customers cannot be sorted by {asked.sort!r}")
    lay_out_groups(known)
    values = {name: _read(name, value) for name, value in asked.filters.items()}
    conditions = [FILTERS[name] for name in asked.filters]
    if asked.among is not None:
        conditions.append("customer_id IN (SELECT unnest($among::BIGINT[]))")
        values["among"] = list(asked.among)
    where = " AND ".join(conditions) or "true"
    rows = known.moment.dicts(f"{_SELECT} WHERE {where} {_order(asked)}", **values)
    count = known.moment.rows(f"SELECT count(*) FROM ({_SELECT} WHERE {where})", **values)[0][0]
    return {"customers": rows, "count": int(count)}


def countries(known: Known, most: int) -> list[str]:
    """Return the countries with the most customers."""
    query = (
        "SELECT country FROM customers WHERE country <> '' GROUP BY country ORDER BY count(*) DESC, country LIMIT $most"
    )
    return [row[0] for row in known.moment.rows(query, most=most)]


_SELECT = """SELECT * FROM (
    SELECT
        customer_id, reference, email, phone, first_name, last_name, country, city, accepts_email, accepts_sms,
        orders, net, first_day, last_day, segment, late_of.customer_id IS NOT NULL AS is_late
    FROM customers
    LEFT JOIN rfm_of USING (customer_id)
    LEFT JOIN late_of USING (customer_id)
)"""


def _order(asked: Listing) -> str:
    way = "DESC" if asked.descending else "ASC"
    part = f"LIMIT {min(max(int(asked.limit), 1), MOST)} OFFSET {min(max(int(asked.offset), 0), FURTHEST)}"
    return f"ORDER BY {SORTS[asked.sort]} {way} NULLS LAST, customer_id {part}"


def _read(name: str, value: str) -> Any:
    """Return what a filter's text means.

    >>> _read("orders_from", " 2 "), _read("last_to", "2024-02-29"), _read("consent", "no")
    (2, datetime.date(2024, 2, 29), 'no')
    """
    kind, reader = _KINDS.get(name.partition("_")[0], ("a word", str))
    try:
        return reader(value.strip())
    except (ArithmeticError, ValueError, LookupError):
        raise UnfitValue(f"{name} must be {kind}, not {value!r}") from None


def _whole(text: str) -> int:
    return min(max(int(text), -BEYOND), BEYOND)


def _amount(text: str) -> Decimal:
    amount = Decimal(text)
    if amount.is_nan():
        raise ValueError(text)
    return min(max(amount, Decimal(-BEYOND)), Decimal(BEYOND))


def _answer(text: str) -> str:
    return {"yes": "yes", "no": "no"}[text]


BEYOND = 10**13  # more than anybody orders or spends, and the engine still holds it
_KINDS: Mapping[str, tuple[str, Callable[[str], Any]]] = {
    "orders": ("a whole number", _whole), "value": ("a number, with a point before the cents", _amount),
    "last": ("a day as 2024-12-31", date.fromisoformat), "first": ("a day as 2024-12-31", date.fromisoformat),
    "consent": ("yes or no", _answer), "late": ("yes or no", _answer),
}  # fmt: skip
