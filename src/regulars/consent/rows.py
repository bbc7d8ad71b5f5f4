"""Writing rows of consent: a later statement replaces an earlier one of its kind, in whatever order they come."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, tzinfo
from itertools import islice
from typing import Any, NamedTuple

from django.db import connection, transaction

from regulars.consent.models import Consent
from regulars.consent.rules.settling import Said, order
from regulars.consent.rules.terms import Kind
from regulars.core import bulk
from regulars.profiles import api as profiles

COLUMNS = (
    "customer_id", "channel", "topic", "kind", "is_withdrawn", "basis", "method", "since", "heard_at", "text_version",
    "country", "source", "expires_on", "event_id", "seq",
)  # fmt: skip
TABLE = Consent._meta.db_table
DECIDING = ("since", "heard_at", "is_withdrawn", "event_id")
LATER_WINS = (
    "ON CONFLICT (customer_id, channel, topic, kind) DO UPDATE SET "
    + ", ".join(f"{name} = excluded.{name}" for name in COLUMNS[4:])
    + f" WHERE ({', '.join(f'excluded.{name}' for name in DECIDING)}) >= ({', '.join(f'{TABLE}.{name}' for name in DECIDING)})"
)
AT_ONCE = 10_000


@dataclass(frozen=True)
class Row:
    """A statement with whose it is; seq is 0 as long as the log has not numbered it."""

    customer: int
    channel: str
    said: Said
    seq: int = 0


def write(rows: Iterable[Row]) -> int:
    """Write statements, each under the customer who stands for its own today; return how many were offered."""
    offered, source = 0, iter(rows)
    while some := list(islice(source, bulk.PER_TRANSACTION)):
        offered += len(some)
        contacts = profiles.contacts(list({row.customer for row in some}))
        with transaction.atomic():
            _write_some(
                [(contacts[row.customer].customer if row.customer in contacts else row.customer, row) for row in some]
            )
    return offered


def take_over(merged: Sequence[int]) -> None:
    """Give what merged customers said to those who stand for them now."""
    for start in range(0, len(merged), AT_ONCE):
        some = merged[start : start + AT_ONCE]
        with transaction.atomic():
            write(read(some))
            contacts = profiles.contacts(some)
            gone = [number for number in some if number in contacts and contacts[number].customer != number]
            Consent.objects.filter(customer_id__in=gone).delete()


def read(customers: Sequence[int], zone: tzinfo | None = None, **only: Any) -> Iterator[Row]:
    """Yield the rows of customers, instants in a zone where one is given; a few questions for thousands of people."""
    for start in range(0, len(customers), AT_ONCE):
        found = Consent.objects.filter(customer_id__in=customers[start : start + AT_ONCE], **only)
        for values in found.values_list(*COLUMNS).iterator(chunk_size=AT_ONCE):
            yield _row(values, zone)


class Loose(NamedTuple):
    """A row of a channel as the driver gives it. The first six are what a statement says apart from when."""

    topic: str
    kind: str
    is_withdrawn: int
    text_version: str
    country: str
    expires_on: Any
    since: Any
    heard_at: Any
    event_id: str

    def said(self, zone: tzinfo) -> Said:
        """Return the statement, with what decides about it."""
        since, heard_at = bulk.from_database(self.since), bulk.from_database(self.heard_at)
        assert since is not None  # the column always has one
        ends = self.expires_on
        return Said(
            topic=self.topic, kind=Kind(self.kind), is_withdrawn=bool(self.is_withdrawn), text_version=self.text_version,
            country=self.country, expires_on=date.fromisoformat(ends) if isinstance(ends, str) else ends,
            since=since.astimezone(zone), heard_at=heard_at, event_id=self.event_id,
        )  # fmt: skip


def loose(customers: Sequence[int], channel: str, topic: str) -> dict[int, list[Loose]]:
    """Return what each customer said of a channel and of a topic: plain SQL, for every letter asks twice."""
    found: dict[int, list[Loose]] = {}
    # Instants as texts: of most people nobody looks at them.
    listed = ", ".join(f"CAST({name} AS text)" if name in ("since", "heard_at") else name for name in Loose._fields)
    for start in range(0, len(customers), AT_ONCE):
        among, people = bulk.among(customers[start : start + AT_ONCE])
        with connection.cursor() as cursor:
            cursor.execute(
                f"SELECT customer_id, {listed} FROM {TABLE} "
                f"WHERE channel = %s AND topic IN ('', %s) AND customer_id {among}",
                [channel, topic, people],
            )
            for customer, *row in cursor.fetchall():
                found.setdefault(customer, []).append(Loose._make(row))
    return found


def fit(text: str | None, n: int) -> str:
    """Return a text that its column takes; a source may tell anything, and PostgreSQL takes no NUL."""
    return (text or "").replace("\0", "")[:n]


def instant(moment: datetime) -> Any:
    """Return an instant as this database's driver takes it."""
    return connection.ops.adapt_datetimefield_value(moment)


def _write_some(rows: Sequence[tuple[int, Row]]) -> None:
    kept: dict[tuple[int, str, str, str], Row] = {}
    for customer, row in rows:
        key = (customer, row.channel, row.said.topic, row.said.kind)
        if key not in kept or order(kept[key].said) <= order(row.said):
            kept[key] = row
    bulk.insert(TABLE, COLUMNS, [_values(key, row) for key, row in kept.items()], LATER_WINS)


def _values(key: tuple[int, str, str, str], row: Row) -> tuple[Any, ...]:
    said = row.said
    return (
        *key,
        said.is_withdrawn,
        said.basis,
        said.method,
        instant(said.since),
        instant(said.heard_at or said.since),
        said.text_version,
        said.country,
        said.source,
        connection.ops.adapt_datefield_value(said.expires_on),
        said.event_id,
        row.seq,
    )


def _row(values: Sequence[Any], zone: tzinfo | None) -> Row:
    told = dict(zip(COLUMNS, values, strict=True))
    customer, channel, seq = told.pop("customer_id"), told.pop("channel"), told.pop("seq")
    told["kind"] = Kind(told["kind"])
    if zone is not None:
        told["since"] = told["since"].astimezone(zone)
    return Row(customer, channel, Said(**told), seq)
