"""The audit log: who did what, to what, when; added to and read, never changed."""

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from regulars.access.models import Deed

Plain = str | int | bool | None
# Somebody's e-mail, one of our API tokens: neither has a place among the details of a deed.
TELLING = re.compile(r"\S@\S|rgl_\w{8}")
MOST = 1_000


def note(actor: str, action: str, about: str, details: Mapping[str, Plain], now: datetime) -> None:
    """Add one line: actor is a user's e-mail or what acted by itself, action like `token.made`, about what it was done to.

    details are short plain values. Customer data and secrets do not belong here: ValueError for what looks like them.
    """
    for name, value in details.items():
        if isinstance(value, str) and (len(value) > 200 or TELLING.search(value)):
            raise ValueError(f"the audit log keeps no secrets and nothing of a customer; leave {name} out")
    Deed.objects.create(
        at=now, actor=_line(actor, 254), action=_line(action, 64), about=_line(about, 255), details=dict(details)
    )


def deeds(before: int | None, limit: int, action: str = "", actor: str = "") -> list[dict[str, Any]]:
    """Return lines newest first, with id, at, actor, action, about, details; before is the id to go on from."""
    found = Deed.objects.order_by("-id")
    if before is not None:
        found = found.filter(id__lt=before)
    if action:
        found = found.filter(action=action)
    if actor:
        found = found.filter(actor=actor)
    columns = ("id", "at", "actor", "action", "about", "details")
    return list(found.values(*columns)[: max(1, min(limit, MOST))])


def _line(text: str, most: int) -> str:
    # A line break or a control character could make one deed look like two.
    return "".join(letter if letter.isprintable() else " " for letter in text)[:most]
