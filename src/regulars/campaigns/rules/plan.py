"""What a campaign says, as values: to whom, what, by which way, when, in which arms."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, time, timedelta
from enum import StrEnum

CHANNELS = ("email", "sms", "whatsapp", "push")
WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
WHICH: Mapping[str, int] = {"first": 1, "second": 2, "third": 3, "fourth": 4, "last": -1}
CRITERIA = ("clicks", "orders")


@dataclass(frozen=True)
class Audience:
    """Whom it goes to: the name of a segment, or of a list that was uploaded."""

    kind: str  # segment, list
    name: str


class Often(StrEnum):
    """When a campaign goes: when somebody says so, once at a moment, or again and again."""

    BY_HAND = "by hand"
    ONCE = "once"
    WEEKLY = "week"
    MONTHLY = "month"


@dataclass(frozen=True)
class Timing:
    """When it goes. Days are those of the shop; `at` is a clock's time there, or in each recipient's own zone.

    Of a monthly one either the day of the month counts (31: the last one where there is none) or a weekday with which of them.
    """

    often: Often = Often.BY_HAND
    at: time | None = None
    on: date | None = None
    day: int = 0
    weekday: int = -1
    which: int = 0
    is_own_zone: bool = False

    @property
    def is_recurring(self) -> bool:
        return self.often in (Often.WEEKLY, Often.MONTHLY)


@dataclass(frozen=True)
class Arm:
    """One way to say it, and its share in percent. A blank subject is the template's own."""

    name: str
    share: float
    template: str
    subject: str = ""


@dataclass(frozen=True)
class Test:
    """A share, in percent, gets the arms first; after the wait, or when it is sure earlier, the winner goes to the others.

    Where one cannot tell, `otherwise` goes. A share of the others, explore, gets the arms as they were divided all the same.
    """

    share: float
    wait: timedelta
    by: str
    otherwise: str
    explore: float = 0.0


@dataclass(frozen=True)
class Again:
    """Once more, for whoever got it and followed no link."""

    after: timedelta
    template: str
    subject: str = ""


@dataclass(frozen=True)
class Plan:
    """A campaign as it was written. per_minute 0 is as fast as the channel is; good_for is how long a message may wait."""

    name: str
    title: str
    audience: Audience
    channel: str
    topic: str
    arms: tuple[Arm, ...]
    timing: Timing
    per_minute: int = 0
    good_for: timedelta = timedelta(days=3)
    test: Test | None = None
    again: Again | None = None

    @property
    def templates(self) -> list[str]:
        """Return the templates that it needs, each once."""
        again = [self.again.template] if self.again else []
        return list(dict.fromkeys([arm.template for arm in self.arms] + again))
