"""Reading: one consistent moment over all tables, made of lake files plus the log's unflushed tail."""

import copy
import itertools
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any, Self
from zoneinfo import ZoneInfo

import numpy as np

from regulars.core.answers.cache import Once
from regulars.core.lake import derived as derivation
from regulars.core.lake.derived import DERIVED, FACTS, Base, Derived
from regulars.core.lake.engine import Connection, EngineError, StatementType, literal, set_zone, zone_of
from regulars.core.lake.few import Few, Restricted
from regulars.core.lake.kept import Kept, is_worth, key_of
from regulars.core.lake.overlay import Ground, Overlay
from regulars.core.lake.past import Past, Told
from regulars.core.lake.schema import Column, TableSchema, json_structure
from regulars.core.lake.sums import WHOLE_BASE, Based, Sums, base_key
from regulars.core.lake.tables import Table

TOUCHED_LIMIT = 50_000
_numbers = itertools.count(1)  # of questions about few people, for schemas of their own
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
        self._zone = zone_of(con)  # told once: twins are made by threads, and no two may read one connection at once
        self._files: dict[str, str] = {}
        self._lake_files: dict[str, Sequence[str]] = {}
        self._found = Once()
        self._stored: dict[str, Sequence[str]] = {}
        self._based: Based | None = None
        self._definitions: Sequence[Derived] = ()
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

    def few(self, people: Sequence[int]) -> Few:
        """Return a way to ask about few customers that stand, by the same questions as about everybody; close it after use."""
        schema = f"few_{next(_numbers)}"
        con = self.con.cursor()
        set_zone(con, self._zone)
        restricted = Restricted(con, schema, f"{schema}.people", self._source.tables, self._files)
        return Few(restricted, self._definitions, people)

    def past(self, asked: Sequence[tuple[int, int]], today: date) -> Past:
        """Return a way to ask about customers that stand, each as they were at an instant (in microseconds since 1970), as if that
        instant were today; close it after use."""
        schema = f"past_{next(_numbers)}"
        con = self.con.cursor()
        set_zone(con, self._zone)
        return Past(Told(con, schema, self._source.tables, self._files, today), self._definitions, asked)

    @property
    def zone(self) -> ZoneInfo:
        """Return the zone in which this moment cuts days."""
        return ZoneInfo(self._zone)

    def once(self, name: str, make: Callable[[], Any]) -> Any:
        """Return what was made under a name for this moment, here or by a twin, or make it: a moment never changes."""
        return self._found.get_or_make(name, make)

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
        kept is where the overlays of earlier moments of a large lake are found.
        """
        self._definitions = definitions
        self.con.execute(f"SET search_path = '{derivation.PLAIN_NAMES}'")
        first = list(
            itertools.takewhile(lambda item: not item.stored, definitions)
        )  # by these it is told who was touched
        for item in first:
            self._offer(item, "VIEW", item.of_all)
        overlay = self._overlay(base, definitions, touched, kept) if base is not None else None
        if overlay is not None and overlay.n_people > TOUCHED_LIMIT:
            return False
        if overlay is not None:
            overlay.lay_facts()
        for item in definitions:
            kind, rows = self._rows_of(item, base, overlay)
            if item not in first:
                self._offer(item, kind, rows)
        if overlay is not None:
            overlay.keep()
        if base is not None:
            self._based = self._base_of(base, [item for item in definitions if item.adds_up], overlay)
        return True

    def _base_of(self, base: Base, definitions: Sequence[Derived], overlay: Overlay | None) -> Based:
        self.con.execute(f"CREATE SCHEMA {WHOLE_BASE}")
        files = {item.name: self._base_files(item, base) for item in definitions if item.stored}
        return Based(base_key(str(self._source.root), base), definitions, files, overlay)

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
        set_zone(other.con, self._zone)
        other.con.execute(f"SET search_path = '{derivation.PLAIN_NAMES}'")
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

    def _overlay(self, base: Base, definitions: Sequence[Derived], touched: str, kept: Kept | None) -> Overlay | None:
        """Return the overlay over a base, or None where nobody was touched since."""
        if base.seq == self.seq:
            return None
        files = {item.name: self._base_files(item, base) for item in definitions if item.stored}
        ground = Ground(self.con, self.seq, self._source.tables, self._files, base, files)
        if kept is not None:
            is_large = is_worth(file for files in self._lake_files.values() for file in files)
            kept = kept.of(key_of(self._source.root, base, self._source.tables, touched)) if is_large else None
        overlay = Overlay(ground, definitions, touched, kept)
        return overlay if overlay.n_people else None

    def _rows_of(self, item: Derived, base: Base | None, overlay: Overlay | None) -> tuple[str, str]:
        """Return of what kind a derived table is here, and the query for its rows."""
        if overlay is not None:
            return "VIEW", overlay.derive(item)
        if item.stored and base is not None:
            return "VIEW", derivation.stored_rows(item, self._base_files(item, base))
        return "TABLE" if item.stored else "VIEW", item.of_all

    def _offer(self, item: Derived, kind: str, rows: str) -> None:
        self.con.execute(f"CREATE {kind} {DERIVED}.{item.name} AS {rows}")


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
