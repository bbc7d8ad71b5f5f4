"""A mail that came in, told apart: a bounce, a complaint, a machine's answer, or somebody who wrote back."""

import hashlib
import logging
import re
from datetime import datetime
from email import message_from_bytes, policy
from email.message import Message
from email.utils import parseaddr

from flufl.bounce import all_failures

from regulars.messaging.returns import cleaning
from regulars.messaging.returns.mail import reports
from regulars.messaging.returns.mail.originals import header, key_of_original, text_of
from regulars.messaging.returns.mail.reports import Mail
from regulars.messaging.returns.returned import CannotRead, Kind, Returned
from regulars.messaging.returns.rules.answers import Answer, answer_of
from regulars.messaging.returns.rules.bounces import Bounce, bounce_of, codes

MOST = 10 * 1024 * 1024
# Who writes bounce mails, before the @.
DAEMONS = ("mailer-daemon", "postmaster", "mail-daemon", "mailerdaemon", "bounce", "bounces")
# Headers that only machines write.
AUTOMATIC = (
    ("Auto-Submitted", re.compile(r"(?!no\b).+", re.IGNORECASE)),  # RFC 3834
    ("Precedence", re.compile(r"(bulk|junk|list|auto_reply)\b", re.IGNORECASE)),
    ("X-Autoreply", re.compile(r".")),
    ("X-Autorespond", re.compile(r".")),
    ("X-Autoresponder", re.compile(r".")),
    ("X-Auto-Response-Suppress", re.compile(r"(all|oof|autoreply)\b", re.IGNORECASE)),
    ("List-Id", re.compile(r".")),
    ("X-Mail-Autoreply", re.compile(r".")),
)
# Subjects by which a machine's answer is known that says so nowhere else.
AWAY = re.compile(
    r"(out of (the )?office|auto(matic|mated)?[- ]?(reply|response|antwort)|abwesenheit|automatische antwort|"
    r"réponse automatique|absence du bureau|respuesta automática|risposta automatica|afwezig|vacation|on leave)",
    re.IGNORECASE,
)
LEAVES = re.compile(r"(unsubscribe|leave|abmelden)[+=]([0-9a-f]{32})@", re.IGNORECASE)
QUOTE = re.compile(r"^(>|-{2,} ?(original|forwarded)|_{5,}|On .{0,200}wrote:|Am .{0,200}schrieb)", re.IGNORECASE)
# A detector that stumbles says so as an error with the mail's innards, and that is nobody's to mend.
logging.getLogger("flufl.bounce").setLevel(logging.CRITICAL)
# Whatever the mail package or a detector stumbles over in a mail that is none.
ODD = (LookupError, TypeError, AttributeError, ValueError, AssertionError, RecursionError)


def read_mail(raw: bytes, received_at: datetime) -> list[Returned]:
    """Return what a mail (RFC 5322) tells; raise CannotRead when it is too big or none.

    Nobody signs such mails: only one that names a message by its key may have consequences for anybody.
    """
    if len(raw) > MOST:
        raise CannotRead(f"The mail is bigger than {MOST // (1024 * 1024)} MB.")
    try:
        message = message_from_bytes(raw, policy=policy.compat32)
        name = cleaning.message_id(header(message, "Message-ID")) or hashlib.sha256(raw).hexdigest()[:32]
        return _told(Mail(message, name, received_at))
    except ODD as problem:
        raise CannotRead(f"This is no mail that can be read ({type(problem).__name__}).") from None


def _told(mail: Mail) -> list[Returned]:
    found = list(reports.complaints(mail)) or list(reports.statuses(mail))
    if found:
        return found
    if _is_from_a_daemon(mail.message):
        return _unwritten_form(mail) or [_other(mail, "bounce mail")]
    if is_automatic(mail.message):
        return [_other(mail, "automatic answer")]
    return [_answer(mail)]


def is_automatic(message: Message) -> bool:
    """Say whether a machine wrote a mail: by RFC 3834's headers, by others that only machines write, or by its subject."""
    if any(pattern.match(header(message, name)) for name, pattern in AUTOMATIC if name in message):
        return True
    return header(message, "Return-Path") == "<>" or bool(AWAY.match(header(message, "Subject")))


def _is_from_a_daemon(message: Message) -> bool:
    local = _sender(message).partition("@")[0]
    return local in DAEMONS or local.startswith(("mailer-daemon", "bounces+", "bounce+"))


def _unwritten_form(mail: Mail) -> list[Returned]:
    """Return what a bounce mail of no standard says, by the detectors of flufl.bounce, else by the code it names."""
    text = text_of(mail.message)
    code = codes(text)
    line = next((line for line in text.splitlines() if code and code in line), "")
    bounce = bounce_of(code, text) if code else Bounce.HARD
    found = _detected(mail.message) or ([(code.startswith("5"), "")] if code else [])
    key, number = key_of_original(mail.message)
    return [
        Returned(
            kind=Kind.BOUNCED if is_permanent else Kind.DEFERRED,
            provider="mail",
            channel="email",
            word="bounce mail",
            at=mail.received_at,
            event_id=f"{mail.name}:{n}",
            message_key=key,
            message_id=number,
            bounce=bounce if is_permanent else None,
            code=code,
            detail=cleaning.anonymous(line, address),
            address=cleaning.email(address),
        )
        for n, (is_permanent, address) in enumerate(found[:100])
    ]


def _detected(message: Message) -> list[tuple[bool, str]]:
    """Return the addresses that failed, and whether for good."""
    try:
        temporary, permanent = all_failures(message)
    except ODD:  # some detectors stumble over mails that are not theirs
        return []
    told = [(True, one) for one in permanent] + [(False, one) for one in temporary]
    return sorted((is_permanent, address.decode("ascii", "replace")) for is_permanent, address in told)


def _other(mail: Mail, word: str) -> Returned:
    key, number = key_of_original(mail.message)
    return Returned(
        kind=Kind.OTHER,
        provider="mail",
        channel="email",
        word=word,
        at=mail.received_at,
        event_id=mail.name,
        message_key=key,
        message_id=number,
        address=_sender(mail.message),
    )


def _answer(mail: Mail) -> Returned:
    key, number = key_of_original(mail.message)
    text = _own_words(text_of(mail.message))
    left = LEAVES.search(" ".join(header(mail.message, name) for name in ("Delivered-To", "X-Original-To", "To")))
    answers = (answer_of(one) for one in (text, text.partition("\n")[0], _bare_subject(mail.message)))
    answer = next((one for one in answers if one is not Answer.OTHER), Answer.OTHER)
    return Returned(
        kind=Kind.UNSUBSCRIBED if left else Kind.REPLIED,
        provider="mail",
        channel="email",
        word="mail to leave" if left else "answer",
        at=mail.received_at,
        event_id=mail.name,
        message_key=left[2].lower() if left else key,
        message_id=number,
        answer=None if left else answer,
        detail="a mail to the address for leaving" if left else "",
        address=_sender(mail.message),
        text=text[:10_000],
    )


def _own_words(text: str) -> str:
    """Return what somebody wrote above what they quote."""
    lines: list[str] = []
    for line in text.splitlines():
        if QUOTE.match(line.strip()):
            break
        lines.append(line.rstrip())
    return "\n".join(lines).strip()


def _bare_subject(message: Message) -> str:
    subject = header(message, "Subject")
    # The subject of an answer is ours.
    return "" if re.match(r"(re|aw|sv|antw)\s*:", subject, re.IGNORECASE) else subject


def _sender(message: Message) -> str:
    return cleaning.email(parseaddr(header(message, "From"))[1])
