"""Windows of days after the first order: their names and what they mean in words."""

from dataclasses import dataclass

OPEN = 2_000_000  # later than any day an order can have, for windows without an end


@dataclass(frozen=True)
class Window:
    """Days after the first order, both ends included; to_day None is open-ended."""

    name: str
    from_day: int
    to_day: int | None

    @property
    def closes_after(self) -> int:
        """Return after how many days a customer can be judged: the last day, or the first of an open window."""
        return self.from_day if self.to_day is None else self.to_day

    @property
    def last_day(self) -> int:
        """Return the last day inside, a very late one for an open window."""
        return OPEN if self.to_day is None else self.to_day

    @property
    def definition(self) -> str:
        """Say what is counted, of whom.

        >>> ALWAYS[2].definition[:99]
        'Of the customers whose first order is at least 56 days ago, the share who ordered again 56 days or '
        """
        when = f"on days {self.from_day} to {self.to_day} after it"
        if self.to_day is None:
            when = f"{self.from_day} days or more after it"
        elif self.to_day == self.from_day:
            when = f"on day {self.from_day} after it"
        return (
            f"Of the customers whose first order is at least {self.closes_after} days ago, the share who ordered again "
            f"{when}. Day 0 is the day of the first order, a day is a calendar day of the shop's zone."
        )


ALWAYS = (Window("bounded_week_8", 50, 56), Window("within_56_days", 1, 56), Window("unbounded_day_56", 56, None))


def asked(from_day: int, to_day: int | None) -> Window:
    """Return the window that somebody asked for; days begin with 1, the day after the first order's.

    >>> asked(30, 90).name, asked(90, None).name
    ('days_30_90', 'days_90')
    """
    if from_day < 1 or (to_day is not None and to_day < from_day):
        raise ValueError(
            f"days {from_day} to {to_day} are no window; give a first day of 1 or more and a later last day"
        )
    return Window(f"days_{from_day}" + ("" if to_day is None else f"_{to_day}"), from_day, to_day)
