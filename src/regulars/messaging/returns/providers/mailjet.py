"""Mailjet: a JSON list of events, or one alone. It signs nothing; a user and a password in the address prove it."""

from typing import Any

from regulars.messaging.returns import bodies, cleaning
from regulars.messaging.returns.providers.tracking import Hints, Provider, translated
from regulars.messaging.returns.returned import RawRequest, Returned
from regulars.messaging.returns.rules.bounces import Bounce
from regulars.messaging.returns.signatures import basic as verify

# Mailjet's words for what went wrong, where "hard_bounce" alone would mislead.
ERRORS = {
    "user unknown": Bounce.HARD,
    "mailbox inactive": Bounce.HARD,
    "invalid domain": Bounce.HARD,
    "no mail host": Bounce.HARD,
    "quota exceeded": Bounce.SOFT,
    "relay/access denied": Bounce.BLOCK,
    "sender blocked": Bounce.BLOCK,
    "content blocked": Bounce.BLOCK,
    "policy issue": Bounce.BLOCK,
    "blacklisted": Bounce.BLOCK,
    "spam reporter": Bounce.BLOCK,
}


def read(request: RawRequest) -> list[Returned]:
    """Return what the request tells."""
    return [told for event in bodies.rows(request) for told in _event(event, request)]


def _event(event: Any, request: RawRequest) -> list[Returned]:
    return translated(MAILJET, event, lambda view: [view.esp_to_anymail_event(event)], request.received_at)


def _hints(event: Any) -> Hints:
    error = ERRORS.get(cleaning.plain(event.get("error"), 60).lower())
    return Hints(
        word=cleaning.plain(event.get("event"), 60),
        bounce=error or (Bounce.HARD if event.get("hard_bounce") is True else None),
        headers={"X-Regulars-Message": event.get("CustomID")},
        # Mailjet numbers the message twice; the longer one is a UUID.
        provider_id=cleaning.plain(event.get("MessageID"), 200),
    )


MAILJET = Provider("mailjet", "mailjet.MailjetTrackingWebhookView", _hints)

__all__ = ["read", "verify"]
