"""Data: facts arriving, the lake's tables and size, and questions in SQL."""

import time
from decimal import Decimal
from pathlib import Path
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from regulars.events import api as events
from regulars.web.access.doorkeeper import person
from regulars.web.access.gate import change, form, page
from regulars.web.models import Saved
from regulars.web.shell import exports, lake
from regulars.web.shell.context import formats
from regulars.web.shell.figures import Card, Chart, Column, Series, Table
from regulars.web.shell.show import show

LEARNT = ("customer_identified", "customer_merged")  # found out on arrival, so their time is that of the import
MOST_ROWS = 500
QUARTER_US = 900_000_000  # zones differ by quarters of an hour, so that one is in the same month throughout
FIGURES = (int, float, Decimal)
EXAMPLE = (
    "SELECT country, count(*) AS orders, sum(gross) AS revenue\nFROM orders\nGROUP BY country\nORDER BY revenue DESC"
)


@page()
def data(request: HttpRequest) -> HttpResponseBase:
    """Show what arrives, what lies in the lake, and how large it is."""
    found = lake.answer("data", (), _held)
    tables = Table(
        "tables",
        _("Tables of facts"),
        (
            Column("name", _("Table"), link="address"),
            Column("facts", _("Facts"), "count"),
            Column("first", _("First"), "day"),
            Column("last", _("Last"), "day"),
        ),
        [{**row, "address": reverse("sql") + f"?query=FROM {row['name']} LIMIT 20"} for row in found["tables"]],
        _("No facts yet."),
    )
    arriving = Table(
        "arriving",
        _("Facts by month"),
        (Column("month", _("Month"), "month"), Column("facts", _("Facts"), "count")),
        found["months"],
        _("No facts yet."),
    )
    chart = Chart(
        "arriving",
        _("Facts by the month in which they happened"),
        _(
            "Every fact of every kind, by the calendar month of its own time in the shop’s zone, not of its arrival. Who is who is found out on arrival and left out here."
        ),
        arriving,
        "month",
        (Series("facts", _("Facts")),),
        "bars",
    )
    return show(
        request,
        "web/listen/data.html",
        {"title": _("Data"), "cards": _cards(request, sum(row["facts"] for row in found["tables"]))},
        [chart, tables],
    )


def _held(moment: events.Moment) -> dict[str, Any]:
    names = [events.table_name(kind) for kind in events.kinds()]
    counted = " UNION ALL ".join(
        f"SELECT '{name}' AS name, count(*) AS facts, min(occurred_at)::DATE::VARCHAR AS first, max(occurred_at)::DATE::VARCHAR AS last FROM {name}"
        for name in names
    )
    told = [name for name in names if name not in LEARNT]
    monthly = " UNION ALL ".join(
        f"SELECT epoch_us(occurred_at) // {QUARTER_US} AS quarter, count(*) AS facts FROM {name} GROUP BY 1"
        for name in told
    )
    return {
        "tables": [row for row in moment.dicts(f"SELECT * FROM ({counted}) ORDER BY facts DESC, name") if row["facts"]],
        "months": moment.dicts(
            f"SELECT date_trunc('month', make_timestamptz(quarter * {QUARTER_US}))::DATE::VARCHAR AS month, sum(facts)::BIGINT AS facts FROM ({monthly}) GROUP BY 1 ORDER BY 1"
        ),
    }


def _cards(request: HttpRequest, facts: int) -> list[Card]:
    write, waiting = formats(request), events.waiting()
    megabytes = sum(file.stat().st_size for file in _files(events.lake_root())) / 1e6
    return [
        Card(_("Facts in all"), write.count(facts), _("newest seq %(seq)s") % {"seq": write.count(waiting["newest"])}),
        Card(_("Waiting in the inbox"), write.count(waiting["inbox"]), _("acknowledged, a second from the log")),
        Card(_("Before the lake"), write.count(waiting["log"]), _("in the log; flushed every minute")),
        Card(_("Lake on disk"), _("%(size)s MB") % {"size": write.decimal(megabytes, 1)}, _("derived tables included")),
    ]


def _files(root: Path) -> list[Path]:
    return [file for file in root.rglob("*") if file.is_file()] if root.is_dir() else []


@form("sql", "sql")
def sql(request: HttpRequest) -> HttpResponseBase:
    """Answer one question in SQL; the lake is read-only here."""
    query = request.POST.get("query") or request.GET.get("query") or ""
    context: dict[str, Any] = {
        "title": _("Ask in SQL"),
        "query": query or EXAMPLE,
        "saved": Saved.objects.filter(page="sql").order_by("name"),
        "tables": _schema(),
    }
    if not query:
        return render(request, "web/listen/sql.html", context)
    begun = time.monotonic()
    try:
        with events.reader(lake.now()) as moment:  # one of its own: asking locks it
            names, rows = moment.ask(query)
    except events.NotAQuestion as refusal:
        return render(request, "web/listen/sql.html", context | {"refusal": str(refusal)}, status=422)
    columns = [
        Column(name, name, "figure" if any(isinstance(row[place], FIGURES) for row in rows[:MOST_ROWS]) else "text")
        for place, name in enumerate(names)
    ]
    told = [dict(zip(names, map(_plain, row), strict=True)) for row in rows]
    if request.POST.get("do") == "csv":
        return exports.rows_csv("answer", columns, told) if person(request).may("export") else redirect("sql")
    answer = Table("answer", _("The answer"), columns, told[:MOST_ROWS], _("The answer has no rows."), csv=False)
    return render(
        request,
        "web/listen/sql.html",
        context | {"answer": answer, "n_rows": len(rows), "shown": MOST_ROWS, "seconds": time.monotonic() - begun},
    )


@change("save_own")
def save_query(request: HttpRequest) -> HttpResponse:
    """Keep a query under a name, or drop it."""
    name = request.POST.get("name", "").strip()[:100]
    if request.POST.get("do") == "drop":
        Saved.objects.filter(page="sql", name=name).delete()
    elif name and request.POST.get("query"):
        who = person(request).user
        kept = {"content": request.POST["query"], "user_email": who.email if who else "", "saved_at": lake.now()}
        Saved.objects.update_or_create(page="sql", name=name, defaults=kept)
        messages.success(request, _("Saved."))
    return redirect("sql")


def _plain(value: object) -> object:
    """Write a decimal without zeros that say nothing, and any other value as it is.

    >>> [_plain(Decimal(text)) for text in ("12.5000", "7.0000", "100", "0.0000")], _plain(0.1)
    (['12.5', '7', '100', '0'], 0.1)
    """
    if not isinstance(value, Decimal):
        return value
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _schema() -> list[dict[str, Any]]:
    """Return every table that can be asked: derived ones first, each with what it holds and its columns."""
    with lake.reading() as moment:
        told = moment.rows(
            "SELECT table_name, list(column_name ORDER BY ordinal_position) FROM information_schema.columns "
            "WHERE table_schema = 'main' GROUP BY table_name"
        )
    columns = dict(told)
    derived = [(item.name, _first_comment(item.sql)) for item in events.definitions()]
    kinds = [(events.table_name(kind), _first_line(record.__doc__)) for kind, record in events.kinds().items()]
    return [{"name": name, "about": about, "columns": columns.get(name, ())} for name, about in (*derived, *kinds)]


def _first_comment(text: str) -> str:
    """Return the comment that a named query begins with, as one line.

    >>> _first_comment("-- One row\\n-- per order.\\nSELECT 1 -- no")
    'One row per order.'
    """
    found: list[str] = []
    for line in text.strip().splitlines():
        if not line.startswith("--"):
            break
        found.append(line.removeprefix("--").strip())
    return " ".join(found)


def _first_line(text: str | None) -> str:
    return (text or "").split("\n")[0]
