"""Asking for messages: a row is written in the caller's transaction, once per person, name, occurrence and channel."""

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from typing import Any

import msgspec
from django.db import transaction

from regulars.core import bulk
from regulars.messaging.models import Message

COLUMNS = (
    "key", "customer_id", "name", "occurrence", "channel", "is_marketing", "topic", "template", "data", "strength",
    "created_at", "due_at", "good_until", "state", "reason", "detail", "code", "attempts", "worker", "fence", "to", "route",
    "provider_id", "is_told",
)  # fmt: skip
BLANK = ("queued", "", "", "", 0, "", 0)
BLANK_AFTER = ("", "", False)


@dataclass(frozen=True, kw_only=True)
class Request:
    """A message to ask for: name says which one it is, occurrence what it is about (an order, a parcel, a date).

    The same person gets the same name for the same occurrence once on a channel, however often it is asked for. data are the
    template's values: plain ones only. The stronger of two that compete goes first; after good_until it is not sent any more.
    `to` is an address where the person's own is not meant: what somebody typed who is asked to confirm it. Somebody who has no
    number yet is 0.
    """

    customer_id: int
    name: str
    occurrence: str
    channel: str
    template: str
    is_marketing: bool = True
    topic: str = ""
    data: Mapping[str, Any] = field(default_factory=dict)
    strength: int = 50
    due_at: datetime | None = None
    good_until: datetime | None = None
    to: str = ""

    @property
    def key(self) -> str:
        """Return the message's key: 32 hex digits, 128 bits of a digest.

        >>> one = Request(customer_id=7, name="thanks", occurrence="order:A1", channel="sms", template="thank_you")
        >>> one.key, len(one.key)
        ('9eedd8fc27aee70c655fb7c51d362250', 32)
        """
        whole = "\x1f".join((str(self.customer_id), self.name, self.occurrence, self.channel))
        return hashlib.blake2b(whole.encode(), digest_size=16).hexdigest()


def request(asked: Sequence[Request], now: datetime) -> None:
    """Ask for messages inside the caller's transaction: they exist exactly when what the caller decided does."""
    written = cache(bulk.instant)  # thousands asked for at once share a few instants, and writing one takes long
    with transaction.atomic():
        bulk.insert_in_transaction(Message._meta.db_table, COLUMNS, [_row(one, now, written) for one in asked])


def _row(one: Request, now: datetime, written: Callable[[datetime | None], Any]) -> tuple[Any, ...]:
    told = msgspec.json.encode(dict(one.data)).decode()
    about = (one.key, one.customer_id, one.name, one.occurrence, one.channel, one.is_marketing, one.topic, one.template)
    instants = (now, one.due_at or now, one.good_until)
    return (*about, told, one.strength, *map(written, instants), *BLANK, one.to, *BLANK_AFTER)
