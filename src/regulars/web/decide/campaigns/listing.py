"""Every campaign with where it stands; the house's rules about them; lists of people to write to."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _, ngettext

from regulars.campaigns import api as campaigns
from regulars.core.formats import Formats
from regulars.web.access.doorkeeper import acting, person
from regulars.web.access.gate import change, form, page
from regulars.web.decide.campaigns import words
from regulars.web.shell import lake
from regulars.web.shell.context import formats
from regulars.web.shell.figures import Column, Table
from regulars.web.shell.show import show

LARGEST_LIST = 40 * 1024 * 1024


@page()
def listing(request: HttpRequest) -> HttpResponseBase:
    """List campaigns."""
    found, write = campaigns.listed(), formats(request)
    context = {
        "title": _("Campaigns"), "n": len(found), "finding": _finding(found), "house": campaigns.house(),
        "may_change": person(request).may("change"), "may_manage": person(request).may("manage"),
    }  # fmt: skip
    return show(request, "web/decide/campaigns/listing.html", context, [_table(found, write)])


@change("manage")
def rules(request: HttpRequest) -> HttpResponse:
    """Keep the house's rules."""
    try:
        undo, late, above = (
            _whole(request.POST.get(name, "")) for name in ("undo_minutes", "late_hours", "approval_above")
        )
        campaigns.put_house(undo or 0, late or 0, above, acting(request), lake.now())
    except campaigns.BadCampaign as wrong:
        messages.error(request, str(wrong))
    else:
        messages.success(request, _("Kept the house’s rules."))
    return redirect("campaigns")


def _whole(text: str) -> int | None:
    """Return a whole number that was typed, None for nothing."""
    text = text.strip()
    if text and not (text.isdecimal() and len(text) < 9):
        raise campaigns.BadCampaign(_("Write whole numbers; blank is for nobody has to approve."))
    return int(text) if text else None


@form("see", "change")
def lists(request: HttpRequest) -> HttpResponse:
    """Show the lists of people, and keep one that is uploaded or pasted."""
    context: dict[str, Any] = {}
    if request.method == "POST":
        try:
            name = request.POST.get("name", "").replace("\0", "").strip()
            context["done"] = campaigns.upload(name, _text_of(request), acting(request), lake.now())
            context["done_name"] = name
        except campaigns.BadCampaign as wrong:
            context |= {"wrong": str(wrong), "typed": request.POST.get("name", ""), "pasted": request.POST.get("text", "")[:10_000]}  # fmt: skip
    found = campaigns.lists()
    columns = (
        Column("name", _("List")), Column("people", _("Customers"), "count"), Column("unknown", _("Lines of nobody known"), "count"),
        Column("made_at", _("Uploaded"), "moment"), Column("made_by", _("By")),
    )  # fmt: skip
    rows = [{"name": one.name, "people": one.n_people, "unknown": one.n_unknown, "made_at": one.made_at, "made_by": one.made_by} for one in found]  # fmt: skip
    context |= {
        "title": _("Uploaded lists"), "may_change": person(request).may("change"), "n": len(found),
        "lists": Table("lists", _("Uploaded lists"), columns, rows, _("No list yet."), csv=False),
    }  # fmt: skip
    return render(request, "web/decide/campaigns/lists.html", context, status=422 if "wrong" in context else 200)


def _text_of(request: HttpRequest) -> str:
    """Return the file that was dropped, else what was pasted."""
    file = request.FILES.get("file")
    if file is None:
        return request.POST.get("text", "")
    if (file.size or 0) > LARGEST_LIST:
        raise campaigns.BadCampaign(_("The file is larger than a list can be."))
    try:
        return str(file.read().decode("utf-8-sig"))
    except UnicodeDecodeError:
        raise campaigns.BadCampaign(_("The file is no text in UTF-8; save it as CSV in UTF-8.")) from None


def _finding(found: list[campaigns.CampaignTold]) -> str:
    """Say the most urgent thing first."""
    if not found:
        return _("No campaign yet")
    held = sum(one.newest is not None and one.newest.state == campaigns.State.HELD for one in found)
    if held:
        return ngettext("%(n)s campaign waits for your word", "%(n)s campaigns wait for your word", held) % {"n": held}
    moving = sum(one.newest is not None and one.newest.is_open for one in found)
    if moving:
        return ngettext("%(n)s campaign is planned or on its way", "%(n)s campaigns are planned or on their way", moving) % {"n": moving}  # fmt: skip
    return ngettext("%(n)s campaign, nothing on its way", "%(n)s campaigns, nothing on its way", len(found)) % {"n": len(found)}  # fmt: skip


def _table(found: list[campaigns.CampaignTold], write: Formats) -> Table:
    columns = (
        Column("title", _("Campaign"), link="address"), Column("whom", _("To whom")), Column("when", _("When")),
        Column("state", _("State")), Column("begins", _("Begins or began")), Column("asked", _("Written to"), "count"),
    )  # fmt: skip
    return Table("campaigns", _("Campaigns"), columns, [_row(one, write) for one in found], _("No campaign yet."))


def _row(one: campaigns.CampaignTold, write: Formats) -> dict[str, Any]:
    newest = one.newest
    return {
        "title": one.title, "address": reverse("campaign", args=[one.name]),
        "whom": words.audience(one.plan) if one.plan else "–", "when": words.timing(one.plan.timing, write) if one.plan else one.problem,
        "state": words.state(newest), "begins": words.clock(newest.begins_at, write) if newest else "–",
        "asked": newest.n_asked if newest else None,
    }  # fmt: skip
