"""A week of hours: for each day, Monday first, the minutes after midnight from which and before which one may write."""

import re
from collections.abc import Iterable

Day = tuple[int, int]  # [from, before): a day on which nobody may write is CLOSED
Week = tuple[Day, Day, Day, Day, Day, Day, Day]

CLOSED: Day = (0, 0)
OPEN: Day = (0, 24 * 60)
ALWAYS: Week = (OPEN,) * 7

_SPAN = re.compile(r"(\d{1,2})(?::(\d\d))?-(\d{1,2})(?::(\d\d))?")


def week(weekdays: str, saturday: str | None = None, sunday: str | None = None) -> Week:
    """Return the week that is written so; Saturday is like a weekday and Sunday like Saturday unless told, "" is closed.

    >>> week("9-20")[0], week("9:30-20", sunday="12-20")[6], week("9-20", sunday="")[5:]
    ((540, 1200), (720, 1200), ((540, 1200), (0, 0)))
    >>> week("20-9")
    Traceback (most recent call last):
    ValueError: '20-9' are no hours of one day; write them as 9-20 or 9:30-20, at most 0-24, or leave them empty for none.
    """
    day = _day(weekdays)
    on_saturday = day if saturday is None else _day(saturday)
    on_sunday = on_saturday if sunday is None else _day(sunday)
    return (day, day, day, day, day, on_saturday, on_sunday)


def _day(hours: str) -> Day:
    if not hours:
        return CLOSED
    if found := _SPAN.fullmatch(hours.replace("–", "-")):
        hour, minute, last_hour, last_minute = (int(part or 0) for part in found.groups())
        start, end = hour * 60 + minute, last_hour * 60 + last_minute
        if max(minute, last_minute) < 60 and start < end <= OPEN[1]:
            return (start, end)
    raise ValueError(
        f"{hours!r} are no hours of one day; write them as 9-20 or 9:30-20, at most 0-24, or leave them empty for none."
    )


def both(one: Week, other: Week) -> Week:
    """Return the hours that both weeks leave.

    >>> both(week("8-20"), week("9-21", sunday=""))[5:]
    ((540, 1200), (0, 0))
    """
    return _of(_overlap(a, b) for a, b in zip(one, other, strict=True))


def narrowed(hours: Week, margin: int) -> Week:
    """Return the week with so many minutes less at both ends of each day; an hour in the middle always stays.

    Hours that hold around the clock are no quiet hours and stay as they are.

    >>> narrowed(week("9-20", sunday="9-12"), 180)[5:], narrowed(ALWAYS, 180) == ALWAYS
    (((720, 1020), (600, 660)), True)
    """
    return _of(_narrowed(day, margin) for day in hours)


def _of(days: Iterable[Day]) -> Week:
    monday, tuesday, wednesday, thursday, friday, saturday, sunday = days
    return (monday, tuesday, wednesday, thursday, friday, saturday, sunday)


def _overlap(one: Day, other: Day) -> Day:
    start, end = max(one[0], other[0]), min(one[1], other[1])
    return (start, end) if start < end else CLOSED


def _narrowed(day: Day, margin: int) -> Day:
    start, end = day
    if day in (CLOSED, OPEN):
        return day
    middle = (start + end) // 2
    latest = max(start, min(start + margin, middle - 30))
    return (latest, min(end, max(end - margin, middle + 30)))
