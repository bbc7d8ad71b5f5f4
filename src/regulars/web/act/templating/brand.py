"""The brand: colours, logo, and what messages call their sender; with what its colours mean for readers."""

from dataclasses import MISSING, fields
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from regulars.access import api as access
from regulars.messaging import api as messaging
from regulars.messaging.api import Letterhead, Theme
from regulars.web.access.doorkeeper import person
from regulars.web.access.gate import change, form
from regulars.web.act.templating import framed
from regulars.web.act.templating.shelf import actor
from regulars.web.shell import lake

LEAST = 4.5  # WCAG 2.2, success criterion 1.4.3
SHOWN = "thank_you"  # the starter that shows a brand best: title, table, button, foot


@form("see", "change")
def brand(request: HttpRequest) -> HttpResponse:
    """Show the brand's form and keep what it says."""
    told, refusal = vars_of(messaging.brand()), ""
    if request.method == "POST":
        try:
            messaging.put_brand(_read(request), lake.now())
            access.note(actor(request), "brand.changed", "brand", {}, lake.now())
            messages.success(request, _("Kept. Every message from now on looks like this."))
            return redirect("brand")
        except messaging.Refused as problem:
            told, refusal = {name: request.POST.get(name, "") for name in told}, messaging.ended(str(problem))
    context = {
        "title": _("Brand"),
        "told": told,
        "refusal": refusal,
        "colours": [(name, label, told[name]) for name, label in _colours()],
        "is_branded": messaging.is_branded(),
        "may_change": person(request).may("change"),
    }
    return framed.holding(render(request, "web/act/templating/brand.html", context))


@change("see")
def contrast(request: HttpRequest) -> HttpResponse:
    """Say how well the form's colours can be read; keeps nothing."""
    context = {"pairs": _pairs({name: request.POST.get(name, "") for name, _label in _colours()})}
    return render(request, "web/act/templating/contrast.html", context)


@change("see")
def preview(request: HttpRequest) -> HttpResponse:
    """Show a message on the form's letterhead, for a frame; keeps nothing."""
    try:
        look = messaging.Look(letterhead=_read(request))
        return framed.framed(messaging.preview(messaging.starters()[SHOWN].document, look, lake.now()))
    except messaging.Refused as refusal:
        return framed.told(messaging.ended(str(refusal)))


def vars_of(letterhead: Letterhead) -> dict[str, Any]:
    """Return a letterhead's fields by name."""
    return {**letterhead.theme.data(), "reply_to": letterhead.reply_to}


def _read(request: HttpRequest) -> Letterhead:
    given: dict[str, Any] = {}
    for one in fields(Theme):
        text = request.POST.get(one.name, "").strip()
        if one.type is int:
            given[one.name] = _number(text, int(one.default) if one.default is not MISSING else 0)
        elif text or one.name in ("postal_address", "site_url", "logo_url", "sender_name"):
            given[one.name] = text
    if not given["sender_name"]:
        raise messaging.BadTemplate(_("the sender has no name; write what the shop is called"))
    return Letterhead(Theme(**given), request.POST.get("reply_to", "").strip())


def _number(text: str, default: int) -> int:
    return min(int(text), 600) if text.isascii() and text.isdigit() and len(text) < 6 else default


def _colours() -> list[tuple[str, str]]:
    return [
        ("accent", _("Accent: buttons and links")),
        ("on_accent", _("Text on the accent")),
        ("text", _("Text")),
        ("muted", _("Small print")),
        ("background", _("Background")),
        ("surface", _("Card")),
        ("line", _("Lines")),
    ]


def _pairs(colours: dict[str, str]) -> list[dict[str, Any]]:
    looked_at = (
        ("on_accent", "accent", _("Text on buttons")),
        ("accent", "surface", _("Links on a card")),
        ("text", "surface", _("Text on a card")),
        ("muted", "surface", _("Small print on a card")),
        ("muted", "background", _("Small print at the end")),
    )
    ratios = [(label, messaging.contrast_of(colours[front], colours[behind])) for front, behind, label in looked_at]
    return [{"label": label, "ratio": f"{ratio:.1f}", "is_good": ratio >= LEAST} for label, ratio in ratios]
