"""Errors in plain words with the way out; the details go to a file for whoever maintains this installation."""

import logging
from collections.abc import Callable

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from regulars.core.faults import kept
from regulars.core.lake.engine import EngineError
from regulars.events import api as events
from regulars.web.shell import lake

log = logging.getLogger("regulars.web")


class Faults:
    """Answers whatever a view raises with a page that says what happened and what to do."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, problem: Exception) -> HttpResponse | None:
        """Return the page for a fault; what Django answers itself is left to it."""
        if isinstance(problem, Http404 | PermissionDenied):
            return None
        if isinstance(problem, events.Busy):
            return _page(
                request,
                503,
                _("The figures are being prepared"),
                _("New facts came in and the tables behind this page are being built. It loads again by itself."),
                again=3,
            )
        if isinstance(problem, EngineError):
            lake.forget()  # its files may have been thrown away under it; the next request opens the lake anew
        return unexpected(request, problem)


def unexpected(request: HttpRequest, problem: Exception) -> HttpResponse:
    """Keep the details and answer with one sentence."""
    number = kept(problem).removesuffix(".txt")
    log.error("fault %s in a page: %s", number, type(problem).__name__)
    words = _(
        "Nothing that was acknowledged is lost. Load the page again; if it comes back, tell whoever maintains this installation the number %(number)s."
    ) % {"number": number}
    return _page(request, 500, _("Something went wrong in Regulars itself"), words)


def _page(request: HttpRequest, status: int, title: str, sentence: str, again: int = 0) -> HttpResponse:
    response = render(
        request, "web/refused.html", {"title": title, "sentence": sentence, "again": again}, status=status
    )
    if again:
        response["Retry-After"] = str(again)
    return response


def forged(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Answer a change that did not come from one of our own pages, or from one that was open for too long."""
    words = _(
        "The page was open for too long, or the request came from elsewhere. Go back, load it again and repeat what you did."
    )
    return _page(request, 403, _("This was not done"), words)


def missing(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Answer an address that leads nowhere."""
    return _page(
        request,
        404,
        _("There is nothing at this address"),
        _("It may have been typed wrongly, or what was here is gone. The menu and the search lead on."),
    )


def broken(request: HttpRequest) -> HttpResponse:
    """Answer a fault outside of a view."""
    return _page(request, 500, _("Something went wrong in Regulars itself"), _("Load the page again."))
