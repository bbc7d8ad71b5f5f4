"""Reading: one consistent moment over all tables, made of lake files plus the log's unflushed tail."""

import copy
import itertools
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Self

import numpy as np

from regulars.core.lake import derived as derivation
from regulars.core.lake.derived import DERIVED, FACTS, TOUCHED_DERIVED, TOUCHED_FACTS, Base, Derived
from regulars.core.lake.engine import Connection, EngineError, StatementType, literal, set_zone
from regulars.core.lake.kept import Kept, is_worth, key_of
from regulars.core.lake.schema import Column, TableSchema, json_structure
from regulars.core.lake.sums import TOUCHED_BASE, WHOLE_BASE, Based, Sums, base_key
from regulars.core.lake.tables import Table

TOUCHED_LIMIT = 50_000
# Large files are joined with the people of the overlay: from three people on, IN costs up to twice as much as a semi join, and
# a long NOT IN five times as much as an anti join (measured on ten million orders with DuckDB 1.5).
PEOPLE, KEPT_PEOPLE, NEW_PEOPLE = (f"{TOUCHED_FACTS}.{name}_people" for name in ("touched", "kept", "new"))
WORTH_KEEPING = 1  # people touched since the files were kept
READING = (StatementType.SELECT, StatementType.EXPLAIN, StatementType.RELATION)


class NotAQuestion(ValueError):
    """A statement that does not only read, or that DuckDB does not understand; the message says which."""


@dataclass(frozen=True)
class Source:
    """What a moment is made of: the newest committed seq, the tables, and the log rows that may not be flushed yet.

    tail maps a table's name to (seq, row) pairs, the row being JSON text with the table's columns.
    """

    root: Path
    seq: int
    tables: Sequence[TableSchema]
    tail: Mapping[str, Sequence[tuple[int, str]]] = field(default_factory=dict)


class Moment:
    """A read-only view of the lake at one seq; queries use DuckDB SQL with $name parameters."""

    def __init__(self, con: Connection, source: Source) -> None:
        self.con, self.seq, self._source = con, source.seq, source
        self._files: dict[str, str] = {}
        self._lake_files: dict[str, Sequence[str]] = {}
        self._found: dict[str, Any] = {}
        self._stored: dict[str, Sequence[str]] = {}
        self._based: Based | None = None
        con.execute(f"CREATE SCHEMA {FACTS}; CREATE SCHEMA tail; CREATE SCHEMA {DERIVED}")
        for table in source.tables:
            self._files[table.name] = self._lake_part(table)
            self._lay("VIEW", FACTS, table)

    def rows(self, sql: str, **parameters: Any) -> list[tuple[Any, ...]]:
        """Return all rows of a query as tuples."""
        return self.con.execute(sql, parameters or None).fetchall()

    def dicts(self, sql: str, **parameters: Any) -> list[dict[str, Any]]:
        """Return all rows of a query as dictionaries by column name."""
        result = self.con.execute(sql, parameters or None)
        names = [column[0] for column in result.description or []]
        return [dict(zip(names, row, strict=True)) for row in result.fetchall()]

    def arrays(self, sql: str, **parameters: Any) -> dict[str, np.ndarray[Any, Any]]:
        """Return the columns of a query as NumPy arrays."""
        return dict(self.con.execute(sql, parameters or None).fetchnumpy())

    def sums(self) -> Sums:
        """Return a way to ask additive questions, on connections of its own; temp tables are not shared with this one."""
        return Sums(self.con, self._based)

    def once(self, name: str, make: Callable[[], Any]) -> Any:
        """Return what was made under a name for this moment, here or by a twin, or make it: a moment never changes."""
        if name not in self._found:
            self._found[name] = make()
        return self._found[name]

    def ask(self, statement: str) -> tuple[list[str], list[tuple[Any, ...]]]:
        """Answer one statement that only reads; raise NotAQuestion with a sentence for anything else."""
        try:
            statements = self.con.extract_statements(statement)
        except EngineError as problem:
            raise NotAQuestion(_first_lines(problem)) from None
        if len(statements) != 1 or statements[0].type not in READING:
            raise NotAQuestion("only one SELECT, SHOW, DESCRIBE or EXPLAIN can be asked: the lake is read-only here")
        self._lock()
        try:
            result = self.con.execute(statements[0])
            return [column[0] for column in result.description or []], result.fetchall()
        except EngineError as problem:
            raise NotAQuestion(_first_lines(problem)) from None

    def _lock(self) -> None:
        """Let this connection read nothing but the lake from now on."""
        folders = f"[{literal(str(self._source.root))}]"
        self.con.execute(f"SET allowed_directories = {folders}; SET enable_external_access = false")
        self.con.execute("SET lock_configuration = true")

    def publish(
        self, definitions: Sequence[Derived], base: Base | None, touched: str, kept: Kept | None = None
    ) -> bool:
        """Offer every fact and derived table under its plain name; base = None computes the derived ones here.

        touched is a query for the people with facts after $seq. False: they are too many for an overlay, build a base.
        kept is where the touched people's facts of earlier moments of a large lake are found.
        """
        for table in self._source.tables:
            self.con.execute(f"CREATE VIEW main.{table.name} AS SELECT * FROM {FACTS}.{table.name}")
        people: list[int] | None = None
        for item in definitions:
            if item.stored and base is not None and people is None:
                people = [] if base.seq == self.seq else [int(row[0]) for row in self.rows(touched, seq=base.seq)]
                if len(people) > TOUCHED_LIMIT:
                    return False
                if people:
                    self._restrict(people, base, definitions, kept)
            self._derive(item, base, people or [])
            self.con.execute(f"CREATE VIEW main.{item.name} AS SELECT * FROM {DERIVED}.{item.name}")
        if base is not None:
            self._based = self._base_of(base, [item for item in definitions if item.adds_up], PEOPLE if people else "")
        return True

    def _base_of(self, base: Base, definitions: Sequence[Derived], people: str) -> Based:
        self.con.execute(f"CREATE SCHEMA {WHOLE_BASE}; CREATE SCHEMA {TOUCHED_BASE}")
        files = {item.name: self._base_files(item, base) for item in definitions if item.stored}
        return Based(base_key(str(self._source.root), base), definitions, files, people)

    def _base_files(self, item: Derived, base: Base) -> Sequence[str]:
        if item.name not in self._stored:
            snapshot = derivation.base_table(self._source.root, item).snapshot(base.versions[item.name])
            assert snapshot is not None
            self._stored[item.name] = snapshot.files
        return self._stored[item.name]

    def twin(self) -> Self:
        """Return the same moment on a connection of its own, for another thread; temp tables are not shared."""
        other = copy.copy(self)
        other.con = self.con.cursor()
        zone = self.con.execute("SELECT current_setting('TimeZone')").fetchone()
        set_zone(other.con, str(zone[0]) if zone else "UTC")
        return other

    def close(self) -> None:
        self.con.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exception: object) -> None:
        self.close()

    def _lake_part(self, table: TableSchema) -> str:
        snapshot = Table(self._source.root, table).snapshot()
        self._lake_files[table.name] = snapshot.files if snapshot else ()
        watermark = snapshot.watermark if snapshot else 0
        waiting = [row for seq, row in self._source.tail.get(table.name, ()) if watermark < seq <= self.seq]
        parts = []
        if snapshot and snapshot.files:
            cut = "" if watermark <= self.seq else f" WHERE seq <= {self.seq}"
            parts.append(f"SELECT {self._columns(table, snapshot.files)} FROM {derivation.scan(snapshot.files)}{cut}")
        if waiting:
            load_json(self.con, f"tail.{table.name}", table.columns, waiting)
            parts.append(f"SELECT * FROM tail.{table.name}")
        return " UNION ALL ".join(parts) or table.select_nulls()

    def _columns(self, table: TableSchema, files: Sequence[str]) -> str:
        present = {
            row[0] for row in self.con.execute(f"DESCRIBE SELECT * FROM {derivation.scan(files[-1:])}").fetchall()
        }
        if {column.name for column in table.columns} - present and len(files) > 1:
            present = {
                row[0] for row in self.con.execute(f"DESCRIBE SELECT * FROM {derivation.scan(files)}").fetchall()
            }
        return ", ".join(
            f'"{column.name}"' if column.name in present else f'NULL::{column.type} AS "{column.name}"'
            for column in table.columns
        )

    def _lay(self, kind: str, schema: str, table: TableSchema, condition: str = "") -> None:
        self.con.execute(f"CREATE {kind} {schema}.{table.name} AS SELECT * FROM ({self._files[table.name]}){condition}")

    def _restrict(self, people: Sequence[int], base: Base, definitions: Sequence[Derived], kept: Kept | None) -> None:
        """Lay the touched people's facts apart, once: several derived tables ask for the same facts of the same few people."""
        listed, asked = ", ".join(map(str, people)), "\n".join(item.sql for item in definitions)
        self.con.execute(f"CREATE SCHEMA {TOUCHED_FACTS}; CREATE SCHEMA {TOUCHED_DERIVED}")
        self.con.execute(f"CREATE TABLE {PEOPLE} AS SELECT unnest([{listed}]::BIGINT[]) AS customer_id")
        used = [table for table in self._source.tables if re.search(rf"\b{FACTS}\.{table.name}\b", asked)]
        for table in used:
            if not table.personal:
                self._lay("VIEW", TOUCHED_FACTS, table)
        personal = [table for table in used if table.personal]
        if kept is not None and is_worth(file for table in personal for file in self._lake_files[table.name]):
            self._go_on_from(kept, key_of(self._source.root, base, personal), personal)
        else:
            self._lay_apart(personal)
        for item in itertools.takewhile(lambda item: not item.stored, definitions):
            self.con.execute(f"CREATE VIEW {TOUCHED_DERIVED}.{item.name} AS {derivation.renamed(item.sql)}")

    def _lay_apart(self, tables: Sequence[TableSchema]) -> None:
        for table in tables:
            self._lay("TABLE", TOUCHED_FACTS, table, f" SEMI JOIN {PEOPLE} USING (customer_id)")

    def _go_on_from(self, kept: Kept, key: str, tables: Sequence[TableSchema]) -> None:
        """Read what an earlier moment kept, add newer facts of its people and all facts of people touched since."""
        names = [table.name for table in tables]
        seq = kept.read(self.con, key, self.seq, names)
        if seq is None:
            for name in names:  # reading may have ended halfway
                self.con.execute(f"DROP TABLE IF EXISTS {TOUCHED_FACTS}.{name}")
            self._lay_apart(tables)
            kept.write(self.con, key, self.seq, names)
            return
        self.con.execute(
            f"CREATE TABLE {NEW_PEOPLE} AS SELECT * FROM {PEOPLE} ANTI JOIN {KEPT_PEOPLE} USING (customer_id)"
        )
        for table in tables:
            for who, when in ((KEPT_PEOPLE, f"seq > {seq}"), (NEW_PEOPLE, "true")):
                rows = f"SELECT * FROM ({self._files[table.name]}) SEMI JOIN {who} USING (customer_id) WHERE {when}"
                self.con.execute(f"INSERT INTO {TOUCHED_FACTS}.{table.name} {rows}")
        if self.rows(f"SELECT count(*) FROM {NEW_PEOPLE}")[0][0] >= WORTH_KEEPING:
            kept.write(self.con, key, self.seq, names)

    def _derive(self, item: Derived, base: Base | None, people: Sequence[int]) -> None:
        if not item.stored or base is None:
            made = "TABLE" if item.stored else "VIEW"
            self.con.execute(f"CREATE {made} {DERIVED}.{item.name} AS {item.sql}")
            if people:
                self.con.execute(f"CREATE VIEW {TOUCHED_DERIVED}.{item.name} AS {derivation.renamed(item.sql)}")
            return
        query = derivation.stored_rows(item, self._base_files(item, base))
        if people:
            listed = ", ".join(map(str, people))  # here a list is better: the engine pushes it into what it reads
            overlay = f"SELECT * FROM ({derivation.renamed(item.sql)}) WHERE customer_id IN ({listed})"
            self.con.execute(f"CREATE TABLE {TOUCHED_DERIVED}.{item.name} AS {overlay}")
            query = f"SELECT * FROM ({query}) ANTI JOIN {PEOPLE} USING (customer_id)"
            query += f" UNION ALL SELECT * FROM {TOUCHED_DERIVED}.{item.name}"
        self.con.execute(f"CREATE VIEW {DERIVED}.{item.name} AS {query}")


def load_json(con: Connection, name: str, columns: Sequence[Column], rows: Sequence[str]) -> None:
    """Create a table from JSON rows (one text each) with exactly these columns."""
    listed = ", ".join(f'r."{column.name}"' for column in columns)
    con.execute(
        f"CREATE TABLE {name} AS SELECT {listed} FROM (SELECT unnest(from_json($rows, $shape)) AS r)",
        {"rows": "[" + ",".join(rows) + "]", "shape": json_structure(columns)},
    )


def _first_lines(problem: Exception) -> str:
    return " ".join(str(problem).split("\n\n")[0].splitlines()).removeprefix("Parser Error: ")


__all__ = ["Base", "EngineError", "Moment", "NotAQuestion", "Source", "load_json"]
