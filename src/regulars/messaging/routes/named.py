"""Whom letters come from: a provider sends for addresses and numbers that it knows, so the route's word counts."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from regulars.messaging.letters import Channel, Dot, Letter, Outcome

SENDER = ("sender", "sender_name", "reply_to")


def named(channel: Channel, settings: Mapping[str, str]) -> Channel:
    """Return a channel whose letters come from whom the route's settings name; where those are blank, the letter's own stay."""
    told = {name: value for name in SENDER if (value := settings.get(name, ""))}
    return Named(channel, told) if told else channel


class Named:
    """A channel that puts its route's sender into each letter."""

    def __init__(self, inner: Channel, told: Mapping[str, str]) -> None:
        self.inner = inner
        self._told: dict[str, Any] = dict(told)
        self.name, self.channel = inner.name, inner.channel
        self.is_idempotent, self.lanes = inner.is_idempotent, inner.lanes

    def deliver(self, letters: Sequence[Letter], dot: Dot) -> Iterator[tuple[str, Outcome]]:
        """Hand letters over by the channel within."""
        return self.inner.deliver([replace(letter, **self._told) for letter in letters], dot)
