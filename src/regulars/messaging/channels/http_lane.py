"""The lane that all channels over HTTP share: ask the dot, send one request per letter, several at once, tell each outcome."""

from abc import ABC, abstractmethod
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, field

from regulars.core import faults
from regulars.core.outgoing import Answer, Forbidden, Outgoing, Trouble
from regulars.messaging.channels import http_answers
from regulars.messaging.letters import Dot, Letter, Outcome, State


class Unfit(ValueError):
    """A letter that this channel cannot carry; the sentence says why."""


class BadRoute(ValueError):
    """A route's settings that cannot work; the sentence says what to do."""


@dataclass(frozen=True, kw_only=True)
class Call:
    """The one request that hands a letter over; judge says what an answer to it means."""

    url: str
    judge: Callable[[Answer], Outcome]
    body: bytes = field(default=b"", repr=False)
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    method: str = "POST"


@dataclass(kw_only=True)
class HttpChannel(ABC):
    """A channel that hands each letter over by one HTTP request. A new one says how its call looks and what answers mean."""

    outgoing: Outgoing
    name: str
    channel: str
    is_idempotent: bool = False
    lanes: int = 8
    timeout: float = 20.0  # in all; a worker that is told to stop waits for what is under way

    def check(self, url: str) -> None:
        """Raise BadRoute for an address that could never be called, so that it shows when a route is set up."""
        try:
            self.outgoing.check(url)
        except Forbidden as problem:
            raise BadRoute(str(problem)) from None

    @abstractmethod
    def call(self, letter: Letter) -> Call:
        """Write the request for a letter; raise Unfit for one that this channel cannot carry."""

    def deliver(self, letters: Sequence[Letter], dot: Dot) -> Iterator[tuple[str, Outcome]]:
        """Hand letters over and yield each outcome as it comes; dot is asked in the caller's thread, for as many letters
        as have a lane free."""
        waiting = deque(letters)
        under_way: dict[Future[Outcome], str] = {}
        with ThreadPoolExecutor(self.lanes, thread_name_prefix=self.name) as pool:
            while waiting or under_way:
                ready: list[tuple[Letter, Call]] = []
                while waiting and len(ready) + len(under_way) < self.lanes:
                    letter = waiting.popleft()
                    call = self._written(letter)
                    if isinstance(call, Outcome):
                        yield letter.key, call
                    else:
                        ready.append((letter, call))
                allowed = dot([letter.key for letter, _ in ready]) if ready else frozenset()
                under_way |= {
                    pool.submit(self._handed_over, call): letter.key for letter, call in ready if letter.key in allowed
                }
                done, _ = wait(under_way, return_when=FIRST_COMPLETED)
                for one in done:
                    yield under_way.pop(one), one.result()

    def _written(self, letter: Letter) -> Call | Outcome:
        try:
            return self.call(letter)
        except Unfit as problem:
            return Outcome(State.FAILED, http_answers.without_addresses(str(problem), letter), "unfit")
        except ValueError:
            return Outcome(State.FAILED, "The message holds something that this channel cannot write.", "unfit")

    def _handed_over(self, call: Call) -> Outcome:
        try:
            answer = self.outgoing.request(
                call.method, call.url, headers=call.headers, body=call.body, timeout=self.timeout
            )
            return call.judge(answer)
        except Trouble as trouble:
            return http_answers.by_trouble(trouble)
        except Exception as problem:  # noqa: BLE001  behind the dot every letter needs its outcome, and so do its neighbours
            return Outcome(State.UNKNOWN, f"An unexpected fault; details are in {faults.kept(problem)}.", "fault")
