"""Channels: by which route each goes, connecting one, trying it, and letting it go."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from regulars.messaging import api as messaging
from regulars.web.access.doorkeeper import acting, person
from regulars.web.access.gate import change, form
from regulars.web.act import naming
from regulars.web.shell import lake

CHANNELS = ("email", "sms", "whatsapp", "push", "webhook")


@change("manage")
def domain(request: HttpRequest) -> HttpResponse:
    """Judge the records that somebody pasted for a sender; nothing is kept, and the DNS is not asked."""
    told = {
        name: request.POST.get(name, "").replace("\0", "")
        for name in ("sender", "records", "selector", "signs_as", "bounces_to")
    }
    try:
        found = messaging.judge_domain(
            told["sender"], told["records"], told["selector"], told["signs_as"], told["bounces_to"]
        )
    except messaging.BadDomain as refusal:
        answer = _page(request, {"domain": {**told, "refusal": str(refusal)}})
        answer.status_code = 422
        return answer
    return _page(request, {"domain": {**told, "found": found, "n_wrong": sum(one.mark == "wrong" for one in found)}})


@form("see", "manage")
def channels(request: HttpRequest) -> HttpResponse:
    """Show each channel with its routes; set one up, change, try, use or drop it."""
    if request.method != "POST":
        return _page(request, _asked(request))
    if request.POST.get("do") == "put":
        return _put(request)
    try:
        _carry_out(request)
    except messaging.BadRoute as refusal:
        messages.error(request, str(refusal))
    return redirect("channels")


def _put(request: HttpRequest) -> HttpResponse:
    """Keep a route's settings; what cannot work comes back with what was typed, but for the secrets."""
    name, kind = request.POST.get("name", ""), request.POST.get("kind", "")
    try:
        messaging.put_route(name, kind, request.POST.dict(), acting(request), lake.now())
    except messaging.BadRoute as refusal:
        context = _form(kind, name, request.POST.dict(), bool(request.POST.get("is_change")))
        answer = _page(request, {**context, "refusal": str(refusal)})
        answer.status_code = 422
        return answer
    messages.success(request, _("Kept. Send a test, then use it for the channel."))
    return redirect("channels")


def _carry_out(request: HttpRequest) -> None:
    name, who = request.POST.get("name", ""), acting(request)
    match request.POST.get("do"):
        case "activate":
            messaging.activate_route(name, who, lake.now())
            messages.success(request, _("In use from now on: %(name)s.") % {"name": name})
        case "deactivate":
            messaging.deactivate_route(name, who, lake.now())
            messages.success(request, _("No longer in use: %(name)s.") % {"name": name})
        case "drop":
            messaging.drop_route(name, who, lake.now())
            messages.success(request, _("Dropped with its secrets: %(name)s.") % {"name": name})
        case "close":
            _close_breaker(request)
        case "test":
            _say(request, messaging.test_route(name, request.POST.get("to", ""), lake.now()))


def _close_breaker(request: HttpRequest) -> None:
    """Let marketing of a channel go on, because somebody who may looked into what had come back."""
    channel = request.POST.get("channel", "")
    if messaging.close_breaker(channel, acting(request), lake.now()):
        messages.success(request, _("Marketing goes on: %(channel)s.") % {"channel": naming.channel(channel)})


def _say(request: HttpRequest, outcome: messaging.Outcome) -> None:
    """Tell what became of a test letter."""
    detail = f" {outcome.detail}" if outcome.detail else ""
    code = f" ({outcome.code})" if outcome.code else ""
    match outcome.state:
        case messaging.State.SENT:
            messages.success(request, _("The test was taken over.") + detail + code)
        case messaging.State.DEFERRED:
            messages.warning(request, _("The test did not go now, and is not tried again.") + detail + code)
        case messaging.State.FAILED:
            messages.error(request, _("The test was refused.") + detail + code)
        case _other:
            messages.warning(
                request, _("Nobody can say whether the test arrived; look whether it did.") + detail + code
            )


def _page(request: HttpRequest, more: Mapping[str, Any]) -> HttpResponse:
    found = messaging.routes()
    may_manage, stand = person(request).may("manage"), {one.channel: one for one in messaging.breakers()}
    hooks = {one.name: _hook(request, one) for one in found} if may_manage else {}
    behind = {one.name: _behind(request, one) for one in found} if may_manage else {}
    listed = [
        {
            "name": name,
            "label": naming.channel(name),
            "stands": stand.get(name),
            "routes": [
                {"one": one, "hook": hooks.get(one.name, ""), "behind": behind.get(one.name)}
                for one in found
                if one.channel == name
            ],
            "key": messaging.push_key() if name == "push" else "",
            "browsers": messaging.newest_browsers() if name == "push" and may_manage else [],
            "active": next((one for one in found if one.channel == name and one.is_active), None),
            "kinds": [kind for kind in messaging.kinds().values() if name in kind.channels and kind.name != "drawer"],
        }
        for name in CHANNELS
    ]
    asked = {"sender": _sender(found), "is_open": "domain" in more or "domain" in request.GET, **more.get("domain", {})}
    context = {"title": _("Channels"), "channels": listed, "may_manage": may_manage, **more, "domain": asked}
    return render(request, "web/act/channels.html", context)


def _sender(found: Sequence[messaging.Route]) -> str:
    """Return the domain that mails come from: that of the e-mail route in use."""
    active = next((one for one in found if one.channel == "email" and one.is_active), None)
    return (active.settings.get("sender", "") if active else "").rpartition("@")[2]


def _hook(request: HttpRequest, route: messaging.Route) -> str:
    """Return the address at which a route's provider tells what became of messages; blank for one that does not call back."""
    if route.kind.name not in messaging.callers():
        return ""
    return request.build_absolute_uri(reverse("hook", args=[route.kind.name, route.hook]))


def _behind(request: HttpRequest, route: messaging.Route) -> dict[str, Any]:
    """Return how a mail server's bounces come back: as mails, or by the hook of a provider that stands behind it."""
    if route.kind.name != "smtp":
        return {}
    email = [kind.name for kind in messaging.kinds().values() if kind.channel == "email"]
    bounces_to = route.settings["bounces_to"].replace("+{key}", "").replace("{key}", "…")
    return {
        "to": bounces_to or route.settings["sender"],
        "hook": request.build_absolute_uri(reverse("hook", args=["PROVIDER", route.hook])),
        "providers": sorted(messaging.callers() & set(email)),
    }


def _asked(request: HttpRequest) -> dict[str, Any]:
    """Return the form that the address asks for: for a new route of a kind, or for one there is."""
    if not person(request).may("manage"):
        return {}
    route = next((one for one in messaging.routes() if one.name == request.GET.get("route")), None)
    if route is not None:
        return _form(route.kind.name, route.name, route.settings, is_change=True)
    kind = messaging.kinds().get(request.GET.get("kind", ""))
    return _form(kind.name, kind.label, {}, is_change=False) if kind else {}


def _form(kind_name: str, name: str, given: Mapping[str, str], is_change: bool) -> dict[str, Any]:
    kind = messaging.kinds().get(kind_name)
    if kind is None:
        return {}
    kept = next((one.kept for one in messaging.routes() if one.name == name), frozenset()) if is_change else frozenset()
    fields = [
        {
            "one": field,
            "value": "" if field.is_secret else given.get(field.name) or ("" if is_change else field.default),
            "is_kept": field.name in kept,
        }
        for field in kind.fields
    ]
    return {"kind": kind, "fields": fields, "route_name": name, "is_change": is_change}
