"""Customers: filter, sort, choose columns, keep a view, take the list away; and the lists to use elsewhere."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from regulars.core.lake.engine import EngineError
from regulars.events import api as events
from regulars.predictions import api as predictions
from regulars.segments import api as segments
from regulars.web.access.doorkeeper import person
from regulars.web.access.gate import change, page
from regulars.web.know import naming
from regulars.web.models import Saved
from regulars.web.shell import exports, lake
from regulars.web.shell.figures import Column, Table
from regulars.web.shell.show import show

PER_PAGE, AT_ONCE = 50, 1_000
NOBODY: dict[str, Any] = {"customers": [], "count": 0}
ALWAYS, USUAL = "name", ("country", "orders", "net", "last_day", "segment")


@page()
def customers(request: HttpRequest) -> HttpResponseBase:
    """List customers."""
    if not events.newest():
        return render(request, "web/nothing.html", {"title": _("Customers")})
    if request.GET.get("csv"):
        return _export(request)
    asked, chosen, audience = _asked(request.GET), _chosen(request.GET), _audience(request.GET)
    belongs = segments.one(audience) if audience else None
    context: dict[str, Any] = {
        "title": _("Customers"),
        "given": request.GET,
        "columns": _choices(chosen),
        "segments": predictions.SEGMENTS,
        "audiences": [(one.name, one.title) for one in segments.listed()],
        "belongs": belongs,
        "views": _views(),
        "query": _query(request.GET),
    }
    context["countries"] = lake.known_answer("countries", lambda known: {"most": predictions.countries(known, 60)})[
        "most"
    ]
    try:
        found = NOBODY if audience and not belongs else _found(asked, belongs)
    except (EngineError, ValueError):
        context["refusal"] = _("One of the filters is not a number or a date. Correct it and show the list again.")
        found = NOBODY
    if audience and not belongs:
        context["refusal"] = _("There is no segment called “%(name)s”; choose another.") % {"name": audience[:100]}
    table = Table(
        "customers",
        _("Customers"),
        _columns(request, chosen, asked),
        _rows(found["customers"]),
        _("Nobody fits these filters. Take one away."),
        csv=False,
        is_personal=True,
    )
    context |= {"count": found["count"], **_pages(asked, found["count"])}
    return show(request, "web/know/customers.html", context, [table])


@change("save_own")
def save_view(request: HttpRequest) -> HttpResponse:
    """Keep the filters and columns under a name, or drop a kept one."""
    name = request.POST.get("name", "").strip()[:100]
    query = QueryDict(request.POST.get("query", "")[:2000])
    if request.POST.get("do") == "drop":
        Saved.objects.filter(page="customers", name=name).delete()
    elif name:
        who = person(request).user
        kept = {"content": query.urlencode(), "user_email": who.email if who else "", "saved_at": lake.now()}
        Saved.objects.update_or_create(page="customers", name=name, defaults=kept)
        messages.success(request, _("Saved."))
    return redirect(f"{reverse('customers')}?{query.urlencode()}")


@page()
def lists(request: HttpRequest) -> HttpResponse:
    """Offer ready-made lists for the tools a shop has already."""
    if not events.newest():
        return render(request, "web/nothing.html", {"title": _("Lists to use")})
    counts = lake.known_answer("lists", _counts)["counts"]
    ready = [
        {**one, "count": count, "address": f"{reverse('customers')}?{_encoded(one['filters'])}"}
        for one, count in zip(_ready(), counts, strict=True)
    ]
    return render(request, "web/act/lists.html", {"title": _("Lists to use"), "lists": ready})


def _ready() -> list[dict[str, Any]]:
    return [
        {
            "name": _("Late by their own rhythm, with consent"),
            "about": _("Win them back, the most valuable first."),
            "filters": {"late": "yes", "consent": "yes"},
        },
        {
            "name": _("Bought once, with consent"),
            "about": _("The second order is the hardest: help them with the first product."),
            "filters": {"orders_from": "1", "orders_to": "1", "consent": "yes"},
        },
        {
            "name": _("Champions"),
            "about": _("Thank them, ask for a review, let them see news first. No discounts."),
            "filters": {"segment": "Champions"},
        },
        {
            "name": _("Can’t lose"),
            "about": _("They ordered often and went silent: call rather than mail."),
            "filters": {"segment": "Can't Lose"},
        },
        {
            "name": _("New"),
            "about": _("Their first weeks decide: care before you sell."),
            "filters": {"segment": "New"},
        },
    ]


def _counts(known: predictions.Known) -> dict[str, Any]:
    asked = [predictions.Listing(one["filters"], limit=1) for one in _ready()]
    return {"counts": [predictions.listing(known, one)["count"] for one in asked]}


def _encoded(filters: dict[str, str]) -> str:
    query = QueryDict(mutable=True)
    query.update(filters)
    return query.urlencode()


def _asked(query: QueryDict) -> predictions.Listing:
    given = {name: str(query.get(name, "")).strip() for name in predictions.FILTERS}
    filters = {name: value for name, value in given.items() if value}
    sort = query.get("sort", "net")
    place = query.get("page", "1")
    number = max(int(place), 1) if place.isdigit() and len(place) < 7 else 1
    return predictions.Listing(
        filters,
        sort if sort in predictions.SORTS else "net",
        query.get("way") != "up",
        (number - 1) * PER_PAGE,
        PER_PAGE,
    )


def _found(asked: predictions.Listing, belongs: segments.Told | None) -> dict[str, Any]:
    """Return the part of the list that is shown; asked anew when the segment was counted anew."""
    who = (belongs.name, str(belongs.counted_at), belongs.n_members) if belongs else ()
    question = (repr(asked), *who)
    return lake.of_people("customers", question, lambda known: predictions.listing(known, _among(asked, belongs)))


def _audience(query: QueryDict) -> str:
    """Return the name of the segment that the list is to be narrowed to; blank for everybody."""
    return query.get("belongs", "").replace("\0", "").strip()


def _among(asked: predictions.Listing, belongs: segments.Told | None) -> predictions.Listing:
    """Return the question narrowed to who belongs to a segment."""
    return replace(asked, among=segments.everybody(belongs.name)) if belongs else asked


def _rows(found: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [
        {
            **row,
            "name": f"{row['first_name']} {row['last_name']}".strip()
            or row["email"]
            or row["reference"]
            or row["phone"]
            or naming.unnamed(row["customer_id"]),
            "address": naming.address(row["customer_id"]),
            "consent": _said(row["accepts_email"]),
            "late": _("late") if row["is_late"] else "",
        }
        for row in found
    ]


def _said(consent: bool | None) -> str:
    return _("not known") if consent is None else _("yes") if consent else _("no")


def _all_columns() -> dict[str, Column]:
    listed = (
        Column("name", _("Customer"), link="address"), Column("email", _("E-mail")), Column("phone", _("Phone")), Column("reference", _("Number")),
        Column("country", _("Country")), Column("city", _("City")), Column("orders", _("Orders"), "count"), Column("net", _("Net value"), "money"),
        Column("first_day", _("First order"), "day"), Column("last_day", _("Last order"), "day"), Column("segment", _("Segment")),
        Column("consent", _("E-mail consent")), Column("late", _("Late")),
    )  # fmt: skip
    return {column.key: column for column in listed}


def _chosen(query: QueryDict) -> list[str]:
    known = _all_columns()
    wanted = [name for name in query.getlist("column") if name in known] or list(USUAL)
    return [ALWAYS, *(name for name in known if name in wanted and name != ALWAYS)]


def _choices(chosen: list[str]) -> list[dict[str, Any]]:
    return [
        {"key": key, "label": column.label, "is_chosen": key in chosen}
        for key, column in _all_columns().items()
        if key != ALWAYS
    ]


def _columns(request: HttpRequest, chosen: list[str], asked: predictions.Listing) -> list[Column]:
    known = _all_columns()
    return [_sortable(request, known[name], asked) if name in predictions.SORTS else known[name] for name in chosen]


def _sortable(request: HttpRequest, column: Column, asked: predictions.Listing) -> Column:
    is_here = asked.sort == column.key
    query = request.GET.copy()
    query.pop("page", None)
    query["sort"], query["way"] = column.key, "up" if is_here and asked.descending else "down"
    return replace(
        column,
        sort=f"?{query.urlencode()}",
        sorted=("descending" if asked.descending else "ascending") if is_here else "",
    )


def _pages(asked: predictions.Listing, count: int) -> dict[str, Any]:
    number, last = asked.offset // PER_PAGE + 1, max(-(-count // PER_PAGE), 1)
    return {
        "page_number": number,
        "last_page": last,
        "earlier": number - 1 if number > 1 else None,
        "later": number + 1 if number < last else None,
    }


def _query(query: QueryDict) -> str:
    kept = query.copy()
    kept.pop("page", None)
    return kept.urlencode()


def _views() -> list[dict[str, str]]:
    return [
        {"name": one.name, "address": f"?{one.content}"}
        for one in Saved.objects.filter(page="customers").order_by("name")
    ]


def _export(request: HttpRequest) -> HttpResponseBase:
    if not person(request).may_export:
        return redirect("customers")
    name = _audience(request.GET)
    belongs = segments.one(name) if name else None
    if name and not belongs:
        return redirect("customers")
    asked = replace(_among(_asked(request.GET), belongs), offset=0, limit=AT_ONCE)
    columns = [column for key, column in _all_columns().items()]
    return exports.rows_csv("customers", columns, _everybody(asked))


def _everybody(asked: predictions.Listing) -> Iterator[dict[str, Any]]:
    while True:
        with lake.knowing() as known:
            found = _rows(predictions.listing(known, asked)["customers"])
        yield from found
        if len(found) < AT_ONCE:
            return
        asked = replace(asked, offset=asked.offset + AT_ONCE)
