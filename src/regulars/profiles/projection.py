"""The projection of people: identity facts into operational rows, in the order of the log, restartable anywhere."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from django.db import connection, transaction

from regulars.core import bulk, sql
from regulars.core.lake.moment import Moment
from regulars.events import api as events
from regulars.profiles.models import Customer, Identity

MARK = "projection:profiles"
KINDS = ("customer.identified", "customer.merged", "customer.updated")
ATTRIBUTES = (
    "first_name", "last_name", "country", "city", "postcode", "language", "timezone", "accepts_email", "accepts_sms", "tags",
)  # fmt: skip


def run_once(now: datetime) -> int:
    """Apply what the log has told of people since the last run; return how many facts there were.

    Each statement may be repeated: a crash in between is mended by running again from the same mark.
    """
    done = events.mark(MARK)
    moment = events.after(KINDS, done)
    if moment is None:
        return 0
    with moment:
        queries = sql.load("regulars.profiles")
        n = _identities(moment, queries, done)
        n += _merges(moment, queries, done)
        n += _attributes(moment, queries, done)
        events.advance_mark(MARK, moment.seq)
    return n


def reset() -> None:
    """Forget every projected row, to be told again by the log."""
    Identity.objects.all().delete()
    Customer.objects.all().delete()
    events.set_mark(MARK, 0)


def _identities(moment: Moment, queries: Any, done: int) -> int:
    customers = Customer._meta.db_table
    fill = ", ".join(
        f"{name} = CASE WHEN {customers}.{name} = '' THEN excluded.{name} ELSE {customers}.{name} END"
        for name in ("reference", "email", "phone")
    )
    contacts = _stream(moment, queries["new_contacts"], done)
    bulk.insert(customers, ("id", "reference", "email", "phone"), contacts, f"ON CONFLICT (id) DO UPDATE SET {fill}")
    return bulk.insert(
        Identity._meta.db_table, ("identifier", "customer_id"), _stream(moment, queries["new_identities"], done)
    )


def _merges(moment: Moment, queries: Any, done: int) -> int:
    merges = moment.rows(queries["new_merges"], seq=done)
    with transaction.atomic():
        for customer, merged in merges:
            Customer.objects.filter(id=merged).update(merged_into=customer)
            Customer.objects.filter(merged_into=merged).update(merged_into=customer)
    return len(merges)


def _attributes(moment: Moment, queries: Any, done: int) -> int:
    rows = moment.rows(queries["new_attributes"], seq=done)
    table, n = Customer._meta.db_table, 0
    sets = ", ".join(f"{name} = coalesce(%s, {name})" for name in ATTRIBUTES)
    for start in range(0, len(rows), bulk.PER_TRANSACTION):
        some: Sequence[tuple[Any, ...]] = rows[start : start + bulk.PER_TRANSACTION]
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.executemany(f"UPDATE {table} SET {sets} WHERE id = %s", [(*row[1:], row[0]) for row in some])
        n += len(some)
    return n


def _stream(moment: Moment, query: str, done: int) -> Iterator[tuple[Any, ...]]:
    result = moment.con.execute(query, {"seq": done})
    while some := result.fetchmany(bulk.PER_TRANSACTION):
        yield from some
