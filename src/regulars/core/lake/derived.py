"""Derived tables: a stored base built at one seq, plus an overlay for the people touched since.

A definition is SQL over the schemas `facts` (fact tables) and `derived` (definitions before it in the list). The same
text, with both schemas renamed, computes the overlay from the facts of few people alone (see overlay). What belongs to
one person by what is known of others is asked of `everybody`: the definitions before it, never restricted.
"""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from regulars.core.lake.engine import Connection
from regulars.core.lake.schema import TableSchema
from regulars.core.lake.tables import Table

FACTS, DERIVED, EVERYBODY = "facts", "derived", "everybody"
TOUCHED_DERIVED = "touched_derived"
# Facts and derived tables are found by their plain names along this path; a view of each in one schema cost a third of opening.
PLAIN_NAMES = f"main,{DERIVED},{FACTS}"


@dataclass(frozen=True)
class Derived:
    """One derived table: stored ones have a base, and customer_id as their first column, by which they are sorted; the
    others are views, never out of date. Of one that adds up, questions may be asked as sums over customers (see sums)."""

    name: str
    sql: str
    stored: bool = True
    adds_up: bool = False

    @property
    def of_all(self) -> str:
        """The definition over everybody's facts."""
        return self.sql.replace(f"{EVERYBODY}.", f"{DERIVED}.")

    def of(self, facts: str, derived: str) -> str:
        """Return the definition over other schemas; what it asks of everybody it asks of everybody still."""
        return (
            self.sql.replace(f"{FACTS}.", f"{facts}.")
            .replace(f"{DERIVED}.", f"{derived}.")
            .replace(f"{EVERYBODY}.", f"{DERIVED}.")
        )


@dataclass(frozen=True)
class Base:
    """Which version of each stored derived table belongs together: all were computed from the facts up to seq."""

    seq: int
    definition: str
    versions: Mapping[str, int]


def definition_hash(definitions: Sequence[Derived], setting: str) -> str:
    """Return a digest of all definitions and of what they depend on (time zone, currency)."""
    text = "\0".join([setting, *(f"{item.name}={item.sql}" for item in definitions)])
    return hashlib.blake2b(text.encode(), digest_size=12).hexdigest()


def base_table(root: Path, item: Derived) -> Table:
    """Return the Delta table that holds the base of a stored derived table."""
    return Table(root / "derived", TableSchema(item.name, ()))


def build(con: Connection, root: Path, definitions: Sequence[Derived], seq: int) -> dict[str, int]:
    """Compute every stored derived table from the facts of this connection; return their versions."""
    versions: dict[str, int] = {}
    con.execute(f"CREATE SCHEMA IF NOT EXISTS {DERIVED}")
    for item in definitions:
        if item.stored:
            table = base_table(root, item).open()
            versions[item.name] = table.overwrite(con.sql(f"SELECT * FROM ({item.of_all}) ORDER BY ALL"), seq)
            snapshot = table.snapshot(versions[item.name])
            assert snapshot is not None
            con.execute(f"CREATE OR REPLACE VIEW {DERIVED}.{item.name} AS {stored_rows(item, snapshot.files)}")
        else:
            con.execute(f"CREATE OR REPLACE VIEW {DERIVED}.{item.name} AS {item.of_all}")
    return versions


def stored_rows(item: Derived, files: Sequence[str]) -> str:
    """Return the query for a base's rows; a base without rows has no files, its columns are those of its definition."""
    return f"SELECT * FROM {scan(files)}" if files else f"SELECT * FROM ({item.of_all}) WHERE false"


def scan(files: Sequence[str]) -> str:
    """Return the FROM item that reads these Parquet files."""
    listed = ", ".join("'" + name.replace("'", "''") + "'" for name in files)
    return f"read_parquet([{listed}], union_by_name = true)"
