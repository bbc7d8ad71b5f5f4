"""`regulars report` and `regulars sql`: what the facts say."""

import json as jsonlib
import re
from datetime import date, datetime
from pathlib import Path
from typing import Annotated, Any

import typer

from regulars.cli.app import AsJson, answer, app, progress_bar, refuse, say, start

AsOf = Annotated[str | None, typer.Option("--as-of", help="Look at the shop as of this day (YYYY-MM-DD).")]
Windows = Annotated[
    list[str] | None,
    typer.Option("--retention", help="One more window of days after the first order, e.g. 50:56 or 90:."),
]
Calibration = Annotated[
    str | None, typer.Option("--calibration-end", help="Hide everything after this day from the model, then compare.")
]
JsonTo = Annotated[
    str | None, typer.Option("--json", help="Answer as JSON, on standard output or (--json=FILE) in a file.")
]
HtmlTo = Annotated[Path | None, typer.Option("--html", help="Write the report as one HTML file.")]
Fresh = Annotated[bool, typer.Option("--fresh", help="Compute anew, past the result cache.")]


@app.command("report")
def report(
    as_of: AsOf = None,
    retention: Windows = None,
    calibration_end: Calibration = None,
    json: JsonTo = None,
    html: HtmlTo = None,
    fresh: Fresh = False,
) -> None:
    """Say how well the shop keeps its customers, what they are worth and who is slipping away.

    Example: regulars report --retention 30:90 --html report.html
    """
    now = start()
    from regulars.measurement import api as measurement

    asked = measurement.Question(
        as_of=_day(as_of, "--as-of"),
        retention=tuple(_window(text) for text in retention or ()),
        calibration_end=_day(calibration_end, "--calibration-end"),
    )
    with progress_bar("reading the facts") as progress:
        found = _found(asked, now, fresh)
        progress("writing", 0.9)
    if html is not None:
        html.parent.mkdir(parents=True, exist_ok=True)
        html.write_text(measurement.page(found), encoding="utf-8")
        say(f"The report is in {html}.")
    if json is not None:
        _give(jsonlib.dumps(found, indent=2, ensure_ascii=False), json)
    elif html is None:
        typer.echo(measurement.in_words(found))


@app.command("sql")
def query(
    statement: Annotated[str, typer.Argument(help="One SELECT; `SHOW TABLES` lists what there is.")],
    json: AsJson = False,
) -> None:
    """Ask the lake a question in SQL (DuckDB's dialect, read-only).

    Example: regulars sql "SELECT day, orders FROM day_totals ORDER BY day"
    """
    now = start()
    from regulars.events import api as events

    with events.reader(now) as moment:
        try:
            columns, rows = moment.ask(statement)
        except events.NotAQuestion as problem:
            refuse(str(problem))
    records = [dict(zip(columns, map(_plain, row), strict=True)) for row in rows]
    answer({"columns": columns, "rows": records}, json, lambda: _table(columns, rows))


def _found(asked: Any, now: datetime, fresh: bool) -> dict[str, Any]:
    from regulars.events import api as events
    from regulars.measurement import api as measurement
    from regulars.profiles import api as profiles
    from regulars.sources import api as sources

    imports = sources.totals()
    setting = measurement.Setting(events.timezone(), events.currency(), imports, now, profiles.names)

    def made() -> dict[str, Any]:
        with events.reader(now) as moment:
            return measurement.report(moment, asked, setting)

    return made() if fresh else events.cached(("report", repr(asked), repr(setting.imports)), made)


def _day(text: str | None, option: str) -> date | None:
    if text is None:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise typer.BadParameter(f"'{text}' is not a day; write it like 2024-03-21", param_hint=option) from None


def _window(text: str) -> tuple[int, int | None]:
    match = re.fullmatch(r"(\d{1,5}):(\d{0,5})", text)
    if match is None or (match[2] and int(match[2]) < int(match[1])) or int(match[1]) < 1:
        raise typer.BadParameter(
            f"'{text}' is not a window; write first and last day after the first order, like 50:56, or 90: for no end",
            param_hint="--retention",
        )
    return int(match[1]), int(match[2]) if match[2] else None


def _give(text: str, where: str) -> None:
    if where in ("", "-"):
        typer.echo(text)
    else:
        Path(where).write_text(text + "\n", encoding="utf-8")
        say(f"The figures are in {where}.")


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date | datetime) else value


def _table(columns: list[str], rows: list[tuple[Any, ...]]) -> str:
    shown = [["" if cell is None else str(cell) for cell in row] for row in rows[:1_000]]
    widths = [max([len(name), *(len(row[place]) for row in shown)]) for place, name in enumerate(columns)]
    lines = ["  ".join(text.ljust(width) for text, width in zip(row, widths, strict=True)) for row in [columns, *shown]]
    more = f"\n… and {len(rows) - 1_000:,} more rows; --json gives all" if len(rows) > 1_000 else ""
    return "\n".join(line.rstrip() for line in lines) + more
