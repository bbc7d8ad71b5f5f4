"""One journey: its flow with everybody in it, switched on and off, its versions, its file."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from regulars.consent import api as consent
from regulars.core.documents import yaml
from regulars.events import api as events
from regulars.journeys import api as journeys
from regulars.segments import api as segments
from regulars.web.access.doorkeeper import acting, person
from regulars.web.access.gate import change, page
from regulars.web.decide.journeys import flow, listing, words
from regulars.web.shell import lake
from regulars.web.shell.context import formats
from regulars.web.shell.figures import Card, Column, Table
from regulars.web.shell.show import show

# By a journey's state, what can be done with it: the most likely first.
OFFERED = {
    "draft": ("activate",), "active": ("pause", "drain", "stop"), "paused": ("activate", "drain", "stop"),
    "draining": ("pause", "activate", "stop"), "off": ("activate",),
}  # fmt: skip
TONES = {"active": "good", "paused": "warn", "draining": "warn"}


@page()
def journey(request: HttpRequest, name: str) -> HttpResponseBase:
    """Show one journey, in its newest version or in the one that is asked for."""
    status = _status(request, name)
    document = yaml.read(journeys.text(name, status.version) or "").value
    titles = {one.name: one.title for one in segments.listed()}
    around = flow.Around(titles, {one.place: _local(one) for one in status.places})
    context = {
        "title": status.told.title, "told": status.told, "number": status.version, "state": words.state(status.told.state),
        "tone": TONES.get(status.told.state, ""), "remark": listing.remark(status.told), "about": about(document, titles),
        "steps": flow.drawn(document["steps"], around), "end": around.standing.get(""), "cards": _cards(request, status),
        "versions": [(number, local(at), by, inside) for number, at, by, inside in journeys.versions(name)], "offered": [(do, *_offer(do)) for do in OFFERED[status.told.state]],
        "may_change": person(request).may("change"),
    }  # fmt: skip
    return show(request, "web/decide/journeys/one.html", context, [_left(status)])


@page()
def file(request: HttpRequest, name: str) -> HttpResponse:
    """Hand out a journey as its file."""
    status = _status(request, name)
    text = journeys.text(name, status.version)
    response = HttpResponse(text, content_type="application/yaml; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}.yaml"'
    return response


@change("change")
def switch(request: HttpRequest, name: str) -> HttpResponse:
    """Switch a journey on or off, or delete one that was never on."""
    do, by, now = request.POST.get("do", ""), acting(request), lake.now()
    acts = {"activate": journeys.activate, "pause": journeys.pause, "drain": journeys.drain, "stop": journeys.stop, "drop": journeys.drop}  # fmt: skip
    if do not in acts or journeys.one(name) is None:
        raise Http404
    try:
        acts[do](name, by, now)
    except journeys.CannotSwitch as refusal:
        messages.error(request, str(refusal))
        return redirect("journey", name)
    messages.success(request, _done()[do])
    return redirect("journeys") if do == "drop" else redirect("journey", name)


def about(document: Mapping[str, Any], titles: words.Titles) -> list[tuple[str, str]]:
    """Say what leads in, who may enter, and what else holds for the whole journey; half written parts as they are."""
    found = [(_("Begins when somebody"), words.trigger(document.get("trigger", "?"), titles))]
    audience = document.get("audience")
    found.append((_("Who may enter"), _("everybody") if audience is None else words.rule(audience, titles)))
    if document.get("subject") == "order":
        found.append((_("It is about"), _("each order for itself")))
    found.append((_("Enters again"), words.again(document.get("again", "never"))))
    if document.get("goal") is not None:
        found.append((_("Its goal"), words.fact(document["goal"])))
    ends = document.get("exit_on")
    if isinstance(ends, list) and ends:
        found.append((_("Ends for whoever"), _("; or ").join(words.fact(one) for one in ends)))
    return [*found, *_settings(document)]


def in_short(document: Mapping[str, Any]) -> str:
    """Say in a line what else holds for the whole journey."""
    called = _("“%(title)s”, called %(name)s") % {"title": document.get("title") or "?", "name": document.get("name") or "?"}  # fmt: skip
    again = _("enters %(again)s") % {"again": words.again(document.get("again", "never"))}
    more = [f"{label}: {says}" for label, says in _settings(document)]
    about = [_("about each order for itself")] if document.get("subject") == "order" else []
    return "; ".join([called, *about, again, *more])


def _settings(document: Mapping[str, Any]) -> list[tuple[str, str]]:
    found = []
    if document.get("holdout"):
        found.append((_("Held out"), _("%(share)s %% walk it and are sent nothing") % {"share": document["holdout"]}))
    if document.get("group"):
        found.append((_("One at a time with"), _("all of the group %(group)s") % {"group": document["group"]}))
    if document.get("topic"):
        topics = {one.key: one.name for one in consent.topics()}
        found.append((_("Its marketing is about"), topics.get(str(document["topic"]), str(document["topic"]))))
    if document.get("priority", 50) != 50:
        found.append((_("Priority"), str(document["priority"])))
    return found


def _status(request: HttpRequest, name: str) -> journeys.Status:
    asked = request.GET.get("version", "")
    version = int(asked) if asked.isdecimal() and len(asked) < 7 else None
    if version is not None and journeys.text(name, version) is None:
        raise Http404
    status = journeys.status(name, version)
    if status is None:
        raise Http404
    return status


def _local(place: journeys.Place) -> journeys.Place:
    return place if place.next_due is None else journeys.Place(**{**vars(place), "next_due": local(place.next_due)})


def local(at: datetime) -> datetime:
    """Return an instant as the shop's clock shows it."""
    return at.astimezone(ZoneInfo(events.timezone()))


def _cards(request: HttpRequest, status: journeys.Status) -> list[Card]:
    told, write = status.told, formats(request)
    if not told.n_entered:
        return []
    share = _("%(share)s of those who entered") % {"share": write.share(told.n_reached / told.n_entered, 0)}
    return [
        Card(_("Inside"), write.count(told.n_inside), "", _("Runs that are under way now, in all versions.")),
        Card(_("Entered"), write.count(told.n_entered), "", _("Runs that began since the journey was made. Whoever may enter again counts each time.")),
        Card(_("Reached the goal"), write.count(told.n_reached), share, _("Runs during which the goal came. Whether the journey brought it about is told by those held out, not by this figure.")),
        Card(_("Held out"), write.count(told.n_held_out), "", _("Runs that walk the same way and are sent nothing, so that others can be compared with them.")),
    ]  # fmt: skip


def _left(status: journeys.Status) -> Table:
    columns = (Column("reason", _("Reason")), Column("n", _("Left"), "count"))
    rows = [{"reason": one.reason, "n": one.n} for one in status.left]
    return Table("left", _("Who left, and why"), columns, rows, _("Nobody has left this version yet."))


def _offer(do: str) -> tuple[str, str, str]:
    """Return a button's label, what it means, and what is asked before it is done."""
    return {
        "activate": (_("Switch it on"), _("What happens from now on leads people in."), ""),
        "pause": (_("Pause"), _("Nobody enters and nobody moves; what happens meanwhile is heard when it goes on."), ""),
        "drain": (_("Let nobody in any more"), _("Those inside walk to the end, then it is off."), ""),
        "stop": (_("Switch it off"), _("Everybody inside leaves at once."), _("Switch this journey off? Everybody inside leaves it at once and for good.")),
    }[do]  # fmt: skip


def _done() -> Mapping[str, str]:
    return {
        "activate": _("It is on: what happens from now on leads people in."),
        "pause": _("Paused: nobody enters and nobody moves."),
        "drain": _("Nobody enters any more; those inside walk to the end."),
        "stop": _("Switched off; nobody is inside any more."),
        "drop": _("Deleted."),
    }
