"""Twilio: what became of a text message, and text messages that come in; forms signed with HMAC-SHA1 over address and fields."""

import base64
import hashlib
import hmac
from collections.abc import Callable, Sequence
from urllib.parse import urlsplit, urlunsplit

from django.http import QueryDict

from regulars.messaging.returns import bodies, cleaning, signatures
from regulars.messaging.returns.returned import BadSignature, CannotRead, Kind, RawRequest, Returned
from regulars.messaging.returns.rules.answers import Answer, answer_of
from regulars.messaging.returns.rules.bounces import Bounce

KINDS = {
    "accepted": Kind.SENT,
    "queued": Kind.SENT,
    "sending": Kind.SENT,
    "sent": Kind.SENT,
    "delivered": Kind.DELIVERED,
    "read": Kind.OPENED,
    "undelivered": Kind.BOUNCED,
    "failed": Kind.FAILED,
    "canceled": Kind.FAILED,
}
# Twilio's error codes that say something of the number or of the sender.
BOUNCES = {
    "21211": Bounce.HARD,  # no valid number
    "21614": Bounce.HARD,  # no mobile number
    "30005": Bounce.HARD,  # unknown handset
    "30006": Bounce.HARD,  # landline or unreachable carrier
    "63003": Bounce.HARD,  # WhatsApp knows nobody there
    "30003": Bounce.SOFT,  # switched off or out of reach
    "30008": Bounce.SOFT,  # unknown error
    "30017": Bounce.SOFT,  # congestion
    "30022": Bounce.SOFT,  # rate limit
    "63016": Bounce.BLOCK,  # outside WhatsApp's window of 24 hours
    "30004": Bounce.BLOCK,
    "30007": Bounce.BLOCK,  # filtered
    "30034": Bounce.BLOCK,  # sender not registered
    "30032": Bounce.BLOCK,
}
LEFT = "21610"  # the recipient answered STOP to this sender
ANSWERS = {"STOP": Answer.STOP, "START": Answer.START, "HELP": Answer.HELP}
PORTS = {"https": ":443", "http": ":80"}


def verify(request: RawRequest, secrets: Sequence[str]) -> None:
    """Check X-Twilio-Signature; a secret is the account's auth token, and the former one while it is being changed."""
    query = request.query()
    try:
        if "bodySHA256" in query:
            signatures.require(
                signatures.fits(lambda told: told, hashlib.sha256(request.body).hexdigest(), [query["bodySHA256"]])
            )
            fields = ""
        else:
            fields = _joined(bodies.form(request))
    except CannotRead as problem:
        raise BadSignature(f"this request cannot be checked: {problem}") from None
    given = request.header("X-Twilio-Signature")
    spelled = [signatures.raw_bytes(url + fields) for url in _spellings(request.url)]
    signatures.require(any(signatures.fits(_proof(signed), given, secrets) for signed in spelled))


def read(request: RawRequest) -> list[Returned]:
    """Return what the request tells: the state of one message, or one that came in."""
    fields = bodies.form(request)
    status = cleaning.plain(fields.get("MessageStatus") or fields.get("SmsStatus"), 40).lower()
    if "Body" in fields and status in ("", "received"):
        return [_came_in(fields, request)]
    return [_state(fields, status, request)]


def _state(fields: QueryDict, status: str, request: RawRequest) -> Returned:
    code = cleaning.plain(fields.get("ErrorCode"), 20)
    number, kind = _number(fields), KINDS.get(status, Kind.OTHER)
    bounce = BOUNCES.get(code)
    if kind is Kind.FAILED and bounce:
        kind = Kind.BOUNCED
    if kind is Kind.BOUNCED and code == LEFT:
        kind = Kind.FAILED
    address = cleaning.phone(fields.get("To"))
    return Returned(
        kind=kind,
        provider="twilio",
        channel=_channel(fields),
        word=status or "unreadable",
        at=request.received_at,
        event_id=f"{number}:{status}" if number else cleaning.digest("twilio", fields.urlencode()),
        message_key=_key(request, fields),
        provider_id=number,
        bounce=(bounce or Bounce.SOFT) if kind is Kind.BOUNCED else None,
        code=code,
        reason="unsubscribed" if code == LEFT else "",
        detail=cleaning.anonymous(fields.get("ErrorMessage"), address),
        address=address,
    )


def _came_in(fields: QueryDict, request: RawRequest) -> Returned:
    text, number = cleaning.plain(fields.get("Body"), 1_600), _number(fields)
    told = ANSWERS.get(cleaning.plain(fields.get("OptOutType"), 10).upper())
    return Returned(
        kind=Kind.REPLIED,
        provider="twilio",
        channel=_channel(fields),
        word="received",
        at=request.received_at,
        event_id=number or cleaning.digest("twilio", fields.urlencode()),
        provider_id=cleaning.plain(fields.get("OriginalRepliedMessageSid"), 64),
        answer=told or answer_of(text),
        address=cleaning.phone(fields.get("From")),
        text=text,
    )


def _number(fields: QueryDict) -> str:
    return cleaning.plain(fields.get("MessageSid") or fields.get("SmsSid"), 64)


def _channel(fields: QueryDict) -> str:
    sides = (cleaning.plain(fields.get(side), 40) for side in ("To", "From"))
    return "whatsapp" if any(side.startswith("whatsapp:") for side in sides) else "sms"


def _key(request: RawRequest, fields: QueryDict) -> str:
    """Return the key that we put into the address to be called back; the address is signed too."""
    named = request.query()
    return (
        cleaning.a_key(named.get("message") or named.get("key"))
        or cleaning.key_of(named)
        or cleaning.key_of(fields.dict())
    )


def _joined(fields: QueryDict) -> str:
    """Return the fields as Twilio signs them: by name, each name with each of its different values."""
    return "".join(name + value for name in sorted(fields) for value in sorted(set(fields.getlist(name))))


def _spellings(url: str) -> list[str]:
    """Return an address with and without the port that goes without saying: Twilio signs what it was told to call.

    >>> _spellings("https://shop.example/in?x=1")
    ['https://shop.example/in?x=1', 'https://shop.example:443/in?x=1']
    """
    try:
        parts = urlsplit(url)
    except ValueError:
        return [url]
    port = PORTS.get(parts.scheme, "")
    other = parts.netloc.removesuffix(port) if port and parts.netloc.endswith(port) else parts.netloc + port
    return [url, urlunsplit(parts._replace(netloc=other))]


def _proof(signed: bytes) -> Callable[[str], str]:
    def made(secret: str) -> str:
        return base64.b64encode(hmac.new(signatures.raw_bytes(secret), signed, hashlib.sha1).digest()).decode("ascii")

    return made
