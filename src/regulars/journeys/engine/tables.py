"""Tables that live as long as a round: what runs have to hear of, which way each goes, when a time of day comes."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.db import connection, transaction

TOLD, CHOSEN, WANTED, OPENINGS = "journeys_told", "journeys_chosen", "journeys_wanted", "journeys_openings"
_COLUMNS = {
    TOLD: ("version INTEGER", "role INTEGER", "customer_id BIGINT", "subject TEXT", "at BIGINT", "said TEXT"),
    CHOSEN: ("id BIGINT PRIMARY KEY", "way INTEGER", "at BIGINT", "said TEXT"),
    WANTED: (
        *("customer_id BIGINT", "subject TEXT", "at BIGINT", "trigger TEXT", "data TEXT", "zone TEXT"),
        "is_held_out BOOLEAN",
    ),
    OPENINGS: ("journey_id BIGINT", "version INTEGER", "node INTEGER", "zone TEXT", "due BIGINT"),
}


def lay() -> None:
    """Lay the tables, empty, on this connection; those of an earlier round are emptied, because PostgreSQL locks what is made anew."""
    with transaction.atomic(), connection.cursor() as cursor:
        for name, columns in _COLUMNS.items():
            cursor.execute(f"CREATE TEMPORARY TABLE IF NOT EXISTS {name} ({', '.join(columns)})")
            cursor.execute(f"DELETE FROM {name}")
        cursor.execute(f"CREATE INDEX IF NOT EXISTS {OPENINGS}_by ON {OPENINGS} (journey_id, version, node, zone, due)")


def fill(name: str, rows: Iterable[Sequence[Any]]) -> None:
    """Put rows in place of those of before."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM {name}")
        _add(name, rows)


def add(name: str, rows: Iterable[Sequence[Any]]) -> None:
    """Put rows beside those of before."""
    with transaction.atomic():
        _add(name, rows)


def _add(name: str, rows: Iterable[Sequence[Any]]) -> None:
    marks = ", ".join(["%s"] * len(_COLUMNS[name]))
    with connection.cursor() as cursor:
        cursor.executemany(f"INSERT INTO {name} VALUES ({marks})", list(rows))
