"""Relations in the exact shape of a fact's lake table."""

import re
from collections.abc import Mapping
from datetime import datetime

from regulars.core.lake.engine import Connection, Relation, literal
from regulars.events import api as events

Value = str | int | datetime


def bound(query: str, values: Mapping[str, Value]) -> str:
    """Return a query with its $names written out, so that DuckDB streams it (a prepared one is held in memory).

    >>> bound("SELECT $n, $text", {"n": 3, "text": "it's"})
    "SELECT 3, 'it''s'"
    """

    def written(match: re.Match[str]) -> str:
        value = values[match.group(1)]
        if isinstance(value, datetime):
            return f"TIMESTAMPTZ {literal(value.isoformat())}"
        return literal(value) if isinstance(value, str) else str(int(value))

    return re.sub(r"\$([a-z_]+)", written, query)


def shaped(con: Connection, kind: str, query: str) -> Relation:
    """Return the query's columns in the order and types of the kind's lake table, absent ones NULL, sorted for it."""
    schema = events.schema_of(kind)
    present = con.sql(query).columns
    listed = ", ".join(
        f'CAST("{column.name}" AS {column.type}) AS "{column.name}"'
        if column.name in present
        else f'NULL::{column.type} AS "{column.name}"'
        for column in schema.columns
    )
    return con.sql(f"SELECT {listed} FROM ({query}) ORDER BY {', '.join(schema.sort)}")
