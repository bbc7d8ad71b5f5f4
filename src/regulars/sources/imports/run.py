"""Running an import of orders from the staged rows to the result."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from regulars.core.lake.engine import Connection
from regulars.events import api as events
from regulars.sources import reading
from regulars.sources.files.options import Options
from regulars.sources.imports import frame, naming, orders, records, rejects
from regulars.sources.imports.course import Course
from regulars.sources.imports.frame import Request, Result
from regulars.sources.imports.shaping import Value
from regulars.sources.imports.work import Check, Work
from regulars.sources.models import Import


class Staged(Protocol):
    """A file that was read into the table `rows` of a scratch connection."""

    @property
    def n_rows(self) -> int: ...
    @property
    def grain(self) -> str: ...
    @property
    def header(self) -> Sequence[str]: ...
    def raw(self, lines: Sequence[int]) -> Iterable[tuple[int, Sequence[str]]]: ...


@dataclass(frozen=True)
class Run:
    """One import under way: its record, its scratch connection and what was staged there."""

    record: Import
    con: Connection
    staged: Staged
    request: Request
    course: Course


def import_orders(run: Run, currency: str) -> Result:
    """Turn staged orders into facts; the shop's currency is the given one, else the file's most frequent."""
    events.fix(currency or events.currency() or _most_frequent_currency(run.con), None)
    work = _work(run)
    orders.check(work)
    orders.gather(work)
    run.course.reach("check", 1.0)
    accepted = orders.append(work, work.number("SELECT max(line) FROM rows"))
    return _result(run, accepted, work.number("SELECT sum(n_rows) - count(*) FROM orders_in"))


def import_records(run: Run, target: str) -> Result:
    """Turn staged customers, products, costs or events into facts."""
    if target == "events":
        naming.refuse_names(run.con)
    run.course.reach("check", 1.0)
    return _result(run, records.append(_work(run), target), 0)


def check(con: Connection, target: str, grain: str, currency: str) -> None:
    """Refuse the staged rows that an import would refuse, and write nothing; the rates are there already."""
    if target == "events":
        naming.refuse_names(con)
    if target == "orders":
        standing = events.currency() or currency or _most_frequent_currency(con)
        trial = Check(con, grain, {"currency": standing})
        trial.run("macros")
        orders.check(trial)


def offer_rates(con: Connection, path: Path | None, scratch: Path) -> None:
    """Make rate_of(currency, moment): the latest rate to the shop's currency on or before that day, NULL without one."""
    con.execute("CREATE OR REPLACE TABLE rates (day DATE, currency VARCHAR, rate DECIMAL(18,9))")
    if path is not None:
        with con.cursor() as other:
            other.execute("CREATE SCHEMA IF NOT EXISTS rates_file; SET search_path = 'rates_file'")
            reading.Staged(other, reading.inspect(path, "rates", Options(), scratch), None)
            other.execute("INSERT INTO main.rates SELECT day, currency, rate FROM rows WHERE reason IS NULL")
            bad = other.execute(
                "SELECT line, reason FROM rows WHERE reason IS NOT NULL ORDER BY line LIMIT 1"
            ).fetchone()
        if bad:
            raise frame.CannotImport(f"{path.name}, line {bad[0]}: {bad[1]}; correct the rates file first")
    con.execute(
        "CREATE OR REPLACE MACRO rate_of(code, moment) AS (SELECT arg_max(rate, day) FROM rates "
        "WHERE rates.currency = code AND rates.day <= moment::DATE)"
    )


def _work(run: Run) -> Work:
    values: dict[str, Value] = {
        "currency": events.currency(),
        "source": frame.source_of(run.record),
        "shop": frame.SHOP,
        "now": run.request.now,
        "compared_at": events.newest(),
    }
    work = Work(run.con, run.staged.grain, values, run.request, run.course)
    work.run("macros")
    return work


def _result(run: Run, accepted: int, merged: int) -> Result:
    rejected = write_rejects(run)
    path = str(frame.rejects_path(run.record, run.request.rejects)) if rejected else None
    n_rows = run.staged.n_rows
    return Result(n_rows, accepted, rejected, n_rows - accepted - rejected, merged, path)


def write_rejects(run: Run) -> int:
    """Write the rejects file when there is anything to reject; return how many rows."""
    bad = run.con.execute(
        "SELECT line, coalesce(field, ''), reason, coalesce(fix, '') FROM rows "
        "WHERE reason IS NOT NULL AND field <> '(skipped)' ORDER BY line"
    ).fetchall()
    if not bad:
        return 0
    why = {int(row[0]): (int(row[0]), str(row[1]), str(row[2]), str(row[3])) for row in bad}
    cells = run.staged.raw(list(why))
    path = frame.rejects_path(run.record, run.request.rejects)
    rejects.write(path, run.staged.header, ((row, why[line]) for line, row in cells))
    return len(bad)


def _most_frequent_currency(con: Connection) -> str:
    row = con.execute("SELECT mode(currency) FROM rows WHERE reason IS NULL").fetchone()
    return str(row[0]) if row and row[0] else ""
