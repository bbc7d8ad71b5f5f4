"""Sign-up forms: list, make, change, look at, and the line to put into the shop's site."""

import re
from html import escape
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.templatetags.static import static
from django.urls import reverse
from django.utils.translation import gettext as _

from regulars.access import api as access
from regulars.consent import api as consent
from regulars.core.settings import base_url, current
from regulars.messaging import api as messaging
from regulars.web.access.doorkeeper import person
from regulars.web.access.gate import form as form_gate, page
from regulars.web.act.consents import words
from regulars.web.shell import lake
from regulars.web.shopper import joining, page as shopper

NEW = "new"


@page()
def forms(request: HttpRequest) -> HttpResponse:
    """Show the forms there are."""
    names = words.channels()
    listed = [{"form": one, "channel": names[one.channel]} for one in consent.sign_up_forms()]
    context = {"title": _("Sign-up forms"), "forms": listed, "may_change": person(request).may("change")}
    return render(request, "web/act/consent_forms.html", context)


@form_gate("see", "change")
def one_form(request: HttpRequest, slug: str) -> HttpResponse:
    """Show one form with its address and its snippet, or change it; `new` is the one to be made."""
    form = consent.sign_up_form(slug)
    if form is None and slug != NEW:
        raise Http404
    if request.method != "POST":
        return _drawn(request, form or _blank(), is_new=form is None)
    told = _typed(request, form)
    if form is None and consent.sign_up_form(told.slug):
        messages.error(request, _("There is a form of this name already; choose another."))
        return _drawn(request, told, is_new=True, status=422)
    try:
        kept = consent.put_sign_up_form(told, lake.now())
    except consent.BadStatement as refusal:
        messages.error(request, str(refusal))
        return _drawn(request, told, is_new=form is None, status=422)
    who = person(request).user
    access.note(
        who.email if who else "visitor", "sign_up_form.put", kept.slug, {"text_version": kept.text_version}, lake.now()
    )
    messages.success(request, _("Saved. Its words are version %(version)s.") % {"version": kept.text_version})
    return redirect("consent-form", kept.slug)


@page()
def preview(request: HttpRequest, slug: str) -> HttpResponse:
    """Show a form as shoppers see it; here it sends nothing."""
    form = consent.sign_up_form(slug)
    if form is None:
        raise Http404
    return shopper.answer(request, "join", joining.drawn(form) | {"is_preview": True})


def snippet(form: consent.FormOffered) -> str:
    """Return the line for the shop's site, its words escaped for that page; here it is a text like any other."""
    if form.channel == "push":
        return push_snippet(form)
    address = f"{base_url(current())}{reverse('join-embed', args=[form.slug])}"
    frame = f'<iframe src="{escape(address)}" title="{escape(form.title)}"'
    return f'{frame} width="100%" height="460" style="border:0" loading="lazy"></iframe>'


def push_snippet(form: consent.FormOffered) -> str:
    """Return the button and the script for the shop's site; the worker is a file there with one line (docs/channels.md)."""
    base = base_url(current())
    door, script = f"{base}{reverse('push-form', args=[form.slug])}", f"{base}{static('web/push.js')}"
    stop, start = _("Show me nothing in this browser any more"), _("Show me news in this browser")
    return (
        f'<p>{escape(form.text)}</p>\n<button type="button" hidden data-regulars-push="{escape(door)}" '
        f'data-key="{messaging.push_key()}" data-worker="/regulars-worker.js" data-stop="{escape(stop)}">{escape(start)}'
        f'</button>\n<script src="{escape(script)}" defer></script>'
    )


def worker_line() -> str:
    """Return the whole of the file /regulars-worker.js on the shop's site: browsers take a worker from the site itself only."""
    return f'importScripts("{base_url(current())}{static("web/push-worker.js")}");'


def _blank() -> consent.FormOffered:
    return consent.FormOffered(
        slug="",
        title=_("News by e-mail"),
        text=_("Yes, send me news and offers by e-mail. I can take this back at any time, by a link in every message."),
    )


def _typed(request: HttpRequest, form: consent.FormOffered | None) -> consent.FormOffered:
    told = request.POST
    title = told.get("title", "").strip()
    return consent.FormOffered(
        slug=form.slug if form else re.sub(r"[^a-z0-9]+", "-", (told.get("slug") or title).lower()).strip("-")[:40],
        title=title,
        text=told.get("text", "").replace("\r\n", "\n"),
        channel=told.get("channel", "email"),
        topics=tuple(told.getlist("topics")),
        origins=tuple(dict.fromkeys(one.rstrip("/").lower() for one in told.get("origins", "").split())),
        is_active=told.get("is_active") == "yes",
        text_version=form.text_version if form else "",
    )


def _drawn(request: HttpRequest, form: consent.FormOffered, is_new: bool, status: int = 200) -> HttpResponse:
    names = words.channels()
    context: dict[str, Any] = {
        "title": _("New sign-up form") if is_new else form.title,
        "form": form,
        "is_new": is_new,
        "channels": [(key, names[key]) for key in ("email", "sms", "push")],
        "topics": [(one.key, one.name, one.key in form.topics) for one in consent.topics()],
        "origins": "\n".join(form.origins),
        "may_change": person(request).may("change"),
    }
    if not is_new:
        context |= {"link": f"{base_url(current())}{reverse('join', args=[form.slug])}", "snippet": snippet(form)}
        context |= {"worker_line": worker_line(), "push_key": messaging.push_key()} if form.channel == "push" else {}
    return render(request, "web/act/consent_form.html", context, status=status)
