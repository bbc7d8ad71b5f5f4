"""Stand-in."""

from django.http import HttpRequest, HttpResponse

from regulars.web.access.gate import page


@page()
def customers(request: HttpRequest, number: int = 0) -> HttpResponse:
    "x"
    return HttpResponse("soon")


@page()
def save_view(request: HttpRequest, number: int = 0) -> HttpResponse:
    "x"
    return HttpResponse("soon")


@page()
def lists(request: HttpRequest, number: int = 0) -> HttpResponse:
    "x"
    return HttpResponse("soon")
