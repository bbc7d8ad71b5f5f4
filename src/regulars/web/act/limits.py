"""Limits: how often, at which hours and how much may be sent, over all and by channel."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _, ngettext

from regulars.events import api as events
from regulars.messaging import api as messaging
from regulars.web.access.doorkeeper import acting, person
from regulars.web.access.gate import form
from regulars.web.act import naming
from regulars.web.shell import lake

CHANNELS = ("email", "sms", "whatsapp", "push", "webhook")
SPANS = ("per_minute", "per_hour", "per_day", "per_month")


@form("see", "manage")
def limits(request: HttpRequest) -> HttpResponse:
    """Show the limits and take new ones; what cannot be kept comes back with what was typed and why."""
    if request.method != "POST":
        return _page(request, messaging.limits().told, {})
    given = {name: request.POST[name] for name in messaging.LIMITS if name in request.POST}
    try:
        changed = messaging.put_limits(given, acting(request), lake.now())
    except messaging.BadLimits as refusal:
        answer = _page(request, {**messaging.limits().told, **given}, refusal.faults)
        answer.status_code = 422
        return answer
    words = ngettext("%(n)s limit changed; it holds from now on.", "%(n)s limits changed; they hold from now on.", len(changed))  # fmt: skip
    messages.success(request, words % {"n": len(changed)} if changed else _("Nothing was changed."))
    return redirect("limits")


def _page(request: HttpRequest, told: Mapping[str, str], faults: Mapping[str, str]) -> HttpResponse:
    kept = messaging.limits()
    context = {
        "title": _("Limits"),
        "general": _fields(messaging.GENERAL_LIMITS, told, faults),
        "channels": [
            {
                "name": channel,
                "label": naming.channel(channel),
                "said": _said(kept, channel),
                "fields": _fields(_of(channel), told, faults),
                "is_open": any(name.startswith(f"{channel}.") for name in faults),
            }
            for channel in CHANNELS
        ],
        "a_day": kept.told["a_day"],
        "a_week": kept.told["a_week"],
        "faults": len(faults),
        "zone": events.timezone(),
        "may_manage": person(request).may("manage"),
    }
    return render(request, "web/act/limits.html", context)


def _of(channel: str) -> list[messaging.LimitSetting]:
    return [one for one in messaging.LIMITS.values() if one.channel == channel]


def _fields(
    settings: Sequence[messaging.LimitSetting], told: Mapping[str, str], faults: Mapping[str, str]
) -> list[dict[str, Any]]:
    return [
        {"one": one, "id": one.name.replace(".", "-"), "value": told[one.name], "fault": faults.get(one.name, "")}
        for one in settings
    ]


def _said(kept: messaging.Limits, channel: str) -> str:
    """Say in one line what holds on a channel now."""
    names = {
        "per_minute": _("%(n)s a minute"),
        "per_hour": _("%(n)s an hour"),
        "per_day": _("%(n)s a day"),
        "per_month": _("%(n)s a month"),
    }
    told = {name: kept.told[f"{channel}.{name}"] for name in (*SPANS, "weekdays", "saturday", "sunday", "warm_up")}
    rates = [names[name] % {"n": told[name]} for name in SPANS if told[name]]
    hours = told["weekdays"] or _("closed")
    if not told["weekdays"] == told["saturday"] == told["sunday"]:
        hours = f"{hours} · {_('Sat')} {told['saturday'] or _('closed')} · {_('Sun')} {told['sunday'] or _('closed')}"
    parts = [_("around the clock") if hours == "0-24" else hours, ", ".join(rates) or _("no limit of its own")]
    return " · ".join([*parts, *([_("being warmed up")] if told["warm_up"] else [])])
