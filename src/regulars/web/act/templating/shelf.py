"""The list of templates: what there is, what is live; the starter set, a new one, one from a file."""

from dataclasses import replace
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _, ngettext

from regulars.access import api as access
from regulars.messaging import api as messaging
from regulars.web.access.doorkeeper import person
from regulars.web.access.gate import form
from regulars.web.act.templating import draft
from regulars.web.shell import lake
from regulars.web.shell.figures import Column, Table
from regulars.web.shell.show import show

LARGEST_FILE = 1_000_000


@form("see", "change")
def templates(request: HttpRequest) -> HttpResponseBase:
    """Show every template; add the starters, a new one, or one from a file."""
    if request.method == "POST":
        return _changed(request)
    found = messaging.listing()
    starters = messaging.starters()
    rows = [
        {
            **vars(one),
            "address": reverse("template", args=[one.name]),
            "channel": channel(one.channel),
            "class": message_class(one.is_marketing),
            "live": _("version\u00a0%(number)s") % {"number": one.live} if one.live else _("not yet"),
            "about": starters[one.name].purpose if one.name in starters else "",
        }
        for one in found
    ]
    columns = (
        Column("name", _("Template"), link="address"),
        Column("about", _("What it is for")),
        Column("channel", _("Channel")),
        Column(
            "class", _("Class"), help=_("Marketing goes only to people who agreed; facts of an order go to everybody.")
        ),
        Column("live", _("Live")),
        Column("changed_at", _("Last change"), "moment"),
    )
    context = {
        "title": _("Templates"),
        "n_templates": len(found),
        "n_live": sum(1 for one in found if one.live),
        "missing": sorted(starters.keys() - {one.name for one in found}),
        "has_address": bool(messaging.brand().theme.postal_address),
        "may_change": person(request).may("change"),
    }
    return show(
        request, "web/act/templating/templates.html", context, [Table("templates", _("Templates"), columns, rows)]
    )


def channel(name: str) -> str:
    """Return a channel's name for people."""
    return {"email": _("E-mail"), "sms": _("SMS"), "whatsapp": _("WhatsApp"), "push": _("Browser notification")}.get(
        name, name
    )


def message_class(is_marketing: bool) -> str:
    """Return the name of a message's class for people."""
    return _("marketing") if is_marketing else _("transactional")


def actor(request: HttpRequest) -> str:
    """Return who acts, for the audit log and the versions."""
    who = person(request).user
    return who.email if who else "visitor"


def _changed(request: HttpRequest) -> HttpResponse:
    try:
        match request.POST.get("do"):
            case "starters":
                return _starters(request)
            case "new":
                name, kind = request.POST.get("name", "").strip(), request.POST.get("channel", "")
                return _first(request, name, draft.newly(name, kind, request.POST.get("message_class", "")))
            case "import":
                told = messaging.read_document_toml(_file(request))
                return _first(request, told.name, told, is_new=False)
    except messaging.Refused as refusal:
        messages.error(
            request, _("This was not kept: %(reason)s") % {"reason": messaging.ended(str(refusal))}, extra_tags="bad"
        )
    return redirect("templates")


def _starters(request: HttpRequest) -> HttpResponse:
    added = messaging.install_starters(lake.now())
    if added:
        access.note(actor(request), "templates.installed", "starters", {"count": len(added)}, lake.now())
        said = ngettext("%(count)s template was added.", "%(count)s templates were added.", len(added))
        messages.success(request, said % {"count": len(added)})
    return redirect("templates")


def _first(request: HttpRequest, name: str, document: Any, is_new: bool = True) -> HttpResponse:
    if is_new and any(one.name == name for one in messaging.listing()):
        messages.error(
            request, _("There is a template %(name)s already; choose another name.") % {"name": name}, extra_tags="bad"
        )
        return redirect("templates")
    number = messaging.save(name, replace(document, name=name), actor(request), lake.now())
    access.note(actor(request), "template.saved", name, {"version": number}, lake.now())
    messages.success(request, _("Kept as version %(number)s. Make it live when it is ready.") % {"number": number})
    return redirect("template", name)


def _file(request: HttpRequest) -> str:
    given = request.FILES.get("file")
    if given is None or (given.size or 0) > LARGEST_FILE:
        raise messaging.BadTemplate(_("choose a TOML file of one template"))
    try:
        return str(given.read(), "utf-8")
    except UnicodeDecodeError:
        raise messaging.BadTemplate(_("the file is not written in UTF-8")) from None
