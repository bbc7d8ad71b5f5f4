"""SendGrid: the Event Webhook, a JSON list of events, signed with ECDSA over timestamp and body."""

from collections.abc import Sequence
from typing import Any

from regulars.messaging.returns import bodies, cleaning, signatures
from regulars.messaging.returns.providers.tracking import Hints, Provider, translated
from regulars.messaging.returns.returned import RawRequest, Returned
from regulars.messaging.returns.rules.bounces import Bounce

HEADER = "X-Twilio-Email-Event-Webhook"
# SendGrid's own sorting of what came back; what it calls a bounce is sorted by its code.
BOUNCES = {"blocked": Bounce.BLOCK}


def verify(request: RawRequest, secrets: Sequence[str]) -> None:
    """Check the ECDSA signature; a secret is the webhook's public verification key."""
    stamp = request.header(f"{HEADER}-Timestamp")
    signatures.require(bool(stamp))
    signatures.ecdsa(signatures.raw_bytes(stamp) + request.body, request.header(f"{HEADER}-Signature"), secrets)


def read(request: RawRequest) -> list[Returned]:
    """Return what the request tells: up to some thousand events."""
    return [told for event in bodies.rows(request) for told in _event(event, request)]


def _event(event: Any, request: RawRequest) -> list[Returned]:
    return translated(SENDGRID, event, lambda view: [view.esp_to_anymail_event(event)], request.received_at)


def _hints(event: Any) -> Hints:
    return Hints(
        word=cleaning.plain(event.get("event"), 60),
        bounce=BOUNCES.get(cleaning.plain(event.get("type"), 20)),
        code=cleaning.plain(event.get("status"), 20),
        told_machine="Apple's mail privacy" if event.get("sg_machine_open") is True else "",
        message_id=cleaning.plain(event.get("smtp-id"), 300),
        # The first part is what SendGrid answered when it took the message.
        provider_id=cleaning.plain(event.get("sg_message_id"), 200).partition(".")[0],
    )


SENDGRID = Provider("sendgrid", "sendgrid.SendGridTrackingWebhookView", _hints)
