"""Mailgun: JSON webhooks, and the older ones that come as forms. Signed are the timestamp and a token, not the body."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from regulars.messaging.returns import bodies, cleaning, signatures
from regulars.messaging.returns.providers.tracking import Hints, Provider, translated
from regulars.messaging.returns.returned import BadSignature, CannotRead, RawRequest, Returned
from regulars.messaging.returns.rules.bounces import Bounce

# Mailgun tries again for eight hours; a proof that is older than a day is somebody's copy.
OLDEST = timedelta(hours=24)
# What Mailgun says of who opened or clicked.
BOTS = {"apple": "Apple's mail privacy", "gmail": "Google's image proxy", "generic": "a machine, Mailgun says"}
# Mailgun's older codes beyond SMTP: the address bounced before, complained before, could not be reached.
CODES = {"605": Bounce.HARD, "607": Bounce.BLOCK, "498": Bounce.SOFT, "499": Bounce.SOFT}


def verify(request: RawRequest, secrets: Sequence[str]) -> None:
    """Check the HMAC-SHA256 of timestamp and token with the webhook signing key."""
    try:
        stamp, token, given = _signed_parts(request)
    except CannotRead as problem:
        raise BadSignature(f"this request shows no signature: {problem}") from None
    signed = signatures.raw_bytes(f"{stamp}{token}")
    signatures.require(bool(token) and signatures.fits(signatures.hex_sha256(signed), given, secrets))
    signatures.require_fresh(stamp, request.received_at, OLDEST)


def read(request: RawRequest) -> list[Returned]:
    """Return what the request tells: one event."""
    if bodies.content_type(request) == bodies.JSON:
        event = bodies.one(request)
        return translated(JSON, event, lambda view: [view.esp_to_anymail_event(event)], request.received_at)
    fields = bodies.form(request)
    return translated(FORM, fields, lambda view: [view.mailgun_legacy_to_anymail_event(fields)], request.received_at)


def _signed_parts(request: RawRequest) -> tuple[str, str, str]:
    names = ("timestamp", "token", "signature")
    if bodies.content_type(request) == bodies.JSON:
        block = bodies.under(bodies.one(request), "signature")
        stamp, token, given = (cleaning.plain(block.get(name), 200) for name in names)
    else:
        # The last of several: Mailgun puts a message's own variables of the same name before its fields.
        fields = bodies.form(request)
        stamp, token, given = (cleaning.plain(fields.get(name), 200) for name in names)
    return stamp, token, given


def _json_hints(event: Any) -> Hints:
    data = bodies.under(event, "event-data")
    status = bodies.under(data, "delivery-status")
    bot = cleaning.plain(bodies.under(data, "client-info").get("bot"), 40).lower()
    code = cleaning.plain(status.get("enhanced-code"), 20) or cleaning.plain(status.get("code"), 20)
    return Hints(
        word=cleaning.plain(data.get("event"), 60),
        code=code,
        bounce=CODES.get(code),
        told_machine=BOTS.get(bot, f"a machine ({bot}), Mailgun says") if bot else "",
    )


def _form_hints(fields: Any) -> Hints:
    code = cleaning.plain(_first(fields, "code"), 20)
    return Hints(word=cleaning.plain(_first(fields, "event"), 60), code=code, bounce=CODES.get(code))


def _first(fields: Any, name: str) -> object:
    """Return the first of several values of one name: the field of Mailgun itself, for all but what is signed."""
    return next(iter(fields.getlist(name)), None)


JSON = Provider("mailgun", "mailgun.MailgunTrackingWebhookView", _json_hints)
FORM = Provider("mailgun", "mailgun.MailgunTrackingWebhookView", _form_hints)
