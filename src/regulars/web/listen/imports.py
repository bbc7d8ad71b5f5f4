"""Imports: drop a file, see how it is read, say what each column is, watch it, fetch what could not be read."""

from pathlib import Path
from typing import Any

from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from regulars.events import api as events
from regulars.sources import api as sources
from regulars.web.access.gate import change, form, page
from regulars.web.listen import uploads
from regulars.web.overview import work
from regulars.web.shell.context import formats
from regulars.web.shell.figures import Card, Column, Table
from regulars.web.shell.show import show

HINTS = ("currency", "timezone", "dates", "decimal", "encoding", "delimiter")


@page()
def imports(request: HttpRequest) -> HttpResponseBase:
    """Show where to drop a file, what is under way, and every import so far."""
    rows = [{**one, "address": reverse("import", args=[one["id"]])} for one in sources.imports()]
    columns = (
        Column("file_name", _("File"), link="address"),
        Column("target", _("Kind")),
        Column("finished_at", _("Finished"), "moment"),
        *(Column(name, label, "count") for name, label in _counts()),
    )
    done = Table("imports", _("Imports so far"), columns, rows, _("No file has been imported yet."))
    context = {"title": _("Imports"), "work": work.open_work(request), "targets": _targets()}
    return show(request, "web/listen/imports.html", context, [done])


@page()
def one(request: HttpRequest, number: int) -> HttpResponse:
    """Show what became of one file's rows."""
    record = next((found for found in sources.imports() if found["id"] == number), None)
    if record is None:
        raise Http404
    write = formats(request)
    cards = [Card(label, write.count(record[name])) for name, label in _counts()]
    context = {
        "title": record["file_name"],
        "record": record,
        "cards": cards,
        "has_rejects": sources.rejects_of(number) is not None,
    }
    return render(request, "web/listen/import.html", context)


@page("export")
def rejects(request: HttpRequest, number: int) -> HttpResponseBase:
    """Hand out the rows that could not be read, each with its reason and what to do."""
    path = sources.rejects_of(number)
    if path is None:
        raise Http404
    return FileResponse(
        path.open("rb"), as_attachment=True, filename=f"{path.stem}.csv", content_type="text/csv; charset=utf-8"
    )


@change("import_data")
def upload(request: HttpRequest) -> HttpResponse:
    """Take a dropped file; one that explains itself is imported at once when the drop asks for it."""
    target = _target(request)
    try:
        path = uploads.take(request)
    except uploads.CannotTake as refusal:
        return _answer(request, "", str(refusal))
    here = reverse("check-upload", args=[uploads.token_of(path)]) + f"?target={target}"
    if (request.POST.get("quick") or request.GET.get("quick")) == "yes":
        try:
            if sources.describe(target, path, sources.options())["ready"]:
                work.ask(request, "import", _arguments(target, path, {}, {}))
                here = reverse("overview")
        except sources.CannotRead as refusal:
            uploads.discard(path)
            return _answer(request, "", str(refusal))
    return _answer(request, here, "")


@form("import_data", "import_data")
def check(request: HttpRequest, token: str) -> HttpResponse:
    """Show how a dropped file would be read, let columns be named by clicking, and start the import."""
    path, target = uploads.find(token), _target(request)
    hints, named = _hints(request), _named(request)
    if request.method == "POST" and request.POST.get("do") == "discard":
        uploads.discard(path)
        return redirect("imports")
    context: dict[str, Any] = {
        "title": _("How this file is read"),
        "token": token,
        "file_name": path.name,
        "target": target,
        "targets": _targets(),
        "hints": hints,
    }
    try:
        described = sources.describe(target, path, _options(hints, named))
    except sources.CannotRead as refusal:
        return render(request, "web/listen/check.html", context | {"refusal": str(refusal)}, status=422)
    if request.method == "POST" and request.POST.get("do") == "import" and described["ready"]:
        number = work.ask(request, "import", _arguments(target, path, hints, named))
        messages.success(request, _("The import has begun. You may leave this page; it goes on."))
        return redirect("job", number)
    return render(request, "web/listen/check.html", context | _shown(described, named))


def _shown(described: dict[str, Any], named: dict[str, str]) -> dict[str, Any]:
    bad = Table(
        "first-bad",
        _("The first rows that cannot be read"),
        (
            Column("line", _("Line"), "count"),
            Column("field", _("Field")),
            Column("reason", _("What is wrong")),
            Column("fix", _("What to do")),
        ),
        described.get("first_bad", ()),
        csv=False,
    )
    return {"described": described, "bad": bad, "named": named}


def _answer(request: HttpRequest, following: str, refusal: str) -> HttpResponse:
    if "json" in request.headers.get("Accept", ""):
        return JsonResponse(
            {"next": following} if following else {"message": refusal}, status=200 if following else 422
        )
    if refusal:
        messages.error(request, refusal)
    return redirect(following or ("imports" if events.newest() else "overview"))


def _arguments(target: str, path: Path, hints: dict[str, str], named: dict[str, str]) -> dict[str, Any]:
    told = {"hints": hints} if hints else {}
    return {
        "target": target,
        "path": str(path),
        "file_name": path.name,
        "token": uploads.token_of(path),
        **told,
        **({"columns": named} if named else {}),
    }


def _options(hints: dict[str, str], named: dict[str, str]) -> sources.Options:
    return sources.options(**hints, **({"map": {"columns": named}} if named else {}))  # type: ignore[arg-type]


def _hints(request: HttpRequest) -> dict[str, str]:
    given = request.POST if request.method == "POST" else request.GET
    return {name: given[name].strip() for name in HINTS if given.get(name, "").strip()}


def _named(request: HttpRequest) -> dict[str, str]:
    """Return column → field as chosen by clicking: the form's names are column-0, column-1, …, beside header-0, …"""
    given = request.POST if request.method == "POST" else request.GET
    places = [name.removeprefix("field-") for name in given if name.startswith("field-")]
    return {given[f"field-{place}"]: given.get(f"header-{place}", "") for place in places if given[f"field-{place}"]}


def _target(request: HttpRequest) -> str:
    wanted = request.POST.get("target") or request.GET.get("target") or "orders"
    return wanted if wanted in sources.TARGETS else "orders"


def _targets() -> list[tuple[str, str]]:
    labels = {
        "orders": _("Orders"),
        "customers": _("Customers"),
        "products": _("Products"),
        "costs": _("Marketing costs"),
        "events": _("Other events"),
    }
    return [(name, labels.get(name, name)) for name in sources.TARGETS]


def _counts() -> tuple[tuple[str, str], ...]:
    return (
        ("rows", _("Rows")),
        ("accepted", _("Accepted")),
        ("duplicates", _("Known already")),
        ("rejected", _("Rejected")),
    )
