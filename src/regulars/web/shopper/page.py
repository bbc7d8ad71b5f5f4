"""What all pages for shoppers share: the shop's name, strict headers, plain answers, and who may send a form."""

from collections.abc import Callable, Mapping
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language, gettext as _

from regulars.consent import api as consent
from regulars.messaging import api as messaging
from regulars.web.shell.headers import RULES

NO_FRAME = "frame-ancestors 'none'"


def answer(request: HttpRequest, template: str, context: Mapping[str, Any], status: int = 200) -> HttpResponse:
    """Answer with a shopper's page: kept by nobody, found by no search engine."""
    told = {"shop": messaging.shop(), "language": get_language() or "en", **context}
    response = render(request, f"web/shopper/{template}.html", told, status=status)
    response["Cache-Control"] = "no-store"
    response["X-Robots-Tag"] = "noindex"
    return response


def nowhere(request: HttpRequest) -> HttpResponse:
    """Answer a link that leads nowhere: the same whether it was never made, changed, or is for something else."""
    words = _(
        "It may have been cut off on its way. Open the message once more and click the link there, or copy the whole of it."
    )
    page = {"title": _("This link does not work"), "sentence": words}
    return answer(request, "plain", page, status=404)


def not_done(request: HttpRequest) -> HttpResponse:
    """Answer a form that was sent from another site."""
    words = _("It was asked for from another site. Open the link in your message and do it there.")
    return answer(request, "plain", {"title": _("This was not done"), "sentence": words}, status=403)


def is_from_here(request: HttpRequest) -> bool:
    """Tell whether a form was sent by one of our own pages. Browsers name the origin of every POST; a program that names
    none has the link itself, and that is what it takes."""
    origin = request.headers.get("Origin")
    ours = {f"{request.scheme}://{request.get_host()}", *settings.CSRF_TRUSTED_ORIGINS}
    return origin is None or origin in ours


def framed_by(response: HttpResponse, origins: tuple[str, ...]) -> HttpResponse:
    """Let these sites, and no others, show a page in a frame."""
    allowed = f"frame-ancestors {' '.join(origins)}" if origins else NO_FRAME
    response["Content-Security-Policy"] = "; ".join(allowed if one == NO_FRAME else one for one in RULES)
    return response


def read(reader: Callable[[str], Any], token: str) -> Any:
    """Return what a token says, None for a bad one."""
    try:
        return reader(token)
    except (consent.BadLink, ValueError):
        return None


def masked(address: str) -> str:
    """Return an address by which its owner knows it, and nobody else.

    >>> masked("ann@example.com"), masked("+4930123456"), masked("")
    ('a•••@example.com', '+49•••56', '')
    """
    if "@" in address:
        name, _at, domain = address.rpartition("@")
        return f"{name[:1]}•••@{domain}"
    return f"{address[:3]}•••{address[-2:]}" if address else ""
