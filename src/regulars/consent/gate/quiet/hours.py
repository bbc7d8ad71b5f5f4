"""The first instant at which one may write: exact where clocks jump, and in every zone the recipient may be in.

A window is a set of local wall-clock minutes. Where clocks go forward some of its minutes never come; where they go back some come
twice, and both count.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from regulars.consent.gate.quiet.weeks import ALWAYS, CLOSED, Week, narrowed

FAR = timedelta(days=9)  # a window that has not come by then in every zone at once never comes
MINUTE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Hours:
    """When one may write: at instants that lie within the week's hours in every one of the zones, the most likely one first.

    margin, in minutes, narrows the week where the zones have no hour in common and the most likely one has to do.
    """

    zones: tuple[str, ...]
    week: Week
    margin: int = 180


def first_allowed(now: datetime, hours: Hours) -> datetime:
    """Return the first instant from now on at which one may write, in UTC; now itself when it is allowed.

    >>> from regulars.consent.gate.quiet.weeks import week
    >>> day = week("9-20")
    >>> first_allowed(datetime(2026, 1, 1, 20, 0, tzinfo=UTC), Hours(("Asia/Kathmandu",), day)).isoformat()
    '2026-01-02T03:15:00+00:00'
    >>> first_allowed(datetime(2026, 1, 1, 16, 0, tzinfo=UTC), Hours(("America/New_York", "Pacific/Honolulu"), day)).isoformat()
    '2026-01-01T19:00:00+00:00'
    """
    now = now.astimezone(UTC)
    if hours.week == ALWAYS:
        return now
    zones = [zone_info(zone) for zone in hours.zones]
    at, found = now, _all_open(now, zones, hours.week)
    while found is not None and found != at and found - now < FAR:
        at, found = found, _all_open(found, zones, hours.week)
    if found is not None and found == at:
        return at
    alone = opening(now, zones[0], narrowed(hours.week, hours.margin))
    if alone is None:
        raise ValueError("The week of hours is closed on every day; open one, or switch the channel off instead.")
    return alone


def _all_open(at: datetime, zones: list[ZoneInfo], hours: Week) -> datetime | None:
    """Return at when every zone is open, else a later instant before which not all of them are."""
    for zone in zones:
        found = opening(at, zone, hours)
        if found is None:
            return None
        at = found
    return at


def opening(at: datetime, zone: ZoneInfo, hours: Week) -> datetime | None:
    """Return the first instant from `at` (in UTC) on that lies within the hours of one zone; None when no day has any."""
    local = at.astimezone(zone)
    minute = local.hour * 60 + local.minute
    start, end = hours[local.weekday()]
    if start <= minute < end:
        return at
    today = local.weekday()
    ahead = next((n for n in range(8) if _comes(hours, today + n, -1 if n else minute)), None)
    if ahead is None:
        return None
    offset = local.utcoffset() or timedelta()
    midnight = local.replace(hour=0, minute=0, second=0, microsecond=0, tzinfo=UTC)
    found = midnight + timedelta(days=ahead, minutes=hours[(today + ahead) % 7][0]) - offset
    if found.astimezone(zone).utcoffset() == offset:
        return found
    return opening(_change(at, found, zone), zone, hours)  # the clocks jump before: look again from there


def _comes(hours: Week, weekday: int, after: int) -> bool:
    """Say whether the day opens after that minute of it."""
    day = hours[weekday % 7]
    return day != CLOSED and day[0] > after


def _change(before: datetime, after: datetime, zone: ZoneInfo) -> datetime:
    """Return the first minute in (before, after] at which the zone's clocks do not stand as they do before."""
    start = before.replace(second=0, microsecond=0)
    offset = before.astimezone(zone).utcoffset()
    low, high = 0, (after - start) // MINUTE
    while high - low > 1:
        middle = (low + high) // 2
        same = (start + middle * MINUTE).astimezone(zone).utcoffset() == offset
        low, high = (middle, high) if same else (low, middle)
    return start + high * MINUTE


@lru_cache(maxsize=1024)
def zone_info(name: str) -> ZoneInfo:
    """Return the zone of that name of the tz database; raises ValueError with a sentence when there is none."""
    if not is_zone(name):
        raise ValueError(f"There is no time zone {name!r}; name one of the tz database, for example Europe/Berlin.")
    return ZoneInfo(name)


@lru_cache(maxsize=4096)
def is_zone(name: str) -> bool:
    """Say whether the tz database has a zone of that name; what only says "the clock of this machine" is none.

    >>> is_zone("Asia/Kathmandu"), is_zone("UTC"), is_zone("localtime"), is_zone("Mars/Base"), is_zone("../etc/passwd")
    (True, True, False, False, False)
    """
    if name in ("", "localtime", "posixrules", "Factory") or not name.isascii():
        return False
    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        return False
    return True
