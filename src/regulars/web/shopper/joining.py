"""`/join/…` and `/confirm/…`: signing up by a form, alone or in a frame of the shop's site, and the click that makes it count."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt

from regulars.consent import api as consent
from regulars.messaging import api as messaging
from regulars.web.access.gate import public
from regulars.web.access.views import address
from regulars.web.shell import lake
from regulars.web.shell.locales import best
from regulars.web.shopper import browsers, page, words

TRAP = "website"  # people do not see this field, programs fill it in


# Anybody may send this form for any address, from anywhere; it gives nothing but a message that asks. No cookie counts, and in
# a frame of another site none would come.
@csrf_exempt
@public("GET", "HEAD", "POST")
def join(request: HttpRequest, slug: str) -> HttpResponse:
    """Show a sign-up form as a page, or take it."""
    form = _form(slug)
    return _joined(request, form, "join") if form else _no_form(request)


@csrf_exempt
@public("GET", "HEAD", "POST")
def embed(request: HttpRequest, slug: str) -> HttpResponse:
    """Show a sign-up form for a frame on the sites that the form names, or take it."""
    form = _form(slug)
    if form is None:
        return _no_form(request)
    return page.framed_by(_joined(request, form, "join-embed"), form.origins)


# The token of the message is the authority; a browser has to come from this very page.
@csrf_exempt
@public("GET", "HEAD", "POST")
def confirm(request: HttpRequest, token: str) -> HttpResponse:
    """Show what is to be confirmed with one button, or take it as confirmed."""
    try:
        waiting = consent.waiting(token, lake.now())
        if request.method != "POST":
            return page.answer(request, "confirm", {"title": _("Just one click to go"), "waiting": waiting})
        if not page.is_from_here(request):
            return page.not_done(request)
        done = consent.confirm(token, lake.now(), ip=address(request))
    except consent.ExpiredLink:
        sentence = _("The link ended after seven days, so nothing was kept. Sign up once more and a new one comes.")
        return page.answer(request, "plain", {"title": _("This link has ended"), "sentence": sentence}, status=410)
    except (consent.BadLink, ValueError):
        return page.nowhere(request)
    sentence = _("You are on the list for %(way)s. Every message has a link to leave again.")
    told = {"title": _("Thank you, that is confirmed"), "sentence": sentence % {"way": words.way(done.channel)}}
    return page.answer(request, "plain", told | {"is_good": True})


def drawn(form: consent.FormOffered) -> dict[str, Any]:
    """Return a form as its template draws it."""
    names = {one.key: one.name for one in consent.topics()}
    return {
        "title": form.title,
        "form": form,
        "topics": [names.get(key, key) for key in form.topics],
        "is_phone": form.channel == "sms",
        "is_push": form.channel == "push",
    }


def _form(slug: str) -> consent.FormOffered | None:
    form = consent.sign_up_form(slug)
    return form if form and form.is_active else None


def _joined(request: HttpRequest, form: consent.FormOffered, route: str) -> HttpResponse:
    told = (
        drawn(form) | _button(form) | {"is_embedded": route == "join-embed", "here": reverse(route, args=[form.slug])}
    )
    if request.method != "POST" or form.channel == "push":  # a browser joins by its button
        return page.answer(request, "join", told)
    typed = request.POST.get("address", "")[:300]
    if request.POST.get(TRAP):
        return page.answer(request, "join", told | {"is_sent": True})
    locale = best(request.headers.get("Accept-Language", ""), "")
    try:
        sent = messaging.SignUp(form=form, address=typed, ip=address(request), page=told["here"], locale=locale)
        messaging.sign_up(sent, lake.now())
    except messaging.BadAddress:
        return page.answer(request, "join", told | {"typed": typed, "wrong": _wrong(form)}, status=422)
    except consent.TooManySignUps:
        sentence = _("Too many sign-ups came from your network. Wait an hour, then try again.")
        return page.answer(request, "join", told | {"typed": typed, "wrong": sentence}, status=429)
    return page.answer(request, "join", told | {"is_sent": True})


def _button(form: consent.FormOffered) -> dict[str, Any]:
    return {"push": browsers.button(reverse("push-form", args=[form.slug]))} if form.channel == "push" else {}


def _wrong(form: consent.FormOffered) -> str:
    if form.channel == "sms":
        return _("Write your number with its country in front, like +49 151 23456789.")
    return _("That is no e-mail address. Write it like ann@example.com.")


def _no_form(request: HttpRequest) -> HttpResponse:
    sentence = _(
        "The form was taken away or its address was typed wrongly. The shop’s own site has the way to sign up."
    )
    return page.answer(request, "plain", {"title": _("There is no form here"), "sentence": sentence}, status=404)
