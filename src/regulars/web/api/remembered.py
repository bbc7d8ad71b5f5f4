"""Answers kept for two days under the caller's Idempotency-Key: a call that is repeated is answered, not done again."""

import hashlib
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import msgspec
from django.db import transaction

from regulars.web.models import Answered

KEPT = timedelta(hours=48)
LONGEST = 255
Answer = tuple[int, dict[str, Any]]


class OtherBody(ValueError):
    """A key that stands for another body already, or is none; the message says what to do."""


def once(caller: str, key: str, body: bytes, make: Callable[[], Answer], now: datetime) -> Answer:
    """Return the answer kept under this caller's key, or make it and keep it in the commit of what it did.

    Raises OtherBody when the key came with another body before. Of two calls at one time the second waits for the first.
    """
    if not key.strip() or len(key) > LONGEST:
        raise OtherBody(f"the Idempotency-Key must have 1 to {LONGEST} letters; a random one per call is best")
    asked, said = _digest(f"{caller}\x1f{key}".encode("utf-8", "replace")), _digest(body)
    with transaction.atomic():
        Answered.objects.filter(at__lt=now - KEPT).delete()
        row, is_new = Answered.objects.get_or_create(asked=asked, defaults={"body": said, "at": now})
        if is_new:
            status, answer = make()
            Answered.objects.filter(asked=asked).update(status=status, answer=msgspec.json.encode(answer).decode())
            return status, answer
    if row.body != said:
        raise OtherBody("this Idempotency-Key came with another body before; use a new key for a new call")
    return row.status, msgspec.json.decode(row.answer)


def _digest(text: bytes) -> str:
    return hashlib.sha256(text).hexdigest()
