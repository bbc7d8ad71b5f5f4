"""The worker that hands messages over: claim, ask the gate, render, deliver, write down what became of each.

Every channel that waits for a provider has a thread for that, and only for that: a slow one holds up no other. All else, and
every word with the database, happens here, in the worker's own thread.
"""

import queue
import time
from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from regulars.messaging.channels.drawer import Drawer
from regulars.messaging.letters import State
from regulars.messaging.outbox import holding
from regulars.messaging.outbox.holding import Held, Put
from regulars.messaging.outbox.needs import Decision, Delivery, Gate, Renderer
from regulars.messaging.outbox.rounds import Hand, Round, Said

__all__ = ["Decision", "Delivery", "Gate", "Renderer", "run_once"]

BATCH = 500
PAUSE = 0.25  # seconds after which what became due meanwhile is looked for, as long as a channel is free


def run_once(now: datetime, delivery: Delivery) -> int:
    """Take up what was left behind, then hand over what is due until nothing is; return how many messages moved.

    While one channel waits for its provider the others go on, also with what becomes due meanwhile.
    """
    moved = holding.sweep(delivery.idempotent_routes, now)
    work = Work(delivery)
    try:
        return moved + work.run()
    finally:
        work.leave()


class Work:
    """What is under way: at most one batch per channel."""

    def __init__(self, delivery: Delivery) -> None:
        self._delivery = delivery
        self._hands: dict[str, Hand] = {}
        self._told: queue.SimpleQueue[Said] = queue.SimpleQueue()
        self._problem: Exception | None = None
        self._looks_at = 0.0

    def run(self) -> int:
        """Hand over until nothing is due and nobody waits; return how many messages moved."""
        moved, n = 0, self._take_up()
        while n or self._hands:
            moved += n
            n = self._take_up() if self._listen() else 0
        if self._problem is not None:
            raise self._problem
        return moved

    def leave(self) -> None:
        """Let hands that still wait go nowhere any more."""
        for hand in self._hands.values():
            hand.answer(None)

    def _take_up(self) -> int:
        """Claim what is due for channels that are free, and begin with it; return how many there were."""
        self._looks_at = time.monotonic() + PAUSE
        free = [name for name in self._delivery.channels if name not in self._hands]
        if not free:
            return 0
        ways = list(self._delivery.channels)
        found = holding.claim(free, self._delivery.worker, BATCH, self._delivery.clock(), ways)
        going = _allowed(self._delivery, found)
        self._give_back([one for one in going if one.channel in self._hands])
        for name in free:
            if some := [one for one in going if one.channel == name]:
                self._begin(name, some)
        return len(found)

    def _begin(self, name: str, held: Sequence[Held]) -> None:
        one = Round(self._delivery, self._delivery.channels[name], held)
        # Where there is nobody to be held up, or nobody to wait for, a thread would only cost time.
        if len(self._delivery.channels) == 1 or isinstance(one.channel, Drawer):
            one.run()
        else:
            self._hands[name] = Hand(one, self._told)
            self._hands[name].start()

    def _give_back(self, held: Sequence[Held]) -> None:
        """Let messages wait that were decided on with those that compete with them, while their own channel is busy."""
        with transaction.atomic():
            holding.put([Put(one, State.QUEUED) for one in held], self._delivery.worker, self._delivery.clock())

    def _listen(self) -> bool:
        """Do what the next word of a hand asks for; return whether it is time to look for more."""
        if not self._hands:
            return True
        try:
            said = self._told.get(timeout=PAUSE)
        except queue.Empty:
            for hand in self._hands.values():
                hand.round.write()  # who is killed while he waits forgets nothing that is known
            return True
        if said.dots:
            said.hand.answer(said.hand.round.dot(said.dots))
        elif said.outcome is not None:
            said.hand.round.note(*said.outcome)
        else:
            self._end(said)
            return True
        return time.monotonic() >= self._looks_at

    def _end(self, said: Said) -> None:
        said.hand.round.write()
        self._hands = {name: hand for name, hand in self._hands.items() if hand is not said.hand}
        self._problem = self._problem or said.problem


def _allowed(delivery: Delivery, held: Sequence[Held]) -> list[Held]:
    """Return the messages that may go; write down why the others may not, or not yet."""
    now = delivery.clock()
    said = list(zip(held, delivery.gate.decisions(held, now), strict=True)) if held else []
    puts = [decision.put(one) for one, decision in said if decision.kind != "send"]
    with transaction.atomic():
        holding.put(puts, delivery.worker, now)
    return [one for one, decision in said if decision.kind == "send"]
