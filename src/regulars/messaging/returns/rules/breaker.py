"""The circuit breaker: when marketing must pause because of bounces or complaints, and when it may go on.

The lines are what the trade lives by: more than 5 % bounces among the last 1,000 messages, and the complaint rates of Gmail's and
Yahoo's rules for bulk senders (since February 2024): stay below 0.10 %, never reach 0.30 %. A line is left again only well below
the one that was crossed, so that sending does not flicker. Counted are the messages of seven days at most, so a sender that
stopped has a clean sheet after a week.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from fractions import Fraction

LAST = 1_000
DAY, WEEK = timedelta(days=1), timedelta(days=7)
# No more marketing than this leaves between two judgements: so a crossing is noticed within a hundred messages.
CHECK_EVERY = 100
# A window of fewer messages says nothing, and fewer complaints than three are no rate.
FEWEST, FEWEST_COMPLAINTS = 100, 3

BOUNCES_PAUSE, BOUNCES_RESUME = Fraction(5, 100), Fraction(2, 100)
COMPLAINTS_WARN, COMPLAINTS_CALM = Fraction(10, 10_000), Fraction(8, 10_000)
COMPLAINTS_STOP, COMPLAINTS_RESUME = Fraction(30, 10_000), Fraction(10, 10_000)


class Level(StrEnum):
    """How marketing stands; transactional messages always go."""

    RUN = "run"
    WARN = "warn"
    PAUSE = "pause"
    STOP = "stop"


@dataclass(frozen=True)
class Window:
    """Some messages that were sent, and how many of them bounced or made their recipient complain."""

    n: int = 0
    bounced: int = 0
    complained: int = 0


@dataclass(frozen=True)
class Sent:
    """One message in a count: when it was sent and what came back. Only one that was really handed over counts."""

    at: datetime
    is_bounced: bool = False
    is_complained: bool = False


@dataclass(frozen=True)
class Ruling:
    """How marketing stands, and the sentence for people; the sentence is empty when all is well."""

    level: Level
    sentence: str = ""

    @property
    def may_send_marketing(self) -> bool:
        """Say whether marketing may go."""
        return self.level in (Level.RUN, Level.WARN)

    @property
    def allowance(self) -> int:
        """Return how many marketing messages may leave until the next judgement."""
        return CHECK_EVERY if self.may_send_marketing else 0


def windows(sent: Iterable[Sent], now: datetime) -> dict[str, Window]:
    """Return what is judged: the last 1,000 messages (none older than seven days), those of one day and of seven."""
    recent = sorted((one for one in sent if now - WEEK < one.at <= now), key=lambda one: one.at)
    return {
        "last": _count(recent[-LAST:]),
        "day": _count(one for one in recent if one.at > now - DAY),
        "week": _count(recent),
    }


def judge(before: Level, counted: Mapping[str, Window]) -> Ruling:
    """Return how marketing stands from how it stood and the windows "last", "day" and "week".

    >>> judge(Level.RUN, {"last": Window(1000, bounced=50)}).level, judge(Level.RUN, {"last": Window(1000, bounced=51)}).level
    (<Level.RUN: 'run'>, <Level.PAUSE: 'pause'>)
    >>> print(judge(Level.RUN, {"week": Window(4000, complained=12)}).sentence)
    Marketing is stopped: 12 of 4,000 messages (0.30 %) of the last 7 days were called spam. From 0.30 % on Gmail and others \
turn a sender's mail away. Find out who was written to and why; it goes on below 0.10 %.
    """
    worst, where = _worst_complaints(counted, fewest=1 if before is Level.STOP else FEWEST_COMPLAINTS)
    if worst >= (COMPLAINTS_RESUME if before is Level.STOP else COMPLAINTS_STOP):
        return Ruling(Level.STOP, _stopped(counted[where], where))
    last = counted.get("last", Window())
    line = BOUNCES_RESUME if before is Level.PAUSE else BOUNCES_PAUSE
    if last.n >= FEWEST and Fraction(last.bounced, last.n) > line:
        return Ruling(Level.PAUSE, _paused(last))
    warned, where = _worst_complaints(counted, fewest=1)
    if warned >= (COMPLAINTS_CALM if before is not Level.RUN else COMPLAINTS_WARN):
        return Ruling(Level.WARN, _warned(counted[where], where))
    return Ruling(Level.RUN)


def _count(sent: Iterable[Sent]) -> Window:
    n = bounced = complained = 0
    for one in sent:
        n, bounced, complained = n + 1, bounced + one.is_bounced, complained + one.is_complained
    return Window(n, bounced, complained)


def _worst_complaints(counted: Mapping[str, Window], fewest: int) -> tuple[Fraction, str]:
    """Return the highest rate of complaints among the windows that say something, and which window that is."""
    rates = [
        (Fraction(window.complained, window.n), name)
        for name, window in counted.items()
        if window.n >= FEWEST and window.complained >= fewest
    ]
    return max(rates, default=(Fraction(0), ""))


WHERE = {"last": "the last ones sent", "day": "the last 24 hours", "week": "the last 7 days"}


def _called_spam(window: Window, where: str) -> str:
    told = WHERE.get(where, where)
    return f"{window.complained:,} of {window.n:,} messages ({_percent(window.complained, window.n)}) of {told} were called spam"


def _stopped(window: Window, where: str) -> str:
    return (
        f"Marketing is stopped: {_called_spam(window, where)}. From 0.30 % on Gmail and others turn a sender's mail away. "
        "Find out who was written to and why; it goes on below 0.10 %."
    )


def _warned(window: Window, where: str) -> str:
    return (
        f"Careful: {_called_spam(window, where)}. Stay below 0.10 %; at 0.30 % marketing stops. "
        "Write less often, and only to people who asked for it."
    )


def _paused(window: Window) -> str:
    return (
        f"Marketing is paused: {window.bounced:,} of the last {window.n:,} messages ({_percent(window.bounced, window.n)}) "
        "bounced, and 5 % is the most. Remove addresses that nobody confirmed; it goes on at 2 % or after seven days."
    )


def _percent(part: int, whole: int) -> str:
    """Write a rate rounded down, so that none below a line looks as if it stood on it.

    >>> _percent(299, 100_000), _percent(51, 1000)
    ('0.29 %', '5.10 %')
    """
    hundredths = part * 10_000 // whole
    return f"{hundredths // 100}.{hundredths % 100:02d} %"
