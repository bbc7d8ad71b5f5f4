"""Providers that call back: no session, no page's token; each request proves itself by its provider's signature."""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.csrf import csrf_exempt

from regulars.messaging import api as messaging
from regulars.web.access.gate import public
from regulars.web.shell import lake

# Nothing here is a page's form, so the page's token has nothing to protect.
STATUS: dict[type[Exception], int] = {
    messaging.NoSuchHook: 404,
    messaging.BadSignature: 401,
    messaging.CannotRead: 400,
    messaging.TooLarge: 413,
}


@csrf_exempt
@public("GET", "POST")
def hook(request: HttpRequest, provider: str, token: str) -> HttpResponse:
    """Take a provider's request in, or answer WhatsApp's question; what is committed is answered by 200."""
    try:
        asked = _raw(request)
        if request.method == "GET":
            return HttpResponse(messaging.handshake(provider, token, asked), content_type="text/plain")
        taken = messaging.receive(provider, token, asked)
    except tuple(STATUS) as refusal:
        sentence = str(refusal) or "there is nothing at this address"
        return JsonResponse({"error": sentence}, status=STATUS[type(refusal)])
    return JsonResponse({"told": taken.told, "new": taken.new})


def _raw(request: HttpRequest) -> messaging.RawRequest:
    """Return the request as it came; of a body that is too large no more is read than shows that it is."""
    return messaging.RawRequest(
        method=request.method or "",
        url=request.build_absolute_uri(),
        headers=dict(request.headers),
        body=request.read(messaging.LARGEST_HOOK + 1),
        received_at=lake.now(),
    )
