"""A lane: one connection at a time to the mail server, the letter on it, and what its end means."""

import selectors
import ssl
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from regulars.messaging.channels.smtp import replies
from regulars.messaging.channels.smtp.batch import Batch
from regulars.messaging.channels.smtp.dialogue import Need, Script, dialogue
from regulars.messaging.channels.smtp.mime import Mail
from regulars.messaging.channels.smtp.replies import Replies, Reply, Trouble
from regulars.messaging.channels.smtp.settings import SmtpSettings
from regulars.messaging.channels.smtp.wire import WRITE, Place, Wire
from regulars.messaging.letters import Letter

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
        self.is_pipelined = self.is_behind_dot = False
        self._has_wire = self._is_set_up = False
        self._replies = Replies()
        self._n_settled = 0
        self._current: Letter | None = None
        self._following: Letter | None = None
        self._script: Script

    # For whoever runs the lanes.

    @property
    def is_resting(self) -> bool:
        """Whether a letter that waits could be given to it: it has none, and may take one."""
        return self.need is Need.WORK or (self.need is None and not self.is_retired)

    @property
    def is_setting_up(self) -> bool:
        """Whether it is on its way to take a letter."""
        return self.need is not None and not self._is_set_up

    @property
    def key(self) -> str:
        """The key of the letter that is on it."""
        assert self._current is not None
        return self._current.key

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

    def withhold(self) -> None:
        """Leave before the final dot, so that the letter is not taken; nothing becomes of it."""
        self._batch.forget()
        self._current = None
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

    def take(self) -> Mail | None:
        self._is_set_up = True
        taken = self._batch.take(self.offers)
        if taken is None:
            return None
        letter, mail = taken
        if self._current is None:
            self._current = letter
        else:
            self._following = letter
        return mail

    def settle(self, reply: Reply) -> None:
        assert self._current is not None
        self._batch.tell(self._current.key, replies.outcome(reply, self._current.to))
        self._current, self._following, self.is_behind_dot = self._following, None, False
        self._n_settled += 1
        if reply.code != 421:
            self._misfortunes = 0

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
        """Settle what was on the connection: the letter behind its dot may have been taken, the others were not."""
        was_idle, was_behind, self.is_behind_dot = self.need is Need.WORK, self.is_behind_dot, False
        self.close()
        if self._following is not None:
            self._batch.give_back(self._following)
        if self._current is not None and not self._returns(self._current, trouble, was_behind):
            self._batch.tell(self._current.key, replies.interrupted(trouble, self._current.to, was_behind))
        self._current = self._following = None
        self._misfortunes += not was_idle
        if not self._is_set_up or trouble.code == "timeout" or self._misfortunes >= MOST_MISFORTUNES:
            self.is_retired, self._batch.trouble = True, trouble

    def _returns(self, letter: Letter, trouble: Trouble, was_behind: bool) -> bool:
        """Give a letter back that a server would not take any more on a connection that has done its share."""
        is_share_done = self._n_settled > 0 and trouble.code in ("421", "dropped")
        if was_behind or not is_share_done or not self._batch.may_come_back(letter):
            return False
        self._batch.give_back(letter)
        return True
