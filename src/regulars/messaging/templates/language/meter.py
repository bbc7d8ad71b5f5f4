"""What one message may cost, counted while it is rendered."""

import time
from dataclasses import dataclass

from regulars.messaging.templates.refusals import TooMuch

LOOK_EVERY = 256  # steps between two looks at the clock


@dataclass(frozen=True)
class Limits:
    """What the rendering of one message may use.

    steps count nodes of the template, passes of loops and items that filters touch; made are the bytes of all texts and
    lists that filters and captures ever made, so they bound the memory; output is in bytes (a text with any sign beyond
    ASCII counts as if all its signs took four); seconds are the thread's own
    processor time, the second line of defence where a step costs more than it was counted for.
    """

    steps: int = 60_000
    made: int = 16_000_000
    output: int = 1_000_000
    seconds: float = 0.1
    text: int = 200_000  # characters of one value
    items: int = 10_000  # of one list or range


LIMITS = Limits()


class Meter:
    """Counts down what is left for one message and refuses when it is used up."""

    __slots__ = ("limits", "made", "next_look", "output", "started", "steps")

    def __init__(self, limits: Limits = LIMITS) -> None:
        self.limits = limits
        self.steps = limits.steps
        self.made = limits.made
        self.output = limits.output
        self.next_look = max(limits.steps - LOOK_EVERY, 0)
        self.started = time.thread_time()

    def spend(self, steps: int) -> None:
        """Count steps of work."""
        self.steps -= steps
        if self.steps < self.next_look:
            self.look()

    def look(self) -> None:
        """Refuse when the steps or the time are used up."""
        if self.steps < 0:
            raise TooMuch("this template does too much: shorten its loops or the lists in its data")
        self.next_look = max(self.steps - LOOK_EVERY, 0)
        if time.thread_time() - self.started > self.limits.seconds:
            raise TooMuch("this template takes too long: shorten its loops or the lists in its data")

    def make(self, length: int) -> None:
        """Count a text of so many characters that is about to be made."""
        if length > self.limits.text:
            raise TooMuch(f"this template makes a text of more than {self.limits.text:,} characters: make it shorter")
        self.made -= 4 * length + 64
        if self.made < 0:
            raise TooMuch("this template makes too many texts: shorten its loops or what it puts together")
        self.spend(1 + (length >> 6))

    def gather(self, length: int) -> None:
        """Count a list of so many items that is about to be made or gone through."""
        if length > self.limits.items:
            raise TooMuch(
                f"a list or range in this template has more than {self.limits.items:,} items: make it shorter"
            )
        self.made -= 16 * length + 64
        if self.made < 0:
            raise TooMuch("this template makes too many lists: shorten its loops")
        self.spend(1 + length)

    def overflow(self) -> None:
        """Refuse because nothing more may be written."""
        raise TooMuch(f"the message would be larger than {self.limits.output // 1000:,} kB: make it shorter")
