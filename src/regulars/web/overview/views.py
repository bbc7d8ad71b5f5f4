"""The overview, and the three doors of the first visit."""

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _, ngettext

from regulars.core.formats import Formats
from regulars.events import api as events
from regulars.jobs import api as jobs
from regulars.measurement import api as measurement
from regulars.messaging import api as messaging
from regulars.predictions import api as predictions
from regulars.web.access.gate import change, page
from regulars.web.act import naming as act_naming
from regulars.web.know import naming
from regulars.web.overview import work
from regulars.web.shell import lake
from regulars.web.shell.context import formats
from regulars.web.shell.figures import Card, Chart, Column, Series, Table, Tone
from regulars.web.shell.show import show

SHOWN = 6


@page()
def overview(request: HttpRequest) -> HttpResponseBase:
    """Show what changed and what needs you; a shop without facts gets the three doors."""
    under_way = work.open_work(request)
    if not events.newest():
        return render(
            request,
            "web/first/doors.html",
            {"title": _("What would you like to look at?"), "work": under_way, "failed": _last_failure(request)},
        )
    found = lake.answer("movement", (), lambda moment: measurement.movement(moment, lake.now()))
    context = {
        "title": _("Overview"),
        "work": under_way,
        "as_of": found.get("as_of"),
        "needs": _needs(),
        "cards": _cards(request, found),
        "loop": _loop(request, found),
    }
    return show(request, "web/overview/overview.html", context)


def _needs() -> list[dict[str, str]]:
    """Return what somebody must look at before anything else: channels on which marketing waits, or is about to."""
    return [
        {
            "sentence": f"{act_naming.channel(one.channel)}: {one.sentence}",
            "tone": "bad" if one.is_open else "warn",
            "link": reverse("channels") + f"#channel-{one.channel}",
        }
        for one in messaging.breakers()
    ]


@page()
def came_back(request: HttpRequest) -> HttpResponse:
    """Show how many first buyers come back, with its interval."""
    found = lake.answer("came-back", (), lambda moment: measurement.window_rate(moment, 1, 56))
    return render(request, "web/overview/came_back.html", {"found": found, "title": _came_back_title(request, found)})


@page()
def late(request: HttpRequest) -> HttpResponse:
    """Name the most valuable customers who are late by their own rhythm."""
    found = lake.of_people("late", (), lambda known: predictions.late_list(known, SHOWN, 0))
    rows = naming.named(found["customers"])
    table = Table(
        "late-most-valuable", _("The most valuable of them"), _late_columns(), rows, is_personal=True, csv=False
    )
    return render(
        request, "web/overview/late.html", {"found": found, "late_table": table, "title": late_title(request, found)}
    )


@page()
def hidden_quarter(request: HttpRequest) -> HttpResponse:
    """Show what the model foretold of a past that was hidden from it, and what came."""
    found = lake.known_answer("value-model", predictions.value_model)
    return render(request, "web/overview/hidden_quarter.html", trial(request, found))


@change("import_data")
def open_demo(request: HttpRequest) -> HttpResponse:
    """Open the demo shop in an empty installation."""
    return _open(request, "demo", {})


@change("import_data")
def open_cdnow(request: HttpRequest) -> HttpResponse:
    """Open the packaged history of a real shop in an empty installation."""
    return _open(request, "cdnow", {})


def _open(request: HttpRequest, kind: str, arguments: dict[str, Any]) -> HttpResponse:
    if not events.newest():
        work.ask(request, kind, arguments)
    return redirect("overview")


def _last_failure(request: HttpRequest) -> dict[str, Any] | None:
    newest = next(iter(jobs.recent(1)), None)
    return work.described(request, newest) if newest and newest["state"] in ("failed", "cancelled") else None


def _came_back_title(request: HttpRequest, found: dict[str, Any]) -> str:
    write = formats(request)
    if found.get("rate") is None:
        return _("Nobody’s first eight weeks are over yet")
    return _("%(rate)s of first buyers come back within eight weeks") % {"rate": write.share(found["rate"])}


def late_title(request: HttpRequest, found: dict[str, Any]) -> str:
    """Say how many are late."""
    if not found["count"]:
        return _("Nobody is late by their own rhythm")
    words = ngettext(
        "%(count)s customer is late by their own rhythm",
        "%(count)s customers are late by their own rhythm",
        found["count"],
    )
    return words % {"count": formats(request).count(found["count"])}


def _late_columns() -> tuple[Column, ...]:
    return (
        Column("name", _("Customer"), link="address"),
        Column("usual_gap_days", _("Usually every … days"), "days"),
        Column("days_since", _("Days since the last order"), "days"),
        Column("value", _("Spent so far"), "money"),
    )


def trial(request: HttpRequest, found: dict[str, Any]) -> dict[str, Any]:
    """Return what a trial of the model on a hidden past showed, as a chart, or the reasons why there is none."""
    write, test = formats(request), found.get("backtest")
    if not test:
        return {
            "title": _("The predictions cannot be tried on this past yet"),
            "reasons": (found or {}).get("reasons") or [],
        }
    title = _("Hidden from the model: %(actual)s order days came; it had foretold %(expected)s") % {
        "actual": write.count(test["actual"]),
        "expected": write.count(test["expected"]),
    }
    weekly = Table(
        "hidden-quarter",
        title,
        (
            Column("week", _("Week"), "count"),
            Column("expected_cumulative", _("Foretold so far"), "count"),
            Column("actual_cumulative", _("Came so far"), "count"),
        ),
        test["weekly"],
    )
    series = (Series("expected_cumulative", _("Foretold"), dashed=True), Series("actual_cumulative", _("Came")))
    definition = _(
        "The model was fitted on the orders up to the start of the hidden time alone, then asked how many order days its customers would have in it. Both curves add up order days since then."
    )
    drawn = Chart(
        "hidden-quarter", title, definition, weekly, "week", series,
        note=_verdict(write, test), x_label=_("weeks after the model last looked"),
    )  # fmt: skip
    return {"title": title, "test": test, "drawn": drawn}


def _verdict(write: Formats, test: dict[str, Any]) -> str:
    """Say whether what came lies inside the foretold range; if not, by how much the model was wrong, and what follows."""
    span = {"low": write.count(test["low"]), "high": write.count(test["high"])}
    if test["low"] <= test["actual"] <= test["high"]:
        return _("What came lies inside the foretold range of %(low)s to %(high)s.") % span
    off = abs(test["expected"] - test["actual"]) / max(test["actual"], 1)
    words = (
        _("The model foretold %(off)s too many; the foretold range was %(low)s to %(high)s. Forecasts ahead are given a range that is wider by as much.")
        if test["expected"] > test["actual"]
        else _("The model foretold %(off)s too few; the foretold range was %(low)s to %(high)s. Forecasts ahead are given a range that is wider by as much.")
    )  # fmt: skip
    return words % {"off": write.share(off, 0), **span}


def _cards(request: HttpRequest, found: dict[str, Any]) -> list[Card]:
    return [_card(formats(request), *spoken) for spoken in movements(found)]


def movements(found: dict[str, Any]) -> list[tuple[Any, ...]]:
    """Return the movements in the order in which they are shown, each with its name and how it is written."""
    names = {
        "orders": (_("Orders"), "count"),
        "revenue": (_("Revenue"), "money"),
        "new_customers": (_("New customers"), "count"),
        "returning_orders": (_("Orders of returning customers"), "count"),
        "repeat_rate": (_("Came back within 56 days"), "share"),
    }
    return [(names[key], found[key]) for key in names if found.get(key)]


def _card(write: Any, named: tuple[str, str], told: dict[str, Any]) -> Card:
    name, kind = named
    figure = write.about(told["now"]) if kind == "money" else getattr(write, kind)(told["now"])
    before = write.about(told["before"]) if kind == "money" else getattr(write, kind)(told["before"])
    tone: Tone = "" if not told.get("is_more_than_noise") else ("good" if told["change"] > 0 else "bad")
    verdict = _("more than chance") if told.get("is_more_than_noise") else _("within chance")
    return Card(
        name,
        figure,
        _("%(before)s in the 28 days before · %(verdict)s") % {"before": before, "verdict": verdict},
        told.get("definition", ""),
        tone=tone,
    )


def _loop(request: HttpRequest, found: dict[str, Any]) -> list[Card]:
    """Return the five stages with what each holds now."""
    write, waiting = formats(request), events.waiting()
    held = lake.answer("held", (), counted)
    late = lake.known_answer("late-count", lambda known: {"count": predictions.late_list(known, 0)["count"]})
    rate = (found.get("repeat_rate") or {}).get("now")
    return [
        Card(
            _("Listen"),
            write.count(held["facts"]),
            _("facts heard; %(waiting)s wait") % {"waiting": write.count(waiting["inbox"])},
            link=reverse("data"),
        ),
        Card(_("Know"), write.count(held["customers"]), _("customers known"), link=reverse("customers")),
        Card(_("Decide"), write.count(late["count"]), _("late by their own rhythm"), link=reverse("at-risk")),
        Card(
            _("Act"),
            write.count(held["messages"]),
            _("messages sent so far"),
            link=reverse("messages"),
        ),
        Card(
            _("Prove"),
            write.share(rate),
            _("of the newest first buyers came back in 56 days"),
            link=reverse("retention"),
        ),
    ]


def counted(moment: events.Moment) -> dict[str, Any]:
    """Count the facts, the customers and the messages sent that a moment holds."""
    tables = " UNION ALL ".join(f"SELECT count(*) AS n FROM {events.table_name(kind)}" for kind in events.kinds())
    sent = f"SELECT count(*) FROM {events.table_name('message.sent')}"
    facts, customers, messages = moment.rows(
        f"SELECT (SELECT sum(n) FROM ({tables})), (SELECT count(*) FROM customers), ({sent})"
    )[0]
    return {"facts": int(facts or 0), "customers": int(customers), "messages": int(messages)}
