"""The overlay: what is true now of the people touched since the base was built, in place of what the base says of them.

Derived rows are computed for few people from their facts alone. In a large lake those facts lie all over, so an overlay is kept
in files; the next moment goes on from it and derives anew only for the people changed since. A definition's derived tables are
found under `changed_derived` for the people changed, under `touched_derived` for all touched.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from regulars.core.lake.derived import FACTS, TOUCHED_DERIVED, Base, Derived, stored_rows
from regulars.core.lake.engine import Connection
from regulars.core.lake.few import Restricted
from regulars.core.lake.kept import KEPT, Kept
from regulars.core.lake.schema import TableSchema

TOUCHED_BASE, CHANGED_FACTS, CHANGED_DERIVED, OVERLAY = "touched_base", "changed_facts", "changed_derived", "overlay"
# Large files are joined with the people of the overlay: from three people on, IN costs up to twice as much as a semi join, and
# a long NOT IN five times as much as an anti join (measured on ten million orders with DuckDB 1.5).
PEOPLE, CHANGED, NEW = (f"{OVERLAY}.{name}" for name in ("people", "changed", "new"))


@dataclass(frozen=True)
class Ground:
    """What an overlay is laid over: a moment's connection and facts (a query per table), and the base with its files."""

    con: Connection
    seq: int
    tables: Sequence[TableSchema]
    facts: Mapping[str, str]
    base: Base
    files: Mapping[str, Sequence[str]]


class Overlay:
    """The touched people of one moment and their derived rows; kept is where earlier moments left theirs, or None."""

    def __init__(self, ground: Ground, definitions: Sequence[Derived], touched: str, kept: Kept | None) -> None:
        self._on, self._con, self._definitions, self._kept = ground, ground.con, definitions, kept
        self._con.execute(
            f"CREATE SCHEMA {OVERLAY}; CREATE SCHEMA {KEPT}; CREATE SCHEMA {CHANGED_FACTS}; "
            f"CREATE SCHEMA {CHANGED_DERIVED}; CREATE SCHEMA {TOUCHED_DERIVED}; CREATE SCHEMA {TOUCHED_BASE}"
        )
        self.kept_seq = kept.read(self._con, ground.seq, list(self._keeping())) if kept else None
        since = ground.base.seq if self.kept_seq is None else self.kept_seq
        self._con.execute(f"CREATE TABLE {CHANGED} AS SELECT customer_id FROM ({touched})", {"seq": since})
        before = "SELECT NULL::BIGINT AS customer_id WHERE false"
        if self.kept_seq is not None:
            before = f"SELECT customer_id FROM {KEPT}.people"
        self._con.execute(f"CREATE TABLE {NEW} AS SELECT * FROM {CHANGED} EXCEPT {before}")
        self._con.execute(f"CREATE TABLE {PEOPLE} AS {before} UNION ALL SELECT * FROM {NEW}")
        self.n_people, self.n_changed = self._count(PEOPLE), self._count(CHANGED)

    def lay_facts(self) -> None:
        """Lay the changed people's facts apart, once: several derived tables ask for the same facts of the same few people."""
        facts = self._on.facts if self.n_changed else {table.name: table.select_nulls() for table in self._on.tables}
        asked = "\n".join(item.sql for item in self._definitions)
        laying = Restricted(self._con, CHANGED_FACTS, CHANGED, self._on.tables, facts)
        laying.lay(table.name for table in self._on.tables if re.search(rf"\b{FACTS}\.{table.name}\b", asked))

    def derive(self, item: Derived) -> str:
        """Derive one table for the people changed; return the query for the rows of everybody, where it is a stored one."""
        mine = item.of(CHANGED_FACTS, CHANGED_DERIVED)
        if not item.stored:
            self._con.execute(f"CREATE VIEW {CHANGED_DERIVED}.{item.name} AS {mine}")
            if item.adds_up:
                self._con.execute(f"CREATE VIEW {TOUCHED_DERIVED}.{item.name} AS {item.of(FACTS, TOUCHED_DERIVED)}")
            return item.of_all
        rows = f"SELECT * FROM ({mine}) SEMI JOIN {CHANGED} USING (customer_id)"
        self._con.execute(f"CREATE TABLE {CHANGED_DERIVED}.{item.name} AS {rows}")
        rows = f"SELECT * FROM {CHANGED_DERIVED}.{item.name}"
        if self.kept_seq is not None:
            rows += f" UNION ALL SELECT * FROM {KEPT}.now_{item.name} ANTI JOIN {CHANGED} USING (customer_id)"
        self._con.execute(f"CREATE VIEW {TOUCHED_DERIVED}.{item.name} AS {rows}")
        base = stored_rows(item, self._on.files[item.name])
        return (
            f"SELECT * FROM ({base}) ANTI JOIN {PEOPLE} USING (customer_id) "
            f"UNION ALL SELECT * FROM {TOUCHED_DERIVED}.{item.name}"
        )

    def lay_base(self, con: Connection, item: Derived) -> None:
        """Lay what the base says of the touched people apart as touched_base.<name>, once, by the connection that asks."""
        base = stored_rows(item, self._on.files[item.name])
        rows = f"SELECT * FROM ({base}) SEMI JOIN {NEW} USING (customer_id)"
        if self.kept_seq is not None:
            rows += f" UNION ALL SELECT * FROM {KEPT}.base_{item.name}"
        con.execute(f"CREATE TABLE IF NOT EXISTS {TOUCHED_BASE}.{item.name} AS {rows}")

    def keep(self) -> None:
        """Leave this overlay for the next moment; nothing is to be left where nobody changed."""
        if self._kept and self.n_changed:
            for item in self._definitions:
                if item.stored and item.adds_up:
                    self.lay_base(self._con, item)
            self._kept.write(self._con, self._on.seq, self._keeping())

    def _keeping(self) -> dict[str, str]:
        """Return what is kept: the query for each table, by its name among what is kept."""
        stored = [item for item in self._definitions if item.stored]
        kept = {"people": f"SELECT * FROM {PEOPLE}"}
        kept |= {f"now_{item.name}": f"SELECT * FROM {TOUCHED_DERIVED}.{item.name}" for item in stored}
        kept |= {f"base_{item.name}": f"SELECT * FROM {TOUCHED_BASE}.{item.name}" for item in stored if item.adds_up}
        return kept

    def _count(self, table: str) -> int:
        row: tuple[Any, ...] | None = self._con.execute(f"SELECT count(*) FROM {table}").fetchone()
        return int(row[0]) if row else 0
