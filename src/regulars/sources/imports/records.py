"""Importing customers, products, costs and a shop's own events: the same telling again is a duplicate."""

from regulars.events import api as events
from regulars.sources.imports import frame, shaping
from regulars.sources.imports.work import Work, append_people, nothing

KINDS = {
    "customers": "customer.updated",
    "products": "product.updated",
    "costs": "cost.recorded",
    "events": "custom.tracked",
}
WITH_PEOPLE = ("customers", "events")


def append(work: Work, target: str) -> int:
    """Append what the log does not have; return how many rows were accepted."""
    kind = KINDS[target]
    work.run(f"{target}_told")
    with events.writing(work.con, work.request.now) as writing:
        work.course.same_shop()
        moment = events.facts_in(work.con)
        known = f"({work.queries['known_events']})" if target == "events" else f"facts.{events.table_name(kind)}"
        work.con.execute(work.queries["fresh"].format(table=known, source=work.values["source"]))
        if target in WITH_PEOPLE:
            work.run("record_persons")
            append_people(work, writing, moment)
        work.course.reach("people", 1.0)
        total = work.number("SELECT count(*) FROM fresh WHERE NOT is_mine")
        for start in range(0, total, frame.CHUNK):
            _chunk(work, writing, target, (start, min(start + frame.CHUNK, total)))
            work.course.reach("facts", min(1.0, (start + frame.CHUNK) / total))
    work.request.people.catch_up(work.request.now)
    return work.number("SELECT count(*) FROM fresh")


def _chunk(work: Work, writing: events.Writing, target: str, part: tuple[int, int]) -> None:
    start, end = part
    values = work.values | {"base": writing.newest, "start": start, "end": end}
    query = work.queries[f"{target}_facts"].replace("{people}", str(work.values.get("people_join", "")))
    rows = {KINDS[target]: shaping.shaped(work.con, KINDS[target], shaping.bound(query, values))}
    writing.chunk(rows, writing.newest + end - start, nothing)
