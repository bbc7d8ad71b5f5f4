"""When a campaign goes: its next day, the instant at which its audience is fixed, and each recipient's own hour."""

import calendar
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from regulars.campaigns.rules.plan import Often, Timing

EARLIEST = timedelta(hours=14)  # the clocks that are furthest ahead, UTC+14
LOOKED_AHEAD = 4  # months: in each of them there is such a day


def start(timing: Timing, day: date, zone: str) -> datetime:
    """Return when the work for a day begins: at the shop's time, or when the first recipient's clock on earth may show it."""
    assert timing.at is not None
    if timing.is_own_zone:
        return datetime.combine(day, timing.at, UTC) - EARLIEST
    return instant(day, timing.at, zone)


def next_day(timing: Timing, zone: str, after: datetime, behind: date | None = None) -> date | None:
    """Return the first day whose work begins after an instant, and that lies behind another day; None when there is none.

    >>> from datetime import UTC
    >>> letter = Timing(Often.MONTHLY, time(10), day=31)
    >>> next_day(letter, "Europe/Berlin", datetime(2027, 1, 31, 9, tzinfo=UTC))
    datetime.date(2027, 2, 28)
    >>> next_day(Timing(Often.MONTHLY, time(10), weekday=0, which=1), "UTC", datetime(2027, 1, 31, 9, tzinfo=UTC))
    datetime.date(2027, 2, 1)
    """
    yesterday = after.astimezone(ZoneInfo(zone)).date() - timedelta(days=1)
    for day in _days(timing, max(yesterday, behind or yesterday)):
        if start(timing, day, zone) > after and (behind is None or day > behind):
            return day
    return None


def instant(day: date, at: time, zone: str) -> datetime:
    """Return when a zone's clocks show a time on a day, in UTC; a time that clocks leap over comes an hour later by them.

    >>> instant(date(2026, 3, 29), time(2, 30), "Europe/Berlin").isoformat()
    '2026-03-29T01:30:00+00:00'
    """
    return datetime.combine(day, at, ZoneInfo(zone)).astimezone(UTC)


def own_hour(day: date, at: time, zone: str, not_before: datetime) -> datetime:
    """Return when a recipient's clocks show the time, on the day or, where that is over, on the first one after it.

    >>> ask = lambda zone: own_hour(date(2026, 12, 3), time(10), zone, datetime(2026, 12, 3, 9, tzinfo=UTC)).isoformat()
    >>> ask("America/New_York"), ask("Asia/Tokyo")
    ('2026-12-03T15:00:00+00:00', '2026-12-04T01:00:00+00:00')
    """
    found = instant(day, at, zone)
    while found < not_before:
        day += timedelta(days=1)
        found = instant(day, at, zone)
    return found


def is_late(due: datetime, now: datetime, hours: int) -> bool:
    """Say whether something due is so late that somebody must be asked first: news of yesterday may be wrong by now.

    >>> is_late(datetime(2026, 12, 3, 9, tzinfo=UTC), datetime(2026, 12, 3, 15, 1, tzinfo=UTC), 6)
    True
    """
    return now - due > timedelta(hours=hours)


def _days(timing: Timing, since: date) -> list[date]:
    """Return the days from a day on, as many as can matter, in order."""
    if timing.often is Often.ONCE:
        assert timing.on is not None
        return [timing.on]
    if timing.often is Often.WEEKLY:
        first = since + timedelta(days=(timing.weekday - since.weekday()) % 7)
        return [first + timedelta(weeks=n) for n in range(8)]
    if timing.often is Often.MONTHLY:
        months = [
            (since.year + (since.month - 1 + n) // 12, (since.month - 1 + n) % 12 + 1) for n in range(LOOKED_AHEAD)
        ]
        return [day for day in (_in_month(timing, *month) for month in months) if day >= since]
    return []


def _in_month(timing: Timing, year: int, month: int) -> date:
    last = calendar.monthrange(year, month)[1]
    if timing.day:
        return date(year, month, min(timing.day, last))
    days = [day for day in range(1, last + 1) if date(year, month, day).weekday() == timing.weekday]
    return date(year, month, days[timing.which - 1 if timing.which > 0 else -1])
