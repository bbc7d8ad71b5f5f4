"""Postmark: one JSON event a request. It signs nothing; a user and a password in the webhook's address prove it."""

from typing import Any

from regulars.messaging.returns import bodies, cleaning
from regulars.messaging.returns.providers.tracking import Hints, Provider, translated
from regulars.messaging.returns.returned import RawRequest, Returned
from regulars.messaging.returns.rules.bounces import Bounce
from regulars.messaging.returns.signatures import basic as verify

# Postmark's types of bounces.
BOUNCES = {
    "HardBounce": Bounce.HARD,
    "SoftBounce": Bounce.SOFT,
    "VirusNotification": Bounce.BLOCK,
    "SpamNotification": Bounce.BLOCK,
    "Blocked": Bounce.BLOCK,
    "DMARCPolicy": Bounce.BLOCK,
}


def read(request: RawRequest) -> list[Returned]:
    """Return what the request tells: one event."""
    event = bodies.one(request)
    return translated(POSTMARK, event, lambda view: [view.esp_to_anymail_event(event)], request.received_at)


def _hints(event: Any) -> Hints:
    record, kind = cleaning.plain(event.get("RecordType"), 40), cleaning.plain(event.get("Type"), 40)
    return Hints(
        word=f"{record} {kind}".strip() if record in ("Bounce", "SpamComplaint") else record,
        bounce=BOUNCES.get(kind) or BOUNCES.get(cleaning.plain(event.get("SuppressionReason"), 40)),
        # An event has a number of its own only where it is a bounce; elsewhere the message's would not do.
        event_id=f"bounce-{event['ID']}" if record == "Bounce" and isinstance(event.get("ID"), int) else "",
        provider_id=cleaning.plain(event.get("MessageID"), 200),
    )


POSTMARK = Provider("postmark", "postmark.PostmarkTrackingWebhookView", _hints)

__all__ = ["read", "verify"]
