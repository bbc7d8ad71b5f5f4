"""`regulars import …`: orders, customers, products, costs, events."""

import dataclasses
from functools import partial
from pathlib import Path
from typing import Annotated, Any

import typer

from regulars.cli.app import AsJson, answer, import_app, progress_bar, say, start

Files = Annotated[
    list[Path], typer.Argument(help="CSV, TSV, JSONL or Parquet, also gzipped.", exists=True, dir_okay=False)
]
Map = Annotated[
    Path | None, typer.Option("--map", help="A mapping file (TOML) that says what each column is.", exists=True)
]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Say how the file would be read, and import nothing.")]
Rejects = Annotated[Path | None, typer.Option("--rejects", help="Where to write the rows that could not be read.")]
Currency = Annotated[str | None, typer.Option("--currency", help="The file's currency where it names none, e.g. EUR.")]
Timezone = Annotated[str | None, typer.Option("--timezone", help="The shop's time zone, e.g. Europe/Berlin.")]
Dates = Annotated[str | None, typer.Option("--dates", help="day-first, month-first, or a pattern like %Y%m%d.")]
Decimal = Annotated[str | None, typer.Option("--decimal", help="The decimal mark: . or ,")]
Encoding = Annotated[str | None, typer.Option("--encoding", help="The text encoding, e.g. latin-1.")]
Delimiter = Annotated[str | None, typer.Option("--delimiter", help="What separates the columns.")]
Rates = Annotated[Path | None, typer.Option("--rates", help="Exchange rates: day, currency, rate.", exists=True)]


@import_app.command("orders")
def import_orders(
    files: Files,
    map: Map = None,
    dry_run: DryRun = False,
    rejects: Rejects = None,
    currency: Currency = None,
    timezone: Timezone = None,
    dates: Dates = None,
    decimal: Decimal = None,
    encoding: Encoding = None,
    delimiter: Delimiter = None,
    rates: Rates = None,
    json: AsJson = False,
) -> None:
    """Import the shop's orders.

    Example: regulars import orders orders.csv --currency EUR
    """
    hints = {"map": map, "currency": currency, "timezone": timezone, "dates": dates, "decimal": decimal}
    _run(
        "orders",
        files,
        hints | {"encoding": encoding, "delimiter": delimiter, "rates": rates},
        (dry_run, rejects, json),
    )


@import_app.command("customers")
def import_customers(
    files: Files,
    map: Map = None,
    dry_run: DryRun = False,
    rejects: Rejects = None,
    encoding: Encoding = None,
    delimiter: Delimiter = None,
    json: AsJson = False,
) -> None:
    """Import customers and what they told of themselves.

    Example: regulars import customers customers.csv
    """
    hints = {"map": map, "encoding": encoding, "delimiter": delimiter}
    _run("customers", files, hints, (dry_run, rejects, json))


@import_app.command("products")
def import_products(
    files: Files,
    map: Map = None,
    dry_run: DryRun = False,
    rejects: Rejects = None,
    currency: Currency = None,
    decimal: Decimal = None,
    encoding: Encoding = None,
    delimiter: Delimiter = None,
    json: AsJson = False,
) -> None:
    """Import products with their unit cost.

    Example: regulars import products products.csv
    """
    hints = {"map": map, "currency": currency, "decimal": decimal, "encoding": encoding, "delimiter": delimiter}
    _run("products", files, hints, (dry_run, rejects, json))


@import_app.command("costs")
def import_costs(
    files: Files,
    map: Map = None,
    dry_run: DryRun = False,
    rejects: Rejects = None,
    currency: Currency = None,
    decimal: Decimal = None,
    encoding: Encoding = None,
    delimiter: Delimiter = None,
    json: AsJson = False,
) -> None:
    """Import what was spent per channel and month.

    Example: regulars import costs costs.csv --currency EUR
    """
    hints = {"map": map, "currency": currency, "decimal": decimal, "encoding": encoding, "delimiter": delimiter}
    _run("costs", files, hints, (dry_run, rejects, json))


@import_app.command("events")
def import_events(
    files: Files,
    map: Map = None,
    dry_run: DryRun = False,
    rejects: Rejects = None,
    timezone: Timezone = None,
    dates: Dates = None,
    encoding: Encoding = None,
    delimiter: Delimiter = None,
    json: AsJson = False,
) -> None:
    """Import what else people did: a name and a time per row, every further column a property.

    Example: regulars import events wishlist.csv
    """
    hints = {"map": map, "timezone": timezone, "dates": dates, "encoding": encoding, "delimiter": delimiter}
    _run("events", files, hints, (dry_run, rejects, json))


def _run(target: str, files: list[Path], hints: dict[str, Any], how: tuple[bool, Path | None, bool]) -> None:
    now = start()
    from regulars.profiles import api as profiles
    from regulars.sources import api as sources

    dry_run, rejects, as_json = how
    wanted = sources.options(**{name: value for name, value in hints.items() if value is not None})
    for path in files:
        if dry_run:
            described = sources.describe(target, path, wanted, whole=True)
            if described["refusal"]:
                raise sources.CannotRead(described["refusal"])
            answer(described, as_json, partial(sources.in_words, described))
            continue
        with progress_bar(f"importing {path.name}") as progress:
            request = sources.Request(path, profiles.people, now, rejects, progress)
            result = sources.import_file(target, request, wanted)
        answer(dataclasses.asdict(result), as_json, partial(_in_words, path, result))
        if result.rows and result.rejected == result.rows:
            say("no row of this file could be read; see the rejects file for what to do")
            raise typer.Exit(1)


def _in_words(path: Path, result: Any) -> str:
    parts = [f"{path.name}: {result.rows:,} rows, {result.accepted:,} accepted"]
    if result.merged and result.accepted:
        parts.append(f"{result.merged:,} of them joined into orders with other rows")
    if result.duplicates:
        parts.append(f"{result.duplicates:,} duplicates")
    if result.rejected:
        parts.append(f"{result.rejected:,} rejected (see {result.rejects_file})")
    return ", ".join(parts) + "."
