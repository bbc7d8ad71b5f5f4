"""The one sequencer: gives each fact its seq and its person, in the order of the inbox."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import msgspec
from django.db import transaction

from regulars.core import bulk
from regulars.events import registry
from regulars.events.log import flush, known, leases, marks
from regulars.events.log.leases import Held
from regulars.events.models import Inbox, Log
from regulars.events.people import People

BATCH = 5_000
COLUMNS = ("seq", "kind", "event_id", "source", "customer_id", "occurred_at", "received_at", "fields")


def run_once(now: datetime, people: People) -> int:
    """Sequence what waits in the inbox, batch by batch; return how many facts left it. Busy leaves it to the holder."""
    if not Inbox.objects.exists():
        return 0
    done = 0
    try:
        with leases.held(leases.SEQUENCER, now) as lease:
            flush.heal(lease)
            people.catch_up(now)
            while moved := _batch(lease, now, people):
                done += moved
                lease.renew(now)
    except leases.Busy:
        return done
    return done


def _batch(lease: Held, now: datetime, people: People) -> int:
    waiting = list(Inbox.objects.order_by("id")[:BATCH])
    if not waiting:
        return 0
    told_before = known.known([(row.kind, row.fields) for row in waiting])
    fresh = [row for row, is_known in zip(waiting, told_before, strict=True) if not is_known]
    with transaction.atomic():
        lease.check()
        resolved = people.resolve([msgspec.json.decode(row.people) for row in fresh])
        _write(fresh, resolved.customer_ids, resolved.learnt, now)
        Inbox.objects.filter(id__in=[row.id for row in waiting]).delete()
    return len(waiting)


def _write(
    fresh: Sequence[Inbox], customers: Sequence[int], learnt: Sequence[tuple[int, int, registry.Fact]], now: datetime
) -> None:
    newest = marks.get(marks.LOG)
    stated = [(newest + number, customer, told) for number, (_, customer, told) in enumerate(learnt, start=1)]
    rows = flush.rows_of(stated, "people", now)
    newest += len(rows)
    for number, (row, customer) in enumerate(zip(fresh, customers, strict=True), start=1):
        rows.append(_log_row(row, newest + number, customer))
    if rows:
        bulk.insert_in_transaction(Log._meta.db_table, COLUMNS, [_values(row) for row in rows], conflict="")
        marks.put(marks.LOG, rows[-1].seq)


def _log_row(row: Inbox, seq: int, customer: int) -> Log:
    return Log(
        seq=seq,
        kind=row.kind,
        event_id=row.event_id,
        source=row.source,
        customer_id=customer,
        occurred_at=row.occurred_at,
        received_at=row.received_at,
        fields=row.fields,
    )


def _values(row: Log) -> tuple[Any, ...]:
    about = (row.seq, row.kind, row.event_id, row.source, row.customer_id)
    return (*about, bulk.instant(row.occurred_at), bulk.instant(row.received_at), row.fields)
