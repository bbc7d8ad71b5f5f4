"""The search box: customers, orders and pages."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _

from regulars.profiles import api as profiles
from regulars.web.access.doorkeeper import person
from regulars.web.access.gate import page
from regulars.web.shell import lake
from regulars.web.shell.navigation import places

MOST = 8


@page()
def search(request: HttpRequest) -> HttpResponse:
    """Find customers by name, e-mail, phone or reference, orders by number, pages by a word."""
    asked = request.GET.get("q", "").strip()[:200]
    found = _pages(request, asked) + _people(asked) if asked else []
    template = "web/parts/found.html" if request.headers.get("HX-Request") else "web/overview/search.html"
    return render(request, template, {"title": _("Search"), "found": found, "asked": asked})


def _pages(request: HttpRequest, asked: str) -> list[dict[str, str]]:
    wanted = asked.lower()
    found = []
    for place in places():
        if person(request).may(place.permission) and (
            wanted in str(place.label).lower() or any(word.startswith(wanted) for word in place.words.split())
        ):
            try:
                found.append({"label": str(place.label), "about": _("Page"), "address": reverse(place.name)})
            except NoReverseMatch:
                continue
    return found[:4]


def _people(asked: str) -> list[dict[str, Any]]:
    if len(asked) < 2:
        return []
    with lake.reading() as moment:
        found = profiles.search(asked, MOST, moment)
    return [
        {"label": one["label"], "about": one["about"], "address": reverse("customer", args=[one["customer_id"]])}
        for one in found
    ]
