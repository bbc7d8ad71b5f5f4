"""Column types of the lake, derived from the annotations of Python dataclasses."""

import dataclasses
import types
import typing
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Any, Union, get_args, get_origin

MONEY = "DECIMAL(18,4)"
SCALARS: dict[Any, str] = {
    str: "VARCHAR",
    int: "BIGINT",
    bool: "BOOLEAN",
    Decimal: MONEY,
    datetime: "TIMESTAMP WITH TIME ZONE",
    date: "DATE",
}


@dataclass(frozen=True)
class SqlType:
    """Marks an annotation whose lake type differs from its Python type's default, e.g. Annotated[Decimal, SqlType(…)]."""

    name: str


@dataclass(frozen=True)
class Column:
    """One column of a lake table: its name and its DuckDB type."""

    name: str
    type: str


@dataclass(frozen=True)
class TableSchema:
    """A fact table's name and columns, in order; `sort` is how rows lie within a file.

    follows are the columns by which a row follows rows of other tables to their customer, as a correction follows its order;
    without any, a row concerns only the customer of its envelope.
    """

    name: str
    columns: tuple[Column, ...]
    follows: tuple[str, ...] = ()
    sort: tuple[str, ...] = ("customer_id", "occurred_at")

    def select_nulls(self) -> str:
        """Return a query of the table's shape with no rows."""
        listed = ", ".join(f'NULL::{column.type} AS "{column.name}"' for column in self.columns)
        return f"SELECT {listed} WHERE false"


ENVELOPE: tuple[Column, ...] = (
    Column("seq", "BIGINT"),
    Column("event_id", "VARCHAR"),
    Column("source", "VARCHAR"),
    Column("customer_id", "BIGINT"),
    Column("occurred_at", "TIMESTAMP WITH TIME ZONE"),
    Column("received_at", "TIMESTAMP WITH TIME ZONE"),
)


def sql_type(annotation: Any) -> str:
    """Return the DuckDB type of a Python annotation.

    >>> sql_type(str | None), sql_type(Decimal), sql_type(tuple[int, ...])
    ('VARCHAR', 'DECIMAL(18,4)', 'BIGINT[]')
    """
    origin = get_origin(annotation)
    if origin is Annotated:
        marked = [mark.name for mark in get_args(annotation)[1:] if isinstance(mark, SqlType)]
        return marked[0] if marked else sql_type(get_args(annotation)[0])
    if origin in (Union, types.UnionType):
        return sql_type(next(part for part in get_args(annotation) if part is not type(None)))
    if origin is tuple:
        return f"{sql_type(get_args(annotation)[0])}[]"
    if dataclasses.is_dataclass(annotation):
        inner = ", ".join(f'"{column.name}" {column.type}' for column in columns_of(annotation))
        return f"STRUCT({inner})"
    return SCALARS[annotation]


def columns_of(record: Any) -> tuple[Column, ...]:
    """Return the lake columns of a dataclass, in field order."""
    hints = typing.get_type_hints(record, include_extras=True)
    return tuple(Column(field.name, sql_type(hints[field.name])) for field in dataclasses.fields(record))


def fact_table(name: str, record: Any, follows: tuple[str, ...] = ()) -> TableSchema:
    """Return the table of a fact kind: the envelope, then the fact's own fields."""
    return TableSchema(name, ENVELOPE + columns_of(record), follows)


def json_structure(columns: Sequence[Column]) -> str:
    """Return the structure text which DuckDB's from_json wants for these columns."""
    import json

    return json.dumps([{column.name: _json_type(column.type) for column in columns}])


def _json_type(type_name: str) -> Any:
    if type_name.endswith("[]"):
        return [_json_type(type_name[:-2])]
    if type_name.startswith("STRUCT("):
        parts = _split_fields(type_name[len("STRUCT(") : -1])
        return {name.strip('"'): _json_type(inner) for name, inner in (part.split(" ", 1) for part in parts)}
    return type_name


def _split_fields(text: str) -> list[str]:
    parts, depth, start = [], 0, 0
    for position, letter in enumerate(text):
        depth += (letter == "(") - (letter == ")")
        if letter == "," and depth == 0:
            parts.append(text[start:position].strip())
            start = position + 1
    return [*parts, text[start:].strip()]
