"""The drawer: letters that were kept instead of sent, to be looked at as their recipients would have seen them."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _

from regulars.messaging import api as messaging
from regulars.web.access.gate import page
from regulars.web.act import naming
from regulars.web.know import naming as people
from regulars.web.shell.headers import FRAMED, FRAMING
from regulars.web.shell.show import show

PER_PAGE = 50


@page()
def drawer(request: HttpRequest) -> HttpResponseBase:
    """List kept letters, newest first."""
    asked = request.GET.get("page", "1")
    number = max(int(asked), 1) if asked.isdigit() and len(asked) < 7 else 1
    channel = request.GET.get("channel", "")
    letters, count = messaging.drawn(channel, (number - 1) * PER_PAGE, PER_PAGE)
    last = max(-(-count // PER_PAGE), 1)
    context = {
        "title": _("Drawer"), "letters": [_listed(one) for one in letters], "count": count, "channel": channel,
        "channels": {one: naming.channel(one) for one in ("email", "sms", "push", "whatsapp")},
        "page_number": number, "last_page": last, "earlier": number - 1 if number > 1 else None, "later": number + 1 if number < last else None,
    }  # fmt: skip
    return show(request, "web/act/drawer.html", context)


@page()
def letter(request: HttpRequest, key: str) -> HttpResponseBase:
    """Show one kept letter."""
    found = messaging.drawn_letter(key)
    if found is None:
        raise Http404
    about = people.named([found])[0] if found["customer_id"] else None
    context = {
        "title": found["subject"] or naming.channel(found["channel"]), "letter": _listed(found), "customer": about,
        "headers": [line.partition(": ")[::2] for line in found["headers"].splitlines() if line],
    }  # fmt: skip
    answer = show(request, "web/act/drawn.html", context)
    answer["Content-Security-Policy"] = FRAMING
    return answer


@page()
def body(request: HttpRequest, key: str) -> HttpResponse:
    """Answer with a kept letter's own HTML, shut in: it may not run, load, send or lead anywhere."""
    found = messaging.drawn_letter(key)
    if found is None or not found["html"]:
        raise Http404
    return HttpResponse(found["html"], headers={"Content-Security-Policy": FRAMED, "Cache-Control": "no-store"})


def _listed(row: dict[str, Any]) -> dict[str, Any]:
    return {
        **row,
        "channel_label": naming.channel(row["channel"]),
        "created_at": naming.local(row["created_at"]),
        "recipient": row["to_name"] or row["to"],
        "address": reverse("drawn", args=[row["key"]]),
    }
