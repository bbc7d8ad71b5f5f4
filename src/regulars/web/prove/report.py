"""The whole retention report: as a page to print and keep."""

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _

from regulars.events import api as events
from regulars.measurement import api as measurement
from regulars.profiles import api as profiles
from regulars.sources import api as sources
from regulars.web.access.gate import page
from regulars.web.shell import lake


@page()
def report(request: HttpRequest) -> HttpResponseBase:
    """Offer the report as a page of its own, as JSON and as a file to keep."""
    return render(request, "web/prove/report.html", {"title": _("Report"), "is_empty": not events.newest()})


@page()
def whole(request: HttpRequest) -> HttpResponse:
    """Answer with the report itself, self-contained."""
    response = HttpResponse(measurement.page(found()))
    response["Content-Security-Policy"] = f"{measurement.page_policy()}; frame-ancestors 'none'; base-uri 'none'"
    if request.GET.get("keep"):
        response["Content-Disposition"] = 'attachment; filename="retention-report.html"'
    return response


def found() -> dict[str, Any]:
    """Return the report's figures, from the answers kept for the newest facts when nothing changed."""

    def make(moment: events.Moment) -> dict[str, Any]:
        setting = measurement.Setting(
            events.timezone(), events.currency(), sources.totals(), lake.now(), profiles.names
        )
        return measurement.report(moment, measurement.Question(), setting)

    return lake.answer("report", (), make)
