"""Describing a file before it is imported: what is in it, what each column is taken for, and what is missing."""

import dataclasses
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from regulars.core.lake.engine import Connection, EngineError
from regulars.events import api as events
from regulars.sources import reading
from regulars.sources.files import table
from regulars.sources.files.options import CannotRead, Unsaid
from regulars.sources.files.table import RawTable
from regulars.sources.imports import run
from regulars.sources.mapping import layouts
from regulars.sources.mapping.fields import TARGETS
from regulars.sources.mapping.meanings import MEANINGS
from regulars.sources.mapping.model import Source
from regulars.sources.reading import Plan, Staged

SHOWN_ROWS, SHOWN_BAD, SAMPLED, SAMPLES, LONGEST = 20, 20, 500, 3, 200
PUBLIC = {"customer_ref": "customer_id"}
SAID: Mapping[str, str] = {
    "dates": "Every date in this file could be day/month or month/day: say which.",
    "currency": "No column says the currency: choose one, or write the file's currency, such as EUR.",
}


def described(con: Connection, plan: Plan, whole: bool) -> dict[str, Any]:
    """Return what is known of a file, and in `ready` whether it can be imported; never raises for what is only missing.

    Raises CannotRead where there is no table at all.
    """
    plan, share = (plan, 1.0) if whole else _beginning(plan)
    try:
        staged = _checked(con, plan)
        told, raw, columns = _read(staged), staged.raw_table, staged.plan.mapping.columns
        missing, refusal = _lacking(staged), ""
    except CannotRead as problem:
        raw = _raw(con, plan)
        told, refusal = _unread(con, raw), str(problem)
        missing = list(problem.fields) if isinstance(problem, Unsaid) else []
        columns = plan.mapping.columns or layouts.by_name(plan.target, raw.columns)
    if not raw.columns:
        raise CannotRead(f"{plan.name} holds no table: there is no text in it that could be a heading or a row")
    if share < 1:
        told["notes"].append(f"The file is large: this was found in its first {share:.0%}; the import reads all of it.")
    sentence = _sentence(plan, told, missing, refusal)
    header = list(raw.columns)
    return {
        "file": plan.name,
        "target": plan.target,
        "kind": plan.shape.kind,
        "encoding": plan.shape.encoding or None,
        "delimiter": {"\t": "tab", " ": "white space"}.get(plan.shape.delimiter, plan.shape.delimiter) or None,
        "has_header": plan.shape.has_header,
        "header": header,
        **told,
        "share": share,
        **_columns(con, raw, columns),
        "fields": fields_of(plan.target),
        "ready": not sentence,
        "missing": [PUBLIC.get(field, field) for field in missing],
        "sentence": sentence,
        "refusal": refusal,
    }


def fields_of(target: str) -> list[dict[str, Any]]:
    """Return every field that a kind of import knows: name, meaning in plain words, whether no file can do without it."""
    return [
        {"name": PUBLIC.get(name, name), "meaning": MEANINGS[target][name], "required": field.required}
        for name, field in TARGETS[target].items()
    ]


def _checked(con: Connection, plan: Plan) -> Staged:
    """Stage the file and refuse what an import would refuse."""
    plan = reading.settled(plan)
    without = plan.target in ("customers", "events")
    currency = plan.options.currency or (None if without else events.currency() or None)
    staged = Staged(con, plan, currency)
    if not _lacking(staged):
        run.offer_rates(con, plan.options.rates, plan.scratch)
        run.check(con, plan.target, staged.grain, plan.options.currency or "")
    return staged


def _lacking(staged: Staged) -> list[str]:
    """Return what the file lacks although its columns are known: money without a currency cannot be added up."""
    if staged.plan.target != "orders" or staged.plan.options.currency or events.currency():
        return []
    return [] if "currency" in staged.plan.mapping.columns else ["currency"]


def _read(staged: Staged) -> dict[str, Any]:
    """Return what was understood of a staged file."""
    mapping = staged.plan.mapping
    read = {str(column) for source in mapping.columns.values() for column in source.columns}
    read |= {str(test.column) for tests in mapping.rows.values() for test in tests}
    good = "SELECT * EXCLUDE (rid, field, reason, fix) FROM rows WHERE reason IS NULL ORDER BY line LIMIT 3"
    bad = (
        "SELECT line, field, reason, fix FROM rows WHERE reason IS NOT NULL AND field <> '(skipped)' "
        f"ORDER BY line LIMIT {SHOWN_BAD}"
    )
    return {
        "layout": mapping.name,
        "grain": mapping.grain,
        "dates": {field: way.family for field, way in staged.writing.dates.items()},
        "decimal": staged.writing.decimal,
        "mapped": {
            PUBLIC.get(name, name): str(source.columns[0]) if source.columns else source.constant
            for name, source in mapping.columns.items()
        },
        "ignored": [name for name in staged.header if name not in read],
        "notes": [*mapping.notes, *_notes(staged)],
        "rows": staged.n_rows,
        "skipped": staged.n_skipped,
        "bad": staged.n_bad,
        "understood": [
            {name: str(cell) for name, cell in row.items() if cell is not None} for row in _dicts(staged.con, good)
        ],
        "first_bad": _dicts(staged.con, bad),
    }


def _notes(staged: Staged) -> list[str]:
    given = set(staged.plan.mapping.columns)
    if staged.plan.target in ("orders", "events") and not given & {"customer_ref", "email", "phone"}:
        return ["No column says who it was: everything is counted, but belongs to no customer."]
    return []


def _unread(con: Connection, raw: RawTable) -> dict[str, Any]:
    """Return the same for a file that could not be staged: only its rows are counted."""
    row = con.execute(f"SELECT count(*) FROM {raw.source}").fetchone()
    empty: dict[str, Any] = {
        "layout": "",
        "grain": "",
        "dates": {},
        "decimal": None,
        "mapped": {},
        "ignored": [],
        "notes": [],
    }
    return empty | {"rows": row[0] if row else 0, "skipped": 0, "bad": 0, "understood": [], "first_bad": []}


def _raw(con: Connection, plan: Plan) -> RawTable:
    """Return the file's cells, by the careful way when the fast one stumbles."""
    path, shape = table.transcoded(plan.path, plan.shape, plan.scratch)
    plan = dataclasses.replace(plan, path=path, shape=shape)
    raw = reading.raw_table(con, plan)
    try:
        con.execute(f"SELECT count(*) FROM {raw.source}").fetchone()
    except EngineError:
        return table.copied(path, shape, plan.scratch)
    return raw


def _columns(con: Connection, raw: RawTable, columns: Mapping[str, Source]) -> dict[str, Any]:
    """Return the first rows as they stand, and each column with the field it is taken for and what stands in it."""
    listed = ", ".join(f"substr(c{place}, 1, {LONGEST})" for place in range(1, len(raw.columns) + 1))
    order = f"ORDER BY {raw.line}" if raw.line else ""
    found = con.execute(f"SELECT {listed} FROM {raw.source} {order} LIMIT {SAMPLED}").fetchall()
    rows = [["" if cell is None else str(cell) for cell in row] for row in found]
    taken = _taken(raw.columns, columns)
    return {
        "first_rows": rows[:SHOWN_ROWS],
        "columns": [
            {"header": name, "field": taken.get(place), "samples": _samples([row[place] for row in rows])}
            for place, name in enumerate(raw.columns)
        ],
    }


def _taken(header: Sequence[str], columns: Mapping[str, Source]) -> dict[int, str]:
    """Return the field that each column is read as, by the column's place."""
    places = {name: place for place, name in reversed(list(enumerate(header)))}
    plain = {name.strip().lower(): place for name, place in places.items()}
    positions = {str(place): place - 1 for place in range(1, len(header) + 1)}
    taken: dict[int, str] = {}
    for field, source in columns.items():
        for column in map(str, source.columns):
            place = places.get(column, positions.get(column, plain.get(column.strip().lower())))
            if place is not None:
                taken.setdefault(place, PUBLIC.get(field, field))
    return taken


def _samples(cells: Sequence[str]) -> list[str]:
    return list(dict.fromkeys(cell.strip() for cell in cells if cell.strip()))[:SAMPLES]


def _sentence(plan: Plan, told: Mapping[str, Any], missing: Sequence[str], refusal: str) -> str:
    """Say what keeps the file from being imported; blank when nothing does."""
    if not told["rows"] and not told["skipped"]:
        return "There is no row in this file."
    said = [SAID[name] for name in missing if name in SAID]
    if columns := [name for name in missing if name not in SAID]:
        begin = (
            "" if plan.shape.has_header or plan.shape.kind != "text" else "The first line does not name the columns. "
        )
        meant = " and ".join(MEANINGS[plan.target][name] for name in columns)
        said.insert(0, f"{begin}Choose the column that says {meant}.")
    if said or refusal:
        return " ".join(said) or refusal
    if told["bad"] == told["rows"]:
        first = told["first_bad"][0]
        return f"Not one row can be read. Line {first['line']}: {first['reason']}; {first['fix']}."
    return ""


def _dicts(con: Connection, query: str) -> list[dict[str, Any]]:
    found = con.execute(query)
    names = [column[0] for column in found.description or []]
    return [dict(zip(names, row, strict=True)) for row in found.fetchall()]


BEGINNING = 64 << 20


def _beginning(plan: Plan) -> tuple[Plan, float]:
    """Return a plan for the first records of a very large text file, and which share of the file they are."""
    size = plan.path.stat().st_size
    if size <= BEGINNING or plan.shape.kind == "parquet" or plan.shape.encoding.startswith("utf-16"):
        return plan, 1.0
    with plan.path.open("rb") as handle:
        block = handle.read(BEGINNING)
    end, n_quotes = len(block), block.count(b'"')
    while (cut := block.rfind(b"\n", 0, end)) > 0:
        n_quotes -= block.count(b'"', cut, end)
        end = cut
        if n_quotes % 2 == 0:  # else the line end stands inside a quoted cell
            break
    target: Path = plan.scratch / f"beginning-{plan.path.name}"
    target.write_bytes(block[: end + 1])
    return dataclasses.replace(plan, path=target), (end + 1) / size
