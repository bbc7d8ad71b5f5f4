"""A letter ready to be handed over, what can become of it, and what a channel is."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, Protocol

from regulars.messaging.templates.markup.anchors import Pieces, Whole

# Commits the mark that the provider may have a letter from now on, after asking the gate for the last time.
# Takes keys; returns those that may go on.
Dot = Callable[[Sequence[str]], frozenset[str]]


class State(StrEnum):
    """Where a message stands."""

    QUEUED = "queued"
    LEASED = "leased"
    DOT = "dot"
    SENT = "sent"
    DEFERRED = "deferred"
    FAILED = "failed"
    UNKNOWN = "unknown"
    REFUSED = "refused"


@dataclass(frozen=True, kw_only=True)
class Letter:
    """What is handed to a channel: rendered and decided. key is 32 hex digits, unique for ever: it makes the Message-ID,
    the header X-Regulars-Message and the idempotency key. An address is an e-mail in lower case or a phone in E.164."""

    key: str
    channel: str
    is_marketing: bool
    to: str
    to_name: str = ""
    sender: str = ""
    sender_name: str = ""
    reply_to: str = ""
    subject: str = ""
    text: str = ""
    html: Whole = Whole()  # noqa: RUF009  # a descriptor: dataclasses know it
    headers: Mapping[str, str] = field(default_factory=dict)
    created_at: datetime

    @property
    def page(self) -> str | Pieces:
        """Its HTML, in pieces where it has some."""
        found: str | Pieces = self.__dict__["html"]
        return found

    def changed(self, **fields: Any) -> "Letter":
        """Return a copy with other values in these fields, as dataclasses.replace does in seven times the time."""
        made = object.__new__(Letter)
        made.__dict__.update(self.__dict__, **fields)
        return made


@dataclass(frozen=True)
class Outcome:
    """What became of a letter: sent, deferred (try again later), failed (never again) or unknown.

    detail is what the provider said, without addresses, 500 characters at most; retry_after are the seconds it asked for.
    """

    state: State
    detail: str = ""
    code: str = ""
    provider_id: str = ""
    retry_after: float | None = None


class Channel(Protocol):
    """One way of handing letters over. A retry on an idempotent one does nothing twice; at most `lanes` letters are between
    dot and outcome at any moment."""

    name: str
    channel: str
    is_idempotent: bool
    lanes: int

    def deliver(self, letters: Sequence[Letter], dot: Dot) -> Iterator[tuple[str, Outcome]]:
        """Hand letters over and yield each one's key and outcome, once, as soon as it is known.

        Right before the provider may accept letters their keys go through dot; those it does not return are dropped without
        an outcome. Before the dot a trouble ends as deferred or failed, behind it as unknown unless the provider said
        something definite. A bad letter disturbs no other; what a provider does never raises.
        """
        ...
