"""What every import shares: its record, its scratch database, its rejects file, its result."""

import hashlib
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from regulars.core.lake.engine import Connection
from regulars.core.settings import current
from regulars.events import api as events
from regulars.sources.models import Import

BLOCK = 1 << 16
BLOCKS = 64
CHUNK = 1_000_000
SHOP = "main"

Progress = Callable[[str, float], None]


def silent(step: str, share: float) -> None:
    """Report progress to nobody."""


def never() -> bool:
    """Cancel nothing."""
    return False


@dataclass(frozen=True)
class Result:
    """What became of a file's rows; rows = accepted + rejected + duplicates. merged rows are accepted ones that share
    an order with another row."""

    rows: int
    accepted: int
    rejected: int
    duplicates: int
    merged: int
    rejects_file: str | None


@dataclass(frozen=True)
class Request:
    """One import as asked for: the file, who resolves people, the present instant, where rejects go.

    progress is told the present step in words and the share of the whole import that is done; cancelled is asked between
    steps and chunks.
    """

    path: Path
    people: events.People
    now: datetime
    rejects: Path | None = None
    progress: Progress = silent
    cancelled: Callable[[], bool] = never


def fingerprint(path: Path) -> str:
    """Return a digest of a file's size and of 64 blocks spread over it, first and last included."""
    size = path.stat().st_size
    digest = hashlib.blake2b(str(size).encode(), digest_size=20)
    with path.open("rb") as handle:
        for number in range(BLOCKS):
            handle.seek(number * max(size - BLOCK, 0) // (BLOCKS - 1))
            digest.update(handle.read(BLOCK))
    return digest.hexdigest()


def begin(target: str, path: Path, now: datetime) -> Import:
    """Return the record of this file's unfinished import, or start one."""
    digest = fingerprint(path)
    open_one = Import.objects.filter(target=target, fingerprint=digest, finished_at=None).order_by("id").first()
    return open_one or Import.objects.create(target=target, file_name=path.name, fingerprint=digest, started_at=now)


def finish(record: Import, result: Result, now: datetime) -> Result:
    """Write the result into the record."""
    for name in ("rows", "accepted", "rejected", "duplicates", "merged"):
        setattr(record, name, getattr(result, name))
    record.rejects_file = result.rejects_file or ""
    record.finished_at = now
    record.save()
    return result


def source_of(record: Import) -> str:
    """Return the name under which this import's facts stand in the log."""
    return f"import-{record.id}"


def rejects_path(record: Import, asked: Path | None) -> Path:
    """Return where the rejects of an import are written."""
    folder = current().home / "imports"
    folder.mkdir(parents=True, exist_ok=True)
    return asked or folder / f"import-{record.id}-rejects.csv"


class CannotImport(ValueError):
    """An import that cannot be done as asked; the message says what to do."""


@contextmanager
def workplace(record: Import) -> Iterator[tuple[Connection, Path]]:
    """Offer a scratch connection, in memory and spilling to disk, and a scratch folder that is gone afterwards."""
    folder = current().home / "scratch" / f"import-{record.id}"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    try:
        with events.connection() as con:
            yield con, folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def trial_place() -> Iterator[tuple[Connection, Path]]:
    """Offer a scratch connection in memory and a scratch folder, for looking only."""
    import tempfile

    with tempfile.TemporaryDirectory() as folder, events.connection() as con:
        yield con, Path(folder)


def totals() -> dict[str, int]:
    """Return rows, accepted, rejected and duplicates over all files of orders; a file imported again counts once."""
    first: dict[str, Import] = {}
    for record in Import.objects.filter(target="orders", finished_at__isnull=False).order_by("id"):
        first.setdefault(record.fingerprint, record)
    names = ("rows", "accepted", "rejected", "duplicates")
    return {name: sum(getattr(record, name) for record in first.values()) for name in names}
