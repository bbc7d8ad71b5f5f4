"""The worker that tells the log what became of finished messages: sent, failed or refused, each once."""

from datetime import datetime
from typing import Any

from django.db import connection, transaction

from regulars.core import bulk
from regulars.events import api as events
from regulars.messaging.models import Message
from regulars.messaging.models.messages import OVER

SOURCE = "messaging"
BATCH = 400
TABLE = Message._meta.db_table
READ = (
    "id", "key", "customer_id", "name", "channel", "is_marketing", "template", "state", "reason", "detail", "code", "route",
    "provider_id", "finished_at",
)  # fmt: skip
# The words of the index of untold messages, so that it is used. An unknown one is told when it is settled.
UNTOLD = f"state IN ({', '.join(repr(one) for one in OVER)}) AND NOT is_told AND state <> 'unknown'"


def run_once(now: datetime) -> int:
    """Tell what is not told yet; return how many messages were. The facts and their being told are one commit."""
    told = 0
    while some := _tell_some(now):
        told += some
    return told


def _tell_some(now: datetime) -> int:
    lock = " FOR UPDATE SKIP LOCKED" if connection.vendor == "postgresql" else ""
    listed = ", ".join(f'"{name}"' for name in READ)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"SELECT {listed} FROM {TABLE} WHERE {UNTOLD} ORDER BY id LIMIT {BATCH}{lock}")
        rows = [dict(zip(READ, row, strict=True)) for row in cursor.fetchall()]
        if rows:
            events.append([_told(row, now) for row in rows], now)
            Message.objects.filter(id__in=[row["id"] for row in rows]).update(is_told=True)
    return len(rows)


def _told(row: dict[str, Any], now: datetime) -> events.Told:
    return events.Told(
        fact=events.read(f"message.{row['state']}", _fields(row)),
        source=SOURCE,
        occurred_at=bulk.from_database(row["finished_at"]) or now,
        event_id=f"{row['key']}:{row['state']}",
        people={"customer": str(row["customer_id"])} if row["customer_id"] > 0 else {},
    )


def _fields(row: dict[str, Any]) -> dict[str, Any]:
    """Return the fields of a message's fact; what says nothing is left out."""
    more: dict[str, Any] = {}
    if row["state"] == "refused":
        more = {"reason": row["reason"] or "refused"}
    elif row["state"] == "failed":
        more = {"reason": row["reason"], "code": row["code"], "detail": row["detail"]}
    told = {
        "message_key": row["key"],
        "channel": row["channel"],
        "campaign": row["name"],
        "template": row["template"],
        "provider": row["route"],
        "provider_id": row["provider_id"],
        **more,
    }
    return {"is_marketing": bool(row["is_marketing"]), **{name: value for name, value in told.items() if value}}
