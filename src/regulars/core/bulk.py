"""Many rows into one operational table: executemany on SQLite, COPY on PostgreSQL; what to do with known keys is said. And the
values that a driver takes."""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from itertools import islice
from typing import Any

import msgspec
from django.db import connection, transaction

PER_TRANSACTION = 50_000
KEEP = "ON CONFLICT DO NOTHING"


def insert(table: str, columns: Sequence[str], rows: Iterable[Sequence[Any]], conflict: str = KEEP) -> int:
    """Insert rows in transactions of at most 50,000, so that nobody else waits long; return how many were offered."""
    offered, source = 0, iter(rows)
    while some := list(islice(source, PER_TRANSACTION)):
        with transaction.atomic():
            _insert_some(table, columns, some, conflict)
        offered += len(some)
    return offered


def instant(at: datetime | None) -> Any:
    """Return an instant as plain SQL takes it on the database in use: on SQLite as the text that Django writes."""
    return connection.ops.adapt_datetimefield_value(at)


def from_database(value: Any) -> datetime | None:
    """Return an instant that plain SQL gave, with its zone: SQLite gives what Django wrote, which is UTC and does not say so."""
    if value is None:
        return None
    found = value if isinstance(value, datetime) else datetime.fromisoformat(value)
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def among(values: Sequence[Any]) -> tuple[str, Any]:
    """Return what stands behind a column's name to find it among many values, and the parameter for it: the statement is the same
    for however many there are."""
    if connection.vendor == "postgresql":
        return "= ANY(%s)", list(values)
    return "IN (SELECT value FROM json_each(%s))", msgspec.json.encode(values).decode()


def insert_in_transaction(
    table: str, columns: Sequence[str], rows: Sequence[Sequence[Any]], conflict: str = KEEP
) -> None:
    """Insert rows inside the caller's transaction: they are there exactly when it commits."""
    if rows:
        _insert_some(table, columns, rows, conflict)


def _insert_some(table: str, columns: Sequence[str], rows: Sequence[Sequence[Any]], conflict: str) -> None:
    quote = connection.ops.quote_name
    listed, target = ", ".join(quote(column) for column in columns), quote(table)
    with connection.cursor() as cursor:
        if connection.vendor != "postgresql":
            marks = ", ".join(["%s"] * len(columns))
            cursor.executemany(f"INSERT INTO {target} ({listed}) VALUES ({marks}) {conflict}", rows)
            return
        cursor.execute(f"CREATE TEMPORARY TABLE incoming AS SELECT {listed} FROM {target} WHERE false")
        with cursor.copy(f"COPY incoming ({listed}) FROM STDIN") as copy:
            for row in rows:
                copy.write_row(row)
        cursor.execute(f"INSERT INTO {target} ({listed}) SELECT {listed} FROM incoming {conflict}")
        cursor.execute("DROP TABLE incoming")
