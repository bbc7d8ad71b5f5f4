"""From a provider's event to ours by way of django-anymail, which knows the words of many and calls them by one vocabulary.

Its view classes are asked for the translation alone: nothing of their HTTP, settings or warnings takes part.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from importlib import import_module
from typing import Any

from anymail.exceptions import AnymailError
from anymail.signals import EventType

from regulars.messaging.returns import cleaning
from regulars.messaging.returns.bodies import Json, under
from regulars.messaging.returns.returned import Kind, Returned
from regulars.messaging.returns.rules import bounces
from regulars.messaging.returns.rules.bounces import Bounce

KINDS = {
    EventType.QUEUED: Kind.SENT,
    EventType.SENT: Kind.SENT,
    EventType.DELIVERED: Kind.DELIVERED,
    EventType.DEFERRED: Kind.DEFERRED,
    EventType.BOUNCED: Kind.BOUNCED,
    EventType.REJECTED: Kind.FAILED,
    EventType.FAILED: Kind.FAILED,
    EventType.OPENED: Kind.OPENED,
    EventType.CLICKED: Kind.CLICKED,
    EventType.COMPLAINED: Kind.COMPLAINED,
    EventType.UNSUBSCRIBED: Kind.UNSUBSCRIBED,
}
# Whatever a translation stumbles over in an event that is not what its provider documents.
ODD = (LookupError, TypeError, AttributeError, ValueError, ArithmeticError, OSError, RecursionError, AnymailError)


@dataclass(frozen=True, kw_only=True)
class Hints:
    """What one provider says beyond the common vocabulary; a bounce that is None is found by code and words."""

    word: str = ""
    bounce: Bounce | None = None
    code: str = ""
    told_machine: str = ""
    event_id: str = ""
    message_id: str = ""
    provider_id: str = ""
    headers: Mapping[str, Json] | None = None


@dataclass(frozen=True)
class Provider:
    """One provider's name, where django-anymail keeps its words, and what the provider says beyond them."""

    name: str
    view: str
    hints: Callable[[Any], Hints]


@cache
def translator(view: str) -> Any:
    """Return a view of anymail that only translates: made without its constructor, which asks for settings and keys."""
    module, _, name = view.rpartition(".")
    made = getattr(import_module(f"anymail.webhooks.{module}"), name)
    return made.__new__(made)


def translated(
    provider: Provider, event: Any, ask: Callable[[Any], Iterable[Any]], received_at: datetime
) -> list[Returned]:
    """Return what an event tells; one that its provider never wrote so is kept as other, with its word where it has one."""
    try:
        hints = provider.hints(event)
        return [_returned(provider, told, hints, received_at) for told in ask(translator(provider.view))]
    except ODD as problem:
        return [unreadable(provider.name, event, received_at, type(problem).__name__)]


def unreadable(provider: str, event: object, received_at: datetime, why: str) -> Returned:
    """Return an event of which nothing is understood but that it came."""
    word = cleaning.plain(under(event).get("event") or under(event).get("type"), 60) or "unreadable"
    return Returned(
        kind=Kind.OTHER,
        provider=provider,
        channel="email",
        word=word,
        at=received_at,
        event_id=cleaning.digest(provider, repr(event)),
        detail=f"An event that is not as {provider} describes it ({why}).",
    )


def _returned(provider: Provider, told: Any, hints: Hints, received_at: datetime) -> Returned:
    kind = KINDS.get(told.event_type, Kind.OTHER)
    address = cleaning.email(told.recipient)
    said = " ".join(text for part in (told.mta_response, told.description) if (text := cleaning.plain(part)))
    code = hints.code or bounces.codes(said)
    message_id = cleaning.message_id(hints.message_id or told.message_id)
    provider_id = cleaning.plain(hints.provider_id, 200) or message_id
    word = cleaning.plain(hints.word or told.event_type, 60)
    url, at = cleaning.plain(told.click_url, 2_000), cleaning.instant(told.timestamp, received_at)
    named = cleaning.plain(hints.event_id or told.event_id, 200)
    return Returned(
        kind=kind,
        provider=provider.name,
        channel="email",
        word=word,
        at=at,
        event_id=named or cleaning.digest(provider.name, word, provider_id, told.timestamp, url),
        message_key=cleaning.key_of(hints.headers) or cleaning.key_of(told.metadata, [message_id]),
        message_id=message_id if "@" in message_id else "",
        provider_id=provider_id,
        bounce=(hints.bounce or bounces.bounce_of(code, said)) if kind is Kind.BOUNCED else None,
        code=code,
        reason=cleaning.plain(told.reject_reason, 40),
        detail=cleaning.anonymous(said, address),
        url=url if kind is Kind.CLICKED else "",
        user_agent=cleaning.plain(told.user_agent),
        told_machine=hints.told_machine,
        address=address,
    )
