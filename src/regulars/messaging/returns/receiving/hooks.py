"""The doors at which providers call: the route whose hook it is, the proof over the raw body, then what the body tells."""

import hmac
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cache

import msgspec

from regulars.core import sealing
from regulars.messaging.models import Route
from regulars.messaging.returns.phones import whatsapp
from regulars.messaging.returns.receiving import certificates, taking
from regulars.messaging.returns.receiving.taking import Taken
from regulars.messaging.returns.returned import BadSignature, CannotRead, RawRequest, Returned
from regulars.messaging.returns.table import Door, doors

PURPOSE = "route"  # by which a route's settings are sealed
MOST = 5 * 1024 * 1024


class NoSuchHook(LookupError):
    """Nobody is expected to call here: an unknown provider and a wrong token are told alike."""


class TooLarge(ValueError):
    """A body of more than 5 MB."""


@dataclass(frozen=True)
class Hook:
    """Where a provider calls: its door, and the secrets by which it proves itself, each of them accepted."""

    provider: str
    door: Door
    secrets: Sequence[str]
    verify_tokens: Sequence[str]
    answers_keywords: bool


def receive(provider: str, token: str, asked: RawRequest) -> Taken:
    """Take a provider's request in; when this returns, its facts and all that follows from them are committed.

    Raises NoSuchHook, TooLarge, BadSignature or CannotRead, and then nothing is stored. A repeated request changes nothing.
    """
    hook = _hook(provider, token)
    if len(asked.body) > MOST:
        raise TooLarge(f"the body is bigger than {MOST // (1024 * 1024)} MB; send smaller batches")
    _prove(hook, asked)
    told = [_bounded(one, asked.received_at) for one in hook.door.read(asked)]
    return taking.take(told, taking.By(hook.provider, hook.answers_keywords), asked.received_at)


def handshake(provider: str, token: str, asked: RawRequest) -> str:
    """Return what WhatsApp wants to hear when its webhook is set up; raise NoSuchHook for every other, BadSignature for a wrong word."""
    hook = _hook(provider, token)
    if provider != "whatsapp":
        raise NoSuchHook
    if not hook.verify_tokens:
        raise BadSignature("the route names no verify token; write one into its settings and the same at Meta")
    return whatsapp.challenge(asked, hook.verify_tokens)


def callers() -> frozenset[str]:
    """Return the names that stand in the addresses at which providers call."""
    return frozenset(_doors())


def _hook(provider: str, token: str) -> Hook:
    known = _doors()
    found = None
    for route in Route.objects.all():  # every route is compared, so the time tells nothing about a guess
        if hmac.compare_digest(route.hook.encode(), token.encode("utf-8", "replace")):
            found = route
    if found is None or not found.hook or provider not in known or (found.kind in known and found.kind != provider):
        raise NoSuchHook
    settings = _settings(found)
    secrets = _lines(settings.get("hook_secret", ""))
    if not secrets and provider == "twilio" and not settings.get("api_key"):
        secrets = _lines(settings.get("token", ""))  # without an API key the route sends by what Twilio signs with
    answers = settings.get("hook_answers", "yes") != "no"
    return Hook(provider, known[provider], secrets, _lines(settings.get("hook_verify_token", "")), answers)


def _prove(hook: Hook, asked: RawRequest) -> None:
    if not hook.secrets:
        raise BadSignature(f"the route names no secret to prove this by; write into its settings {hook.door.secret}")
    hook.door.verify(asked, hook.secrets)


def _bounded(told: Returned, received_at: datetime) -> Returned:
    """Return what came back at an instant that has been: a clock that is ahead must not outvote what is said later."""
    return replace(told, at=min(told.at, received_at))


def _settings(route: Route) -> dict[str, str]:
    """Return a route's settings; one whose seal does not open has none, so that nothing is proven by it."""
    try:
        return msgspec.json.decode(sealing.unseal(route.settings, PURPOSE), type=dict[str, str])
    except (sealing.BadSeal, msgspec.DecodeError):
        return {}


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]


@cache
def _doors() -> dict[str, Door]:
    return doors(certificates.fetch)


__all__ = ["MOST", "BadSignature", "CannotRead", "NoSuchHook", "Taken", "TooLarge", "callers", "handshake", "receive"]
