"""A file as something DuckDB can select from: directly when it is regular, else by a regular copy made record by record."""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from regulars.core.lake.engine import EngineError, literal
from regulars.sources.files.options import CannotRead, Shape
from regulars.sources.files.records import LONGEST_TEXT, Record, json_records, records_of

if TYPE_CHECKING:
    from regulars.core.lake.engine import Connection

BLOCK = 1 << 22


@dataclass(frozen=True)
class RawTable:
    """A FROM item with the columns c1, c2, …; line is the SQL of the true line, None when the row's place tells it.

    fault is the SQL of what is wrong with the whole record. shift is what to add to a row's place to get its line.
    """

    source: str
    columns: tuple[str, ...]
    line: str | None
    fault: str
    shift: int
    path: Path
    shape: Shape

    def cells(self, con: "Connection", lines: Sequence[int]) -> Iterator[tuple[int, list[str]]]:
        """Yield the original cells of the given lines, in order."""
        if self.line is not None:
            listed = ", ".join(f"c{place}" for place in range(1, len(self.columns) + 1))
            wanted = ", ".join(map(str, lines)) or "NULL"
            query = f"SELECT {self.line}, {listed} FROM {self.source} WHERE {self.line} IN ({wanted}) ORDER BY 1"
            for row in con.execute(query).fetchall():
                yield int(row[0]), ["" if cell is None else str(cell) for cell in row[1:]]
            return
        wanted_lines = set(lines)
        with self.path.open(encoding="utf-8-sig", newline="") as handle:
            for number, text in enumerate(handle, start=1):
                if number in wanted_lines:
                    yield number, next(csv.reader([text], delimiter=self.shape.delimiter))


def direct(path: Path, shape: Shape) -> RawTable | None:
    """Return the file read by DuckDB itself; None when its kind or encoding needs the regular copy."""
    names = ", ".join(f"'c{place}': 'VARCHAR'" for place in range(1, len(shape.columns) + 1))
    if shape.kind == "parquet":
        raise AssertionError("parquet has a way of its own")
    if shape.kind != "text" or shape.encoding not in ("utf-8", "utf-8-sig") or shape.delimiter == " ":
        return None
    skip = 1 if shape.has_header else 0
    source = (
        f"read_csv({literal(str(path))}, delim = {literal(shape.delimiter)}, quote = '\"', escape = '\"', header = false, "
        f"skip = {skip}, columns = {{{names}}}, auto_detect = false, strict_mode = true, null_padding = false, "
        f"max_line_size = {LONGEST_TEXT})"
    )
    return RawTable(source, shape.columns, None, "NULL", 1 + skip, path, shape)


def parquet(con: "Connection", path: Path, shape: Shape) -> RawTable:
    """Return a Parquet file's columns as text; a row's line is its number."""
    try:
        names = [row[0] for row in con.execute(f"DESCRIBE SELECT * FROM read_parquet({literal(str(path))})").fetchall()]
    except EngineError as problem:
        raise CannotRead(f"{path.name} looks like Parquet but cannot be read: {problem}") from None
    listed = ", ".join(f'"{name.replace(chr(34), chr(34) * 2)}"::VARCHAR AS c{place}' for place, name in enumerate(names, 1))
    source = f"(SELECT file_row_number + 1 AS line, {listed} FROM read_parquet({literal(str(path))}, file_row_number = true))"
    return RawTable(source, tuple(names), "line", "NULL", 0, path, shape)


def is_regular(path: Path, shape: Shape, n_records: int) -> bool:
    """Tell whether every record is one physical line: then a row's place tells its line."""
    lines, last = 0, b"\n"
    with path.open("rb") as handle:
        while block := handle.read(BLOCK):
            lines += block.count(b"\n")
            last = block[-1:]
    lines += last != b"\n"
    return lines == n_records + (1 if shape.has_header else 0)


def copied(path: Path, shape: Shape, scratch: Path) -> RawTable:
    """Write a regular copy of the file, with line and fault before the cells, and return that."""
    target = scratch / f"{path.name}.copy.csv"
    width = len(shape.columns)
    with target.open("w", encoding="utf-8", newline="") as handle:
        writer = csv.writer(handle, quoting=csv.QUOTE_ALL, lineterminator="\n")
        for record in _records(path, shape):
            fault = record.fault or _misfit(record, width, shape)
            cells = [_clean(cell) for cell in record.cells[:width]]
            writer.writerow([record.line, fault or "", *cells, *[""] * (width - len(cells))])
    names = ", ".join(f"'c{place}': 'VARCHAR'" for place in range(1, width + 1))
    source = (
        f"(SELECT * REPLACE (nullif(fault, '') AS fault) FROM read_csv({literal(str(target))}, delim = ',', quote = '\"', "
        f"escape = '\"', header = false, columns = {{'line': 'BIGINT', 'fault': 'VARCHAR', {names}}}, auto_detect = false, "
        f"strict_mode = true, max_line_size = {8 * LONGEST_TEXT}))"
    )
    return RawTable(source, shape.columns, "line", "fault", 0, path, shape)


def _records(path: Path, shape: Shape) -> Iterable[Record]:
    handle = io.TextIOWrapper(path.open("rb"), encoding=shape.encoding, errors="replace", newline="")
    if shape.kind == "jsonl":
        yield from json_records(handle, shape.columns)
        return
    records = iter(records_of(handle, shape.delimiter))
    if shape.has_header:
        next(records, None)
    yield from records


def _misfit(record: Record, width: int, shape: Shape) -> str | None:
    if shape.kind == "jsonl" or len(record.cells) == width:
        return None
    extra = record.cells[width:]
    if len(record.cells) > width and not any(cell.strip() for cell in extra):
        return None
    return f"{len(record.cells)} cells where the header has {width}"


def _clean(cell: str) -> str:
    """Return a cell that any reader takes: no NUL, no lone surrogate, not longer than a record may be."""
    return cell.replace("\0", "\ufffd").encode("utf-8", errors="replace").decode("utf-8")[:LONGEST_TEXT]
