"""Header lines by RFC 5322 and 2047: cleaned, encoded where ASCII is not enough, folded."""

import re
from binascii import b2a_base64
from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import format_datetime
from functools import lru_cache

from regulars.messaging.channels.mails.addresses import Unsendable

WIDTH = 76  # RFC 2047 for lines with encoded words; the others may have 78
LONGEST_WORD = 900  # what cannot be folded has to fit a line of 998 octets with its name

# What the mail itself sets, or what would change who it is from and for.
OWN = frozenset(
    [
        "bcc",
        "cc",
        "content-transfer-encoding",
        "content-type",
        "date",
        "dkim-signature",
        "from",
        "message-id",
        "mime-version",
        "received",
        "reply-to",
        "return-path",
        "sender",
        "subject",
        "to",
        "x-regulars-message",
    ]
)

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9-]{0,69}")
_BREAKS = {0: " ", 10: " ", 13: " "}
_FOLD = "\r\n "


def cleaned(value: str) -> str:
    """Return a value that stays on its line, whatever somebody put into it.

    >>> cleaned("Hello\\r\\nBcc: everybody")
    'Hello  Bcc: everybody'
    """
    return value if value.isprintable() else value.translate(_BREAKS)


def unstructured(name: str, value: str) -> str:
    """Return free text as the value of header `name`, such as a subject.

    >>> unstructured("Subject", "Your parcel is on its way")
    'Your parcel is on its way'
    >>> unstructured("Subject", "Grüße")
    '=?utf-8?b?R3LDvMOfZQ==?='
    """
    value = cleaned(value)
    return (_folded(name, value) if _is_plain(value) else None) or encoded(value, len(name) + 2)


def mailbox_list(name: str, display: str, address: str) -> str:
    """Return one person as the value of header `name`; display is blank for none.

    >>> mailbox_list("To", 'Ann "A" Lee', "ann@shop.example")
    '"Ann \\\\"A\\\\" Lee" <ann@shop.example>'
    """
    display = " ".join(cleaned(display).split())
    if not display:
        return address
    if _is_plain(display) and len(display) <= 60:
        phrase = '"' + display.replace("\\", "\\\\").replace('"', '\\"') + '"'
    else:
        phrase = encoded(display, len(name) + 2)
    apart = " " if len(name) + len(phrase) + len(address) < WIDTH - 5 and "\r" not in phrase else _FOLD
    return f"{phrase}{apart}<{address}>"


def brought(headers: Mapping[str, str]) -> str:
    """Return a letter's own headers as lines, or raise Unsendable for one that it must not bring."""
    _fit(tuple(headers))
    return "".join([f"{name}: {_brought_value(name, value)}\r\n" for name, value in headers.items()])


@lru_cache(maxsize=256)  # all letters of one kind bring the same
def _fit(names: tuple[str, ...]) -> None:
    seen = set()
    for name in names:
        small = name.lower()
        if not _NAME.fullmatch(name) or small in OWN or small in seen:
            raise Unsendable(f"A letter cannot bring the header {cleaned(name)[:70]!r}; leave it out.")
        seen.add(small)


@lru_cache(maxsize=1024)  # most are the same in every mail of a broadcast
def _brought_value(name: str, value: str) -> str:
    """Fold a value whose parts mean something; only free text may be encoded."""
    value = " ".join(cleaned(value).split(" ")).strip(" ")
    if not (value.isascii() and value.isprintable()):
        return encoded(value, len(name) + 2)
    folded = _folded(name, re.sub(" +", " ", value))
    if folded is None:
        raise Unsendable(f"The header {name} has a word of more than {LONGEST_WORD} signs; make it shorter.")
    return folded


@lru_cache(maxsize=1024)
def date(instant: datetime) -> str:
    """Return an instant for the Date header, whole seconds in UTC.

    >>> date(datetime(2024, 6, 1, 12, tzinfo=UTC))
    'Sat, 01 Jun 2024 12:00:00 +0000'
    """
    return format_datetime(instant.astimezone(UTC))


def encoded(value: str, indent: int) -> str:
    """Return encoded words, each on a line of its own; indent is how much stands on the first line already."""
    data = value.encode("utf-8", "replace")
    words, start, room = [], 0, max(WIDTH - indent, 24)
    while start < len(data):
        end = start + (room - 12) // 4 * 3
        while end < len(data) and data[end] & 0xC0 == 0x80:  # no sign is torn apart
            end -= 1
        words.append("=?utf-8?b?" + b2a_base64(data[start:end], newline=False).decode("ascii") + "?=")
        start, room = end, WIDTH - 1
    return _FOLD.join(words)


def _is_plain(value: str) -> bool:
    return value.isascii() and value.isprintable() and "=?" not in value and value == value.strip(" ")


def _folded(name: str, value: str) -> str | None:
    """Break a value at its blanks, or return None when that cannot be."""
    if len(name) + 2 + len(value) <= 78:
        return value
    lines, room = [""], 78 - len(name) - 2
    for word in value.split(" "):
        if not word or len(word) > LONGEST_WORD:
            return None
        if lines[-1] and len(lines[-1]) + 1 + len(word) > room:
            lines.append(word)
            room = 77
        else:
            lines[-1] += f" {word}" if lines[-1] else word
    return _FOLD.join(lines)
