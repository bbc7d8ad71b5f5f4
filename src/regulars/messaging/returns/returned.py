"""What came back about a message, in our words: the raw request, what it tells, and the two ways in which it can be wrong."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from urllib.parse import parse_qs, urlsplit

from regulars.messaging.returns.rules.answers import Answer
from regulars.messaging.returns.rules.bounces import Bounce


class BadSignature(ValueError):
    """A request that does not prove that it comes from the provider. Nothing of it may be read."""


class CannotRead(ValueError):
    """A request or a mail that cannot be read at all; the message says what is wrong with it."""


@dataclass(frozen=True, kw_only=True)
class RawRequest:
    """A request as it arrived. url is the one the provider called: public scheme, host and query; body is untouched."""

    method: str = "POST"
    url: str
    headers: Mapping[str, str]
    body: bytes
    received_at: datetime

    def header(self, name: str) -> str:
        """Return a header whatever its case, blank where there is none."""
        return next((value for key, value in self.headers.items() if key.lower() == name.lower()), "")

    def query(self) -> dict[str, str]:
        """Return what stands behind the question mark of the address, the first of several values; empty where it is none."""
        try:
            found = parse_qs(urlsplit(self.url).query, keep_blank_values=True)
        except ValueError:
            return {}
        return {name: values[0] for name, values in found.items()}


class Kind(StrEnum):
    """What happened. A word that nobody knows is other: it is kept and counted."""

    SENT = "sent"
    DELIVERED = "delivered"
    DEFERRED = "deferred"
    BOUNCED = "bounced"
    FAILED = "failed"
    OPENED = "opened"
    CLICKED = "clicked"
    COMPLAINED = "complained"
    UNSUBSCRIBED = "unsubscribed"
    REPLIED = "replied"
    OTHER = "other"


@dataclass(frozen=True, kw_only=True)
class Returned:
    """One thing that came back. word is the provider's own for it; event_id is the same however often it is told.

    A message is known by message_key (32 hex digits), else by message_id (without angle brackets) or provider_id.
    address and text are people's: they serve suppression and the reading of answers, and stay out of facts and logs.
    """

    kind: Kind
    provider: str
    channel: str
    word: str
    at: datetime
    event_id: str
    message_key: str = ""
    message_id: str = ""
    provider_id: str = ""
    bounce: Bounce | None = None
    code: str = ""
    reason: str = ""  # why a provider refused: invalid, bounced, blocked, spam, unsubscribed, timed_out, other
    detail: str = ""
    url: str = ""
    user_agent: str = ""
    told_machine: str = ""  # what the provider said of a machine behind an open or a click
    answer: Answer | None = None
    address: str = field(default="", repr=False)
    text: str = field(default="", repr=False)
