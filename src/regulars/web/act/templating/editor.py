"""One template: its words in each language, how it looks to a customer, what is to be put right, and its versions."""

import re
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from regulars.access import api as access
from regulars.messaging import api as messaging
from regulars.profiles import api as profiles
from regulars.web.access.doorkeeper import person
from regulars.web.access.gate import change, form, page
from regulars.web.act.templating import draft, framed
from regulars.web.act.templating.draft import Draft
from regulars.web.act.templating.shelf import actor, channel, message_class
from regulars.web.shell import lake

BLOCK = re.compile(r"[a-z][a-z0-9_-]{0,63}(\.[a-z]{2,3}(-[A-Za-z0-9]{2,4})?)?")
LOCALE = re.compile(r"[a-z]{2,3}(-[A-Za-z]{4})?(-([A-Z]{2}|\d{3}))?")
SUGGESTED = 12
Kept = messaging.Kept


@dataclass(frozen=True)
class Shown:
    """What stands in the editor: words from the form or a version, the version's number, what is said above, which language
    is open."""

    told: Draft
    number: int
    notice: dict[str, Any] | None = None
    open_locale: str = ""


@form("see", "change")
def template(request: HttpRequest, name: str) -> HttpResponse:
    """Show the editor; keep what it says as the next version."""
    standing = _standing(name)
    if request.method == "POST":
        return _changed(request, standing)
    asked = request.GET.get("version", "")
    number = int(asked) if asked.isdigit() and len(asked) < 9 else standing.newest
    try:
        return _editor(request, standing, Shown(draft.of(messaging.document(name, number)), number))
    except messaging.NoSuchTemplate:
        raise Http404 from None


@change("see")
def preview(request: HttpRequest, name: str) -> HttpResponse:
    """Show the form's words as a customer would get them, for a frame; keeps nothing."""
    standing = _standing(name)
    customer, _sentence = framed.customer_of(request)
    look = messaging.Look(customer, request.POST.get("locale", "")[:20])
    try:
        return framed.framed(
            messaging.preview(draft.told(standing, request.POST).document, look, lake.now()), standing.channel
        )
    except messaging.Refused as refusal:
        return framed.told(messaging.ended(str(refusal)))


@change("see")
def check(request: HttpRequest, name: str) -> HttpResponse:
    """Say what is to be put right in the form's words; keeps nothing."""
    standing = _standing(name)
    customer, sentence = framed.customer_of(request)
    look = messaging.Look(customer, request.POST.get("locale", "")[:20])
    context: dict[str, Any] = {"sentence": sentence, "is_mail": standing.channel == "email"}
    try:
        document = draft.told(standing, request.POST).document
        context["findings"] = [_found(one) for one in messaging.findings(document, lake.now())]
        rendered = messaging.preview(document, look, lake.now())
        context |= {"rendered": rendered, **draft.size_of(standing.channel, rendered)}
    except messaging.Refused as refusal:
        context.setdefault("findings", [_found(_broken(refusal))])
    return render(request, "web/act/templating/check.html", context)


@change("change")
def publish(request: HttpRequest, name: str) -> HttpResponse:
    """Make a version live."""
    number = request.POST.get("number", "")
    _published(request, _standing(name), int(number) if number.isdigit() and len(number) < 9 else 0)
    return redirect("template", name)


@change("change")
def drop(request: HttpRequest, name: str) -> HttpResponse:
    """Forget a template, unless something still needs it."""
    standing = _standing(name)
    try:
        messaging.drop_template(name)
    except messaging.Refused as refusal:
        said = _("%(name)s was not deleted: %(reason)s")
        messages.error(request, said % {"name": name, "reason": messaging.ended(str(refusal))}, extra_tags="bad")
        return redirect("template", name)
    access.note(actor(request), "template.dropped", name, {"versions": standing.newest}, lake.now())
    messages.success(request, _("%(name)s is deleted with all its versions.") % {"name": name})
    return redirect("templates")


@change("change")
def try_out(request: HttpRequest, name: str) -> HttpResponse:
    """Send the form's words to an address, as a test."""
    standing = _standing(name)
    told = draft.told(standing, request.POST)
    customer, _sentence = framed.customer_of(request)
    look = messaging.Look(customer, request.POST.get("locale", "")[:20])
    try:
        outcome = _tried(request, told.document, look)
        access.note(actor(request), "template.tried", name, {"state": outcome.state.value}, lake.now())
        is_sent, said = outcome.state == messaging.State.SENT, outcome.detail or outcome.code
        said = said if is_sent else _("The test did not go, or nobody can say: %(said)s") % {"said": said}
    except (messaging.Refused, messaging.BadRoute) as refusal:
        is_sent, said = False, messaging.ended(str(refusal))
    notice = {"is_good": is_sent, "said": _("Handed over: %(said)s.") % {"said": said} if is_sent else said}
    if request.headers.get("HX-Request"):
        return render(request, "web/act/templating/tried.html", {"notice": notice})
    return _editor(request, standing, Shown(told, standing.newest, notice))


def _tried(request: HttpRequest, document: messaging.Document, look: messaging.Look) -> messaging.Outcome:
    """Hand the test to the drawer, or to the real route that was chosen."""
    route, to = request.POST.get("route", ""), request.POST.get("to", "")
    if route:
        return messaging.rehearse(document, messaging.Rehearsal(route, to, actor(request), look), lake.now())
    return messaging.send_test(document, to, look, messaging.Drawer(document.channel), lake.now())


@page()
def toml(request: HttpRequest, name: str) -> HttpResponse:
    """Hand out the newest version as a file."""
    standing = _standing(name)
    response = HttpResponse(messaging.document_toml(messaging.document(name)), content_type="application/toml")
    response["Content-Disposition"] = f'attachment; filename="{standing.name}.toml"'
    return response


def _changed(request: HttpRequest, standing: Kept) -> HttpResponse:
    told, do = draft.told(standing, request.POST), request.POST.get("do", "")
    locale = request.POST.get("new_locale", "").strip().replace("_", "-")
    if do == "add" and not LOCALE.fullmatch(locale):
        wrong = _("“%(said)s” is no language; write one such as en, de or de-AT.") % {"said": locale}
        return _editor(request, standing, Shown(told, standing.newest, {"said": wrong}))
    if do == "add":
        return _editor(request, standing, Shown(told.with_locale(locale), standing.newest, open_locale=locale))
    if do == "add-block" or do.startswith("drop-block:"):
        return _blocked(request, standing, told)
    if do.startswith("drop:"):
        return _editor(request, standing, Shown(told.without_locale(do.removeprefix("drop:")), standing.newest))
    try:
        number = messaging.save(standing.name, told.document, actor(request), lake.now())
    except messaging.Refused as refusal:
        said = _("This was not kept: %(reason)s") % {"reason": messaging.ended(str(refusal))}
        return _editor(request, standing, Shown(told, standing.newest, {"said": said}))
    if number != standing.newest:
        access.note(actor(request), "template.saved", standing.name, {"version": number}, lake.now())
    if do == "live":
        _published(request, standing, number)
    else:
        messages.success(request, _("Kept as version %(number)s.") % {"number": number})
    return redirect("template", standing.name)


def _blocked(request: HttpRequest, standing: Kept, told: Draft) -> HttpResponse:
    """Add a block to the form, or take one away; nothing is kept yet."""
    do, name = request.POST.get("do", ""), request.POST.get("new_block", "").strip()
    if do != "add-block":
        return _editor(request, standing, Shown(told.without_block(do.removeprefix("drop-block:")), standing.newest))
    if not BLOCK.fullmatch(name):
        wrong = _("“%(said)s” is no name for a block; write one such as greeting, or greeting.de for its German text.")
        return _editor(request, standing, Shown(told, standing.newest, {"said": wrong % {"said": name}}))
    return _editor(request, standing, Shown(told.with_block(name), standing.newest))


def _published(request: HttpRequest, standing: Kept, number: int) -> None:
    try:
        messaging.publish(standing.name, number)
    except messaging.Refused as refusal:
        said = _("Version %(number)s is kept, but not live: %(reason)s")
        messages.error(request, said % {"number": number, "reason": messaging.ended(str(refusal))}, extra_tags="bad")
        return
    access.note(actor(request), "template.published", standing.name, {"version": number}, lake.now())
    messages.success(request, _("Version %(number)s is live.") % {"number": number})


def _editor(request: HttpRequest, standing: Kept, shown: Shown) -> HttpResponse:
    told = shown.told
    context = {
        "title": standing.name,
        "standing": standing,
        "channel": channel(standing.channel),
        "class": message_class(standing.is_marketing),
        "is_mail": standing.channel == "email",
        "labels": draft.labels(standing.channel),
        "shipped": sorted(messaging.shipped_blocks().keys() - told.blocks.keys()),
        "browsers": _own_browsers(request) if standing.channel == "push" else [],
        "shared": [one.name for one in messaging.blocks() if one.live],
        "is_starter": standing.name in messaging.starters(),
        "draft": told,
        "number": shown.number,
        "notice": shown.notice,
        "fields": [_fields(told, code, label, shown.open_locale) for code, label in told.languages],
        "versions": messaging.versions(standing.name),
        "people": list(profiles.attributes(profiles.newcomers(SUGGESTED)).values()),
        "asked": {part: request.POST.get(part, "") for part in ("customer", "locale", "to", "route")},
        "ways": [
            one
            for one in messaging.routes()
            if one.channel == standing.channel and one.kind.name != "drawer" and not one.fault
        ],
        "may_change": person(request).may("change"),
    }
    return framed.holding(render(request, "web/act/templating/editor.html", context))


def _own_browsers(request: HttpRequest) -> list[messaging.BrowserChoice]:
    """Return the browsers that a test may go to: those of whoever asks, and nobody's."""
    return [one for one in messaging.newest_browsers() if not one.person or one.email == actor(request).lower()]


def _fields(told: Draft, code: str, label: str, open_locale: str) -> dict[str, Any]:
    is_default = code == told.default_locale
    is_open = code == open_locale if open_locale else is_default
    variant = told.variants[code]
    lines = variant.body.count("\n") + 3
    return {
        "code": code,
        "label": label,
        "is_default": is_default,
        "is_open": is_open,
        "variant": variant,
        "rows": min(max(lines, 6), 26),
    }


def _found(one: messaging.Finding) -> dict[str, Any]:
    field, line = draft.field_of(one.where)
    severity = {"error": _("error"), "warning": _("warning"), "hint": _("hint")}[one.severity.value]
    tone = {"error": "bad", "warning": "warn"}.get(one.severity.value, "")
    return {
        "severity": severity,
        "tone": tone,
        "where": one.where,
        "sentence": one.sentence,
        "field": field,
        "line": line,
    }


def _broken(refusal: messaging.Refused) -> messaging.Finding:
    return messaging.Finding(messaging.Severity.ERROR, getattr(refusal, "where", ""), messaging.ended(str(refusal)))


def _standing(name: str) -> Kept:
    try:
        return messaging.kept(name)
    except messaging.NoSuchTemplate:
        raise Http404(_("There is no such template.")) from None
