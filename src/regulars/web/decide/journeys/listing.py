"""Every journey: whether it is on, how many are inside, came through and reached the goal, and what keeps it."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _, ngettext

from regulars.journeys import api as journeys
from regulars.web.access.doorkeeper import acting, person
from regulars.web.access.gate import change, page
from regulars.web.decide.journeys import words
from regulars.web.shell import lake
from regulars.web.shell.context import formats
from regulars.web.shell.figures import Column, Table
from regulars.web.shell.show import show


@page()
def listing(request: HttpRequest) -> HttpResponseBase:
    """List journeys."""
    found = journeys.listed()
    inside = formats(request).count(sum(one.n_inside for one in found))
    context = {
        "title": _("Journeys"),
        "n": len(found),
        "finding": _finding(found, inside),
        "may_change": person(request).may("change"),
        "offered": [one for one in journeys.ready_made() if one.name not in {told.name for told in found}],
    }
    return show(request, "web/decide/journeys/listing.html", context, [_table(found)])


@change("change")
def ready(request: HttpRequest) -> HttpResponse:
    """Add a ready-made programme as a draft."""
    try:
        added = journeys.install(request.POST.get("name", ""), acting(request), lake.now())
    except journeys.CannotSwitch as refusal:
        messages.error(request, str(refusal))
        return redirect("journeys")
    messages.success(request, _("Added as a draft: look at it, rehearse it, then switch it on."))
    return redirect("journey", added.name)


def _finding(found: list[journeys.Told], inside: str) -> str:
    """Say the most urgent thing first."""
    if not found:
        return _("No journey yet")
    troubled = sum(bool(one.problem or one.n_stuck) for one in found)
    if troubled:
        return ngettext("%(n)s journey cannot go on", "%(n)s journeys cannot go on", troubled) % {"n": troubled}
    n_on = sum(one.state in ("active", "draining") for one in found)
    if not n_on:
        return _("No journey is on")
    said = ngettext("%(n)s journey is on, with %(inside)s inside", "%(n)s journeys are on, with %(inside)s inside", n_on)  # fmt: skip
    return said % {"n": n_on, "inside": inside}


def _table(found: list[journeys.Told]) -> Table:
    columns = (
        Column("title", _("Journey"), link="address"), Column("state", _("State")), Column("n_inside", _("Inside"), "count"),
        Column("n_entered", _("Entered"), "count"), Column("n_reached", _("Reached the goal"), "count"),
        Column("n_held_out", _("Held out"), "count"), Column("remark", _("Remark")),
    )  # fmt: skip
    return Table("journeys", _("Journeys"), columns, [_row(one) for one in found], _("No journey yet."))


def _row(one: journeys.Told) -> dict[str, Any]:
    address = reverse("journey", args=[one.name])
    return {**vars(one), "state": words.state(one.state), "address": address, "remark": remark(one)}


def remark(one: journeys.Told) -> str:
    """Say what keeps a journey, blank where nothing does."""
    if one.problem:
        return one.problem
    said = ngettext("people cannot go on at %(n)s step", "people cannot go on at %(n)s steps", one.n_stuck)
    return said % {"n": one.n_stuck} if one.n_stuck else ""
