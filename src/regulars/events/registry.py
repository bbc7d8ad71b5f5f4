"""The registry of fact kinds: a frozen dataclass per kind, its natural key, and by that its lake table."""

import dataclasses
import difflib
import functools
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any, ClassVar, TypeVar, dataclass_transform

import msgspec

from regulars.core.lake.schema import TableSchema, fact_table


class Fact:
    """Base of every fact kind; fields are typed, `kind` and `key_fields` are set by @fact."""

    kind: ClassVar[str]
    key_fields: ClassVar[tuple[str, ...]]
    about: ClassVar[str]

    def natural_key(self) -> str | None:
        """Return the fact's identity whatever source told it, or None when each telling is a fact of its own."""
        if not self.key_fields:
            return None
        return "\x1f".join([self.kind, *(str(getattr(self, name)) for name in self.key_fields)])


F = TypeVar("F", bound=type[Fact])
# By which columns a fact follows other facts to its customer, by what it is about.
FOLLOWS = {"customer": (), "order": ("shop", "order_id"), "address": ("channel", "fingerprint")}
_KINDS: dict[str, type[Fact]] = {}


class UnknownKind(ValueError):
    """A fact kind that nobody registered."""

    def __init__(self, kind: str) -> None:
        near = difflib.get_close_matches(kind, _KINDS, n=1)
        hint = f"; did you mean '{near[0]}'?" if near else ""
        super().__init__(f"'{kind}' is not a kind of fact{hint}")


class InvalidFact(ValueError):
    """A fact whose fields do not fit its kind; the message names the field."""


@dataclass_transform(frozen_default=True, kw_only_default=True)
def fact(kind: str, key: tuple[str, ...] = (), about: str = "customer") -> Callable[[F], F]:
    """Register a frozen dataclass as a kind of fact; key names the fields that make its natural key.

    about="order" says that the fact follows the customer of its order, whoever its envelope names.
    """

    def register(record: F) -> F:
        made: F = dataclass(frozen=True, kw_only=True)(record)  # type: ignore[assignment]
        if kind in _KINDS:
            raise ValueError(f"fact kind {kind} is registered twice")
        made.kind, made.key_fields, made.about = kind, key, about
        _KINDS[kind] = made
        return made

    return register


def kinds() -> Mapping[str, type[Fact]]:
    """Return every registered kind by name."""
    _load()
    return dict(sorted(_KINDS.items()))


def kind_of(name: str) -> type[Fact]:
    """Return the class of a kind, or raise UnknownKind with a near name."""
    _load()
    if name not in _KINDS:
        raise UnknownKind(name)
    return _KINDS[name]


def table_name(kind: str) -> str:
    """Return the lake table of a kind.

    >>> table_name("order.placed")
    'order_placed'
    """
    return kind.replace(".", "_")


@functools.cache
def schema_of(kind: str) -> TableSchema:
    """Return the lake table's schema of a registered kind."""
    record = kind_of(kind)
    return fact_table(table_name(kind), record, FOLLOWS[record.about])


def schemas() -> Iterator[TableSchema]:
    """Yield the schema of every fact table."""
    for kind in kinds():
        yield schema_of(kind)


def read(kind: str, fields: Mapping[str, Any]) -> Fact:
    """Make a fact from loose values (numbers may come as text); raise InvalidFact naming the field."""
    record = kind_of(kind)
    known = {item.name for item in dataclasses.fields(record)}  # type: ignore[arg-type]
    for name in fields:
        if name not in known:
            near = difflib.get_close_matches(name, known, n=1)
            hint = f"; did you mean '{near[0]}'?" if near else ""
            raise InvalidFact(f"{kind} has no field '{name}'{hint}")
    try:
        return msgspec.convert(fields, record, strict=False)
    except msgspec.ValidationError as problem:
        raise InvalidFact(f"{kind}: {problem}") from None


def read_any(kind: str, fields: Mapping[str, Any]) -> Fact:
    """Make a fact of a registered kind, or a custom.tracked one of a kind that the shop made up.

    A name that is nearly a registered one is taken for a typo and refused, so that no order ends among the custom facts.
    """
    try:
        return read(kind, fields)
    except UnknownKind:
        if difflib.get_close_matches(kind, _KINDS, n=1, cutoff=0.8):
            raise
    properties = msgspec.json.encode(dict(fields), enc_hook=_encode).decode()
    return read("custom.tracked", {"name": kind, "properties": properties})


def as_fields(told: Fact) -> dict[str, Any]:
    """Return a fact's fields as plain JSON values: money and instants as text."""
    # Field by field: of a fact that was read from loose values msgspec would leave out every field at its default.
    values = {item.name: getattr(told, item.name) for item in dataclasses.fields(told)}  # type: ignore[arg-type]
    plain: dict[str, Any] = msgspec.to_builtins(values, builtin_types=(), enc_hook=_encode)
    return plain


def _encode(value: Any) -> Any:
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, datetime):
        return value.isoformat()
    raise TypeError(f"{type(value).__name__} cannot stand in a fact")


def _load() -> None:
    import regulars.events.kinds  # noqa: F401  registers the standard kinds
