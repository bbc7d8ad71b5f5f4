"""Messages of one name: how many are still on their way, and taking back those that were not handed over yet."""

from collections.abc import Mapping
from datetime import datetime

from django.db import connection

from regulars.core import bulk
from regulars.messaging.models import Message

TABLE = Message._meta.db_table
CANCELLED = "cancelled"
# A question for each of the small indexes, by their own words, so that they are used.
UNDER_WAY = " UNION ALL ".join(
    f"SELECT state, count(*) FROM {TABLE} WHERE {which} AND name = %s GROUP BY state"
    for which in ("state IN ('queued', 'deferred')", "state IN ('leased', 'dot')", "state = 'unknown'")
)


def under_way(name: str) -> Mapping[str, int]:
    """Return how many messages of a name wait, are in hand, or may or may not have arrived, by state; none is left out."""
    with connection.cursor() as cursor:
        cursor.execute(UNDER_WAY, [name, name, name])
        return {str(state): int(n) for state, n in cursor.fetchall()}


def withdraw(name: str, now: datetime) -> int:
    """Refuse every message of a name that is not behind its dot, in the caller's transaction; return how many there were.

    Another fence, so that a worker which holds one finds that it lost it when it asks for the dot.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE {TABLE} SET state = 'refused', reason = '{CANCELLED}', finished_at = %s, leased_until = NULL, worker = '', "
            "fence = fence + 1 WHERE state IN ('queued', 'deferred', 'leased') AND name = %s",
            [bulk.instant(now), name],
        )
        return int(cursor.rowcount)
