"""Triggers: which kind of fact sends which template; see, add, switch on and off, drop."""

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from regulars.consent import api as consent
from regulars.events import api as events
from regulars.messaging import api as messaging
from regulars.web.access.doorkeeper import acting, person
from regulars.web.access.gate import form
from regulars.web.act import naming
from regulars.web.shell import lake

NO_CAUSE = (
    "message.",
    "address.",
    "consent.",
    "product.",
    "cost.",
)  # what messages bring about, and what concerns nobody
FIRST = ("order.placed", "order.updated", "order.refunded", "order.cancelled", "customer.identified")


@form("see", "change")
def triggers(request: HttpRequest) -> HttpResponse:
    """Show the triggers with a form to add one; switch, change or drop one."""
    if request.method != "POST":
        return _page(request, {})
    if request.POST.get("do") == "put":
        return _put(request)
    try:
        _carry_out(request)
    except messaging.BadTrigger as refusal:
        messages.error(request, str(refusal))
    return redirect("triggers")


def _put(request: HttpRequest) -> HttpResponse:
    """Add a trigger; what cannot work comes back with what was typed."""
    told = {
        name: request.POST.get(name, "").replace("\0", "").strip() for name in ("name", "kind", "template", "topic")
    }
    kind = told["kind"] if told["kind"] != "own" else request.POST.get("own", "").replace("\0", "").strip()
    channel = _channel_of(told["template"]) or "email"
    rule = messaging.Rule(name=told["name"], kind=kind, channel=channel, template=told["template"], topic=told["topic"])
    try:
        messaging.set_up_trigger(rule, acting(request), lake.now(), is_new=True)
    except messaging.BadTrigger as refusal:
        answer = _page(request, {**request.POST.dict(), "refusal": str(refusal)})
        answer.status_code = 422
        return answer
    messages.success(request, _("Added and switched on: for what happens from now on."))
    return redirect("triggers")


def _carry_out(request: HttpRequest) -> None:
    name, by, now = request.POST.get("name", ""), acting(request), lake.now()
    match request.POST.get("do"):
        case "on":
            messaging.switch_trigger(name, True, by, now)
            messages.success(request, _("On, for what happens from now on: %(name)s.") % {"name": name})
        case "off":
            messaging.switch_trigger(name, False, by, now)
            messages.success(request, _("Off: %(name)s.") % {"name": name})
        case "drop":
            messaging.forget_trigger(name, by, now)
            messages.success(request, _("Dropped: %(name)s.") % {"name": name})


def _page(request: HttpRequest, typed: Mapping[str, Any]) -> HttpResponse:
    found, classes = messaging.triggers(), {name: is_marketing for name, _channel, is_marketing in _templates()}
    ways = {one.channel: one.name for one in messaging.routes() if one.is_active}
    rows = [
        {
            "one": one,
            "what": naming.happening(one.kind),
            "channel": naming.channel(one.channel),
            "is_marketing": classes.get(one.template, True),
            "is_kept": one.channel not in ways and one.channel != "webhook",
        }
        for one in found
    ]
    context = {
        "title": _("Triggers"),
        "rows": rows,
        "n_on": sum(one.is_active for one in found),
        "kinds": [(kind, naming.happening(kind)) for kind in _kinds()],
        "templates": [(name, naming.channel(channel), is_marketing) for name, channel, is_marketing in _templates()],
        "topics": consent.topics(),
        "typed": typed,
        "may_change": person(request).may("change"),
    }
    return render(request, "web/act/triggers.html", context)


def _kinds() -> list[str]:
    """Return the kinds of facts that may start a message, the likely ones first."""
    found = [kind for kind in events.kinds() if not kind.startswith(NO_CAUSE) and kind != "custom.tracked"]
    return sorted(found, key=lambda kind: (FIRST.index(kind) if kind in FIRST else len(FIRST), kind))


def _channel_of(template: str) -> str:
    """Return the channel for which a template is written; blank when there is none of that name."""
    return next((channel for name, channel, _marketing in _templates() if name == template), "")


def _templates() -> list[tuple[str, str, bool]]:
    """Return name, channel and class of every template: the shop's own, and those that come along."""
    own = {one.name: (one.channel, one.is_marketing) for one in messaging.listing()}
    along = {
        name: (one.document.channel, one.document.message_class == "marketing")
        for name, one in messaging.starters().items()
    }
    return [(name, *told) for name, told in sorted({**along, **own}.items())]
