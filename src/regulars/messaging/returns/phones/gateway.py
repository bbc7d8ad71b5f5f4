"""A gateway of the shop's own, on any channel: what it tells by our words in JSON, signed by the Standard Webhooks scheme."""

from collections.abc import Mapping, Sequence
from typing import Any

from regulars.messaging.returns import bodies, cleaning, signatures
from regulars.messaging.returns.returned import CannotRead, Kind, RawRequest, Returned
from regulars.messaging.returns.rules.answers import Answer, answer_of
from regulars.messaging.returns.rules.bounces import Bounce, bounce_of

CHANNELS = ("email", "sms", "push", "whatsapp", "webhook")
KINDS = {f"message.{kind}": kind for kind in Kind if kind is not Kind.OTHER}
BOUNCES = {str(bounce): bounce for bounce in Bounce}
ANSWERS = {str(answer): answer for answer in Answer}


def verify(request: RawRequest, secrets: Sequence[str]) -> None:
    """Check the signature; a secret begins with whsec_."""
    signatures.standard_webhook(request, secrets)


def read(request: RawRequest) -> list[Returned]:
    """Return what the request tells: one event {"type", "timestamp", "data": {"key", "channel", …}}, see docs/returns.md."""
    event = bodies.one(request)
    if not isinstance(event.get("data"), Mapping):
        raise CannotRead('The event has no "data"; write {"type": "message.delivered", "data": {"key": …}}.')
    return [_event(event, bodies.under(event, "data"), request)]


def _event(event: Mapping[str, Any], data: Mapping[str, Any], request: RawRequest) -> Returned:
    word = cleaning.plain(event.get("type"), 60)
    kind, channel = KINDS.get(word, Kind.OTHER), cleaning.plain(data.get("channel"), 20)
    code, said = cleaning.plain(data.get("code"), 20), cleaning.plain(data.get("detail"))
    text = cleaning.plain(data.get("text"), 4_096)
    address = cleaning.email(data.get("address")) or cleaning.phone(data.get("address"))
    bounce = BOUNCES.get(cleaning.plain(data.get("bounce"), 10)) or bounce_of(code, said)
    answer = ANSWERS.get(cleaning.plain(data.get("reply"), 10)) or answer_of(text)
    return Returned(
        kind=kind,
        provider="gateway",
        channel=channel if channel in CHANNELS else "webhook",
        word=word or "unreadable",
        at=cleaning.iso(event.get("timestamp"), request.received_at),
        event_id=cleaning.plain(request.header("webhook-id"), 200) or cleaning.digest("gateway", request.body.decode()),
        message_key=cleaning.a_key(data.get("key")),
        provider_id=cleaning.plain(data.get("id"), 200),
        bounce=bounce if kind is Kind.BOUNCED else None,
        code=code,
        reason=cleaning.plain(data.get("reason"), 40),
        detail=cleaning.anonymous(said, address),
        url=cleaning.plain(data.get("url"), 2_000) if kind is Kind.CLICKED else "",
        user_agent=cleaning.plain(data.get("user_agent")),
        answer=answer if kind is Kind.REPLIED else None,
        address=address,
        text=text,
    )
