"""Reports that machines write for machines: delivery status notifications (RFC 3464) and abuse reports (ARF, RFC 5965)."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from email import message_from_string
from email.message import Message
from email.utils import parsedate_to_datetime

from regulars.messaging.returns import cleaning
from regulars.messaging.returns.mail.originals import header, key_of_original, parts
from regulars.messaging.returns.returned import Kind, Returned
from regulars.messaging.returns.rules.bounces import bounce_of, codes

# RFC 3464's actions. Relayed and expanded say that somebody else has it now, and nothing of the end.
ACTIONS = {"failed": Kind.BOUNCED, "error": Kind.BOUNCED, "delayed": Kind.DEFERRED, "delivered": Kind.DELIVERED}
# Types of feedback of RFC 5965 and its registry.
FEEDBACK = {
    "abuse": Kind.COMPLAINED,
    "fraud": Kind.COMPLAINED,
    "virus": Kind.COMPLAINED,
    "other": Kind.COMPLAINED,
    "opt-out": Kind.UNSUBSCRIBED,
    "opt-out-list": Kind.UNSUBSCRIBED,
}
STATUS = ("message/delivery-status", "message/global-delivery-status")
REPORT = "message/feedback-report"


@dataclass(frozen=True)
class Mail:
    """A mail that came in, its name, and when."""

    message: Message
    name: str
    received_at: datetime


def statuses(mail: Mail) -> Iterator[Returned]:
    """Yield what a delivery status notification says of each recipient; nothing when the mail is none."""
    blocks = [block for part in parts(mail.message) if part.get_content_type() in STATUS for block in _blocks(part)]
    recipients = [block for block in blocks if "Action" in block or "Final-Recipient" in block]
    if not recipients:
        return
    key, number = key_of_original(mail.message)
    envelope = next((header(block, "Original-Envelope-Id") for block in blocks if "Original-Envelope-Id" in block), "")
    for n, block in enumerate(recipients[:100]):
        yield _status(block, f"{mail.name}:{n}", (key or cleaning.a_key(envelope), number), mail.received_at)


def _status(block: Message, name: str, original: tuple[str, str], received_at: datetime) -> Returned:
    # Some servers put a comment behind the action or the status.
    action = header(block, "Action").lower().split(" ")[0].rstrip(";,")
    status = header(block, "Status").split(" ")[0]
    said = header(block, "Diagnostic-Code").partition(";")[2].strip() or header(block, "Diagnostic-Code")
    kind = ACTIONS.get(action, Kind.OTHER)
    exact = codes(status) or codes(said)
    if kind is Kind.BOUNCED and exact.endswith(".0.0"):
        exact = codes(said) or exact
    address = _address(block)
    return Returned(
        kind=kind,
        provider="mail",
        channel="email",
        word=f"DSN {action}".strip(),
        at=received_at,
        event_id=name,
        message_key=original[0],
        message_id=original[1],
        bounce=bounce_of(exact, said) if kind is Kind.BOUNCED else None,
        code=exact,
        detail=cleaning.anonymous(said, address),
        address=address,
    )


def complaints(mail: Mail) -> Iterator[Returned]:
    """Yield what an abuse report says; nothing when the mail is none."""
    found = next((part for part in parts(mail.message) if part.get_content_type() == REPORT), None)
    if found is None:
        return
    fields = next(iter(_blocks(found)), found)
    word = header(fields, "Feedback-Type").lower().split(" ")[0]
    key, number = key_of_original(mail.message)
    yield Returned(
        kind=FEEDBACK.get(word, Kind.OTHER),
        provider="mail",
        channel="email",
        word=f"ARF {word}".strip(),
        at=_date(header(fields, "Received-Date") or header(fields, "Arrival-Date"), mail.received_at),
        event_id=mail.name,
        message_key=key,
        message_id=number,
        detail=cleaning.anonymous(f"{word} told by {header(fields, 'User-Agent')}".strip()),
        address=cleaning.email(header(fields, "Original-Rcpt-To")),
    )


def _blocks(part: Message) -> list[Message]:
    """Return the groups of fields in a report; a report that came encoded is read once more."""
    inner = part.get_payload()
    if isinstance(inner, list):
        blocks = [block for block in inner if isinstance(block, Message)]
        if any(block.keys() for block in blocks):
            return blocks
    raw = (
        part.get_payload(decode=True)
        if not isinstance(inner, list)
        else "".join(map(str, inner)).encode("utf-8", "replace")
    )
    text = raw.decode("utf-8", "replace") if isinstance(raw, bytes) else ""
    return [message_from_string(group.lstrip("\r\n") + "\n\n") for group in _groups(text) if group.strip()]


def _groups(text: str) -> list[str]:
    return text.replace("\r\n", "\n").split("\n\n")[:200]


def _address(block: Message) -> str:
    fields = (header(block, name) for name in ("Original-Recipient", "Final-Recipient"))
    return next((found for field in fields if (found := cleaning.email(field.rpartition(";")[2]))), "")


def _date(text: str, received_at: datetime) -> datetime:
    try:
        return cleaning.instant(parsedate_to_datetime(text), received_at)
    except (TypeError, ValueError, IndexError, OverflowError):
        return received_at
