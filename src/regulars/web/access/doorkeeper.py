"""Who is let in: every address asks for sign-in and a permission unless it says otherwise; one that says nothing is shut.

On this machine itself, while no owner exists, nobody has to sign in: the first visit is for looking around.
"""

import ipaddress
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, cast

from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect
from django.shortcuts import render, resolve_url
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from regulars.access import api as access
from regulars.web.access.gate import ANYBODY, READING, Gate, gate_of

FORWARDED = (
    "HTTP_X_FORWARDED_FOR",
    "HTTP_X_FORWARDED_HOST",
    "HTTP_X_FORWARDED_PROTO",
    "HTTP_FORWARDED",
    "HTTP_X_REAL_IP",
    "HTTP_VIA",
)
HERE = ("127.0.0.1", "localhost", "[::1]")


@dataclass(frozen=True)
class Person:
    """Who asks: a user, the visitor of the first visit (user is None), or nobody (is_known is False)."""

    name: str
    user: access.User | None
    is_known: bool

    @property
    def is_visitor(self) -> bool:
        return self.is_known and self.user is None

    def may(self, permission: str) -> bool:
        """Say whether this person has a permission; a visitor of the first visit has all of them."""
        if permission == ANYBODY:
            return True
        return self.is_known and (self.user is None or access.may(self.user, access.Permission(permission)))

    @property
    def may_import(self) -> bool:
        return self.may("import_data")

    @property
    def may_export(self) -> bool:
        return self.may("export")

    @property
    def may_manage(self) -> bool:
        return self.may("manage")


class Doorkeeper:
    """Sets request.person and answers instead of a view that may not be shown."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.person = _person(request)  # type: ignore[attr-defined]
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> HttpResponse | None:
        """Return None to let the view answer."""
        if request.path.startswith("/api/"):
            return None  # the API asks for tokens itself
        gate = gate_of(view)
        if gate is None:
            return _refused(request, _("This address is not open to anybody."))
        if request.method not in gate.methods:
            return HttpResponseNotAllowed(gate.methods)
        return self._shut(request, gate)

    def _shut(self, request: HttpRequest, gate: Gate) -> HttpResponse | None:
        who = person(request)
        if who.may(gate.needed(request.method or "GET")):
            return None
        if who.is_known:
            return _refused(request, _("Your role does not include this. Ask the owner of this installation."))
        return _to_sign_in(request)


def person(request: HttpRequest) -> Person:
    """Return who asks."""
    return cast("Person", request.person)  # type: ignore[attr-defined]


def acting(request: HttpRequest) -> str:
    """Return how the audit log calls who asks."""
    user = person(request).user
    return user.email if user else "visitor"


def is_here(request: HttpRequest) -> bool:
    """Say whether the request comes from this machine itself, through no proxy, under one of its own names."""
    if any(name in request.META for name in FORWARDED):
        return False
    try:
        near = ipaddress.ip_address(request.META.get("REMOTE_ADDR", "")).is_loopback
    except ValueError:
        return False
    return near and re.sub(r":\d+$", "", request.get_host()) in HERE


def _person(request: HttpRequest) -> Person:
    if request.user.is_authenticated:
        user = request.user
        return Person(user.name or user.email, user, is_known=True)
    if is_here(request) and not access.owner_exists():
        return Person(_("Visitor"), None, is_known=True)
    return Person("", None, is_known=False)


def _to_sign_in(request: HttpRequest) -> HttpResponse:
    target = "sign-in" if access.owner_exists() else "owner"
    place = resolve_url(target)
    if request.method in READING and request.path != "/":
        place += "?" + urlencode({"next": request.get_full_path()})
    if request.headers.get("HX-Request"):
        return HttpResponse(status=401, headers={"HX-Redirect": place})
    if request.method not in READING:
        return _refused(request, _("Please sign in first, then do it again."), status=401)
    return HttpResponseRedirect(place)


def _refused(request: HttpRequest, sentence: str, status: int = 403) -> HttpResponse:
    return render(
        request, "web/refused.html", {"title": _("This is not open to you"), "sentence": sentence}, status=status
    )
