"""What every template may name: the menu, who asks, the shop and how figures are written."""

from collections.abc import Iterable
from functools import cache
from importlib import metadata
from typing import Any

from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils import translation

from regulars.core.formats import Formats
from regulars.events import api as events
from regulars.web.access import doorkeeper
from regulars.web.shell.navigation import HOME, KEEPING, STAGES, Place, marked, places


def shell(request: HttpRequest) -> dict[str, Any]:
    """Return the frame of a page."""
    who = getattr(request, "person", None)
    if who is None or not who.is_known:
        return {"person": who, "version": version(), "write": formats(request)}
    here = marked(request.path, [_address(place.name) for place in places()])
    return {
        "person": who,
        "version": version(),
        "write": formats(request),
        "nav_home": _shown(who, (HOME,), here),
        "stages": [(stage.label, _shown(who, stage.places, here)) for stage in STAGES],
        "keeping": _shown(who, KEEPING, here),
        "shop_label": events.label(),
        "is_fenced": events.is_fenced(),
    }


@cache
def version() -> str:
    """Return this installation's version."""
    return metadata.version("regulars")


def formats(request: HttpRequest) -> Formats:
    """Return how figures are written: numbers and dates as the reader's browser asks, money in the shop's currency."""
    from regulars.web.shell.locales import best

    return Formats(
        best(request.headers.get("Accept-Language", ""), translation.get_language() or "en"), events.currency() or None
    )


def _shown(who: doorkeeper.Person, listed: Iterable[Place], here: tuple[str, str]) -> list[dict[str, Any]]:
    marked_address, mark = here
    return [
        {
            "label": place.label,
            "icon": place.icon,
            "address": address,
            "current": mark if address == marked_address else "",
        }
        for place in listed
        if who.may(place.permission) and (address := _address(place.name))
    ]


def _address(name: str) -> str:
    try:
        return reverse(name)
    except NoReverseMatch:
        return ""
