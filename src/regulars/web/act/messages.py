"""Messages: how many stand where, which ones somebody has to decide on, and the story of each."""

from typing import Any

from django.contrib import messages as notices
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _, ngettext

from regulars.core.formats import Formats
from regulars.events import api as events
from regulars.messaging import api as messaging
from regulars.web.access.doorkeeper import person
from regulars.web.access.gate import change, page
from regulars.web.act import naming
from regulars.web.shell import lake
from regulars.web.shell.context import formats
from regulars.web.shell.figures import Card, Column, Table
from regulars.web.shell.headers import FRAMING
from regulars.web.shell.show import show

SHOWN_UNKNOWN = 20
CHANNELS = ("email", "sms", "push", "whatsapp", "webhook")


@page()
def messages(request: HttpRequest) -> HttpResponseBase:
    """Show what is waiting, what went, what did not and why."""
    asked = messaging.Filters(*(request.GET.get(name, "").strip()[:200] for name in ("state", "channel", "text")))
    before = request.GET.get("before", "")
    found = messaging.recent(asked, int(before) if before.isdigit() and len(before) < 19 else None)
    write = formats(request)
    counted = messaging.counts()
    n_unknown = sum(one["n"] for one in counted if one["state"] == "unknown")
    context = {
        "title": _("Messages"), "finding": _finding(counted, write), "cards": _cards(counted, write), "given": asked,
        "states": naming.states(), "channels": {one: naming.channel(one) for one in CHANNELS}, "older": found.before, "is_later": bool(before),
        "unknown": naming.written(messaging.unknown(SHOWN_UNKNOWN)) if n_unknown else [], "n_unknown": n_unknown,
        "zone": events.timezone(), "n_more": max(n_unknown - SHOWN_UNKNOWN, 0), "is_empty": not counted,
        "may_decide": person(request).may("change"),
    }  # fmt: skip
    return show(request, "web/act/messages.html", context, [_table(found.messages)])


@page()
def message(request: HttpRequest, key: str) -> HttpResponseBase:
    """Show what became of one message, step by step."""
    with lake.reading() as moment:
        found = messaging.story(key, moment)
    if found is None:
        raise Http404
    one = naming.written([found])[0]
    context = {
        "title": one["what"], "one": one, "zone": events.timezone(), "steps": _steps(one), "kept": messaging.drawn_letter(key),
        "may_decide": person(request).may("change"), "data": sorted(one["data"].items()),
    }  # fmt: skip
    answer = show(request, "web/act/message.html", context)
    answer["Content-Security-Policy"] = FRAMING
    return answer


@change("change")
def settle(request: HttpRequest, key: str) -> HttpResponse:
    """Carry out what somebody decided on an unknown message."""
    user = person(request).user
    try:
        decision = messaging.Settled(request.POST.get("do", ""))
        sure = request.POST.get("sure") == "yes"
        messaging.settle(key, decision, user.email if user else "visitor", lake.now(), may_arrive_twice=sure)
        notices.success(request, _("Decided."))
    except messaging.CannotSettle as refusal:
        notices.error(request, str(refusal))
    except ValueError:
        notices.error(request, _("Choose one of the decisions."))
    return redirect("message", key)


def _finding(counted: list[dict[str, Any]], write: Formats) -> str:
    """Say the most urgent thing first."""
    n = {state: sum(one["n"] for one in counted if one["state"] == state) for state in naming.states()}
    if n["unknown"]:
        said = ngettext(
            "Of %(n)s message nobody can say whether it arrived",
            "Of %(n)s messages nobody can say whether they arrived",
            n["unknown"],
        )
        return said % {"n": write.count(n["unknown"])}
    waiting = n["queued"] + n["deferred"]
    if waiting:
        return ngettext("%(n)s message is waiting", "%(n)s messages are waiting", waiting) % {"n": write.count(waiting)}
    if n["sent"]:
        return ngettext("%(n)s message went out", "%(n)s messages went out", n["sent"]) % {"n": write.count(n["sent"])}
    return _("No message has gone out yet")


def _cards(counted: list[dict[str, Any]], write: Formats) -> list[Card]:
    about = {
        "unknown": _("Handed over, but no answer came. Decide on each."),
        "queued": _("They go as soon as the gate lets them."),
        "deferred": _("By the gate or the provider; each says until when."),
        "sent": _("The channel took them over; what the drawer kept is among them."),
        "failed": _("They will not be tried again."),
        "refused": _("The gate said no, and each says why."),
    }
    cards = []
    for state, label in naming.states().items():
        by_channel = {one["channel"]: one["n"] for one in counted if one["state"] == state}
        if state in about and counted:
            total = sum(by_channel.values())
            split = ", ".join(f"{naming.channel(name)} {write.count(n)}" for name, n in sorted(by_channel.items()))
            tone = "warn" if state == "unknown" and total else ""
            cards.append(Card(label, write.count(total), split, about[state], f"?state={state}" if total else "", tone))  # type: ignore[arg-type]
    return cards


def _table(rows: Any) -> Table:
    columns = (
        Column("name", _("To"), link="address"), Column("what", _("Message"), link="story"), Column("state_label", _("State")), Column("sentence", _("Why")),
        Column("about", _("About")), Column("channel_label", _("Channel")), Column("created_at", _("Asked for"), "moment"),
    )  # fmt: skip
    empty = _("No message fits. Take a filter away.")
    return Table("messages-found", _("Messages"), columns, naming.written(rows), empty, is_personal=True)


def _steps(one: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the message's way in order: asked for, the gate, the dot, the answer, and what came back."""
    steps = [{"what": _("Asked for"), "at": one["created_at"], "about": ""}]
    if one["state"] == "refused":
        steps.append({"what": _("The gate said no"), "at": one["finished_at"], "about": one["sentence"]})
    if one["dot_at"]:
        about = _("From here on %(route)s may have it.") % {"route": one["route"]} if one["route"] else ""
        steps.append({"what": _("Let through by the gate and handed over"), "at": one["dot_at"], "about": about})
    if one["state"] != "refused":
        tone = "trouble" if one["state"] in ("failed", "unknown") else "order" if one["state"] == "sent" else ""
        steps.append({"what": one["state_label"], "at": one["finished_at"], "about": one["sentence"], "tone": tone})
    for fact in one["facts"]:
        told = {name: value for name, value in fact["fields"].items() if name in SAID and value not in (None, "")}
        steps.append({"what": naming.fact(fact["kind"]), "at": naming.local(fact["occurred_at"]), "about": _told(told)})
    return steps


SAID = ("bounce", "code", "detail", "reason", "url", "reply", "machine_reason")


def _told(fields: dict[str, Any]) -> str:
    return " · ".join(str(value) for value in fields.values())
