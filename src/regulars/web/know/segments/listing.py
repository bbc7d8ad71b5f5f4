"""Every segment: how large it is, how that changed, and what keeps it from being counted."""

from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _, ngettext

from regulars.core.formats import Formats
from regulars.segments import api as segments
from regulars.web.access.doorkeeper import acting, person
from regulars.web.access.gate import change, page
from regulars.web.know import naming
from regulars.web.shell import lake
from regulars.web.shell.context import formats
from regulars.web.shell.figures import Column, Table
from regulars.web.shell.show import show

LOOKED_BACK, LOOKED_AGAIN = 28, 5  # days; seconds until a page that waits for a count is asked for again


@page()
def listing(request: HttpRequest) -> HttpResponseBase:
    """List segments."""
    found, write = segments.listed(), formats(request)
    counting = sum(one.n_members is None and not one.problem for one in found)
    context = {
        "title": _("Segments"),
        "n": len(found),
        "finding": _finding(found, counting, write),
        "again": LOOKED_AGAIN if counting else None,
        "n_missing": len(_missing(found)),
        "may_change": person(request).may("change"),
    }
    return show(request, "web/know/segments/listing.html", context, [_table(found, write)])


@change("change")
def ready(request: HttpRequest) -> HttpResponse:
    """Add the ready-made segments that are not there yet."""
    missing = _missing(segments.listed())
    for draft in missing:
        segments.put(draft, acting(request), lake.now())
    said = ngettext("%(n)s segment added; it is being counted.", "%(n)s segments added; they are being counted.", len(missing))  # fmt: skip
    messages.success(request, said % {"n": len(missing)} if missing else _("All ready-made segments are here already."))
    return redirect("segments")


def _missing(found: list[segments.Told]) -> list[segments.Draft]:
    names = {one.name for one in found}
    return [draft for draft in segments.ready_made() if draft.name not in names]


def _finding(found: list[segments.Told], counting: int, write: Formats) -> str:
    """Say the most urgent thing first."""
    if not found:
        return _("No segment yet")
    troubled = sum(bool(one.problem) for one in found)
    if troubled:
        return ngettext("%(n)s segment cannot be counted", "%(n)s segments cannot be counted", troubled) % {"n": troubled}  # fmt: skip
    if counting:
        return ngettext("%(n)s segment is being counted", "%(n)s segments are being counted", counting) % {"n": counting}  # fmt: skip
    largest = max(found, key=lambda one: one.n_members or 0)
    return _("%(title)s is the largest of %(n)s, with %(members)s") % {
        "title": largest.title, "n": len(found), "members": write.count(largest.n_members or 0),
    }  # fmt: skip


def _table(found: list[segments.Told], write: Formats) -> Table:
    columns = (
        Column("title", _("Segment"), link="address"), Column("members", _("Customers"), "figure"), Column("moved", _("Change in 28 days"), "figure"),
        Column("counted_at", _("Counted"), "moment"), Column("name", _("Name")), Column("remark", _("Remark")),
    )  # fmt: skip
    return Table("segments", _("Segments"), columns, [_row(one, write) for one in found], _("No segment yet."))


def _row(one: segments.Told, write: Formats) -> dict[str, Any]:
    return {
        "title": one.title,
        "name": one.name,
        "address": reverse("segment", args=[one.name]),
        "members": _("not counted yet") if one.n_members is None else write.count(one.n_members),
        "moved": moved(one, write),
        "counted_at": naming.here(one.counted_at),
        "remark": state(one) if one.problem or not one.is_settled else "",
    }


def state(one: segments.Told) -> str:
    """Say how a segment stands."""
    if one.problem:
        return _("cannot be counted: %(problem)s") % {"problem": one.problem}
    return _("up to date") if one.is_settled else _("being counted")


def moved(one: segments.Told, write: Formats) -> str:
    """Say by how many a segment grew or shrank, or that there is nothing older to compare with."""
    today = segments.day_of(lake.now())
    known = segments.sizes(one.name, today - timedelta(days=LOOKED_BACK))
    if one.n_members is None:
        return _("not counted yet")
    if len(known) < 2:
        return _("too new to say")
    by = known[-1][1] - known[0][1]
    if not by:
        return _("none")
    return f"{'+' if by > 0 else '−'}{write.count(abs(by))}"
