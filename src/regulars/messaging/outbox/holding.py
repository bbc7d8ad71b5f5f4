"""Whose a message is: claimed by updating it, marked before the dot, finished by its holder alone, swept when left behind.

Every statement names worker and fence, so that whoever was paused past its lease changes nothing any more.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, ClassVar, NamedTuple

import msgspec
from django.db import connection, transaction

from regulars.core import bulk
from regulars.core.watching.processes import is_named_gone
from regulars.messaging.control import tallies
from regulars.messaging.control.tallies import DRAWER, Change
from regulars.messaging.letters import Outcome, State
from regulars.messaging.models import Message

LEASE = timedelta(minutes=2)
# Behind the dot a server may take ten minutes to answer (RFC 5321, 4.5.3.2.6).
DOT_LEASE = timedelta(minutes=12)
TABLE = Message._meta.db_table
AT_ONCE = 400
# What a provider told by itself decides where our own connection broke off.
BY_WORD = "CASE heard WHEN 'failed' THEN 'failed' ELSE 'sent' END"
TOLD = "provider_told"


class Held(NamedTuple):
    """A message in hand, as it was claimed."""

    id: int
    key: str
    customer_id: int
    name: str
    occurrence: str
    channel: str
    is_marketing: bool
    topic: str
    template: str
    data: Mapping[str, Any]
    strength: int
    created_at: datetime
    good_until: datetime | None
    attempts: int
    fence: int
    to: str
    route: str = ""  # by which it went before, and when
    dot_at: datetime | None = None


READ = ", ".join(f'"{name}"' for name in Held._fields)


class Put(NamedTuple):
    """What to write about a message in hand: its new state, and what goes with it."""

    held: Held
    state: State
    reason: str = ""
    detail: str = ""
    code: str = ""
    provider_id: str = ""
    due_at: datetime | None = None
    is_try: bool = False


def claim(channels: Sequence[str], worker: str, limit: int, now: datetime, competing: Sequence[str] = ()) -> list[Held]:
    """Lease the oldest due messages of channels to this worker, the strongest first: up to limit of them, and with them
    everything that is due for the same people on these or the competing channels, so that it is decided on together."""
    lock = " FOR UPDATE SKIP LOCKED" if connection.vendor == "postgresql" else ""
    both, at = list(dict.fromkeys((*channels, *competing))), bulk.instant(now)
    oldest = f"SELECT customer_id FROM {TABLE} WHERE {_due(channels)} ORDER BY due_at, id LIMIT %s{lock}"
    with transaction.atomic(), connection.cursor() as cursor:
        # Materialized, for PostgreSQL may otherwise ask a limited query again for each row, and lease more than the limit.
        cursor.execute(
            f"WITH oldest AS MATERIALIZED ({oldest}) "
            f"UPDATE {TABLE} SET state = 'leased', worker = %s, fence = fence + 1, leased_until = %s "
            f"WHERE {_due(both)} AND customer_id IN (SELECT customer_id FROM oldest) RETURNING {READ}",
            [*channels, at, limit, worker, bulk.instant(now + LEASE), *both, at],
        )
        rows = cursor.fetchall()
    reader = _Reader()
    found = [reader.held(row) for row in rows]
    return sorted(found, key=lambda one: (-one.strength, one.id))


def _due(channels: Sequence[str]) -> str:
    marks = ", ".join(["%s"] * len(channels))
    return f"channel IN ({marks}) AND state IN ('queued', 'deferred') AND due_at <= %s"


def dot(held: Sequence[Held], worker: str, route: str, now: datetime) -> frozenset[str]:
    """Mark messages in the caller's transaction: from its commit on the provider may have them. Returns the keys that are
    still this worker's."""
    marked: set[str] = set()
    at = bulk.instant(now)
    with connection.cursor() as cursor:
        for some in _some(held):
            given = ", ".join(["(%s, %s, %s)"] * len(some))
            cursor.execute(
                f"UPDATE {TABLE} SET state = 'dot', dot_at = %s, route = %s, leased_until = %s, \"to\" = given.column3 "
                f"FROM (VALUES {given}) AS given WHERE {TABLE}.id = given.column1 AND fence = given.column2 "
                f"AND worker = %s AND state = 'leased' AND leased_until > %s RETURNING key",
                [
                    at,
                    route,
                    bulk.instant(now + DOT_LEASE),
                    *(part for one in some for part in (one.id, one.fence, one.to)),
                    worker,
                    at,
                ],
            )
            marked.update(row[0] for row in cursor.fetchall())
    tallies.add(_changes([one for one in held if one.key in marked], route, now), tallies.lane_of(worker))
    return frozenset(marked)


def _changes(gone: Sequence[Held], route: str, now: datetime) -> Iterable[Change]:
    """Return what these messages change in the running counts: each counts once, where it went last, unless into the drawer."""
    if route != DRAWER:
        for channel, n in Counter([one.channel for one in gone]).items():
            yield Change(channel, now, "sent", n)
    for one in gone:
        if one.dot_at and one.route != DRAWER:
            yield Change(one.channel, one.dot_at, "sent", -1)


def put(puts: Iterable[Put], worker: str, now: datetime) -> int:
    """Write outcomes in the caller's transaction; return how many were still this worker's.

    What was swept to unknown meanwhile takes the definite outcome that its sender brings late; nothing else does.
    """
    over = bulk.instant(now)
    rows = [_put_values(one, worker, over) for one in puts]
    if not rows:
        return 0
    with connection.cursor() as cursor:
        cursor.executemany(PUT, rows)
        return int(cursor.rowcount)


PUT = (
    f"UPDATE {TABLE} SET state = CASE WHEN %s AND heard <> '' THEN {BY_WORD} ELSE %s END, "
    f"reason = CASE WHEN %s AND heard <> '' THEN '{TOLD}' ELSE %s END, detail = %s, code = %s, provider_id = %s, "
    f"due_at = coalesce(%s, due_at), attempts = attempts + %s, finished_at = %s, leased_until = NULL, worker = '' "
    f"WHERE id = %s AND fence = %s AND ((worker = %s AND state IN ('leased', 'dot')) OR (state = 'unknown' AND %s))"
)


def _put_values(one: Put, worker: str, over: Any) -> tuple[Any, ...]:
    is_unknown, waits = one.state == State.UNKNOWN, one.state in (State.DEFERRED, State.QUEUED)
    return (
        is_unknown,
        one.state.value,
        is_unknown,
        one.reason,
        one.detail[:500],
        one.code[:32],
        one.provider_id[:255],
        bulk.instant(one.due_at),
        int(one.is_try),
        None if waits else over,
        one.held.id,
        one.held.fence,
        worker,
        one.state in (State.SENT, State.FAILED),
    )


def put_outcome(held: Held, outcome: Outcome, due_at: datetime | None) -> Put:
    """Return what to write about an outcome."""
    return Put(held, outcome.state, "", outcome.detail, outcome.code, outcome.provider_id, due_at, is_try=True)


def sweep(idempotent_routes: Sequence[str], now: datetime) -> int:
    """Take up what workers left behind when their leases or their processes ended; return how many messages there were.

    Leased ones go back: nothing was sent. Behind the dot nobody knows, unless the provider has told meanwhile: a route that does
    nothing twice for the same key is asked again, and so is a transactional e-mail, which carries the same Message-ID; every
    other becomes unknown.
    """
    at = bulk.instant(now)
    routes = ", ".join(["%s"] * len(idempotent_routes)) or "''"
    again = f"((channel = 'email' AND NOT is_marketing) OR route IN ({routes}))"
    gone = _gone_workers()
    marks = ", ".join(["%s"] * len(gone)) or "''"
    over = f"state IN ('leased', 'dot') AND (leased_until <= %s OR worker IN ({marks}))"
    back = "worker = '', leased_until = NULL, fence = fence + 1"
    tried = "attempts = attempts + 1"
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"UPDATE {TABLE} SET state = 'queued', {back} WHERE {over} AND state = 'leased'", [at, *gone])
        swept = int(cursor.rowcount)
        cursor.execute(
            f"UPDATE {TABLE} SET state = {BY_WORD}, reason = '{TOLD}', {tried}, finished_at = %s, leased_until = NULL, worker = '' "
            f"WHERE {over} AND state = 'dot' AND heard <> ''",
            [at, at, *gone],
        )
        swept += int(cursor.rowcount)
        cursor.execute(
            f"UPDATE {TABLE} SET state = 'deferred', reason = 'worker_lost', due_at = %s, {tried}, {back} WHERE {over} AND state = 'dot' AND {again}",
            [at, at, *gone, *idempotent_routes],
        )
        swept += int(cursor.rowcount)
        cursor.execute(
            f"UPDATE {TABLE} SET state = 'unknown', reason = 'worker_lost', {tried}, finished_at = %s, leased_until = NULL, worker = '' "
            f"WHERE {over} AND state = 'dot'",
            [at, at, *gone],
        )
        return swept + int(cursor.rowcount)


def _gone_workers() -> list[str]:
    """Return the workers with messages in hand whose process on this machine is no more."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT DISTINCT worker FROM {TABLE} WHERE state IN ('leased', 'dot')")
        return [row[0] for row in cursor.fetchall() if is_named_gone(row[0])]


class _Reader:
    """Reads the rows of a batch: what several messages bring alike is read once and is one object in all of them."""

    _FIELDS: ClassVar = msgspec.json.Decoder(dict[str, msgspec.Raw])

    def __init__(self) -> None:
        self._known: dict[bytes, Any] = {}
        self._instants: dict[Any, Any] = {None: None}

    def held(self, row: Sequence[Any]) -> Held:
        one = Held._make(row)
        return one._replace(
            is_marketing=bool(one.is_marketing), data=self._data(str(one.data)), created_at=self._instant(one.created_at),
            good_until=self._instant(one.good_until), dot_at=self._instant(one.dot_at),
        )  # fmt: skip

    def _data(self, text: str) -> dict[str, Any]:
        told: dict[str, Any] = self._FIELDS.decode(text)
        for name, raw in told.items():
            written = bytes(raw)
            if written not in self._known:
                self._known[written] = msgspec.json.decode(written)
            told[name] = self._known[written]
        return told

    def _instant(self, value: Any) -> Any:
        if value not in self._instants:
            self._instants[value] = bulk.from_database(value)
        return self._instants[value]


def _some(held: Sequence[Held]) -> Iterable[Sequence[Held]]:
    return (held[start : start + AT_ONCE] for start in range(0, len(held), AT_ONCE))
