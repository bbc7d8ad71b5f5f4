"""The log's way into the lake, and the lake's rows that are not there yet."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

import msgspec

from regulars.core.lake import moment as reading
from regulars.core.lake.engine import Connection
from regulars.core.lake.tables import Table
from regulars.events import place, registry
from regulars.events.log import leases, marks
from regulars.events.log.leases import Held
from regulars.events.models import Log

FLUSH_AT = 50_000
FLUSH_AFTER = timedelta(minutes=1)


def tables() -> list[Table]:
    """Return the lake table of every registered kind, unopened."""
    root = place.lake_root()
    return [Table(root, schema) for schema in registry.schemas()]


def heal(lease: Held) -> int:
    """Cut off what a killed writer left above the committed seq; after a takeover also shut the sleeper out."""
    committed = marks.get(marks.LOG)
    cut = 0
    for table in tables():
        table.open()
        cut += table.cut_above(committed)
        if lease.taken_over:
            table.fence()
    return cut


def flush(con: Connection) -> int:
    """Append the log's rows to their lake tables and prune them; call under the sequencer's lease, after heal."""
    flushed = 0
    for schema in registry.schemas():
        rows = list(Log.objects.filter(kind__in=_kinds_of(schema.name)).order_by("seq"))
        if not rows:
            continue
        table = Table(place.lake_root(), schema).open()
        waiting = [row for row in rows if row.seq > table.watermark]
        if waiting:
            con.execute("CREATE SCHEMA IF NOT EXISTS flush")
            con.execute(f"DROP TABLE IF EXISTS flush.{schema.name}")
            reading.load_json(con, f"flush.{schema.name}", schema.columns, [as_json(row) for row in waiting])
            ordered = con.sql(f"SELECT * FROM flush.{schema.name} ORDER BY {', '.join(schema.sort)}, seq")
            table.append(con, ordered, waiting[-1].seq)
            flushed += len(waiting)
        Log.objects.filter(kind__in=_kinds_of(schema.name), seq__lte=table.watermark).delete()
    return flushed


def tail(kinds: Sequence[str] | None = None, after: int = 0) -> tuple[int, dict[str, list[tuple[int, str]]]]:
    """Return the newest committed seq and the log's rows by lake table; of some kinds only, with a greater seq only.

    The order matters and replaces a transaction: seq first, then the rows, then (by the caller) the lake tables. A row
    that a flush prunes in between is in the lake by then.
    """
    newest = marks.get(marks.LOG)
    rows = Log.objects.filter(seq__gt=after, seq__lte=newest).order_by("seq")
    if kinds is not None:
        rows = rows.filter(kind__in=kinds)
    waiting: dict[str, list[tuple[int, str]]] = {}
    for row in rows:
        waiting.setdefault(registry.table_name(row.kind), []).append((row.seq, as_json(row)))
    return newest, waiting


def as_json(row: Log) -> str:
    """Return a log row as the JSON text of its lake row."""
    envelope = {
        "seq": row.seq,
        "event_id": row.event_id,
        "source": row.source,
        "customer_id": row.customer_id,
        "occurred_at": _instant(row.occurred_at),
        "received_at": _instant(row.received_at),
    }
    head = msgspec.json.encode(envelope).decode()
    return head if row.fields == "{}" else f"{head[:-1]},{row.fields[1:]}"


def rows_of(facts: Iterable[tuple[int, int, registry.Fact]], source: str, now: datetime) -> list[Log]:
    """Make log rows of (seq, customer_id, fact) that the house itself states."""
    return [
        Log(
            seq=seq,
            kind=told.kind,
            event_id="",
            source=source,
            customer_id=customer_id,
            occurred_at=now,
            received_at=now,
            fields=msgspec.json.encode(registry.as_fields(told)).decode(),
        )
        for seq, customer_id, told in facts
    ]


def _kinds_of(table: str) -> Sequence[str]:
    return [kind for kind in registry.kinds() if registry.table_name(kind) == table]


def _instant(moment: datetime) -> str:
    return moment.isoformat()


def flush_when_due(now: datetime) -> int:
    """Flush when the log holds 50,000 rows or its oldest one is a minute old; a busy lease leaves it to the holder."""
    oldest = Log.objects.order_by("seq").values_list("received_at", flat=True).first()
    if oldest is None or (now - oldest < FLUSH_AFTER and Log.objects.count() < FLUSH_AT):
        return 0
    try:
        with leases.held(leases.SEQUENCER, now) as lease, place.connection() as con:
            heal(lease)
            return flush(con)
    except leases.Busy:
        return 0
