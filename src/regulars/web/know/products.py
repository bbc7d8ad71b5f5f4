"""Products: which first products make regulars, and what is bought again."""

from typing import Any, cast

from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _

from regulars.core.formats import Formats
from regulars.events import api as events
from regulars.measurement import api as measurement
from regulars.web.access.gate import page
from regulars.web.shell import lake
from regulars.web.shell.context import formats
from regulars.web.shell.figures import Card, Column, Table
from regulars.web.shell.show import show

PER_PAGE = 50
SORTS = ("customers", "revenue", "buyers", "rate_56", "rate_90", "rate_365", "again")


@page()
def products(request: HttpRequest) -> HttpResponseBase:
    """Show the products of first orders with what became of their buyers."""
    if not events.newest():
        return render(request, "web/nothing.html", {"title": _("Products")})
    asked = _asked(request)
    found = lake.answer("products", (repr(asked),), lambda moment: measurement.first_products(moment, asked))
    last = max(-(-found["total"] // PER_PAGE), 1)
    number = asked.offset // PER_PAGE + 1
    table = Table(
        "products",
        _("Products of first orders"),
        _columns(asked),
        [_row(row, formats(request)) for row in found["rows"]],
        _(
            "The orders have no lines, so their products are not known. Import a file with one row per line, or with a product column."
        ),
    )
    context = {
        "title": _title(request, found), "search": asked.search, "definitions": found["definitions"], "shop": _cards(request, found["shop"]),
        "page_number": number, "last_page": last, "earlier": number - 1 if number > 1 else None, "later": number + 1 if number < last else None, "as_of": found["as_of"],
    }  # fmt: skip
    return show(request, "web/know/products.html", context, [table])


def _asked(request: HttpRequest) -> measurement.FirstProducts:
    sort, place = request.GET.get("sort", "customers"), request.GET.get("page", "1")
    number = max(int(place), 1) if place.isdigit() and len(place) < 7 else 1
    return measurement.FirstProducts(
        sort=cast("Any", sort if sort in SORTS else "customers"),
        descending=request.GET.get("way") != "up",
        limit=PER_PAGE,
        offset=(number - 1) * PER_PAGE,
        search=request.GET.get("search", "").strip()[:100],
    )


def _title(request: HttpRequest, found: dict[str, Any]) -> str:
    above = [row for row in found["rows"] if row["windows"]["90"]["verdict"] == "above"]
    if not above:
        return _("Products")
    best = max(above, key=lambda row: float(row["windows"]["90"]["rate"]))
    words = _("Who begins with %(product)s comes back more: %(rate)s within 90 days")
    return words % {
        "product": best["name"] or best["product"],
        "rate": formats(request).share(best["windows"]["90"]["rate"]),
    }


def _cards(request: HttpRequest, shop: dict[str, Any]) -> list[Card]:
    write = formats(request)
    return [
        Card(
            _("All first buyers, within %(days)s days") % {"days": days},
            write.share(row["rate"]),
            _("%(low)s to %(high)s of %(eligible)s")
            % {
                "low": write.share(row["low"]),
                "high": write.share(row["high"]),
                "eligible": write.count(row["eligible"]),
            },
        )
        for days, row in shop["windows"].items()
    ]


def _row(row: dict[str, Any], write: Formats) -> dict[str, Any]:
    told = {
        **row,
        "label": row["name"] or row["product"],
        "again": row["again"]["rate"],
        "verdict": _verdict(row["windows"]["90"]["verdict"]),
    }
    for days, window in row["windows"].items():
        told[f"rate_{days}"] = window["rate"]
    told["interval_90"] = _interval(write, row["windows"]["90"])
    return told


def _interval(write: Formats, window: dict[str, Any]) -> str:
    return "" if window["low"] is None else f"{write.points(window['low'])} – {write.share(window['high'])}"


def _verdict(verdict: str) -> str:
    return {
        "above": _("more than the shop"),
        "below": _("less than the shop"),
        "cannot_tell": _("cannot tell"),
        "too_few": _("too few"),
    }[verdict]


def _columns(asked: measurement.FirstProducts) -> list[Column]:
    listed = (
        Column("label", _("Product")), Column("customers", _("Began"), "count"), Column("rate_56", _("56 days"), "share"),
        Column("rate_90", _("90 days"), "share"), Column("interval_90", _("Interval"), "figure"), Column("verdict", _("Beside the shop")),
        Column("rate_365", _("A year"), "share"), Column("buyers", _("Bought it"), "count"), Column("again", _("Same again"), "share"),
        Column("quarter_days", _("¼ again by day"), "days"), Column("revenue", _("Revenue"), "money"),
    )  # fmt: skip
    return [_sortable(column, asked) for column in listed]


def _sortable(column: Column, asked: measurement.FirstProducts) -> Column:
    if column.key not in SORTS:
        return column
    is_here = asked.sort == column.key
    way = "up" if is_here and asked.descending else "down"
    search = f"&search={asked.search}" if asked.search.isalnum() else ""
    state = ("descending" if asked.descending else "ascending") if is_here else ""
    return Column(
        column.key, column.label, column.kind, sort=f"?sort={column.key}&way={way}{search}", sorted=cast("Any", state)
    )
