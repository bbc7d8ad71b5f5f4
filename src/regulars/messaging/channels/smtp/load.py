"""What is on one connection: the letter under way, the one that was announced behind it, and what becomes of them."""

from collections.abc import Mapping

from regulars.messaging.channels.mails.mime import Mail
from regulars.messaging.channels.smtp import replies
from regulars.messaging.channels.smtp.batch import Batch
from regulars.messaging.channels.smtp.replies import Reply, Trouble
from regulars.messaging.letters import Letter


class Load:
    """At most one letter that may be behind its final dot, and one that follows and surely is not."""

    def __init__(self, batch: Batch, n_decided: int = 0) -> None:
        self.is_behind_dot = False
        self.n_decided = n_decided  # letters that the server decided on, on this connection
        self._batch = batch
        self._current: Letter | None = None
        self._following: Letter | None = None

    @property
    def key(self) -> str:
        """The key of the letter under way."""
        assert self._current is not None
        return self._current.key

    def take(self, offers: Mapping[str, str]) -> Mail | None:
        """Take the next letter, behind the current one if there is one; None when none waits."""
        taken = self._batch.take(offers)
        if taken is None:
            return None
        letter, mail = taken
        if self._current is None:
            self._current = letter
        else:
            self._following = letter
        return mail

    def settle(self, reply: Reply) -> None:
        """Tell what the server decided on the letter under way; the one behind it is under way now."""
        assert self._current is not None
        self._batch.tell(self._current.key, replies.outcome(reply, self._current.to))
        if reply.code != 421:
            self.n_decided += 1
        elif self._following is not None:  # that was about the connection: nobody has looked at the one behind yet
            self._batch.give_back(self._following)
            self._following = None
        self._current, self._following, self.is_behind_dot = self._following, None, False

    def withhold(self) -> None:
        """Let the letter under way vanish: it may not go, and nothing becomes of it."""
        self._batch.forget()
        self._current = None

    def interrupt(self, trouble: Trouble) -> None:
        """Settle what was on a connection that ended: what is behind its dot may have been taken, the rest was not."""
        if self._following is not None:
            self._batch.give_back(self._following)
        if self._current is None:
            pass
        elif self._returns(self._current, trouble):
            self._batch.give_back(self._current)
        else:
            outcome = replies.interrupted(trouble, self._current.to, self.is_behind_dot)
            self._batch.tell(self._current.key, outcome)
        self._current = self._following = None

    def _returns(self, letter: Letter, trouble: Trouble) -> bool:
        """Say whether a letter goes over another connection now: this one has done its share and the server ended it."""
        is_share_done = self.n_decided > 0 and trouble.code in ("421", "dropped")
        return is_share_done and not self.is_behind_dot and self._batch.may_come_back(letter)
