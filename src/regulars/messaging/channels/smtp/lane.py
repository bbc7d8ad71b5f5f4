"""A lane: one connection at a time to the mail server, the letter on it, and what its end means."""

import contextlib
import selectors
import ssl
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from regulars.messaging.channels.smtp.batch import Batch
from regulars.messaging.channels.smtp.dialogue import Need, Script, dialogue
from regulars.messaging.channels.smtp.load import Load
from regulars.messaging.channels.smtp.replies import Replies, Trouble
from regulars.messaging.channels.smtp.settings import SmtpSettings
from regulars.messaging.channels.smtp.wire import READ, WRITE, Place, Wire

MOST_MISFORTUNES = 3  # connections in a row that ended before the server decided on a letter


@dataclass(frozen=True)
class Surroundings:
    """What all lanes of a delivery share."""

    settings: SmtpSettings
    places: Sequence[Place]
    context: ssl.SSLContext | None
    selector: selectors.BaseSelector
    batch: Batch


class Lane:
    """Runs a dialogue: gives it what it waits for, and settles its letters when it ends too early."""

    def __init__(self, around: Surroundings) -> None:
        self.settings, self.places = around.settings, around.places
        self.is_retired = False
        self.deadline = float("inf")
        self.need: Need | None = None  # None while there is no connection
        self._around, self._batch = around, around.batch
        self._misfortunes = 0
        self._reset()

    def _reset(self) -> None:
        self.wire: Wire
        self.offers: dict[str, str] = {}
        self.load = Load(self._batch)
        self.is_pipelined = self.is_set_up = self.is_kept = self._has_wire = False
        self._replies = Replies()
        self._script: Script

    # For whoever runs the lanes.

    @property
    def is_resting(self) -> bool:
        """Whether a letter that waits could be given to it: it has none, and may take one."""
        return self.need is Need.WORK or (self.need is None and not self.is_retired)

    @property
    def is_setting_up(self) -> bool:
        """Whether it is on its way to take a letter."""
        return self.need not in (None, Need.WORK) and not self.is_set_up

    def start(self) -> None:
        """Open a connection."""
        self._reset()
        self._script = dialogue(self)
        self.resume(None)

    def resume(self, value: Any) -> None:
        """Give the dialogue what it waits for, and go on as far as that leads."""
        self._step(value)
        self._advance()

    def ready(self, mask: int) -> None:
        """Go on after something happened on the wire."""
        if mask & WRITE:
            self.wire.flush()
        if self.need is not Need.CONNECTED:
            self._replies.feed(self.wire.receive())
        self._advance()
        if self.need in (Need.DOT, Need.WORK) and self.has_unasked():
            self._throw(self._outburst())
        # What the server said before it left counts first.
        if self.need is not None and self._has_wire and self.wire.is_over:
            self._throw(Trouble("dropped", "The mail server closed the connection."))

    def expire(self) -> None:
        """End what has waited too long."""
        self._throw(Trouble("timeout", "The mail server did not answer in time."))

    def leaves(self, end: float) -> bool:
        """Come to an end by then, as nothing is left to be done; return whether something is still being said."""
        if self.is_setting_up:
            self.close()
        elif self.need is Need.WORK:
            self.resume(False)
        if self.need is None:
            return False
        self.deadline = min(self.deadline, end)
        return True

    def rests(self) -> bool:
        """Return whether the connection can be kept for another delivery; then it is out of this one's hands."""
        if self.need is not Need.WORK or self.has_unasked() or self.wire.is_over or self.wire.has_backlog:
            return False
        self.wire.leave()
        del self._around, self._batch, self.load  # they hold the letters
        return True

    def join(self, around: Surroundings) -> None:
        """Take part in another delivery with the connection that was kept; what its server said meanwhile ends it."""
        self.places, self._around, self._batch = around.places, around, around.batch
        # Counted as one that has served: when its server ends it, the letter on it goes over a fresh one.
        self.load = Load(self._batch, n_decided=1)
        self.is_kept, self.is_set_up = True, False
        self.wire.enter(around.selector)
        self.ready(READ)

    def part(self) -> None:
        """Say goodbye on a connection that is kept, and wait for nothing."""
        with contextlib.suppress(OSError, KeyError, ValueError):
            self.wire.send(b"QUIT\r\n")
        self.close()

    def withhold(self) -> None:
        """Leave before the final dot, so that the letter is not taken; nothing becomes of it."""
        self.load.withhold()
        self.close()

    def close(self) -> None:
        """End the connection at once."""
        if self._has_wire:
            self.wire.close()
        self.need, self.deadline = None, float("inf")

    # For the dialogue.

    def open_wire(self, place: Place) -> None:
        self.close()
        self.wire, self._has_wire = Wire(place, self._around.selector, self), True

    def start_tls(self) -> None:
        if self.has_unasked():  # said in the open by whoever stands between; it must not count as encrypted
            raise Trouble("tls", "The mail server spoke before the encryption stood.")
        assert self._around.context is not None
        self.wire.start_tls(self._around.context, self.settings.host)

    def has_unasked(self) -> bool:
        return not self._replies.is_empty

    # The course of the dialogue.

    def _advance(self) -> None:
        try:
            while self.need is not None:
                if self.need is Need.REPLY:
                    reply = self._replies.take()
                    if reply is None:
                        return
                    self._step(reply)
                elif self._has_come():
                    self._step(None)
                else:
                    return
        except Trouble as trouble:
            self._throw(trouble)

    def _has_come(self) -> bool:
        match self.need:
            case Need.CONNECTED:
                return self.wire.connected()
            case Need.SHAKEN:
                if not self.wire.shaken():
                    return False
                self._replies.feed(self.wire.decrypted())
                return True
            case Need.GONE_OUT:
                return not self.wire.has_backlog
            case _:
                return False

    def _step(self, value: Any) -> None:
        try:
            self._wait(self._script.send(value))
        except StopIteration:
            self.close()
        except Trouble as trouble:
            self._end(trouble)

    def _throw(self, trouble: Trouble) -> None:
        try:
            self._wait(self._script.throw(trouble))
        except StopIteration:
            self.close()
        except Trouble as left:
            self._end(left)
        else:
            self._advance()  # the dialogue knew what to do: it tries the next address

    def _outburst(self) -> Trouble:
        """Return why a server speaks without being asked: mostly it says that it leaves."""
        try:
            reply = self._replies.take()
        except Trouble as junk:
            return junk
        if reply is None or reply.code < 400:
            return Trouble("junk", "The mail server spoke when it was not its turn.")
        return Trouble(str(reply.code), f"The mail server closed the connection: {reply.text}")

    def _wait(self, waiting: tuple[Need, float]) -> None:
        self.need, seconds = waiting
        self.deadline = time.monotonic() + seconds

    def _end(self, trouble: Trouble) -> None:
        was_idle = self.need is Need.WORK
        self.close()
        self.load.interrupt(trouble)
        if self.is_kept:  # it ended while it was idle, which servers may do: a fresh one is made
            return
        self._misfortunes = (0 if self.load.n_decided else self._misfortunes) + (not was_idle)
        if not self.is_set_up or trouble.code == "timeout" or self._misfortunes >= MOST_MISFORTUNES:
            self.is_retired, self._batch.trouble = True, trouble
