"""Links that readers follow, and the pixel: both lead on or answer whatever is written down about them."""

import base64

from django.http import HttpRequest, HttpResponse, HttpResponseNotFound, HttpResponseRedirect
from django.utils.translation import gettext as _

from regulars.messaging import api as messaging
from regulars.web.access.gate import public
from regulars.web.shell import lake

# The smallest picture there is: one transparent pixel.
PIXEL = base64.b64decode("R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7")
ABOUT_FETCHING = ("Purpose", "Sec-Purpose", "X-Purpose", "X-Moz")


@public()
def click(request: HttpRequest, token: str) -> HttpResponse:
    """Lead to the stored target of a link of ours and to nothing else; a HEAD leaves no trace."""
    if request.method == "GET":
        target = messaging.follow(token, _visit(request), lake.now())
    else:
        target = messaging.target(token)
    if target is None:
        words = _("This link leads nowhere. It may have been cut off; please open it in the message once more.")
        return HttpResponseNotFound(words, content_type="text/plain; charset=utf-8")
    return _unkept(HttpResponseRedirect(target))


@public()
def pixel(request: HttpRequest, token: str) -> HttpResponse:
    """Answer with the pixel, whoever asks."""
    if request.method == "GET":
        messaging.opened(token, _visit(request), lake.now())
    return _unkept(HttpResponse(PIXEL, content_type="image/gif"))


def _visit(request: HttpRequest) -> messaging.Visit:
    purpose = " ".join(request.headers.get(name, "") for name in ABOUT_FETCHING).strip()
    return messaging.Visit(request.headers.get("User-Agent", ""), purpose)


def _unkept(answer: HttpResponse) -> HttpResponse:
    answer["Cache-Control"] = "no-store"
    answer["Referrer-Policy"] = "no-referrer"  # where a reader goes learns nothing of the link
    return answer
