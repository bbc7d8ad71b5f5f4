"""The lake's tables as files, and the log held still: what a backup copies and counts."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from urllib.parse import unquote, urlsplit

from regulars.core.lake.derived import scan
from regulars.core.lake.schema import TableSchema
from regulars.core.lake.tables import Table
from regulars.events import place
from regulars.events.log import flush, leases


@dataclass(frozen=True)
class Stored:
    """One table of facts at one version: its folder, every file of that version with the log up to it, its facts."""

    name: str
    root: Path
    version: int
    files: tuple[Path, ...]
    facts: int


@contextmanager
def still(now: datetime) -> Iterator[leases.Held]:
    """Hold the log still for the block: nobody sequences, flushes, imports or starts over, while facts still arrive.

    What a killed writer left behind is cut off first, and one that slept is shut out, as every holder does. Raises Busy.
    """
    with leases.held(leases.SEQUENCER, now) as lease:
        flush.heal(lease)
        yield lease


def stored_tables() -> list[Stored]:
    """Return every table of facts that was ever written, at its newest version; call it while the log is still."""
    found = []
    for table in flush.tables():
        snapshot = table.snapshot()
        if snapshot is not None:
            data = tuple(_path(name) for name in snapshot.files)
            log = tuple(_log_files(table.path / "_delta_log", snapshot.version))
            facts = count_stored(place.lake_root(), table.schema.name, snapshot.version)
            found.append(Stored(table.schema.name, table.path, snapshot.version, (*log, *data), facts))
    return found


def count_stored(root: Path, name: str, version: int | None = None) -> int:
    """Return how many facts a table holds at a version, else the newest, by the files themselves; 0 where there is none."""
    snapshot = Table(root, TableSchema(name, ())).snapshot(version)
    if snapshot is None or not snapshot.files:
        return 0
    with place.connection() as con:
        row = con.execute(f"SELECT count(*) FROM {scan(snapshot.files)}").fetchone()
    return int(row[0]) if row else 0


def _log_files(folder: Path, version: int) -> list[Path]:
    """Return the log's entries and checkpoints up to a version.

    Not `_last_checkpoint`: it is the one file that changes, and by the time it is copied it may name a later version.
    """
    return [path for path in sorted(folder.iterdir()) if path.name[:20].isdigit() and int(path.name[:20]) <= version]


def _path(uri: str) -> Path:
    return Path(unquote(urlsplit(uri).path)) if uri.startswith("file:") else Path(uri)
