"""Reading a file for an import: find out what it is, say so, stage it as the table `rows`."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from regulars.core.lake.engine import Connection, EngineError, literal
from regulars.sources.files import sniff, table
from regulars.sources.files.options import CannotRead, Options, Shape
from regulars.sources.files.table import RawTable
from regulars.sources.mapping import layouts, toml, values
from regulars.sources.mapping.compile import Compiler
from regulars.sources.mapping.fields import TARGETS
from regulars.sources.mapping.model import Hints, Join, Mapping

SAMPLE = 5_000


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
    mapping = toml.load(options.map, target, path) if options.map else None
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
    if mapping is None and not shape.has_header and shape.kind == "text":
        raise CannotRead(
            f"the first line of {path.name} does not name its columns; say what they are in a mapping file (--map)"
        )
    if mapping is None and shape.kind != "parquet":
        mapping = layouts.recognised(target, shape.columns)
    return Plan(target, path.name, plain, shape, mapping or Mapping("", "order", {}), told, scratch)


class Staged:
    """A file in the table `staged` of a connection, seen through the view `rows` (line, rid, canonical columns)."""

    def __init__(self, con: Connection, plan: Plan, currency: str | None) -> None:
        self.con, self.plan = con, plan
        raw = self._raw_at_first()
        if plan.shape.kind == "parquet" and plan.options.map is None:
            self.plan = Plan(**{**vars(plan), "mapping": layouts.recognised(plan.target, raw.columns)})
        self.raw_table = self._staged(raw, currency)

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
    def n_rows(self) -> int:
        return self._number("SELECT count(*) FROM staged") - self.n_skipped

    def raw(self, lines: Sequence[int]) -> Iterator[tuple[int, Sequence[str]]]:
        """Yield the original cells of these lines, in the file's order."""
        yield from self.raw_table.cells(self.con, lines)

    def _raw_at_first(self) -> RawTable:
        plan = self.plan
        if plan.shape.kind == "parquet":
            return table.parquet(self.con, plan.path, plan.shape)
        direct = table.direct(plan.path, plan.shape)
        return direct or table.copied(plan.path, plan.shape, plan.scratch)

    def _staged(self, raw: RawTable, currency: str | None) -> RawTable:
        if raw.line is not None or self.plan.mapping.joins:
            return self._careful(raw, currency)
        try:
            self._create(raw, currency)
        except EngineError:
            return self._careful(raw, currency)
        if not table.is_regular(self.plan.path, self.plan.shape, self._number("SELECT count(*) FROM staged")):
            return self._careful(raw, currency)
        return raw

    def _careful(self, raw: RawTable, currency: str | None) -> RawTable:
        if raw.line is None:
            raw = table.copied(self.plan.path, self.plan.shape, self.plan.scratch)
        self._create(raw, currency)
        return raw

    def _create(self, raw: RawTable, currency: str | None) -> None:
        con, plan = self.con, self.plan
        names = {name: f"main.c{place}" for place, name in enumerate(raw.columns, start=1)}
        names |= {str(place): f"main.c{place}" for place in range(1, len(raw.columns) + 1) if str(place) not in names}
        names |= {name.strip().lower(): sql for name, sql in list(names.items()) if name.strip().lower() not in names}
        source = f"{raw.source} AS main"
        for number, join in enumerate(plan.mapping.joins):
            source += self._joined(join, number, names)
        writing = self._writing(source, names)
        compiled = Compiler(plan.target, plan.mapping, names, writing).compiled(
            source,
            f"main.{raw.fault}" if raw.fault != "NULL" else "NULL::VARCHAR",
            f"main.{raw.line} AS line" if raw.line else "NULL AS no_line",
            currency,
        )
        blank = "NULL::VARCHAR AS field, NULL::VARCHAR AS reason, NULL::VARCHAR AS fix"
        con.execute(f"CREATE OR REPLACE TABLE staged AS SELECT *, {blank} FROM ({compiled.query})")
        found = {int(row[0]) for row in con.execute("SELECT DISTINCT code FROM staged WHERE code IS NOT NULL").fetchall()}
        for code, problem in enumerate(compiled.problems, start=1):
            if code not in found:
                continue
            reason = literal(problem.reason).replace("{value}", "' || coalesce(bad, '') || '")
            con.execute(
                f"UPDATE staged SET field = {literal(problem.field)}, reason = {reason}, fix = {literal(problem.fix)} "
                f"WHERE code = {code}"
            )
        con.execute("ALTER TABLE staged DROP COLUMN code; ALTER TABLE staged DROP COLUMN bad")
        shown = "line" if raw.line else f"rowid + {raw.shift} AS line"
        rest = "* EXCLUDE (line)" if raw.line else "*"
        con.execute(f"CREATE OR REPLACE VIEW rows AS SELECT {shown}, rowid AS rid, {rest} FROM staged")

    def _joined(self, join: Join, number: int, names: dict[str, str]) -> str:
        """Add a joined file's columns to names and return its JOIN."""
        shape = sniff.shape_of(sniff.unpacked(join.file, self.plan.scratch), Options(), True)
        if shape.kind != "text":
            raise CannotRead(f"{join.file.name}: only text files can be joined")
        raw = table.copied(join.file, shape, self.plan.scratch)
        alias = f"j{number}"
        own = {name.strip().lower(): f"c{place}" for place, name in enumerate(raw.columns, start=1)}
        right, left = own.get(str(join.right).lower()), names.get(str(join.left)) or names.get(str(join.left).lower())
        if right is None or left is None:
            missing = join.right if right is None else join.left
            raise CannotRead(f"the join with {join.file.name} names the column '{missing}', which is not there")
        names |= {f"{join.name}.{name}": f"{alias}.{column}" for name, column in own.items()}
        names |= {f"{join.name}.{name}": f"{alias}.c{place}" for place, name in enumerate(raw.columns, start=1)}
        source = f"(SELECT * FROM {raw.source} WHERE fault IS NULL)"
        columns = [f"c{place}" for place in range(1, len(raw.columns) + 1)]
        if join.take == "one":
            source = f"(SELECT DISTINCT ON ({right}) * FROM {source} ORDER BY line)"
        elif join.take == "sum":
            sums = ", ".join(
                f"sum(TRY_CAST({column} AS DECIMAL(18,4)))::VARCHAR AS {column}" for column in columns if column != right
            )
            source = f"(SELECT {right}, {sums} FROM {source} GROUP BY {right})"
        return f" LEFT JOIN {source} AS {alias} ON trim({alias}.{right}) = trim({left})"

    def _writing(self, source: str, names: dict[str, str]) -> values.Writing:
        """Find out how dates and numbers are written, from the first rows and, where these leave it open, from all."""
        kinds = {name: TARGETS[self.plan.target][name].kind for name in self.plan.mapping.columns}
        compiler = Compiler(self.plan.target, self.plan.mapping, names, values.Writing({}, ".", True))
        texts = {name: compiler.text(name) for name in kinds}
        numbers = [texts[name] for name, kind in kinds.items() if kind in ("money", "signed", "number")]
        samples: list[str] = []
        for text in numbers:
            rows = self.con.execute(f"SELECT {text} FROM {source} WHERE {text} IS NOT NULL LIMIT {SAMPLE}").fetchall()
            samples += [str(row[0]) for row in rows]
        decimal, plain = values.decimal_of(samples, self.plan.options.decimal)
        dates = {
            name: self._date_family(texts[name], source) for name, kind in kinds.items() if kind in ("instant", "date")
        }
        return values.Writing(dates, decimal, plain)

    def _date_family(self, text: str, source: str) -> str:
        tried = values.families(self.plan.options.dates)
        reading = {family: f"count({values.date_sql('t', family, patterns)})" for family, patterns in tried.items()}
        for family, pattern in values.SPELLED.items():
            if family in reading:
                reading[family] = f"count(*) FILTER (regexp_full_match(t, '{pattern}'))"
        sample = f"SELECT {text} AS t FROM {source} WHERE {text} IS NOT NULL"
        counts = self._counts(reading, f"{sample} LIMIT {SAMPLE}")
        best = max(counts, key=lambda family: counts[family])
        rivals = {"day-first", "month-first"}
        if best in rivals and rivals <= set(counts) and counts["day-first"] == counts["month-first"]:
            counts = self._counts({family: reading[family] for family in rivals}, sample)
            if counts["day-first"] == counts["month-first"]:
                raise CannotRead(
                    f"in {self.plan.name} every date could be day/month or month/day; say --dates day-first or month-first"
                )
            best = max(counts, key=lambda family: counts[family])
        return best if counts[best] else values.ISO

    def _counts(self, reading: dict[str, str], sample: str) -> dict[str, int]:
        listed = ", ".join(reading.values())
        row = self.con.execute(f"SELECT {listed} FROM ({sample})").fetchone()
        return dict(zip(reading, row or [], strict=True))

    def _number(self, query: str) -> int:
        row = self.con.execute(query).fetchone()
        return int(row[0] or 0) if row else 0


def describe(staged: Staged) -> dict[str, Any]:
    """Return how a file was understood, for --dry-run."""
    plan = staged.plan
    used = {name: str(source.columns[0]) if source.columns else source.constant for name, source in plan.mapping.columns.items()}
    ignored = [name for name in staged.header if name not in used.values()]
    first = staged.con.execute("SELECT * EXCLUDE (rid, field, reason, fix) FROM rows WHERE reason IS NULL ORDER BY line LIMIT 3")
    names = [column[0] for column in first.description or []]
    rows = [
        {name: str(cell) for name, cell in zip(names, row, strict=True) if cell is not None} for row in first.fetchall()
    ]
    bad = staged.con.execute(
        "SELECT line, field, reason, fix FROM rows WHERE reason IS NOT NULL AND field <> '(skipped)' ORDER BY line LIMIT 5"
    ).fetchall()
    return {
        "file": plan.name,
        "kind": plan.shape.kind,
        "encoding": plan.shape.encoding or None,
        "delimiter": {"\t": "tab", " ": "white space"}.get(plan.shape.delimiter, plan.shape.delimiter) or None,
        "layout": plan.mapping.name,
        "grain": plan.mapping.grain,
        "columns": used,
        "ignored": ignored,
        "notes": list(plan.mapping.notes),
        "rows": staged.n_rows,
        "skipped": staged.n_skipped,
        "bad": staged._number("SELECT count(*) FROM staged WHERE reason IS NOT NULL") - staged.n_skipped,
        "first_rows": rows,
        "first_bad": [dict(zip(("line", "field", "reason", "fix"), row, strict=True)) for row in bad],
    }
