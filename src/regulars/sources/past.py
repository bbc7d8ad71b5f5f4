"""Imports so far: what became of each file, its rejected rows, and forgetting all of it when a shop starts over."""

import shutil
from pathlib import Path
from typing import Any

from regulars.core.settings import current
from regulars.sources.models import Import

COUNTS = ("rows", "accepted", "rejected", "duplicates", "merged")


def imports() -> list[dict[str, Any]]:
    """Return every import, newest first: id, target, file_name, started_at, finished_at (None: not finished), counts, and
    rejects_file (its name, blank without rejects)."""
    return [_told(record) for record in Import.objects.order_by("-id")]


def rejects_of(number: int) -> Path | None:
    """Return the file of an import's rejected rows; None where there is none in the home's own folder."""
    record = Import.objects.filter(id=number).first()
    if record is None or not record.rejects_file:
        return None
    path = Path(record.rejects_file)
    return path if path.is_file() and path.resolve().parent == _folder().resolve() else None


def forget() -> None:
    """Drop the records of all imports and their rejects; the facts are not touched."""
    Import.objects.all().delete()
    shutil.rmtree(_folder(), ignore_errors=True)


def _told(record: Import) -> dict[str, Any]:
    told: dict[str, Any] = {name: getattr(record, name) for name in ("id", "target", "file_name", *COUNTS)}
    for name in ("started_at", "finished_at"):
        at = getattr(record, name)
        told[name] = at.isoformat() if at else None
    return told | {"rejects_file": Path(record.rejects_file).name if record.rejects_file else ""}


def _folder() -> Path:
    return current().home / "imports"
