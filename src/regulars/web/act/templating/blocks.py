"""Shared blocks: the list of them; one with its words in each language, what uses it, how it looks, and its versions."""

import re
from dataclasses import dataclass, replace
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _, ngettext

from regulars.access import api as access
from regulars.messaging import api as messaging
from regulars.web.access.doorkeeper import person
from regulars.web.access.gate import change, form
from regulars.web.act.templating import draft, framed
from regulars.web.act.templating.shelf import actor
from regulars.web.shell import lake
from regulars.web.shell.figures import Column, Table
from regulars.web.shell.show import show

MOST_LANGUAGES = 60
LOCALE = re.compile(r"[a-z]{2,3}(-[A-Za-z]{4})?(-([A-Z]{2}|\d{3}))?")
SHOWN_USERS = 3
EVERYBODY = "all"  # the form's word for the language of everybody else


@dataclass(frozen=True)
class Shown:
    """What stands in the form: texts by language, the number of their version, what is said above."""

    texts: dict[str, str]
    number: int
    notice: str = ""


@form("see", "change")
def blocks(request: HttpRequest) -> HttpResponseBase:
    """Show every shared block; begin a new one."""
    if request.method == "POST":
        return _begun(request)
    shared = messaging.live_blocks()
    rows = [
        {
            "name": one.name,
            "address": reverse("block", args=[one.name]),
            "live": _("version\u00a0%(number)s") % {"number": one.live} if one.live else _("not yet"),
            "users": _named(messaging.block_users(one.name, shared)),
            "changed_at": one.changed_at,
        }
        for one in messaging.blocks()
    ]
    columns = (
        Column("name", _("Block"), link="address"),
        Column("users", _("Live templates that use it")),
        Column("live", _("Live")),
        Column("changed_at", _("Last change"), "moment"),
    )
    context = {
        "title": _("Blocks"),
        "n_blocks": len(rows),
        "shipped": sorted(
            {key.partition(".")[0] for key in messaging.shipped_blocks()}
            - {*messaging.HOUSE_BLOCKS, *(one["name"] for one in rows)}
        ),
        "may_change": person(request).may("change"),
    }
    return show(request, "web/act/templating/blocks.html", context, [Table("blocks", _("Blocks"), columns, rows)])


@form("see", "change")
def block(request: HttpRequest, name: str) -> HttpResponse:
    """Show one block; keep what its form says as the next version."""
    standing = _standing(name)
    if request.method == "POST":
        return _changed(request, standing)
    asked = request.GET.get("version", "")
    number = int(asked) if asked.isdigit() and len(asked) < 9 else standing.newest
    try:
        return _page(request, standing, Shown(messaging.block_texts(name, number), number))
    except messaging.NoSuchBlock:
        raise Http404 from None


@change("see")
def preview(request: HttpRequest, name: str) -> HttpResponse:
    """Show the form's words by themselves, or in a template that uses them; keeps nothing."""
    _standing(name)
    shared = _with_form(request, name)
    within = request.POST.get("within", "")
    try:
        document = messaging.live_templates().get(within) or messaging.block_by_itself(name, shared)
        look = messaging.Look(locale=request.POST.get("locale", "")[:20], shared=shared)
        return framed.framed(messaging.preview(document, look, lake.now()), document.channel)
    except messaging.Refused as refusal:
        return framed.told(messaging.ended(str(refusal)))


@change("see")
def check(request: HttpRequest, name: str) -> HttpResponse:
    """Say what would break if the form's words were live; keeps nothing."""
    _standing(name)
    found = [
        {
            "severity": _("error"),
            "tone": "bad",
            "sentence": finding.sentence if one == name else f"{one}: {finding.sentence}",
            "where": finding.where,
        }
        for one, finding in messaging.block_harm(name, messaging.live_blocks(), _with_form(request, name), lake.now())
    ]
    return render(request, "web/act/templating/check.html", {"findings": found})


@change("change")
def publish(request: HttpRequest, name: str) -> HttpResponse:
    """Make a version live in every template that uses the block."""
    number = request.POST.get("number", "")
    _published(request, _standing(name), int(number) if number.isdigit() and len(number) < 9 else 0)
    return redirect("block", name)


@change("change")
def drop(request: HttpRequest, name: str) -> HttpResponse:
    """Forget a block, unless a live template needs it."""
    standing = _standing(name)
    try:
        messaging.drop_block(name, lake.now())
    except messaging.Refused as refusal:
        said = _("%(name)s was not deleted: %(reason)s")
        messages.error(request, said % {"name": name, "reason": messaging.ended(str(refusal))}, extra_tags="bad")
        return redirect("block", name)
    access.note(actor(request), "block.dropped", name, {"versions": standing.newest}, lake.now())
    messages.success(request, _("%(name)s is deleted with all its versions.") % {"name": name})
    return redirect("blocks")


def _begun(request: HttpRequest) -> HttpResponse:
    name = request.POST.get("name", "").strip()
    if any(one.name == name for one in messaging.blocks()):
        said = _("There is a block %(name)s already; choose another name.") % {"name": name}
        messages.error(request, said, extra_tags="bad")
        return redirect("blocks")
    texts = messaging.shipped_block(name) or {"": _("Write here what many templates say.")}
    try:
        number = messaging.save_block(name, texts, actor(request), lake.now())
    except messaging.Refused as refusal:
        said = _("This was not kept: %(reason)s") % {"reason": messaging.ended(str(refusal))}
        messages.error(request, said, extra_tags="bad")
        return redirect("blocks")
    access.note(actor(request), "block.saved", name, {"version": number}, lake.now())
    return redirect("block", name)


def _changed(request: HttpRequest, standing: messaging.Block) -> HttpResponse:
    shown, do = Shown(_texts(request), standing.newest), request.POST.get("do", "")
    locale = request.POST.get("new_locale", "").strip().replace("_", "-")
    if do == "add" and not LOCALE.fullmatch(locale):
        wrong = _("“%(said)s” is no language; write one such as en, de or de-AT.") % {"said": locale}
        return _page(request, standing, replace(shown, notice=wrong))
    if do == "add":
        more = {**shown.texts, locale: shown.texts.get(locale, shown.texts[""])}
        return _page(request, standing, replace(shown, texts=more))
    if do.startswith("drop:"):
        less = {one: text for one, text in shown.texts.items() if not one or one != do.removeprefix("drop:")}
        return _page(request, standing, replace(shown, texts=less))
    try:
        number = messaging.save_block(standing.name, shown.texts, actor(request), lake.now())
    except messaging.Refused as refusal:
        said = _("This was not kept: %(reason)s") % {"reason": messaging.ended(str(refusal))}
        return _page(request, standing, replace(shown, notice=said))
    if number != standing.newest:
        access.note(actor(request), "block.saved", standing.name, {"version": number}, lake.now())
    if do == "live":
        _published(request, standing, number)
    else:
        messages.success(request, _("Kept as version %(number)s.") % {"number": number})
    return redirect("block", standing.name)


def _published(request: HttpRequest, standing: messaging.Block, number: int) -> None:
    try:
        messaging.publish_block(standing.name, number, lake.now())
    except messaging.Refused as refusal:
        said = _("Version %(number)s is kept, but not live: %(reason)s")
        messages.error(request, said % {"number": number, "reason": messaging.ended(str(refusal))}, extra_tags="bad")
        return
    access.note(actor(request), "block.published", standing.name, {"version": number}, lake.now())
    n_users = len(messaging.block_users(standing.name, messaging.live_blocks()))
    said = ngettext(
        "Version %(number)s is live, in %(count)s template.",
        "Version %(number)s is live, in %(count)s templates.",
        n_users,
    )
    messages.success(request, said % {"number": number, "count": n_users})


def _page(request: HttpRequest, standing: messaging.Block, shown: Shown) -> HttpResponse:
    own = {one.name for one in messaging.listing()}
    users = messaging.block_users(standing.name, _with(standing.name, shown.texts))
    context: dict[str, Any] = {
        "title": standing.name,
        "standing": standing,
        "shown": shown,
        "fields": [
            {
                "code": code or EVERYBODY,
                "label": draft.called(code)
                if code
                else _("Everybody else")
                if len(shown.texts) > 1
                else _("Everybody"),
                "text": text,
                "rows": min(max(text.count("\n") + 3, 5), 24),
            }
            for code, text in sorted(shown.texts.items())
        ],
        "users": [(one, one in own) for one in users],
        "versions": messaging.block_versions(standing.name),
        "asked": {part: request.POST.get(part, "") for part in ("within", "locale")},
        "may_change": person(request).may("change"),
    }
    return framed.holding(render(request, "web/act/templating/block.html", context))


def _texts(request: HttpRequest) -> dict[str, str]:
    r"""Return the form's texts by language, with plain line ends: browsers send \r\n."""
    told = {"": request.POST.get(f"text.{EVERYBODY}", "")}
    for code in request.POST.getlist("locales")[:MOST_LANGUAGES]:
        if code != EVERYBODY:
            told[code] = request.POST.get(f"text.{code}", "")
    return {code: text.replace("\r\n", "\n").replace("\r", "\n").strip("\n") for code, text in told.items()}


def _with_form(request: HttpRequest, name: str) -> dict[str, str]:
    return _with(name, _texts(request))


def _with(name: str, texts: dict[str, str]) -> dict[str, str]:
    """Return the live shared blocks, with these words for this one."""
    others = {key: text for key, text in messaging.live_blocks().items() if key.partition(".")[0] != name}
    return {**others, **messaging.keyed_block(name, texts)}


def _named(users: list[str]) -> str:
    if len(users) <= SHOWN_USERS:
        return ", ".join(users) or _("none")
    return _("%(some)s and %(count)s more") % {
        "some": ", ".join(users[:SHOWN_USERS]),
        "count": len(users) - SHOWN_USERS,
    }


def _standing(name: str) -> messaging.Block:
    try:
        return messaging.kept_block(name)
    except messaging.NoSuchBlock:
        raise Http404(_("There is no such block.")) from None
