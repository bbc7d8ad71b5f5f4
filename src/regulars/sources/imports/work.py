"""What imports of every kind work with: the scratch connection, the named queries, and the people of a file."""

from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass

from django.db import connection

from regulars.core import sql
from regulars.core.lake.engine import Connection
from regulars.events import api as events
from regulars.sources.imports import frame, shaping
from regulars.sources.imports.course import Course
from regulars.sources.imports.shaping import Value


@dataclass
class Check:
    """Staged rows to be checked: the scratch connection with `rows`, and the values that its queries name."""

    con: Connection
    grain: str
    values: dict[str, Value]

    @property
    def queries(self) -> Mapping[str, str]:
        return sql.load("regulars.sources.imports")

    def run(self, name: str) -> None:
        self.con.execute(shaping.bound(self.queries[name], self.values))

    def number(self, query: str) -> int:
        row = self.con.execute(query).fetchone()
        return int(row[0] or 0) if row else 0

    def has_rows(self, query: str) -> bool:
        return self.number(f"SELECT count(*) FROM (SELECT 1 FROM ({query}) LIMIT 1)") > 0


@dataclass
class Work(Check):
    """One import under way: checked rows that become facts."""

    request: frame.Request
    course: Course


def append_people(work: Work, writing: events.Writing, moment: events.Moment) -> None:
    """Resolve every person of the file, append what was learnt of them, then bring their rows up to date."""
    people = work.request.people
    people.catch_up(work.request.now)
    first_new = events.mark("customer") + 1
    n_new = people.resolve_many(work.con, moment, first_new)
    work.course.reach("people", 0.5)
    work.run("people")
    work.values["people_join"] = _people_join(work)
    n_learnt = work.number("SELECT (SELECT count(*) FROM new_identities) + (SELECT count(*) FROM new_merges)")
    for start in range(0, n_learnt, frame.CHUNK):
        values = work.values | {"base": writing.newest, "start": start, "end": start + frame.CHUNK}
        rows = {}
        for kind, name in (("customer.identified", "identified"), ("customer.merged", "merged")):
            query = shaping.bound(work.queries[name], values)
            if work.has_rows(query):
                rows[kind] = shaping.shaped(work.con, kind, query)
        writing.chunk(
            rows,
            writing.newest + min(frame.CHUNK, n_learnt - start),
            lambda: events.set_mark("customer", first_new + n_new - 1),
        )
        work.course.reach("people", 0.5 + 0.5 * min(1.0, (start + frame.CHUNK) / n_learnt))
    work.course.reach("people", 1.0)


def _people_join(work: Work) -> str:
    """Return the join from an order to its person, over no more columns than tell the persons apart."""
    columns = [name for name in ("customer_ref", "email", "phone") if work.number(f"SELECT count({name}) FROM people")]
    if not columns:
        return "LEFT JOIN people ON false"
    alone = f"SELECT count(DISTINCT {columns[0]}) = count(*) AND count({columns[0]}) = count(*) FROM people"
    same = " AND ".join(
        f"people.{name} IS NOT DISTINCT FROM orders_in.{name}" for name in columns[: 1 if work.number(alone) else None]
    )
    return f"LEFT JOIN people ON {same}"


@contextmanager
def people_catching_up(work: Work) -> Iterator[None]:
    """Bring the rows of people up to date beside the block; the operational database and the lake share the time.

    Nothing waits for it: the projection follows its own mark, and the sequencer catches up before it resolves anybody.
    """
    with ThreadPoolExecutor(1) as pool:
        done = pool.submit(_catch_up, work)
        yield
        done.result()


def _catch_up(work: Work) -> None:
    try:
        work.request.people.catch_up(work.request.now)
    finally:
        connection.close()


def nothing() -> None:
    """Commit nothing beside the seq."""
