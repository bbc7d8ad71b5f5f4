"""What the tests of reading share: a file of given bytes, staged, with its rows and its raw cells."""

import tempfile
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from regulars.core.lake.engine import Connection, Limits, connect
from regulars.sources import reading
from regulars.sources.files.options import CannotRead, Options

HEADER = "order_id,customer_id,email,ordered_at,total,refunded,currency"


@dataclass(frozen=True)
class Refused:
    """A file that was not read, and the sentence why."""

    sentence: str


@dataclass(frozen=True)
class Outcome:
    """A file that was read: the canonical rows by name in line order, and the cells of every line as they stood."""

    n_rows: int
    n_bad: int
    rows: list[dict[str, Any]]
    raw: list[tuple[int, list[str]]]
    header: list[str]


def stage(
    data: bytes, name: str = "orders.csv", target: str = "orders", zone: str = "UTC", **options: Any
) -> Outcome | Refused:
    """Stage a file that holds these bytes."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / name
        path.write_bytes(data)
        return stage_path(path, target, zone, **options)


def stage_path(path: Path, target: str = "orders", zone: str = "UTC", **options: Any) -> Outcome | Refused:
    """Stage a file that is there."""
    with tempfile.TemporaryDirectory() as folder:
        con = _connection()
        con.execute(f"SET TimeZone = '{zone}'")
        try:
            plan = reading.inspect(path, target, Options(**options), Path(folder))
            staged = reading.Staged(con, plan, plan.options.currency)
        except CannotRead as refusal:
            return Refused(str(refusal))
        found = con.execute("SELECT * FROM rows ORDER BY line")
        names = [column[0] for column in found.description or ()]
        rows = [dict(zip(names, values, strict=True)) for values in found.fetchall()]
        raw = [(line, list(cells)) for line, cells in staged.raw([row["line"] for row in rows])]

        return Outcome(staged.n_rows, sum(row["reason"] is not None for row in rows), rows, raw, list(staged.header))


@cache
def _connection() -> Connection:
    """Return one connection for all: opening one costs as much as staging a small file."""
    return connect(Limits(memory="1GB", threads=1))


def row_line(order_id: str) -> str:
    """Return a good record under HEADER."""
    return f"{order_id},c1,ann@example.com,2024-01-03T10:00:00Z,100.00,0.00,EUR"
