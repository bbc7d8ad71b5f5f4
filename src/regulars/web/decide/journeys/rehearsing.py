"""A rehearsal of a journey: asked for with its days, done as long work, and shown as what would have happened."""

from collections import Counter
from datetime import date, datetime, timedelta
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from regulars.jobs import api as jobs
from regulars.journeys import api as journeys
from regulars.messaging import api as messaging
from regulars.web.access.doorkeeper import person
from regulars.web.access.gate import form
from regulars.web.decide.journeys.one import local
from regulars.web.overview import work
from regulars.web.shell import lake
from regulars.web.shell.context import formats
from regulars.web.shell.figures import Card, Chart, Column, Series, Table
from regulars.web.shell.show import show

LOOKED_BACK, YEAR, LONGEST = 300, timedelta(days=364), timedelta(days=3_660)


@form("see", "change")
def rehearsal(request: HttpRequest, name: str) -> HttpResponseBase:
    """Ask for a rehearsal, or show the newest one."""
    told = journeys.one(name)
    if told is None:
        raise Http404
    if request.method == "POST":
        return _asked(request, name)
    found = next(iter(_done(name)), None)
    last = lake.now().date()
    context: dict[str, Any] = {
        "title": _("Rehearsal"), "told": told, "begin": (last - YEAR).isoformat(), "end": last.isoformat(),
        "may_change": person(request).may("change"), "found": found,
    }  # fmt: skip
    if found is None:
        return show(request, "web/decide/journeys/rehearsal.html", context)
    days = _by_week(found)
    context |= {"cards": _cards(request, found), "story": _story(found)}
    figures: list[Chart | Table] = [_kept_back(found), _left(found), *([_chart(days)] if days else [])]
    return show(request, "web/decide/journeys/rehearsal.html", context, figures)


def _asked(request: HttpRequest, name: str) -> HttpResponseBase:
    try:
        begin, end = (date.fromisoformat(request.POST.get(part, "")) for part in ("begin", "end"))
    except ValueError:
        messages.error(request, _("Write both days, the first and the last one."))
        return redirect("rehearse-journey", name)
    if not timedelta() <= end - begin <= LONGEST:
        messages.error(request, _("The first day comes before the last, at most ten years before."))
        return redirect("rehearse-journey", name)
    arguments = {"journey": name, "begin": begin.isoformat(), "end": end.isoformat()}
    return redirect("job", work.ask(request, "rehearse", arguments))


def _done(name: str) -> list[dict[str, Any]]:
    """Return what finished rehearsals of a journey found, the newest first."""
    return [
        one["result"] | {name: one["arguments"][name] for name in ("begin", "end")}
        for one in jobs.recent(LOOKED_BACK)
        if (one["kind"], one["state"]) == ("rehearse", "done") and one["arguments"].get("journey") == name
    ]


def _cards(request: HttpRequest, found: dict[str, Any]) -> list[Card]:
    write = formats(request)
    return [
        Card(_("Would have entered"), write.count(found["n_entered"]), "", _("Runs that would have begun. Whoever may enter again counts each time.")),
        Card(_("Messages sent"), write.count(found["n_sent"]), _("of %(n)s asked for") % {"n": write.count(found["n_asked"])}, _("Messages that the gate would have let go, by the consents of their day.")),
        Card(_("Goal without it"), write.count(found["n_reached"]), "", _("Runs during which the goal came by itself: the journey was not there. What it adds is told by those held out once it is on.")),
        Card(_("Held out"), write.count(found["n_held_out"]), "", _("Runs that would have walked the same way and been sent nothing.")),
    ]  # fmt: skip


def _story(found: dict[str, Any]) -> list[tuple[datetime, str]]:
    """Return when and what happened in one of the runs, one that was written to where there is such a one."""
    told = sorted(found["stories"], key=lambda one: one["is_held_out"])
    return [(local(datetime.fromisoformat(step["at"])), step["said"]) for step in told[0]["steps"]] if told else []


def _by_week(found: dict[str, Any]) -> list[dict[str, Any]]:
    weeks: Counter[date] = Counter()
    for one in found["days"]:
        day = date.fromisoformat(one["day"])
        weeks[day - timedelta(days=day.weekday())] += one["n"]
    return [{"week": week, "n": weeks[week]} for week in sorted(weeks)]


def _chart(weeks: list[dict[str, Any]]) -> Chart:
    most = max(weeks, key=lambda one: one["n"])
    columns = (Column("week", _("Week from"), "day"), Column("n", _("Messages"), "count"))
    table = Table("weeks", _("Messages sent in each week"), columns, weeks)
    title = _("At most %(n)s messages in a week") % {"n": most["n"]}
    definition = _("Messages of this journey that would have left in each week, from Monday on, over all channels.")
    return Chart("weeks", title, definition, table, "week", [Series("n", _("Messages"))], "bars")


def _kept_back(found: dict[str, Any]) -> Table:
    columns = (Column("why", _("Why not, or later")), Column("n", _("Messages"), "count"))
    rows = [{"why": messaging.because(why), "n": n} for why, n in found["refused"].items()]
    rows += [
        {"why": _("Later: %(why)s") % {"why": messaging.because(why)}, "n": n} for why, n in found["put_off"].items()
    ]
    return Table(
        "kept", _("What the gate would have kept back"), columns, rows, _("Every message would have left at once.")
    )


def _left(found: dict[str, Any]) -> Table:
    columns = (Column("reason", _("Reason")), Column("n", _("Left"), "count"))
    rows = [{"reason": reason, "n": n} for reason, n in found["left"].items()]
    return Table("left", _("Who would have left, and why"), columns, rows, _("Nobody would have left."))
