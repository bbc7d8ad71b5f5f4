"""The worker that hands messages over: claim, ask the gate, render, deliver, write down what became of each."""

import logging
import os
import secrets
import socket
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Literal, Protocol

from django.db import transaction

from regulars.messaging.letters import Channel, Letter, Outcome, State
from regulars.messaging.outbox import holding, retrying
from regulars.messaging.outbox.holding import Held, Put

BATCH = 500
UNWRITTEN = 100  # outcomes that wait at most for the next dot to be written together with it
log = logging.getLogger("regulars.messaging")


@dataclass(frozen=True)
class Decision:
    """What the gate says of a message: send, defer until an instant, or refuse; with the reason's code."""

    kind: Literal["send", "defer", "refuse"]
    reason: str = ""
    at: datetime | None = None


class Gate(Protocol):
    """Who decides. Both questions are asked of many messages at once."""

    def decisions(self, held: Sequence[Held], now: datetime) -> Sequence[Decision]:
        """Decide on each message, in their order."""
        ...

    def last_word(self, held: Sequence[Held], now: datetime) -> Mapping[str, str]:
        """Return the reasons, by key, of messages that may not go after all; asked in the transaction of the dot mark."""
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


def run_once(now: datetime, delivery: Delivery) -> int:
    """Take up what was left behind, then hand over what is due, channel by channel; return how many messages moved."""
    moved = holding.sweep(delivery.idempotent_routes, now)
    while found := holding.claim(list(delivery.channels), delivery.worker, BATCH, delivery.clock()):
        moved += len(found)
        going = _allowed(delivery, found)
        for name, channel in delivery.channels.items():
            Round(delivery, channel).run([one for one in going if one.channel == name])
    return moved


def _allowed(delivery: Delivery, held: Sequence[Held]) -> list[Held]:
    """Return the messages that may go; write down why the others may not, or not yet."""
    now = delivery.clock()
    said = list(zip(held, delivery.gate.decisions(held, now), strict=True))
    puts = [_put(one, decision) for one, decision in said if decision.kind != "send"]
    with transaction.atomic():
        holding.put(puts, delivery.worker, now)
    return [one for one, decision in said if decision.kind == "send"]


def _put(one: Held, decision: Decision) -> Put:
    if decision.kind == "defer":
        return Put(one, State.DEFERRED, decision.reason, due_at=decision.at)
    return Put(one, State.REFUSED, decision.reason)


class Round:
    """One claimed batch on its way through one channel."""

    def __init__(self, delivery: Delivery, channel: Channel) -> None:
        self._delivery, self._channel, self._worker = delivery, channel, delivery.worker
        self._held: dict[str, Held] = {}
        self._letters: dict[str, Letter] = {}
        self._unwritten: list[Put] = []

    def run(self, held: Sequence[Held]) -> None:
        """Bring every message of the batch to its next state; one that is lost to another worker is left to it."""
        for one, written in self._delivery.renderer.letters(held, self._delivery.clock()):
            if isinstance(written, Letter):
                self._held[one.key], self._letters[one.key] = replace(one, to=written.to), written
            else:
                self._unwritten.append(Put(one, State.FAILED, "not_written", written))
        for key, outcome in self._channel.deliver(list(self._letters.values()), self._dot):
            self._unwritten.append(self._ended(key, outcome))
            if len(self._unwritten) >= UNWRITTEN:
                self._write()
        self._write()

    def _dot(self, keys: Sequence[str]) -> frozenset[str]:
        """Commit the marks, with the outcomes that wait, unless the gate's last word or another worker says no."""
        asked = [self._held[key] for key in keys]
        with transaction.atomic():
            now = self._delivery.clock()
            marketing = [one for one in asked if one.is_marketing]
            said_no = self._delivery.gate.last_word(marketing, now) if marketing else {}
            self._write_waiting(now)
            refused = [Put(one, State.REFUSED, said_no[one.key]) for one in asked if one.key in said_no]
            holding.put(refused, self._worker, now)
            going = [one for one in asked if one.key not in said_no]
            marked = holding.dot(going, self._worker, self._channel.name, now)
        self._unwritten.clear()
        return marked

    def _ended(self, key: str, outcome: Outcome) -> Put:
        held = self._held[key]
        if outcome.state != State.DEFERRED:
            return holding.put_outcome(held, outcome, None)
        due_at = retrying.next_try(self._letters[key], outcome, held.attempts + 1, self._delivery.clock())
        if due_at is None:
            return Put(held, State.FAILED, "given_up", outcome.detail, outcome.code, outcome.provider_id, is_try=True)
        return holding.put_outcome(held, outcome, due_at)

    def _write(self) -> None:
        if self._unwritten:
            with transaction.atomic():
                self._write_waiting(self._delivery.clock())
            self._unwritten.clear()

    def _write_waiting(self, now: datetime) -> None:
        holding.put(self._unwritten, self._worker, now)
