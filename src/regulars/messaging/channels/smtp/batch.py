"""The letters of one delivery: which wait, what became of the others, and which may not be tried again."""

from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace

from regulars.messaging.channels.mails.addresses import Unsendable
from regulars.messaging.channels.mails.mime import Mail
from regulars.messaging.channels.smtp.replies import Trouble, interrupted
from regulars.messaging.letters import Letter, Outcome, State

Assemble = Callable[[Letter], Mail]


class Batch:
    """Hands letters to lanes and gathers their outcomes, one for each."""

    def __init__(self, letters: Sequence[Letter], assemble: Assemble) -> None:
        self.waiting = deque(letters)
        self.n_open = len(letters)
        self.trouble = Trouble("connect", "The mail server cannot be reached.")  # why a lane gave up last
        self._assemble = assemble
        self._told: list[tuple[str, Outcome]] = []
        self._came_back: set[str] = set()

    def take(self, offers: Mapping[str, str]) -> tuple[Letter, Mail] | None:
        """Return the next letter that can be sent to a server that offers this; the others have failed on the way."""
        while self.waiting:
            letter = self.waiting.popleft()
            try:
                mail = self._assemble(letter)
            except Unsendable as problem:
                self.tell(letter.key, Outcome(State.FAILED, str(problem), "letter"))
                continue
            refusal = _refusal(mail, offers)
            if refusal is None:
                return letter, mail
            self.tell(letter.key, refusal)
        return None

    def tell(self, key: str, outcome: Outcome) -> None:
        """Note what became of a letter."""
        self._told.append((key, outcome))
        self.n_open -= 1

    def forget(self) -> None:
        """Count a letter as done that was not allowed to go: nothing becomes of it."""
        self.n_open -= 1

    def give_back(self, letter: Letter) -> None:
        """Let a letter be the next again."""
        self.waiting.appendleft(letter)

    def may_come_back(self, letter: Letter) -> bool:
        """Return whether a letter whose connection ended may go over another one now; once is enough."""
        if letter.key in self._came_back:
            return False
        self._came_back.add(letter.key)
        return True

    def defer_all(self) -> None:
        """End what waits: no lane is left."""
        outcome = interrupted(self.trouble, "", is_behind_dot=False)
        while self.waiting:
            self.tell(self.waiting.popleft().key, replace(outcome))

    @property
    def has_news(self) -> bool:
        """Whether something was noted that told() has not yielded yet."""
        return bool(self._told)

    def told(self) -> Iterator[tuple[str, Outcome]]:
        """Yield what was noted since the last time."""
        told, self._told = self._told, []
        yield from told


def _refusal(mail: Mail, offers: Mapping[str, str]) -> Outcome | None:
    if mail.is_international and "SMTPUTF8" not in offers:
        sentence = "The address has letters beyond a to z before its @, and the mail server cannot take such addresses."
        return Outcome(State.FAILED, sentence, "address")
    limit = offers.get("SIZE", "")
    if limit.isdecimal() and 0 < int(limit) < len(mail.content):
        sentence = (
            f"The mail has {len(mail.content):,} bytes and the mail server takes {int(limit):,}; make it smaller."
        )
        return Outcome(State.FAILED, sentence, "size")
    return None
