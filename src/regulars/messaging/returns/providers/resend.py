"""Resend: one JSON event a request, signed by the Standard Webhooks scheme under Svix's header names."""

from collections.abc import Sequence
from types import SimpleNamespace
from typing import Any

from regulars.messaging.returns import bodies, cleaning, signatures
from regulars.messaging.returns.providers.tracking import Hints, Provider, translated
from regulars.messaging.returns.returned import RawRequest, Returned
from regulars.messaging.returns.rules.bounces import Bounce

# A permanent one is sorted by its words: Resend calls a refusal on principle permanent as well.
BOUNCES = {"Transient": Bounce.SOFT}
SUBTYPES = {
    "General": Bounce.HARD,
    "NoEmail": Bounce.HARD,
    "Suppressed": Bounce.HARD,
    "OnAccountSuppressionList": Bounce.HARD,
    "MailboxFull": Bounce.SOFT,
    "ContentRejected": Bounce.BLOCK,
    "MessageTooLarge": Bounce.BLOCK,
    "AttachmentRejected": Bounce.BLOCK,
}


def verify(request: RawRequest, secrets: Sequence[str]) -> None:
    """Check the signature; a secret begins with whsec_."""
    signatures.standard_webhook(request, secrets, prefix="svix")


def read(request: RawRequest) -> list[Returned]:
    """Return what the request tells: one event."""
    event = bodies.one(request)
    # The name of the event stands in a header.
    headers = SimpleNamespace(headers={"svix-id": request.header("svix-id")})
    return translated(RESEND, event, lambda view: [view.esp_to_anymail_event(event, headers)], request.received_at)


def _hints(event: Any) -> Hints:
    data = bodies.under(event, "data")
    bounce = bodies.under(data, "bounce")
    subtype = SUBTYPES.get(cleaning.plain(bounce.get("subType"), 40))
    tags = bodies.under(data, "tags")
    headers = {cleaning.plain(one.get("name"), 100): one.get("value") for one in bodies.listed(data, "headers")}
    return Hints(
        word=cleaning.plain(event.get("type"), 60),
        bounce=BOUNCES.get(cleaning.plain(bounce.get("type"), 40)) or subtype,
        message_id=cleaning.plain(data.get("message_id"), 300),
        provider_id=cleaning.plain(data.get("email_id"), 200),
        headers={**tags, **headers},
    )


RESEND = Provider("resend", "resend.ResendTrackingWebhookView", _hints)
