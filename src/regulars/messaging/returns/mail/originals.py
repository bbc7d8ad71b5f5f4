"""The message that a mail is about: its key, from returned headers, from the address that was written to, or from the text."""

import re
from collections.abc import Iterator
from email import message_from_string
from email.message import Message

from regulars.messaging.returns import cleaning

KEY_HEADER = "X-Regulars-Message"
# Where a copy of the original stands: whole, or its headers alone.
COPIES = ("message/rfc822", "text/rfc822-headers", "message/global", "message/global-headers")
# Where the address stands that this mail was sent to: bounce+<key>@shop.example.
RECIPIENTS = ("Delivered-To", "X-Original-To", "Envelope-To", "To")
MOST_TEXT = 200_000
_IN_ADDRESS = re.compile(r"[+=]([0-9a-f]{32})@")
_IN_TEXT = re.compile(r"(?:X-Regulars-Message:\s*|Message-ID:\s*<)([0-9a-f]{32})\b", re.IGNORECASE)
_IN_REFERENCES = re.compile(r"<([0-9a-f]{32})@")


def parts(mail: Message) -> Iterator[Message]:
    """Yield the mail's parts, nested ones too, ten thousand at most: nobody's bounce has more."""
    for n, part in enumerate(mail.walk()):
        if n == 10_000:
            return
        yield part


def header(mail: Message, name: str) -> str:
    """Return a header as one line of text, blank where there is none."""
    return cleaning.plain(str(mail.get(name, "")), 2_000)


def key_of_original(mail: Message) -> tuple[str, str]:
    """Return the key and the Message-ID of the message that this mail returns or answers; blank what is not told."""
    for part in parts(mail):
        if part.get_content_type() in COPIES:
            found = _of_copy(part)
            if any(found):
                return found
    written_to = " ".join(header(mail, name) for name in RECIPIENTS)
    references = f"{header(mail, 'In-Reply-To')} {header(mail, 'References')}"
    key = _first(_IN_ADDRESS, written_to) or _first(_IN_REFERENCES, references) or _first(_IN_TEXT, text_of(mail))
    return key, cleaning.message_id(header(mail, "In-Reply-To").split(" ")[0])


def text_of(mail: Message) -> str:
    """Return the plain text of a mail, of its HTML where it has none, without the tags."""
    texts = {"text/plain": "", "text/html": ""}
    for part in parts(mail):
        kind = part.get_content_type()
        if kind in texts and not texts[kind] and not part.is_multipart():
            texts[kind] = _decoded(part)[:MOST_TEXT]
    return texts["text/plain"] or re.sub(r"<[^<>]{0,5000}>", " ", texts["text/html"])


def _of_copy(part: Message) -> tuple[str, str]:
    inner = part.get_payload()
    # A nested message is a list of one; headers alone are text.
    copy = inner[0] if isinstance(inner, list) and inner else None
    if not isinstance(copy, Message):
        copy = message_from_string(_decoded(part)[:MOST_TEXT])
    number = cleaning.message_id(header(copy, "Message-ID"))
    return cleaning.key_of({KEY_HEADER: header(copy, KEY_HEADER)}, [number]), number


def _decoded(part: Message) -> str:
    """Return a part's text in whatever encoding; what does not fit is replaced."""
    raw = part.get_payload(decode=True)
    if not isinstance(raw, bytes):
        return ""
    try:
        return raw.decode(part.get_content_charset() or "utf-8", "replace")
    except (LookupError, ValueError):
        return raw.decode("utf-8", "replace")


def _first(pattern: re.Pattern[str], text: str) -> str:
    found = pattern.search(text)
    return found[1].lower() if found else ""
