"""Instants as whole microseconds since 1970 in UTC, and the next time of day on a weekday in a zone."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

SECOND = 1_000_000
LATE = 3_600 * SECOND  # a step done within this time counts from when it was due, a later one from when it was done
_BEGIN = datetime(1970, 1, 1, tzinfo=UTC)


def of(at: datetime) -> int:
    """Return an instant as microseconds.

    >>> of(datetime(1970, 1, 2, tzinfo=UTC))
    86400000000
    """
    return (at - _BEGIN) // timedelta(microseconds=1)


def at(instant: int) -> datetime:
    """Return microseconds as an instant in UTC.

    >>> at(86_400_000_000).isoformat()
    '1970-01-02T00:00:00+00:00'
    """
    return _BEGIN + timedelta(microseconds=instant)


def length(told: timedelta) -> int:
    return told // timedelta(microseconds=1)


def openings(zone: str, clock: time, weekdays: frozenset[int], since: datetime) -> Iterator[datetime]:
    """Yield the instants, from `since` on, at which it is this time of day on one of these weekdays in a zone, for ever.

    A time that the clocks jump over is moved on by the jump; one that comes twice counts the first time.

    >>> since = datetime(2026, 3, 28, 12, tzinfo=UTC)
    >>> found = openings("Europe/Berlin", time(2, 30), frozenset({5, 6}), since)
    >>> next(found).isoformat(), next(found).isoformat()
    ('2026-03-29T01:30:00+00:00', '2026-04-04T00:30:00+00:00')
    """
    local, day = ZoneInfo(zone), since.astimezone(ZoneInfo(zone)).date() - timedelta(days=1)
    while True:
        day += timedelta(days=1)
        if day.weekday() in weekdays and (found := _instant(day, clock, local)) >= since:
            yield found


def _instant(day: date, clock: time, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, clock, zone).astimezone(UTC)
