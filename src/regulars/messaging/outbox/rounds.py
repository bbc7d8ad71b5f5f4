"""One claimed batch on its way through one channel: everything that is written down about it, and the thread that waits for it."""

import queue
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from regulars.messaging.browsers import keeping as browsers
from regulars.messaging.letters import Channel, Letter, Outcome, State
from regulars.messaging.outbox import holding, retrying
from regulars.messaging.outbox.holding import Held, Put
from regulars.messaging.outbox.needs import Delivery

# Outcomes that wait at most for the next dot to be written together with it: whoever is killed forgets no more of them than may be
# under way anyway.
UNWRITTEN = 100


class Round:
    """The letters of one batch for one channel, and what is known of them so far. It stays in the thread of the database."""

    def __init__(self, delivery: Delivery, channel: Channel, held: Sequence[Held]) -> None:
        self.channel = channel
        self._delivery, self._worker = delivery, delivery.worker
        self._held: dict[str, Held] = {}
        self._letters: dict[str, Letter] = {}
        self._unwritten: list[Put] = []
        for one, written in delivery.renderer.letters(held, delivery.clock()):
            if isinstance(written, Letter):
                self._held[one.key] = one if one.to == written.to else one._replace(to=written.to)
                self._letters[one.key] = written
            else:
                self._unwritten.append(Put(one, State.FAILED, "not_written", written))

    @property
    def letters(self) -> list[Letter]:
        return list(self._letters.values())

    def run(self) -> None:
        """Bring every message of the batch to its next state, here and now."""
        for key, outcome in self.channel.deliver(self.letters, self.dot):
            self.note(key, outcome)
        self.write()

    def dot(self, keys: Sequence[str]) -> frozenset[str]:
        """Commit the marks, with the outcomes that wait, unless the gate's last word or another worker says no."""
        asked = [self._held[key] for key in keys]
        with transaction.atomic():
            now = self._delivery.clock()
            marketing = [one for one in asked if one.is_marketing]
            said_no = self._delivery.gate.last_word(marketing, now) if marketing else {}
            wait = self._delivery.gate.not_yet([one for one in marketing if one.key not in said_no], now)
            self._write_waiting(now)
            stay = [Put(one, State.REFUSED, said_no[one.key]) for one in asked if one.key in said_no]
            stay += [wait[one.key].put(one) for one in asked if one.key in wait]
            holding.put(stay, self._worker, now)
            going = [one for one in asked if one.key not in said_no and one.key not in wait]
            marked = holding.dot(going, self._worker, self.channel.name, now)
        self._unwritten.clear()
        return marked

    def note(self, key: str, outcome: Outcome) -> None:
        """Keep an outcome; it is written with the next dot, or when enough wait."""
        self._unwritten.append(self._ended(key, outcome))
        if len(self._unwritten) >= max(UNWRITTEN, self.channel.lanes):
            self.write()

    def write(self) -> None:
        """Write the outcomes that wait; one that is lost to another worker is left to it."""
        if self._unwritten:
            with transaction.atomic():
                self._write_waiting(self._delivery.clock())
            self._unwritten.clear()

    def _ended(self, key: str, outcome: Outcome) -> Put:
        held = self._held[key]
        if outcome.state != State.DEFERRED:
            return holding.put_outcome(held, outcome, None)
        due_at = retrying.next_try(self._letters[key], outcome, held.attempts + 1, self._delivery.clock())
        if due_at is None:
            return Put(held, State.FAILED, "given_up", outcome.detail, outcome.code, outcome.provider_id, is_try=True)
        return holding.put_outcome(held, outcome, due_at)

    def _write_waiting(self, now: datetime) -> None:
        holding.put(self._unwritten, self._worker, now)
        if self.channel.channel == "push":
            browsers.heard([(one.held.to, one.state, one.code) for one in self._unwritten], now)


@dataclass(frozen=True)
class Said:
    """What a hand has to tell: it stands before these dots, or this became of a letter, or it is done (and why too early)."""

    hand: "Hand"
    dots: Sequence[str] = ()
    outcome: tuple[str, Outcome] | None = None
    problem: Exception | None = None


class Hand(threading.Thread):
    """Waits for one channel's provider in a thread of its own, so that nobody else does. It knows no database: what is to be
    committed is told, and for its dots it waits until they are."""

    def __init__(self, round_: Round, told: "queue.SimpleQueue[Said]") -> None:
        super().__init__(name=f"hand of {round_.channel.name}", daemon=True)
        self.round, self._told = round_, told
        self._letters = round_.letters
        self._answers: queue.SimpleQueue[frozenset[str] | None] = queue.SimpleQueue()

    def run(self) -> None:
        problem = None
        try:
            for one in self.round.channel.deliver(self._letters, self._dot):
                self._told.put(Said(self, outcome=one))
        except Exception as caught:  # noqa: BLE001  told to whoever runs the hands, when the others are done
            problem = caught
        self._told.put(Said(self, problem=problem))

    def answer(self, going: frozenset[str] | None) -> None:
        """Let these go on; None for nobody any more: whoever could commit their marks has left."""
        self._answers.put(going)

    def _dot(self, keys: Sequence[str]) -> frozenset[str]:
        if not keys:
            return frozenset()
        self._told.put(Said(self, dots=keys))
        going = self._answers.get()
        if going is None:
            raise Left("nobody is there any more to commit a mark")
        return going


class Left(RuntimeError):
    """Whoever ran the hands has left."""
