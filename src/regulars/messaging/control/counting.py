"""Counts the windows that the circuit breaker judges: whole minutes by their running counts, the rest message by message."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from math import ceil
from typing import Any

from django.db import connection

from regulars.core import bulk
from regulars.messaging.control import tallies
from regulars.messaging.control.tallies import DRAWER
from regulars.messaging.models import Message, Setback
from regulars.messaging.returns.rules.breaker import BOUNCES_RESUME, COMPLAINTS_CALM, DAY, LAST, WEEK, Window

NEVER = datetime(9999, 1, 1, tzinfo=UTC)
GONE = f"FROM {Message._meta.db_table} WHERE channel = %s AND route <> '{DRAWER}' AND dot_at >= %s"
NEWEST = f"SELECT dot_at {GONE} ORDER BY dot_at DESC LIMIT 1 OFFSET %s"
AMID = f"SELECT count(*) FROM (SELECT 1 {GONE} AND dot_at < %s LIMIT %s) AS gone"
COUNTED = f"""
WITH whole AS (
    SELECT coalesce(sum(sent), 0) AS sent, coalesce(sum(bounced), 0) AS bounced, coalesce(sum(complained), 0) AS complained
    FROM {tallies.TABLE} WHERE channel = %s AND minute >= %s
), amid AS (
    SELECT count(CASE WHEN kind = 'bounced' THEN 1 END) AS bounced, count(CASE WHEN kind = 'complained' THEN 1 END) AS complained
    FROM {Setback._meta.db_table} WHERE channel = %s AND sent_at >= %s AND sent_at < %s
)
SELECT whole.sent, whole.bounced + amid.bounced, whole.complained + amid.complained FROM whole, amid
"""


def windows(channel: str, now: datetime, counts_from: datetime | None) -> Mapping[str, Window]:
    """Count the last 1,000 messages of a channel, those of a day and of seven; none before counts_from."""
    week = max(now - WEEK, counts_from or now - WEEK)
    day = max(now - DAY, week)
    found = _row(NEWEST, [channel, bulk.instant(week), LAST - 1])
    last = (bulk.from_database(found[0]) if found else None) or week
    return {
        "last": _counted(channel, last, NEVER),
        "day": _counted(channel, day, tallies.next_minute(day)),
        "week": _counted(channel, week, tallies.next_minute(week)),
    }


def _counted(channel: str, since: datetime, whole: datetime) -> Window:
    """Count from an instant on, by the running counts from the minute on that is whole; messages only as far as they matter:
    with more of them what came back is below every line."""
    begins, goes_on = bulk.instant(since), bulk.instant(whole)
    sent, bounced, complained = map(int, _row(COUNTED, [channel, goes_on, channel, begins, goes_on]))
    enough = max(LAST, ceil(complained / COMPLAINTS_CALM), ceil(bounced / BOUNCES_RESUME)) + 1
    if sent < enough and since < whole:
        sent += _row(AMID, [channel, begins, goes_on, enough - sent])[0]
    return Window(min(sent, enough), bounced, complained)


def _row(sql: str, values: Sequence[Any]) -> Sequence[Any]:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return cursor.fetchone() or ()
