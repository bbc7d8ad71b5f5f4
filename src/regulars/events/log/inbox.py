"""The inbox: one durable commit makes a fact known, once, whoever tells it and however often."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

import msgspec
from django.db import connection, transaction

from regulars.core.ids import new_id
from regulars.events import registry
from regulars.events.models import Inbox, InboxKey

AT_ONCE = 400  # rows per statement: two digests each stay far below SQLite's and PostgreSQL's parameter limits


@dataclass(frozen=True, kw_only=True)
class Told:
    """A fact as a source tells it; people holds identifiers by kind, e.g. {"email": "ann@example.com", "id": "c1"}."""

    fact: registry.Fact
    source: str
    occurred_at: datetime
    event_id: str = ""
    people: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Receipt:
    """How many facts were new and how many were known already."""

    accepted: int
    duplicates: int


def append(told: Sequence[Told], now: datetime) -> Receipt:
    """Commit facts to the inbox; when this returns they are durable. What was told before is counted, not stored."""
    accepted = sum(append_each(told, now))
    return Receipt(accepted, len(told) - accepted)


def append_each(told: Sequence[Told], now: datetime) -> list[bool]:
    """Commit facts as append does; return of each whether it was new, for whoever acts on what is told the first time."""
    fresh: list[bool] = []
    with transaction.atomic():
        for start in range(0, len(told), AT_ONCE):
            fresh += _append_some(told[start : start + AT_ONCE], now)
    return fresh


def _append_some(told: Sequence[Told], now: datetime) -> list[bool]:
    digests = [_digests(item) for item in told]
    fresh = _claim([digest for pair in digests for digest in pair])
    rows, is_new = [], []
    for item, pair in zip(told, digests, strict=True):
        is_new.append(all(digest in fresh for digest in pair))
        if is_new[-1]:
            fresh.difference_update(pair)
            rows.append(_row(item, now))
    InboxKey.objects.filter(digest__in=list(fresh)).delete()  # claimed beside a known key: nothing was stored under it
    Inbox.objects.bulk_create(rows)
    return is_new


def _claim(digests: Sequence[bytes]) -> set[bytes]:
    """Store the digests that are new and return just these: the statement itself decides, so racing tellers cannot both win."""
    distinct = list(dict.fromkeys(digests))
    if not distinct:
        return set()
    table = connection.ops.quote_name(InboxKey._meta.db_table)
    values = ", ".join(["(%s)"] * len(distinct))
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {table} (digest) VALUES {values} ON CONFLICT DO NOTHING RETURNING digest", distinct
        )
        return {bytes(row[0]) for row in cursor.fetchall()}


def _digests(item: Told) -> list[bytes]:
    keys = []
    if item.event_id:
        keys.append(f"event\x1f{item.source}\x1f{item.event_id}\x1f{item.fact.kind}")
    natural = item.fact.natural_key()
    if natural is not None:
        keys.append(f"fact\x1f{natural}")
    return [hashlib.blake2b(key.encode(), digest_size=16).digest() for key in keys]


def _row(item: Told, now: datetime) -> Inbox:
    return Inbox(
        source=item.source,
        event_id=item.event_id or new_id(now),
        kind=item.fact.kind,
        occurred_at=item.occurred_at,
        received_at=now,
        people=msgspec.json.encode(dict(item.people)).decode(),
        fields=msgspec.json.encode(registry.as_fields(item.fact)).decode(),
    )
