"""`/push/…`: a browser joins or leaves by a button on the shop's site, or on the page of somebody's preferences."""

from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.templatetags.static import static
from django.urls import reverse
from django.utils.crypto import constant_time_compare
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt

from regulars.consent import api as consent
from regulars.messaging import api as messaging
from regulars.profiles import api as profiles
from regulars.web.access.gate import public
from regulars.web.access.views import address
from regulars.web.shell import lake
from regulars.web.shopper import page, words

LONGEST = 4_000


# Anybody may send this for a browser that they have, from the sites that the form names; no cookie counts, and none would come.
@csrf_exempt
@public("POST")
def of_form(request: HttpRequest, slug: str) -> HttpResponse:
    """Take a browser that joins or leaves by a form for notifications."""
    form = consent.sign_up_form(slug)
    if form is None or not form.is_active or form.channel != "push":
        return _refused(_("There is no form here"), 404)
    origin = request.headers.get("Origin")
    if not page.is_from_here(request) and origin not in form.origins:
        return _refused(_("This site is not among those that the form names."), 403)
    statement = _statement(request, form.text, form.text_version, {"form": form.slug, "page": origin or ""})
    answer = _taken(request, statement, form.topics, _whose(request.POST.get("person", "")))
    if origin is not None:
        answer["Access-Control-Allow-Origin"] = origin
        answer["Vary"] = "Origin"
    return answer


# The token of the link is the authority, as it is for the page itself.
@csrf_exempt
@public("POST")
def of_person(request: HttpRequest, token: str) -> HttpResponse:
    """Take a browser that joins or leaves on the page of somebody's preferences."""
    customer = _whose(token)
    if not customer:
        return _refused(_("This link does not work"), 404)
    if not page.is_from_here(request) or not constant_time_compare(request.POST.get("person", ""), token):
        return _refused(_("This was not done"), 403)
    statement = _statement(request, words.agreement("push", ""), words.VERSION, {"page": "/p/"})
    return _taken(request, statement, (), customer)


def button(door: str, person: str = "") -> dict[str, Any]:
    """Return what the button needs on a page of ours; nothing where no route for notifications is in use."""
    key = messaging.push_key()
    if not key:
        return {}
    return {"door": door, "key": key, "worker": static("web/push-worker.js"), "person": person}


def door_of(token: str, customer: int) -> dict[str, Any]:
    """Return the button for the page of somebody's preferences."""
    return button(reverse("push-person", args=[token]), token) if _whose(token) == customer else {}


def _whose(token: str) -> int:
    """Return whose link a token is, as long as it went to an address that is still theirs; 0 for nobody's."""
    link: consent.PreferenceLink | None = page.read(consent.read_preference_token, token) if token else None
    contact = profiles.contacts([link.customer]).get(link.customer) if link else None
    if link is None or contact is None:
        return 0
    return contact.customer if any(link.is_for(one) for one in (contact.email, contact.phone) if one) else 0


def _statement(request: HttpRequest, text: str, version: str, proof: dict[str, str]) -> consent.Statement:
    return consent.Statement(
        channel="push",
        method=consent.Method.FORM if "form" in proof else consent.Method.PREFERENCE_PAGE,
        text=text,
        text_version=version,
        source="browser",
        proof=proof,
        ip=address(request),
    )


def _taken(request: HttpRequest, statement: consent.Statement, topics: tuple[str, ...], customer: int) -> HttpResponse:
    if request.POST.get("do") == "leave":
        messaging.leave_browser(request.POST.get("endpoint", "")[:LONGEST], statement, lake.now())
        return JsonResponse({"is_on": False})
    told = request.POST.get("subscription", "")[: LONGEST + 1]
    try:
        joining = messaging.Joining(subscription=told, statement=statement, customer=customer, topics=topics)
        messaging.join_browser(joining, lake.now())
    except messaging.BadSubscription:
        return _refused(_("Your browser gave no address that can be written to."), 422)
    except consent.TooManySignUps:
        return _refused(_("That was asked too often. Wait an hour, then try again."), 429)
    return JsonResponse({"is_on": True})


def _refused(sentence: str, status: int) -> HttpResponse:
    return JsonResponse({"error": sentence}, status=status)
