"""Stand-in."""

from django.http import HttpRequest, HttpResponse

from regulars.web.access.gate import page


@page()
def at_risk(request: HttpRequest, number: int = 0) -> HttpResponse:
    "x"
    return HttpResponse("soon")
