"""At risk: who is late by their own rhythm, how much they are worth, why they count as late, and the list to take away."""

from collections.abc import Iterator
from typing import Any

from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from regulars.events import api as events
from regulars.predictions import api as predictions
from regulars.web.access.doorkeeper import person
from regulars.web.access.gate import page
from regulars.web.know import naming
from regulars.web.overview.views import late_title
from regulars.web.shell import exports, lake
from regulars.web.shell.context import formats
from regulars.web.shell.figures import Card, Column, Table
from regulars.web.shell.show import show

PER_PAGE, AT_ONCE = 50, 5_000


@page()
def at_risk(request: HttpRequest) -> HttpResponseBase:
    """Name the late customers, the most valuable first."""
    if not events.newest():
        return render(request, "web/nothing.html", {"title": _("At risk")})
    if request.GET.get("csv"):
        return (
            exports.rows_csv("at-risk", _columns(), _everybody()) if person(request).may_export else redirect("at-risk")
        )
    asked = request.GET.get("page", "1")
    number = max(int(asked), 1) if asked.isdigit() and len(asked) < 7 else 1
    skip = (number - 1) * PER_PAGE
    found = lake.of_people("at-risk", (skip,), lambda known: predictions.late_list(known, PER_PAGE, skip))
    last = max(-(-found["count"] // PER_PAGE), 1)
    table = Table(
        "late",
        _("Late customers, the most valuable first"),
        _columns(),
        _rows(found),
        _("Nobody is late by their own rhythm."),
        csv=False,
        is_personal=True,
    )
    context = {
        "title": late_title(request, found), "found": found, "cards": _cards(request, found), "page_number": number, "last_page": last,
        "earlier": number - 1 if number > 1 else None, "later": number + 1 if number < last else None,
    }  # fmt: skip
    return show(request, "web/decide/at_risk.html", context, [table])


def _rows(found: dict[str, Any]) -> list[dict[str, Any]]:
    return [{**row, "why": why(row)} for row in naming.named(found["customers"])]


def why(row: dict[str, Any]) -> str:
    """Say in one sentence why a customer counts as late."""
    words = _("usually every %(gap)s days; silent for %(days)s; late from day %(late)s on")
    return words % {"gap": round(row["usual_gap_days"]), "days": row["days_since"], "late": row["late_from_days"]}


def _columns() -> tuple[Column, ...]:
    return (
        Column("name", _("Customer"), link="address"), Column("value", _("Spent so far"), "money"), Column("orders", _("Orders"), "count"),
        Column("last_order_on", _("Last order"), "day"), Column("days_since", _("Days silent"), "days"), Column("why", _("Why")),
        Column("probability", _("Would have come by now"), "share"),
    )  # fmt: skip


def _cards(request: HttpRequest, found: dict[str, Any]) -> list[Card]:
    write = formats(request)
    return [
        Card(
            _("Late now"),
            write.count(found["count"]),
            definition=_(
                "Of the customers with three order days or more: 90% of the times one with this rhythm, who is still active, would have ordered again by now."
            ),
        ),
        Card(_("What they spent so far"), write.about(found["value"]), _("gross, before refunds")),
        Card(
            _("Rather lost"),
            write.count(found["lost"]),
            _("silent beyond 99.5% of their rhythm"),
            _("From there on silence has lasted so long that writing rarely helps; they are not in the list."),
        ),
    ]


def _everybody() -> Iterator[dict[str, Any]]:
    offset = 0
    while True:
        with lake.knowing() as known:
            rows = _rows(predictions.late_list(known, AT_ONCE, offset))
        yield from rows
        if len(rows) < AT_ONCE:
            return
        offset += AT_ONCE
