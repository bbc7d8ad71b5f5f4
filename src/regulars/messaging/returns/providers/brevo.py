"""Brevo (once Sendinblue): one JSON event a request, or a list of them. Proven by a password in the address or a bearer token."""

from typing import Any

from regulars.messaging.returns import bodies, cleaning
from regulars.messaging.returns.providers.tracking import Hints, Provider, translated
from regulars.messaging.returns.returned import RawRequest, Returned
from regulars.messaging.returns.rules.bounces import Bounce
from regulars.messaging.returns.signatures import basic_or_bearer as verify

BOUNCES = {"hard_bounce": Bounce.HARD, "soft_bounce": Bounce.SOFT, "invalid_email": Bounce.HARD}
# Opens that Brevo knows to be a proxy's.
PROXY_OPENS = ("proxy_open", "unique_proxy_open")


def read(request: RawRequest) -> list[Returned]:
    """Return what the request tells."""
    return [told for event in bodies.rows(request) for told in _event(event, request)]


def _event(event: Any, request: RawRequest) -> list[Returned]:
    return translated(BREVO, event, lambda view: [view.esp_to_anymail_event(event)], request.received_at)


def _hints(event: Any) -> Hints:
    word = cleaning.plain(event.get("event"), 60)
    return Hints(
        word=word,
        bounce=BOUNCES.get(word),
        told_machine="a mail program's proxy, Brevo says" if word in PROXY_OPENS else "",
    )


BREVO = Provider("brevo", "brevo.BrevoTrackingWebhookView", _hints)

__all__ = ["read", "verify"]
