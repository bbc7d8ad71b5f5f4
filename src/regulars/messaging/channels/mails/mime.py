"""A letter as a mail: put together by hand, because the standard library makes hundreds a second where we need thousands."""

import re
from binascii import b2a_base64
from functools import lru_cache
from typing import NamedTuple

from regulars.messaging.channels.mails import headers
from regulars.messaging.channels.mails.addresses import Unsendable, mailbox
from regulars.messaging.channels.mails.quoting import LONGEST_LINE, quoted_pieces, quoted_printable
from regulars.messaging.letters import Letter
from regulars.messaging.templates.markup.anchors import Pieces

_KEY = re.compile(r"[0-9A-Za-z-]{1,64}")
_HEAD = b"Content-Type: text/%b; charset=utf-8\r\nContent-Transfer-Encoding: %b\r\n\r\n"
_CONTROLS = bytes(set(range(32)) - {9, 10}) + b"\x7f"


class Mail(NamedTuple):
    """A mail for one recipient: its envelope and its bytes, all lines ended by CRLF, dots not yet doubled."""

    sender: str
    to: str
    content: bytes
    is_international: bool  # an address needs a server that takes SMTPUTF8


def assemble(letter: Letter, bounces_to: str = "") -> Mail:
    """Make a mail of a letter, or raise Unsendable.

    bounces_to is where failures are reported, {key} in it standing for the letter's key; blank for the letter's sender.
    The same letter gives the same bytes each time.
    """
    key = letter.key
    if not _KEY.fullmatch(key):
        raise Unsendable("The letter's key is no key.")
    to, sender = mailbox(letter.to), _sender(letter.sender)
    reply_to = f"Reply-To: {_sender(letter.reply_to)}\r\n" if letter.reply_to else ""
    head = (
        f"Date: {headers.date(letter.created_at.replace(microsecond=0))}\r\n"
        f"From: {_from(letter.sender_name, sender)}\r\n"
        f"To: {headers.mailbox_list('To', letter.to_name, to)}\r\n"
        f"{reply_to}Subject: {headers.unstructured('Subject', letter.subject)}\r\n"
        f"Message-ID: <{key}@{sender.rpartition('@')[2]}>\r\n"
        f"X-Regulars-Message: {key}\r\n{headers.brought(letter.headers)}MIME-Version: 1.0\r\n"
    )
    envelope = mailbox(bounces_to.replace("{key}", key)) if bounces_to else sender
    is_international = not (head.isascii() and envelope.isascii())
    return Mail(envelope, to, b"".join((head.encode(), *_body(letter))), is_international)


@lru_cache(maxsize=256)
def _sender(address: str) -> str:
    if not address:
        raise Unsendable("The letter has no sender; set the address that your mails come from.")
    return mailbox(address)


@lru_cache(maxsize=256)
def _from(name: str, address: str) -> str:
    return headers.mailbox_list("From", name, address)


def _body(letter: Letter) -> list[bytes]:
    text, page = letter.text, letter.page
    if text and page:
        boundary = f"=_{letter.key}".encode()
        return [
            b'Content-Type: multipart/alternative; boundary="%b"\r\n\r\n--%b\r\n' % (boundary, boundary),
            *_part("plain", text, boundary),
            b"\r\n--%b\r\n" % boundary,
            *_part("html", page, boundary),
            b"\r\n--%b--\r\n" % boundary,
        ]
    if not (text or page):
        raise Unsendable("The letter has neither text nor HTML; write one.")
    part = _part("html", page, b"") if page else _part("plain", text, b"")
    return part if part[-1].endswith(b"\r\n") else [*part, b"\r\n"]


def _part(kind: str, text: str | Pieces, boundary: bytes) -> list[bytes]:
    """Return a part in seven bits, whatever is in it: relays that change eight bits would break signatures."""
    if isinstance(text, Pieces):
        if quoted := quoted_pieces(text):
            return [_HEAD % (kind.encode(), b"quoted-printable"), *quoted]
        text = "".join(text)
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    data = text.encode("utf-8", "replace")
    if _is_seven_bit(text, data) and not (boundary and boundary in data):
        encoding, body = b"7bit", data.replace(b"\n", b"\r\n")
    elif len(data) - len(text) > len(text) // 5:
        encoding, body = b"base64", _base64(data.replace(b"\n", b"\r\n"))
    else:
        encoding, body = b"quoted-printable", quoted_printable(data)
    return [_HEAD % (kind.encode(), encoding), body]


def _is_seven_bit(text: str, data: bytes) -> bool:
    if not text.isascii() or len(data.translate(None, _CONTROLS)) != len(data):
        return False
    return len(data) <= LONGEST_LINE or max(map(len, data.split(b"\n"))) <= LONGEST_LINE


def _base64(data: bytes) -> bytes:
    line = b2a_base64(data, newline=False)
    return b"\r\n".join([line[start : start + 76] for start in range(0, len(line), 76)])
