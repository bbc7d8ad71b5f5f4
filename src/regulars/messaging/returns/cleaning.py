"""Foreign values made harmless: texts without control characters and addresses, instants with a zone, keys that are keys."""

import hashlib
import re
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

DETAIL = 500
MASK = "…"
# Names under which a message's key travels as a provider's metadata or as a header.
KEY_NAMES = ("regularsmessage", "xregularsmessage", "regularskey", "messagekey")
_KEY = re.compile(r"[0-9a-f]{32}")
_BESIDE_AN_ADDRESS = r"[^\s<>\"'(),;:@]"
_ADDRESS = re.compile(rf"{_BESIDE_AN_ADDRESS}{{1,128}}(?:@|=40|%40){_BESIDE_AN_ADDRESS}{{1,255}}")
_PHONE = re.compile(r"\+?\d{8,}")
_EARLIEST = datetime(2000, 1, 1, tzinfo=UTC)


def plain(value: object, limit: int = DETAIL) -> str:
    """Return a text or a number as one line that every store can keep; blank for anything else.

    >>> plain(" two\\nlines\\x00 "), plain(550), plain(["a"]), plain(None), plain("half\\ud800")
    ('two lines', '550', '', '', 'half?')
    """
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return ""
    try:
        text = str(value)[: 4 * limit]
    except ValueError:  # a number of more digits than Python writes
        return ""
    printable = "".join(letter if letter.isprintable() else " " for letter in text.encode("utf-8", "replace").decode())
    return " ".join(printable.split())[:limit]


def anonymous(value: object, *addresses: str) -> str:
    """Return a text without e-mail addresses and phone numbers, 500 characters at most.

    >>> anonymous("550 <ann@example.com>: bounce+ann=40example.com@x.io or +1 415 unknown; call 4915112345678")
    '550 <…>: … or +1 415 unknown; call …'
    """
    text = plain(value, 4 * DETAIL)
    for address in addresses:
        text = text.replace(address, MASK) if address else text
    return _PHONE.sub(MASK, _ADDRESS.sub(MASK, text))[:DETAIL]


def instant(value: object, received_at: datetime) -> datetime:
    """Return a provider's instant with its zone, UTC where it names none; when we heard of it where it cannot be true.

    >>> heard = datetime(2026, 3, 1, tzinfo=UTC)
    >>> instant(datetime(2026, 2, 28), heard), instant(datetime(1970, 1, 1), heard) == heard, instant("soon", heard) == heard
    (datetime.datetime(2026, 2, 28, 0, 0, tzinfo=datetime.timezone.utc), True, True)
    """
    if not isinstance(value, datetime):
        return received_at
    try:
        aware = (value if value.tzinfo else value.replace(tzinfo=UTC)).astimezone(UTC)
    except (OverflowError, ValueError):
        return received_at
    return aware if _EARLIEST <= aware <= received_at + timedelta(days=1) else received_at


def seconds(value: object, received_at: datetime) -> datetime:
    """Return an instant from Unix seconds, as a number or as text.

    >>> seconds("1767225600", datetime(2026, 3, 1, tzinfo=UTC))
    datetime.datetime(2026, 1, 1, 0, 0, tzinfo=datetime.timezone.utc)
    """
    try:
        return instant(datetime.fromtimestamp(float(value), UTC), received_at)  # type: ignore[arg-type]
    except (TypeError, ValueError, OverflowError, OSError):
        return received_at


def iso(value: object, received_at: datetime) -> datetime:
    """Return an instant from its ISO 8601 text."""
    try:
        return instant(datetime.fromisoformat(value), received_at)  # type: ignore[arg-type]
    except (TypeError, ValueError):
        return received_at


def message_id(value: object) -> str:
    """Return a Message-ID without its angle brackets.

    >>> message_id(" <7@example.com> ")
    '7@example.com'
    """
    return plain(value, 300).strip("<> ")


def key_of(metadata: object, message_ids: Iterable[str] = ()) -> str:
    """Return the message's key from metadata or headers, else from the local part of a Message-ID; blank where none is.

    >>> key_of({"X-Regulars-Message": "0123456789abcdef0123456789abcdef"})
    '0123456789abcdef0123456789abcdef'
    >>> key_of({}, ["fedcba9876543210fedcba9876543210@shop.example"])
    'fedcba9876543210fedcba9876543210'
    """
    told: Mapping[Any, Any] = metadata if isinstance(metadata, Mapping) else {}
    for name, value in told.items():
        if re.sub(r"[-_]", "", plain(name, 100)).lower() in KEY_NAMES and (found := a_key(value)):
            return found
    return next((found for one in message_ids if (found := a_key(one.partition("@")[0]))), "")


def a_key(value: object) -> str:
    """Return a value that is a message's key, blank for anything else."""
    text = plain(value, 100)
    return text if _KEY.fullmatch(text) else ""


def email(value: object) -> str:
    """Return an e-mail address in lower case, blank for what is none.

    >>> email("Ann@Example.com"), email("ann")
    ('ann@example.com', '')
    """
    text = plain(value, 320).strip("<> ").lower()
    return text if re.fullmatch(r"[^@\s]+@[^@\s]+", text) else ""


def phone(value: object) -> str:
    """Return a phone number in E.164, blank for what is none.

    >>> phone("whatsapp:+15551234567"), phone("15551234567"), phone("SHOP")
    ('+15551234567', '+15551234567', '')
    """
    digits = plain(value, 40).removeprefix("whatsapp:").removeprefix("+")
    return f"+{digits}" if re.fullmatch(r"[1-9]\d{6,14}", digits, re.ASCII) else ""


def digest(*parts: object) -> str:
    """Return 32 hex digits that name an event whose provider gives it no name; the same parts make the same name."""
    return hashlib.sha256("\x1f".join(map(str, parts)).encode("utf-8", "surrogatepass")).hexdigest()[:32]
