"""Running counts of what went and what came back, by channel and minute, written in the transaction in which it happens."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from functools import cache
from typing import NamedTuple
from zlib import crc32

from django.db import connection

from regulars.core import bulk
from regulars.messaging.models import Tally

TABLE = Tally._meta.db_table
COUNTED = ("sent", "bounced", "complained")
DRAWER = "drawer"  # its letters reach nobody and dilute nothing
MINUTE = timedelta(minutes=1)
# Workers that hand over in the same minute write rows of their own, so that none waits for another's commit.
LANES = 4
CAME_BACK = LANES


class Change(NamedTuple):
    """So many more, or fewer, of what is counted on a channel at an instant."""

    channel: str
    at: datetime
    counted: str
    n: int = 1


def add(changes: Iterable[Change], lane: int) -> None:
    """Add up changes in the caller's transaction, in one statement."""
    sums: dict[tuple[str, datetime], list[int]] = {}
    for channel, at, counted, n in changes:
        sums.setdefault((channel, minute_of(at)), [0] * len(COUNTED))[COUNTED.index(counted)] += n
    if not sums:
        return
    # The same order for all, so that no two wait for each other.
    values = [v for (channel, minute), n in sorted(sums.items()) for v in (channel, bulk.instant(minute), lane, *n)]
    with connection.cursor() as cursor:
        cursor.execute(_upsert(len(sums)), values)


@cache
def _upsert(n: int) -> str:
    marks = ", ".join(["(%s, %s, %s, %s, %s, %s)"] * n)
    added = ", ".join(f"{name} = {TABLE}.{name} + excluded.{name}" for name in COUNTED)
    return (
        f"INSERT INTO {TABLE} (channel, minute, lane, {', '.join(COUNTED)}) VALUES {marks} "
        f"ON CONFLICT (channel, minute, lane) DO UPDATE SET {added}"
    )


@cache
def lane_of(worker: str) -> int:
    """Return the lane of a worker."""
    return crc32(worker.encode()) % LANES


def next_minute(at: datetime) -> datetime:
    """Return when the first minute begins that lies whole behind an instant."""
    began = minute_of(at)
    return began if began == at else began + MINUTE


def minute_of(at: datetime) -> datetime:
    """Return when the minute of an instant began."""
    return at.replace(second=0, microsecond=0)


def forget(before: datetime) -> None:
    """Forget the minutes before an instant, which no window reaches any more."""
    Tally.objects.filter(minute__lt=before).delete()
