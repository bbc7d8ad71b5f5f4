"""Importing orders: from staged rows to facts about orders, refunds, cancellations, people and products."""

from collections.abc import Iterator

from regulars.events import api as events
from regulars.sources.imports import frame, shaping
from regulars.sources.imports.work import Check, Work, append_people, nothing, people_catching_up

STRIDE = 4  # seqs per line: an order's placed or updated, cancelled and refunded facts each have one of their own
FACTS = {
    "order.placed": "placed",
    "order.updated": "updated",
    "order.cancelled": "cancelled",
    "order.refunded": "refunded",
}


def check(work: Check) -> None:
    """Refuse rows that contradict each other or whose money cannot be added."""
    if work.grain == "line":
        work.run("fill_down")
        work.run("refuse_undated")
    work.run("refuse_money")
    if work.grain == "order":
        work.run("repeated")
        work.run("refuse_contradictions")
    else:
        work.run("refuse_other_people")


def gather(work: Check) -> None:
    """Make orders_in and refunds_in of the good rows."""
    if work.grain == "order":
        work.run("orders_of_rows")
        work.run("no_refunds")
    else:
        work.run("keyed_rows")
        work.run("orders_of_lines")
        work.run("refunds_of_lines")


def append(work: Work, n_lines: int) -> int:
    """Append every fact that the log does not have; return how many good rows were accepted."""
    with events.writing(work.con, work.request.now) as writing:
        work.course.same_shop()
        moment = events.facts_in(work.con)
        for name in (
            "known_orders",
            "known_refunds",
            "known_cancellations",
            "no_lines",
            "updates",
            "persons",
            "meanwhile",
        ):
            work.run(_alternative(work, name))
        accepted = work.number(shaping.bound(work.queries["verdicts"], work.values))
        append_people(work, writing, moment)
        _products(work, writing)
    with people_catching_up(work):
        for first, end in _chunks(n_lines):
            with events.writing(work.con, work.request.now) as writing:
                work.course.same_shop()
                _told_meanwhile(work, writing)
                _orders(work, writing, first, end)
            work.course.reach("facts", end / (n_lines + 1))
    return accepted


def _alternative(work: Work, name: str) -> str:
    return "merge_lines" if name == "no_lines" and work.grain != "order" else name


def _chunks(n_lines: int) -> Iterator[tuple[int, int]]:
    for first in range(0, n_lines + 1, frame.CHUNK):
        yield first, min(first + frame.CHUNK, n_lines + 1)


def _products(work: Work, writing: events.Writing) -> None:
    work.run("products")
    if n_new := work.number("SELECT count(*) FROM products_in"):
        query = shaping.bound(work.queries["product_facts"], work.values | {"base": writing.newest})
        rows = {"product.updated": shaping.shaped(work.con, "product.updated", query)}
        writing.chunk(rows, writing.newest + n_new, nothing)


def _told_meanwhile(work: Work, writing: events.Writing) -> None:
    """Note orders that others have told since the file's orders were compared with the log."""
    last = int(str(work.values["compared_at"]))
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
        if work.has_rows(query):
            rows[kind] = shaping.shaped(work.con, kind, query)
    if rows:
        last = writing.newest + (end - first) * STRIDE
        writing.chunk(rows, last, nothing)
        work.values["compared_at"] = last
