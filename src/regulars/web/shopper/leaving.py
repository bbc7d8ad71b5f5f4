"""`/u/…`: leaving by the link of a message; opening it shows a button, pressing it is all it takes."""

from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.http.multipartparser import MultiPartParserError
from django.urls import reverse
from django.views.decorators.csrf import csrf_exempt

from regulars.consent import api as consent
from regulars.profiles import api as profiles
from regulars.web.access.gate import public
from regulars.web.access.views import address
from regulars.web.shell import lake
from regulars.web.shopper import page, words

ONE_CLICK = "List-Unsubscribe=One-Click"


# Without a CSRF token, as RFC 8058 asks: mailboxes send this by themselves, without cookie or session. That is safe because no
# cookie gives any power here. The token in the address is the whole authority; who could forge the request has it anyway.
@csrf_exempt
@public("GET", "HEAD", "POST")
def unsubscribe(request: HttpRequest, token: str) -> HttpResponse:
    """Show the button, or leave at once. Doing it again is fine."""
    link = _link(token)
    if link is None:
        return page.nowhere(request)
    if request.method != "POST":
        return page.answer(request, "leaving", _shown(link, token, lake.now(), has_left=consent.has_left(link)))
    field = _field(request)
    everything = field == "everything"
    consent.leave(link, _click(request, link, field), lake.now(), everything=everything)
    told = _shown(link, token, lake.now(), has_left=True) | {"left_everything": everything}
    return page.answer(request, "leaving", told)


# The same authority as above; a browser must come from our own page besides, for this one gives something.
@csrf_exempt
@public("POST")
def come_back(request: HttpRequest, token: str) -> HttpResponse:
    """Take leaving back: it was a mistake."""
    link = _link(token)
    if link is None:
        return page.nowhere(request)
    if not page.is_from_here(request):
        return page.not_done(request)
    text = words.agreement(link.channel, _topic(link.topic))
    click = consent.Click(text=text, text_version=words.VERSION, ip=address(request), proof={"page": "/u/"})
    consent.come_back(link, click, lake.now())
    return page.answer(
        request, "leaving", _shown(link, token, lake.now(), has_left=consent.has_left(link)) | {"is_back": True}
    )


def _link(token: str) -> consent.UnsubscribeLink | None:
    found: consent.UnsubscribeLink | None = page.read(consent.read_unsubscribe_token, token)
    return found if found is not None and profiles.standing(found.customer) is not None else None


def _field(request: HttpRequest) -> str:
    """Return what was pressed; a body that cannot be read is a mailbox's click all the same."""
    try:
        if request.POST.get("List-Unsubscribe") == "One-Click":
            return ONE_CLICK
        return str(request.POST.get("do", ONE_CLICK))
    except MultiPartParserError:
        return ONE_CLICK


def _click(request: HttpRequest, link: consent.UnsubscribeLink, field: str) -> consent.Click:
    if field == ONE_CLICK:
        return consent.Click(
            method=consent.Method.ONE_CLICK, text=ONE_CLICK, text_version="RFC 8058", ip=address(request)
        )
    topic = "" if field == "everything" else _topic(link.topic)
    text = words.leaving(link.channel, topic)
    return consent.Click(text=text, text_version=words.VERSION, ip=address(request), proof={"page": "/u/"})


def _shown(link: consent.UnsubscribeLink, token: str, now: datetime, has_left: bool) -> dict[str, Any]:
    contact = profiles.contacts([link.customer]).get(link.customer)
    reached_at = (contact.email if link.channel == "email" else contact.phone) if contact else ""
    topic = _topic(link.topic)
    return {
        "title": words.title(link.channel, topic),
        "has_left": has_left,
        "topic": topic,
        "button": words.leaving(link.channel, topic),
        "everything": words.leaving(link.channel, "") if topic else "",
        "agreement": words.agreement(link.channel, topic),
        "masked": page.masked(reached_at),
        "way": words.way(link.channel),
        "here": reverse("unsubscribe", args=[token]),
        "back": reverse("unsubscribe-back", args=[token]),
        "preferences": _preferences(link.customer, reached_at),
    }


def _preferences(customer: int, reached_at: str) -> str:
    return reverse("preferences", args=[consent.preference_token(customer, reached_at)]) if reached_at else ""


def _topic(key: str) -> str:
    """Return a topic's name; of one that is offered no more, its key."""
    return next((one.name for one in consent.topics() if one.key == key), key)


__all__ = ["come_back", "unsubscribe"]
