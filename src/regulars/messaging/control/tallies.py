"""Running counts of what went and what came back, by channel and minute, written in the transaction in which it happens.

They are summed where a window covers whole minutes; the minute in which it begins is counted message by message.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from zlib import crc32

from django.db import connection
from django.db.models import Sum

from regulars.core import bulk
from regulars.messaging.models import Tally

TABLE = Tally._meta.db_table
COUNTED = ("sent", "bounced", "complained")
DRAWER = "drawer"  # its letters reach nobody and dilute nothing
MINUTE = timedelta(minutes=1)
# Workers that hand over in the same minute write rows of their own, so that none waits for another's commit.
LANES = 4
CAME_BACK = LANES


@dataclass(frozen=True, order=True)
class Change:
    """One more, or one less, of what is counted on a channel at an instant."""

    channel: str
    at: datetime
    counted: str
    n: int = 1


def add(changes: Iterable[Change], lane: int) -> None:
    """Add up changes in the caller's transaction, in one statement."""
    sums = _sums(changes)
    if not sums:
        return
    rows = sorted(sums.items(), key=lambda row: row[0])  # the same order for all, so that no two wait for each other
    marks = ", ".join(["(%s, %s, %s, %s, %s, %s)"] * len(rows))
    added = ", ".join(f"{name} = {TABLE}.{name} + excluded.{name}" for name in COUNTED)
    values = [
        value
        for (channel, minute), counts in rows
        for value in (channel, bulk.instant(minute), lane, *(counts.get(name, 0) for name in COUNTED))
    ]
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {TABLE} (channel, minute, lane, {', '.join(COUNTED)}) VALUES {marks} "
            f"ON CONFLICT (channel, minute, lane) DO UPDATE SET {added}",
            values,
        )


def lane_of(worker: str) -> int:
    """Return the lane of a worker."""
    return crc32(worker.encode()) % LANES


def whole_minutes(channel: str, since: datetime) -> tuple[datetime, Mapping[str, int]]:
    """Return the first minute that lies whole behind an instant, and what was counted from it on."""
    began = minute_of(since)
    first = began if began == since else began + MINUTE
    found = Tally.objects.filter(channel=channel, minute__gte=first).aggregate(**{name: Sum(name) for name in COUNTED})
    return first, {name: n or 0 for name, n in found.items()}


def minute_of(at: datetime) -> datetime:
    """Return when the minute of an instant began."""
    return at.replace(second=0, microsecond=0)


def forget(before: datetime) -> None:
    """Forget the minutes before an instant, which no window reaches any more."""
    Tally.objects.filter(minute__lt=before).delete()


def _sums(changes: Iterable[Change]) -> dict[tuple[str, datetime], Counter[str]]:
    sums: dict[tuple[str, datetime], Counter[str]] = {}
    for one in changes:
        sums.setdefault((one.channel, minute_of(one.at)), Counter())[one.counted] += one.n
    return sums
