"""A letter as a mail: put together by hand, because the standard library makes hundreds a second where we need thousands."""

import re
from binascii import b2a_base64, b2a_qp
from functools import lru_cache
from typing import NamedTuple

from regulars.messaging.channels.mails import headers
from regulars.messaging.channels.mails.addresses import Unsendable, mailbox
from regulars.messaging.letters import Letter

LONGEST_LINE = 990  # RFC 5322 allows 998; a stuffed dot and a careless relay need room

WIDTH = 76  # RFC 2045, 6.7
MOST_SIGNS = 16  # that are each replaced in one go; a text in another script has more

_KEY = re.compile(r"[0-9A-Za-z-]{1,64}")
_CONTROLS = bytes(set(range(32)) - {9, 10}) + b"\x7f"
_AS_IT_IS = bytes((9, 10, *range(32, 127)))
# 73 bytes and at most two more that begin nothing: so no =XX is torn apart, wherever in it the 73 end.
_CUT = re.compile(rb".{73}[^=]{0,2}|.+", re.DOTALL)


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
    return Mail(envelope, to, head.encode() + _body(letter), is_international)


@lru_cache(maxsize=256)
def _sender(address: str) -> str:
    if not address:
        raise Unsendable("The letter has no sender; set the address that your mails come from.")
    return mailbox(address)


@lru_cache(maxsize=256)
def _from(name: str, address: str) -> str:
    return headers.mailbox_list("From", name, address)


def _body(letter: Letter) -> bytes:
    if letter.text and letter.html:
        boundary = f"=_{letter.key}".encode()
        text, html = _part("plain", letter.text, boundary), _part("html", letter.html, boundary)
        return b"".join(
            (
                b'Content-Type: multipart/alternative; boundary="%b"\r\n\r\n--%b\r\n' % (boundary, boundary),
                text,
                b"\r\n--%b\r\n" % boundary,
                html,
                b"\r\n--%b--\r\n" % boundary,
            )
        )
    if not (letter.text or letter.html):
        raise Unsendable("The letter has neither text nor HTML; write one.")
    part = _part("html", letter.html, b"") if letter.html else _part("plain", letter.text, b"")
    return part if part.endswith(b"\r\n") else part + b"\r\n"


def _part(kind: str, text: str, boundary: bytes) -> bytes:
    """Return a part in seven bits, whatever is in it: relays that change eight bits would break signatures."""
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    data = text.encode("utf-8", "replace")
    if _is_seven_bit(text, data) and not (boundary and boundary in data):
        encoding, body = b"7bit", data.replace(b"\n", b"\r\n")
    elif len(data) - len(text) > len(text) // 5:
        encoding, body = b"base64", _base64(data.replace(b"\n", b"\r\n"))
    else:
        encoding, body = b"quoted-printable", quoted_printable(data)
    return (
        b"Content-Type: text/%b; charset=utf-8\r\nContent-Transfer-Encoding: %b\r\n\r\n" % (kind.encode(), encoding)
        + body
    )


def _is_seven_bit(text: str, data: bytes) -> bool:
    if not text.isascii() or len(data.translate(None, _CONTROLS)) != len(data):
        return False
    return len(data) <= LONGEST_LINE or max(map(len, data.split(b"\n"))) <= LONGEST_LINE


def quoted_printable(data: bytes) -> bytes:
    """Return quoted-printable: as b2a_qp writes it, which looks at every byte by itself and takes twice as long."""
    signs = set(data.translate(None, _AS_IT_IS))
    if len(signs) > MOST_SIGNS:
        return b2a_qp(data).replace(b"\n", b"\r\n")
    data = data.replace(b"=", b"=3D")
    for sign in signs:
        data = data.replace(bytes((sign,)), b"=%02X" % sign)
    return b"\r\n".join(map(_quoted_line, data.split(b"\n")))


def _quoted_line(line: bytes) -> bytes:
    # What stands blank at a line's end may get lost on the way, and a dot alone may end the mail.
    if line[-1:] in (b" ", b"\t") or line == b".":
        line = line[:-1] + b"=%02X" % line[-1]
    return line if len(line) <= WIDTH else b"=\r\n".join(_CUT.findall(line))


def _base64(data: bytes) -> bytes:
    line = b2a_base64(data, newline=False)
    return b"\r\n".join([line[start : start + 76] for start in range(0, len(line), 76)])
