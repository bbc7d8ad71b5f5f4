"""Facts as somebody outside tells them: loose rows read one by one, the bad ones answered with the field and what to do."""

import dataclasses
import difflib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

from regulars.core import clock
from regulars.events import place, registry
from regulars.events.log.inbox import Told
from regulars.events.registry import Fact, InvalidFact, UnknownKind

NAMES = ("kind", "fields", "people", "occurred_at", "event_id")
PEOPLE = ("id", "email", "phone", "anonymous", "account", "customer")
# What this house states itself, from what it did and saw.
OURS = ("message.", "address.", "customer.merged", "customer.identified")
AHEAD = timedelta(hours=1)  # clocks differ
EARLIEST = datetime(1900, 1, 1, tzinfo=UTC)
_NAMED = re.compile(r"field [`']([^`']+)[`']|\$\.?([\w.\[\]]+)")


@dataclass(frozen=True)
class Refused:
    """A row that cannot be a fact: its place in the list, the field that is wrong, and what to do about it."""

    index: int
    field: str
    reason: str


class _Wrong(ValueError):
    def __init__(self, field: str, reason: str) -> None:
        super().__init__(reason)
        self.field = field


def read_rows(rows: Sequence[Any], source: str, now: datetime) -> tuple[list[Told], list[Refused]]:
    """Return the facts that rows of {kind, fields, people, occurred_at, event_id} tell, and why the others tell none."""
    told: list[Told] = []
    refused: list[Refused] = []
    for index, row in enumerate(rows):
        try:
            told.append(_told(row, source, now))
        except _Wrong as problem:
            refused.append(Refused(index, problem.field, str(problem)))
    return told, refused


def _told(row: Any, source: str, now: datetime) -> Told:
    if not isinstance(row, dict):
        raise _Wrong(
            "", 'a fact is an object such as {"kind": "order.placed", "fields": {…}, "people": {"email": "…"}}'
        )
    for name in row:
        if name not in NAMES:
            raise _Wrong(str(name)[:100], f"a fact has no '{str(name)[:100]}'{_hint(name, NAMES)}")
    if _has_nul(row):
        raise _Wrong("fields", "there is a NUL character in a text; leave it out")
    kind = _text(row, "kind", 64)
    if kind.startswith(OURS):
        raise _Wrong(
            "kind", f"{kind} is stated by Regulars itself; providers tell of messages at the hook of their route"
        )
    fact = _fact(kind, row.get("fields", {}))
    return Told(
        fact=fact,
        source=source,
        occurred_at=_instant(row.get("occurred_at"), now),
        event_id=_text(row, "event_id", 255) if row.get("event_id") is not None else "",
        people=_people(row.get("people")),
    )


def _fact(kind: str, fields: Any) -> Fact:
    if not isinstance(fields, dict):
        raise _Wrong(
            "fields", 'fields are an object, such as {"order_id": "1042", "total": "48.40", "currency": "EUR"}'
        )
    try:
        fact = registry.read_any(kind, fields)
    except UnknownKind as problem:
        raise _Wrong("kind", str(problem)) from None
    except InvalidFact as problem:
        named = _NAMED.search(str(problem))
        inner = (named[1] or named[2]) if named else ""
        raise _Wrong(f"fields.{inner}" if inner else "fields", str(problem)) from None
    _check_values(fact)
    _check_currency(fact, fields)
    return fact


def _check_values(fact: Fact) -> None:
    """Refuse numbers that the lake's columns do not hold: one of them would stop everything behind it."""
    types = {column.name: column.type for column in registry.schema_of(fact.kind).columns}
    for name, value in _values(fact):
        column = types.get(name.partition(".")[0], "")
        if isinstance(value, Decimal):
            most = 10**9 if column == "DECIMAL(18,9)" else 10**14
            if not value.is_finite() or abs(value) >= most:
                raise _Wrong(f"fields.{name}", f"{fact.kind}: {name} must be a number below {most:,}")
        elif isinstance(value, int) and not -(2**63) <= value < 2**63:
            raise _Wrong(f"fields.{name}", f"{fact.kind}: {name} is too large")
        elif isinstance(value, datetime) and not EARLIEST.year <= value.year < 9999:
            raise _Wrong(f"fields.{name}", f"{fact.kind}: {name} must lie after 1900")


def _values(told: Any, before: str = "") -> list[tuple[str, Any]]:
    found = []
    for item in dataclasses.fields(told):
        value, name = getattr(told, item.name), before + item.name
        if isinstance(value, tuple):
            found += [pair for one in value if dataclasses.is_dataclass(one) for pair in _values(one, f"{name}.")]
        else:
            found.append((name, value))
    return found


def _check_currency(fact: Fact, fields: Mapping[str, Any]) -> None:
    currency = getattr(fact, "currency", None)
    if currency is None:
        return
    if not re.fullmatch("[A-Z]{3}", currency):
        raise _Wrong("fields.currency", f"'{currency[:20]}' is no currency; write three capital letters such as EUR")
    own = place.currency()
    if own and currency != own and hasattr(fact, "rate") and "rate" not in fields:
        raise _Wrong("fields.rate", f"the shop counts in {own}; say at which rate one {currency} is to be counted")


def _text(row: Mapping[str, Any], name: str, most: int) -> str:
    value = row.get(name)
    if not isinstance(value, str) or not value.strip():
        raise _Wrong(name, f"{name} is missing; write it as a text")
    if len(value) > most:
        raise _Wrong(name, f"{name} has more than {most} letters; write a shorter one")
    return value


def _people(told: Any) -> dict[str, str]:
    """Return identifiers; without any, the fact is a guest's."""
    if told is None:
        return {}
    if not isinstance(told, dict):
        raise _Wrong("people", 'people are identifiers, such as {"email": "ann@example.com", "id": "c1"}')
    found = {}
    for name, value in told.items():
        if name not in PEOPLE:
            raise _Wrong(f"people.{name}"[:100], f"people are told by {', '.join(PEOPLE)}{_hint(name, PEOPLE)}")
        if value is None:
            continue
        text = str(value) if isinstance(value, str | int) and not isinstance(value, bool) else ""
        if not text or len(text) > 320:
            raise _Wrong(f"people.{name}", f"{name} must be a text of at most 320 letters")
        found[name] = text
    return found


def _instant(told: Any, now: datetime) -> datetime:
    if told is None:
        return now
    try:
        found = clock.parse_instant(told) if isinstance(told, str) else None
    except (ValueError, OverflowError):
        found = None
    if found is None or found < EARLIEST:
        raise _Wrong("occurred_at", "occurred_at is no instant; write it like 2024-03-21T10:00:00Z")
    if found > now + AHEAD:
        raise _Wrong("occurred_at", "occurred_at lies in the future; tell a fact when it has happened")
    return found


def _has_nul(value: Any) -> bool:
    todo = [value]
    while todo:
        one = todo.pop()
        if isinstance(one, dict):
            todo += [*one, *one.values()]
        elif isinstance(one, list):
            todo += one
        elif isinstance(one, str) and "\0" in one:
            return True
    return False


def _hint(name: Any, known: Sequence[str]) -> str:
    near = difflib.get_close_matches(str(name)[:100], known, n=1)
    return f"; did you mean '{near[0]}'?" if near else f"; there are {', '.join(known)}"
