"""What is kept of shared blocks: each in versions that never change; which one is live is said apart from them."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import F, Max

from regulars.messaging import models
from regulars.messaging.templates import Refused, base_of, shipped_blocks


class NoSuchBlock(Refused):
    """There is no shared block, or no version, of this name and number."""


@dataclass(frozen=True)
class Block:
    """A shared block as it stands: live is the number of the version in use, 0 for none; newest that of the last one."""

    name: str
    live: int
    newest: int
    changed_at: datetime


@dataclass(frozen=True)
class Version:
    """One version: who made it and when."""

    number: int
    made_at: datetime
    made_by: str
    is_live: bool


def listing() -> list[Block]:
    """Return every shared block by its name."""
    rows = models.Block.objects.annotate(newest=Max("versions__number"), changed_at=Max("versions__made_at"))
    return [Block(*row) for row in rows.order_by("name").values_list("name", "live", "newest", "changed_at") if row[2]]


def kept(name: str) -> Block:
    """Return one shared block; raise NoSuchBlock."""
    for one in listing():
        if one.name == name:
            return one
    raise NoSuchBlock(f"there is no shared block {name}; see the list of blocks")


def versions(name: str) -> list[Version]:
    """Return a block's versions, newest first."""
    rows = models.BlockVersion.objects.filter(block__name=name).order_by("-number")
    columns: tuple[Any, ...] = ("number", "made_at", "made_by", "block__live")
    return [Version(number, at, by, number == live) for number, at, by, live in rows.values_list(*columns)]


def texts(name: str, number: int | None = None) -> dict[str, str]:
    """Return a version's texts by language, everybody else's under a blank; the newest version's when no number is given."""
    rows = models.BlockVersion.objects.filter(block__name=name).order_by("-number")
    found = (rows if number is None else rows.filter(number=number)).values_list("texts", flat=True).first()
    if found is None:
        raise NoSuchBlock(f"there is no block {name}" if number is None else f"{name} has no version {number}")
    return dict(json.loads(found))


def live() -> dict[str, str]:
    """Return the live texts of all shared blocks, as templates name them: `greeting`, `greeting.de`. One question."""
    rows = models.BlockVersion.objects.filter(number=F("block__live")).order_by("block__name")
    found: dict[str, str] = {}
    for name, told in rows.values_list("block__name", "texts"):
        found |= keyed(name, json.loads(told))
    return found


def lock() -> dict[str, models.Block]:
    """Let nobody else make a block or a template live, or drop a block, until this transaction ends; return the rows."""
    return {row.name: row for row in models.Block.objects.select_for_update().order_by("id")}


def keyed(name: str, told: Mapping[str, str]) -> dict[str, str]:
    """Return a block's texts as templates name them.

    >>> keyed("greeting", {"": "Hi", "de": "Hallo"})
    {'greeting': 'Hi', 'greeting.de': 'Hallo'}
    """
    return {f"{name}.{language}" if language else name: text for language, text in told.items()}


def shipped(name: str) -> dict[str, str]:
    """Return the texts of a shipped block by language; none when no such block is shipped."""
    found = {key.partition(".")[2]: text.strip("\n") for key, text in shipped_blocks().items() if base_of(key) == name}
    return {"": next(iter(found.values())), **found} if found else {}
