"""A file as something DuckDB can select from: directly when it is regular, else by a regular copy made record by record."""

import codecs
import csv
import dataclasses
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

from regulars.core.lake.engine import EngineError, literal
from regulars.sources.files.encodings import KEEP_BROKEN
from regulars.sources.files.options import CannotRead, Shape
from regulars.sources.files.records import LONGEST_TEXT, Record, cells_of, json_records, lines_of, records_of
from regulars.sources.files.sniff import readable

if TYPE_CHECKING:
    from regulars.core.lake.engine import Connection

BLOCK = 1 << 22
LINE_FEED = "'\\n'"
UTF_8 = ("utf-8", "utf-8-sig")


@dataclass(frozen=True)
class RawTable:
    """A FROM item with the columns c1, c2, …; line is the SQL of the true line, None when the row's place tells it.

    fault is the SQL of what is wrong with the whole record. shift is what to add to a row's place to get its line.
    first_fault is the first broken record of a copy, its line and what is wrong.
    """

    source: str
    columns: tuple[str, ...]
    line: str | None
    fault: str
    shift: int
    path: Path
    shape: Shape
    first_fault: tuple[int, str] | None = None

    def cells(self, con: "Connection", lines: Sequence[int]) -> Iterator[tuple[int, list[str]]]:
        """Yield the original cells of the given lines, in the file's order."""
        if self.line is None:
            yield from self._cells_of_file(set(lines))
            return
        listed = ", ".join(f"c{place}" for place in range(1, len(self.columns) + 1))
        with con.cursor() as other:
            other.execute("CREATE OR REPLACE TEMP TABLE wanted AS SELECT unnest($1::BIGINT[]) AS wanted", [list(lines)])
            found = other.execute(
                f"SELECT {self.line}, {listed} FROM {self.source} SEMI JOIN wanted ON {self.line} = wanted ORDER BY 1"
            )
            while rows := found.fetchmany(10_000):
                for row in rows:
                    yield int(row[0]), ["" if cell is None else str(cell) for cell in row[1:]]

    def _cells_of_file(self, wanted: set[int]) -> Iterator[tuple[int, list[str]]]:
        with self.path.open(encoding="utf-8-sig", newline="\n") as handle:
            for number, text in enumerate(islice(handle, max(wanted, default=0)), start=1):
                if number in wanted:
                    yield number, cells_of([text], self.shape.delimiter)


def direct(path: Path, shape: Shape) -> RawTable | None:
    """Return the file read by DuckDB itself; None when its kind or encoding needs the regular copy."""
    if shape.kind != "text" or shape.encoding not in UTF_8 or shape.delimiter == " " or len(shape.columns) == 1:
        return None
    skip = 1 if shape.has_header else 0
    options = f"delim = {literal(shape.delimiter)}, skip = {skip}{_line_end(path)}"
    return RawTable(_read_csv(path, options, _texts(shape)), shape.columns, None, "NULL", 1 + skip, path, shape)


def transcoded(path: Path, shape: Shape, scratch: Path) -> tuple[Path, Shape]:
    """Return the file in UTF-8: itself, or a copy; as it is when it cannot be decoded throughout."""
    if shape.kind != "text" or shape.encoding in UTF_8:
        return path, shape
    target = scratch / f"{path.name}.utf8"
    decode = codecs.getincrementaldecoder(shape.encoding)()
    try:
        with path.open("rb") as old, target.open("wb") as new:
            while block := old.read(BLOCK):
                new.write(decode.decode(block).encode("utf-8"))
            new.write(decode.decode(b"", True).encode("utf-8"))
    except UnicodeError:
        return path, shape
    return target, dataclasses.replace(shape, encoding="utf-8-sig")


def parquet(con: "Connection", path: Path, shape: Shape) -> RawTable:
    """Return a Parquet file's columns as text; a row's line is its number."""
    try:
        names = [row[0] for row in con.execute(f"DESCRIBE SELECT * FROM read_parquet({literal(str(path))})").fetchall()]
    except EngineError:
        raise CannotRead(f"{path.name} begins like Parquet but cannot be read; export or copy it again") from None
    quoted = [name.replace('"', '""') for name in names]
    listed = ", ".join(f"nullif(\"{name}\"::VARCHAR, '') AS c{place}" for place, name in enumerate(quoted, start=1))
    source = f"(SELECT file_row_number + 1 AS line, {listed} FROM read_parquet({literal(str(path))}, file_row_number = true))"
    return RawTable(source, tuple(names), "line", "NULL", 0, path, shape)


def even_lines(path: Path, shape: Shape) -> int | None:
    """Return the number of physical lines; None when something stands in the file that DuckDB reads otherwise than the
    careful way: a blank first line, a NUL, two kinds of line ends, blanks around quotes."""
    ends, returns, pairs, tail = 0, 0, 0, b"\n"
    odd = re.compile(rb'[\n%s] +"|" +"' % re.escape(shape.delimiter.encode()))
    with path.open("rb") as handle:
        if not handle.readline().removeprefix(codecs.BOM_UTF8).strip():
            return None
        handle.seek(0)
        while block := handle.read(BLOCK):
            # One letter is found many times as fast as two, and most files have neither quotes nor carriage returns.
            if b"\0" in block or (b'"' in block and b' "' in tail + block and odd.search(tail + block)):
                return None
            ends += block.count(b"\n")
            if b"\r" in block or tail.endswith(b"\r"):
                returns += block.count(b"\r")
                pairs += (tail[-1:] + block).count(b"\r\n")
            tail = block[-64:]
    return ends + (not tail.endswith(b"\n")) if returns == 0 or returns == pairs == ends else None


def counted(raw: RawTable) -> RawTable:
    """Return a file read by DuckDB with each record's true line, counted from the line breaks inside its cells."""
    whole = f"concat({', '.join(f'c{place}' for place in range(1, len(raw.columns) + 1))})"
    breaks = (
        f"CASE WHEN contains({whole}, chr(10)) THEN strlen({whole}) - strlen(replace({whole}, chr(10), '')) ELSE 0 END"
    )
    line = f"{raw.shift - 1} + sum(1 + breaks) OVER (ROWS UNBOUNDED PRECEDING) - breaks"
    source = f"(SELECT *, ({line})::BIGINT AS line FROM (SELECT *, {breaks} AS breaks FROM {raw.source}))"
    return dataclasses.replace(raw, source=source, line="line", shift=0)


def copied(path: Path, shape: Shape, scratch: Path) -> RawTable:
    """Write a regular copy of the file, with line and fault before the cells, and return that."""
    target = scratch / f"{path.name}.copy.csv"
    width = len(shape.columns)
    first: tuple[int, str] | None = None
    with target.open("w", encoding="utf-8", newline="") as handle:
        write = csv.writer(handle, quoting=csv.QUOTE_ALL, lineterminator="\n").writerow
        for line, cells, fault in _records(path, shape):
            if fault is None and len(cells) == width:
                write((line, "", *cells))
            else:
                said = fault or _misfit(cells, width)
                write((line, said, *_fitted(cells, width)))
                first = first or ((line, said) if said else None)
    columns = f"'line': 'BIGINT', 'fault': 'VARCHAR', {_texts(shape)}"
    # The line end is told: one that DuckDB finds by itself may be a carriage return inside a cell.
    read = _read_csv(target, f"delim = ',', new_line = {LINE_FEED}", columns)
    source = f"(SELECT * REPLACE (nullif(fault, '') AS fault) FROM {read})"
    return RawTable(source, shape.columns, "line", "fault", 0, path, shape, first)


def _read_csv(path: Path, options: str, columns: str) -> str:
    return (
        f"read_csv({literal(str(path))}, {options}, quote = '\"', escape = '\"', header = false, columns = {{{columns}}}, "
        f"auto_detect = false, strict_mode = true, null_padding = false, max_line_size = {8 * LONGEST_TEXT})"
    )


def _texts(shape: Shape) -> str:
    return ", ".join(f"'c{place}': 'VARCHAR'" for place in range(1, len(shape.columns) + 1))


def _line_end(path: Path) -> str:
    """Return the option that names the line end; DuckDB finds \\r\\n well by itself and reads it wrongly when told."""
    with path.open("rb") as handle:
        return "" if handle.readline(LONGEST_TEXT).endswith(b"\r\n") else f", new_line = {LINE_FEED}"


def _records(path: Path, shape: Shape) -> Iterator[Record]:
    with path.open(encoding=shape.encoding, errors=KEEP_BROKEN, newline="") as handle:
        if shape.kind == "jsonl":
            yield from json_records(lines_of(handle), shape.columns)
            return
        records = records_of(lines_of(handle), shape.delimiter)
        if shape.has_header:
            next(records, None)
        yield from records


def _misfit(cells: list[str], width: int) -> str:
    """Say that a record has the wrong number of cells; blank ones at its end do no harm."""
    if len(cells) > width and not any(cell.strip() for cell in cells[width:]):
        return ""
    return f"this row has {len(cells)} cells where {width} are expected"


def _fitted(cells: list[str], width: int) -> list[str]:
    kept = [readable(cell)[:LONGEST_TEXT] for cell in cells[:width]]
    return kept + [""] * (width - len(cells))
