"""What handing over needs: who decides, who writes, by which channels."""

import os
import secrets
import socket
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal, Protocol

from regulars.messaging.letters import Channel, Letter, State
from regulars.messaging.outbox.holding import Held, Put


@dataclass(frozen=True)
class Decision:
    """What the gate says of a message: send, defer until an instant, or refuse; with the reason's code."""

    kind: Literal["send", "defer", "refuse"]
    reason: str = ""
    at: datetime | None = None

    def put(self, one: Held) -> Put:
        """Return what is written of a message that stays."""
        if self.kind == "defer":
            return Put(one, State.DEFERRED, self.reason, due_at=self.at)
        return Put(one, State.REFUSED, self.reason)


class Gate(Protocol):
    """Who decides. All questions are asked of many messages at once."""

    def decisions(self, held: Sequence[Held], now: datetime) -> Sequence[Decision]:
        """Decide on each message, in their order."""
        ...

    def last_word(self, held: Sequence[Held], now: datetime) -> Mapping[str, str]:
        """Return the reasons, by key, of messages that may not go after all; asked in the transaction of the dot mark."""
        ...

    def not_yet(self, held: Sequence[Held], now: datetime) -> Mapping[str, Decision]:
        """Return when to ask again, by key, of messages that must wait after all; asked in the transaction of the dot mark."""
        ...


class Renderer(Protocol):
    """Who writes the letters."""

    def letters(self, held: Sequence[Held], now: datetime) -> Iterator[tuple[Held, Letter | str]]:
        """Yield each message with its letter, or with the sentence that says why there is none."""
        ...


@dataclass(frozen=True)
class Delivery:
    """What a delivering worker needs; clock is asked where seconds count: behind a lease and before a dot."""

    channels: Mapping[str, Channel]
    gate: Gate
    renderer: Renderer
    clock: Callable[[], datetime]
    worker: str = field(default_factory=lambda: f"{socket.gethostname()[:40]}:{os.getpid()}:{secrets.token_hex(4)}")

    @property
    def idempotent_routes(self) -> list[str]:
        return [one.name for one in self.channels.values() if one.is_idempotent]
