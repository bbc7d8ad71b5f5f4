"""Importing orders: from staged rows to facts about orders, refunds, cancellations, people and products."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from regulars.core import sql
from regulars.core.lake.engine import Connection
from regulars.events import api as events
from regulars.sources.imports import frame, shaping
from regulars.sources.imports.shaping import Value

STRIDE = 4  # seqs per line: an order's placed or updated, cancelled and refunded facts each have one of their own
FACTS = {"order.placed": "placed", "order.updated": "updated", "order.cancelled": "cancelled", "order.refunded": "refunded"}


@dataclass
class Work:
    """One import under way: the scratch connection with `rows`, and the values that its queries name."""

    con: Connection
    grain: str
    values: dict[str, Value]
    request: frame.Request
    queries: dict[str, str] = field(default_factory=lambda: dict(sql.load("regulars.sources.imports")))

    def run(self, name: str) -> None:
        self.con.execute(shaping.bound(self.queries[name], self.values))

    def number(self, query: str) -> int:
        row = self.con.execute(query).fetchone()
        return int(row[0] or 0) if row else 0


def check(work: Work) -> None:
    """Refuse rows that contradict each other or whose money cannot be added, and make orders_in and refunds_in."""
    work.run("refuse_money")
    if work.grain == "order":
        work.run("repeated")
        work.run("refuse_contradictions")
        work.run("orders_of_rows")
        work.run("no_refunds")
    else:
        work.run("refuse_other_people")
        work.run("keyed_rows")
        work.run("orders_of_lines")
        work.run("refunds_of_lines")


def append(work: Work, n_lines: int) -> int:
    """Append every fact that the log does not have; return how many good rows were accepted."""
    with events.writing(work.con, work.request.now) as writing:
        moment = events.facts_in(work.con)
        for name in ("known_orders", "known_refunds", "known_cancellations", "no_lines", "updates", "persons", "meanwhile"):
            work.run(_alternative(work, name))
        accepted = work.number(shaping.bound(work.queries["verdicts"], work.values))
        _people(work, writing, moment)
        _products(work, writing)
    for first, end in _chunks(n_lines):
        with events.writing(work.con, work.request.now) as writing:
            _told_meanwhile(work, writing)
            _orders(work, writing, first, end)
        work.request.progress("orders into the lake", end / max(n_lines, 1))
    return accepted


def _alternative(work: Work, name: str) -> str:
    return "merge_lines" if name == "no_lines" and work.grain != "order" else name


def _chunks(n_lines: int) -> Iterator[tuple[int, int]]:
    for first in range(0, n_lines + 1, frame.CHUNK):
        yield first, min(first + frame.CHUNK, n_lines + 1)


def _people(work: Work, writing: events.Writing, moment: events.Moment) -> None:
    """Resolve every person of the file, append what was learnt of them, then bring their rows up to date."""
    people = work.request.people
    people.catch_up(work.request.now)
    first_new = events.mark("customer") + 1
    n_new = people.resolve_many(work.con, moment, first_new)
    work.request.progress("people", 0.5)
    work.run("people")
    work.values["people_join"] = _people_join(work)
    n_learnt = work.number("SELECT (SELECT count(*) FROM new_identities) + (SELECT count(*) FROM new_merges)")
    for start in range(0, n_learnt, frame.CHUNK):
        values = work.values | {"base": writing.newest, "start": start, "end": start + frame.CHUNK}
        rows = {}
        for kind, name in (("customer.identified", "identified"), ("customer.merged", "merged")):
            query = shaping.bound(work.queries[name], values)
            if work.number(f"SELECT count(*) FROM ({query})"):
                rows[kind] = shaping.shaped(work.con, kind, query)
        writing.chunk(rows, writing.newest + frame.CHUNK, lambda: events.set_mark("customer", first_new + n_new - 1))
    people.catch_up(work.request.now)
    work.request.progress("people", 1.0)


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


def _products(work: Work, writing: events.Writing) -> None:
    work.run("products")
    if n_new := work.number("SELECT count(*) FROM products_in"):
        query = shaping.bound(work.queries["product_facts"], work.values | {"base": writing.newest})
        rows = {"product.updated": shaping.shaped(work.con, "product.updated", query)}
        writing.chunk(rows, writing.newest + n_new, _nothing)


def _told_meanwhile(work: Work, writing: events.Writing) -> None:
    """Note orders that others have told since the file's orders were compared with the log."""
    last = int(work.values["compared_at"])
    if writing.newest != last:
        moment = events.after(("order.placed",), last)
        if moment is not None:
            with moment:
                told = moment.rows("SELECT order_id FROM facts.order_placed WHERE seq > $seq", seq=last)
            if told:
                work.con.executemany("INSERT INTO meanwhile VALUES (?)", told)
    work.values["compared_at"] = writing.newest


def _orders(work: Work, writing: events.Writing, first: int, end: int) -> None:
    values = work.values | {"base": writing.newest, "first_line": first, "end_line": end}
    rows = {}
    for kind, name in FACTS.items():
        query = shaping.bound(work.queries[name].replace("{people}", str(work.values["people_join"])), values)
        if name == "placed" or work.number(f"SELECT count(*) FROM ({query})"):
            rows[kind] = shaping.shaped(work.con, kind, query)
    last = writing.newest + (end - first) * STRIDE
    writing.chunk(rows, last, _nothing)
    work.values["compared_at"] = last


def _nothing() -> None:
    """Commit nothing beside the seq."""
