"""The letters that the drawer keeps: listed newest first, and one of them whole."""

from collections.abc import Sequence
from typing import Any

from regulars.messaging.models import Drawn, Message

LISTED = ("key", "channel", "to", "to_name", "sender", "subject", "created_at")
WHOLE = (*LISTED, "text", "html", "headers")


def drawn(channel: str, offset: int, limit: int) -> tuple[Sequence[dict[str, Any]], int]:
    """Return kept letters, newest first, with the first words of their text, and how many there are; a blank channel is all."""
    found = Drawn.objects.filter(channel=channel) if channel else Drawn.objects.all()
    rows = found.order_by("-created_at", "key").values(*LISTED, "text")[offset : offset + limit]
    return [{**row, "text": row["text"][:200]} for row in rows], found.count()


def letter(key: str) -> dict[str, Any] | None:
    """Return a kept letter, with the customer whose message it is (None for a test); None for no such."""
    row = Drawn.objects.filter(key=key).values(*WHOLE).first()
    if row is None:
        return None
    about = Message.objects.filter(key=key).values_list("customer_id", flat=True).first()
    return {**row, "customer_id": about}
