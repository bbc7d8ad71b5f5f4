"""`/p/…`: what a shopper gets from the shop, topic by topic, each way by itself, and an end to all of it."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.crypto import constant_time_compare
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt

from regulars.consent import api as consent
from regulars.profiles import api as profiles
from regulars.web.access.gate import public
from regulars.web.access.views import address
from regulars.web.shell import lake
from regulars.web.shopper import browsers, page, words


# No session stands behind this page, so there is none to ride on: the token of the link, sent again inside the form, is the
# authority, and a browser has to come from this very page.
@csrf_exempt
@public("GET", "HEAD", "POST")
def preferences(request: HttpRequest, token: str) -> HttpResponse:
    """Show what somebody gets, or bring it in line with what they chose."""
    link: consent.PreferenceLink | None = page.read(consent.read_preference_token, token)
    contact = profiles.contacts([link.customer]).get(link.customer) if link else None
    if link is None or contact is None:
        return page.nowhere(request)
    shown_to = next((one for one in (contact.email, contact.phone) if one and link.is_for(one)), "")
    if request.method != "POST":
        return page.answer(request, "preferences", _shown(request, link.customer, token, shown_to))
    if not page.is_from_here(request) or not constant_time_compare(request.POST.get("token", ""), token):
        return page.not_done(request)
    chosen = _chosen(request, may_add=bool(shown_to))
    if request.POST.get("do") == "off":
        consent.leave_everything(link.customer, chosen, lake.now())
    else:
        consent.choose(link.customer, chosen, lake.now())
    return redirect(f"{reverse('preferences', args=[token])}?saved")


def _chosen(request: HttpRequest, may_add: bool) -> consent.Chosen:
    pairs = [tuple(one.split("/", 1)) for one in request.POST.getlist("on") if "/" in one]
    return consent.Chosen(
        pairs=frozenset((channel, topic) for channel, topic in pairs),
        text=words.choosing(),
        text_version=words.VERSION,
        ip=address(request),
        proof={"page": "/p/"},
        may_add=may_add,
    )


def _shown(request: HttpRequest, customer: int, token: str, shown_to: str) -> dict[str, Any]:
    topics: dict[str, dict[str, Any]] = {}
    for one in consent.preferences(customer, lake.now()):
        name = one.topic.name or _("News and offers")
        topic = topics.setdefault(one.topic.key, {"name": name, "about": one.topic.description, "ways": []})
        is_shut = not shown_to and not one.is_on
        way = {"value": f"{one.channel}/{one.topic.key}", "name": words.way(one.channel), "is_on": one.is_on}
        topic["ways"].append(way | {"is_shut": is_shut})
    return {
        "title": _("What you hear from us"),
        "topics": list(topics.values()),
        "gets_something": any(way["is_on"] for topic in topics.values() for way in topic["ways"]),
        "masked": page.masked(shown_to),
        "agreement": words.choosing(),
        "token": token,
        "push": browsers.door_of(token, customer),
        "push_agreement": words.agreement("push", ""),
        "is_saved": "saved" in request.GET,
    }
