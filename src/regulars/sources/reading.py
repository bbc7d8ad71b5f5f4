"""Reading a file for an import: find out what it is, say so, stage it as the table `rows`."""

import dataclasses
from collections.abc import Iterator, Mapping as MappingOf, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any
from zoneinfo import available_timezones

from regulars.core.lake.engine import Connection, EngineError, literal, zone_of
from regulars.sources.files import sniff, table
from regulars.sources.files.options import CannotRead, Options, Shape, Unsaid
from regulars.sources.files.table import RawTable
from regulars.sources.mapping import detect, joins, layouts, toml, values
from regulars.sources.mapping.compile import Compiler, From
from regulars.sources.mapping.fields import TARGETS, needed
from regulars.sources.mapping.model import Hints, Mapping


@dataclass(frozen=True)
class Plan:
    """How a file will be read: its shape and its mapping; path is the unpacked file, name what the user gave."""

    target: str
    name: str
    path: Path
    shape: Shape
    mapping: Mapping
    options: Options
    scratch: Path


def inspect(path: Path, target: str, options: Options, scratch: Path) -> Plan:
    """Look at a file and choose its mapping; raise CannotRead with a sentence."""
    return settled(look(path, target, options, scratch))


def look(path: Path, target: str, options: Options, scratch: Path) -> Plan:
    """Find out a file's shape; what it means is only what the options say. Raise CannotRead when it is no table at all."""
    mapping = _told(options.map, target, path)
    hints = mapping.hints if mapping else Hints()
    told = Options(
        encoding=options.encoding or hints.encoding,
        delimiter=options.delimiter or hints.delimiter,
        decimal=options.decimal or hints.decimal,
        dates=options.dates or hints.dates,
        timezone=options.timezone or hints.timezone,
        currency=options.currency,
        map=options.map,
        rates=options.rates,
    )
    plain = sniff.unpacked(path, scratch)
    shape = sniff.shape_of(plain, told, hints.header)
    return Plan(target, path.name, plain, shape, mapping or Mapping("", "order", {}), told, scratch)


def settled(plan: Plan) -> Plan:
    """Choose the file's mapping: the told one, else by its columns' names; raise Unsaid when something is missing."""
    shape, told = plan.shape, plan.options.map
    mapping = plan.mapping
    if told is None and not shape.has_header and shape.kind == "text":
        sentence = (
            f"the first line of {plan.name} does not name its columns; say what they are in a mapping file (--map)"
        )
        raise Unsaid(sentence, needed(plan.target))
    if told is None and shape.kind != "parquet":
        mapping = layouts.recognised(plan.target, shape.columns)
    elif told is not None:
        if not isinstance(told, Path) and shape.kind != "parquet":
            mapping = _over_layout(mapping, plan.target, shape.columns)
        mapping = toml.completed(mapping, plan.target)
    return dataclasses.replace(plan, mapping=mapping)


def _told(told: Path | MappingOf[str, Any] | None, target: str, path: Path) -> Mapping | None:
    if told is None:
        return None
    return toml.load(told, target, path) if isinstance(told, Path) else toml.parsed(told, target, "the mapping")


def _over_layout(mapping: Mapping, target: str, header: Sequence[str]) -> Mapping:
    """Keep what a recognised layout knows beyond its columns: which rows are cancelled, which texts mean nobody."""
    try:
        layout = layouts.recognised(target, header)
    except Unsaid:
        return mapping
    columns = {
        field: known if (known := layout.columns.get(field)) and known.columns == source.columns else source
        for field, source in mapping.columns.items()
    }
    if columns == layout.columns and not mapping.rows:
        return layout
    return dataclasses.replace(mapping, columns=columns, rows=mapping.rows or layout.rows, notes=layout.notes)


@contextmanager
def _zone(con: Connection, timezone: str | None) -> Iterator[None]:
    """Read times without a zone in the file's own zone, if one is told, else in the connection's."""
    if timezone is None:
        yield
        return
    before = zone_of(con)
    if timezone not in available_timezones():
        raise CannotRead(f"'{timezone}' is not a time zone; write one such as Europe/Berlin or UTC")
    con.execute(f"SET TimeZone = {literal(timezone)}")
    try:
        yield
    finally:
        con.execute(f"SET TimeZone = {literal(before)}")


def raw_table(con: Connection, plan: Plan) -> RawTable:
    """Return the file's cells as they stand."""
    if plan.shape.kind == "parquet":
        return table.parquet(con, plan.path, plan.shape)
    return table.direct(plan.path, plan.shape) or table.copied(plan.path, plan.shape, plan.scratch)


class Staged:
    """A file in the table `staged` of a connection, seen through the view `rows` (line, rid, canonical columns)."""

    def __init__(self, con: Connection, plan: Plan, currency: str | None) -> None:
        self.con, self.plan = con, plan
        self._path, self._shape = table.transcoded(plan.path, plan.shape, plan.scratch)
        self.writing = values.Writing({}, ".")
        try:
            with _zone(con, plan.options.timezone):
                self.raw_table = self._staged(currency)
        except EngineError as problem:
            raise CannotRead(
                f"{plan.name} could not be read as its mapping says: {str(problem).splitlines()[0]}"
            ) from None

    @property
    def grain(self) -> str:
        return self.plan.mapping.grain

    @property
    def header(self) -> Sequence[str]:
        return self.raw_table.columns

    @cached_property
    def n_skipped(self) -> int:
        return self._number("SELECT count(*) FROM staged WHERE field = '(skipped)'")

    @cached_property
    def n_bad(self) -> int:
        return self._number("SELECT count(*) FROM staged WHERE reason IS NOT NULL") - self.n_skipped

    @cached_property
    def n_rows(self) -> int:
        return self._number("SELECT count(*) FROM staged") - self.n_skipped

    def raw(self, lines: Sequence[int]) -> Iterator[tuple[int, Sequence[str]]]:
        """Yield the original cells of these lines, in the file's order."""
        yield from self.raw_table.cells(self.con, lines)

    def _raw_at_first(self) -> RawTable:
        return raw_table(self.con, dataclasses.replace(self.plan, path=self._path, shape=self._shape))

    def _staged(self, currency: str | None) -> RawTable:
        raw = self._raw_at_first()
        if self.plan.shape.kind == "parquet" and self.plan.options.map is None:
            self.plan = dataclasses.replace(self.plan, mapping=layouts.recognised(self.plan.target, raw.columns))
        if raw.line is not None or self.plan.mapping.joins:
            return self._careful(raw, currency)
        n_lines = table.even_lines(self._path, self._shape)
        try:
            if n_lines is not None and (found := self._fast(raw, n_lines, currency)):
                return found
        except EngineError:
            pass  # a record that DuckDB cannot read: the careful way rejects it alone
        return self._careful(raw, currency)

    def _fast(self, raw: RawTable, n_lines: int, currency: str | None) -> RawTable | None:
        """Let DuckDB read the file; None when its records do not account for every physical line."""
        self._create(raw, currency)
        if n_lines == self._number("SELECT count(*) FROM staged") + raw.shift - 1:
            return raw
        broken = table.counted(raw)
        self._create(broken, currency)
        last = self._number(f"SELECT max(line + breaks) FROM {broken.source}")
        return broken if n_lines == last else None

    def _careful(self, raw: RawTable, currency: str | None) -> RawTable:
        if raw.line is None:
            raw = table.copied(self._path, self._shape, self.plan.scratch)
        self._create(raw, currency)
        return raw

    def _create(self, raw: RawTable, currency: str | None) -> None:
        con, plan = self.con, self.plan
        names = joins.named(raw.columns, "main")
        source, order = f"{raw.source} AS main", ["main.line"]
        for number, join in enumerate(plan.mapping.joins):
            source += joins.joined(join, f"j{number}", names, plan.scratch)
            order.append(f"j{number}.line")
        kinds = {name: TARGETS[plan.target][name].kind for name in plan.mapping.columns}
        texts = Compiler(plan.target, plan.mapping, names, values.Writing({}, ".")).texts
        cells = detect.Cells(con, source, texts, plan.name)
        self.writing = detect.writing(cells, kinds, plan.options.decimal, plan.options.dates)
        records = From(
            source,
            f"main.{raw.fault}" if raw.fault != "NULL" else "NULL::VARCHAR",
            f"main.{raw.line}" if raw.line else None,
            tuple(order) if plan.mapping.joins else (),
        )
        compiled = Compiler(plan.target, plan.mapping, names, self.writing).compiled(records, currency)
        con.execute(f"CREATE OR REPLACE TABLE staged AS {compiled.query}")
        line = "line" if raw.line else f"rowid + {raw.shift} AS line"
        con.execute(
            f"CREATE OR REPLACE VIEW rows AS SELECT {line}, rowid AS rid, {', '.join(compiled.columns)} FROM staged"
        )

    def _number(self, query: str) -> int:
        row = self.con.execute(query).fetchone()
        return int(row[0] or 0) if row else 0
