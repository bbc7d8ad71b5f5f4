"""The lake's tables as files: what a backup copies and counts."""

from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote, urlsplit

from regulars.core.lake.derived import scan
from regulars.core.lake.schema import TableSchema
from regulars.core.lake.tables import Table
from regulars.events import place
from regulars.events.log import flush


@dataclass(frozen=True)
class Stored:
    """One table of facts at one version: its folder, every file of that version with the log up to it, its facts."""

    name: str
    root: Path
    version: int
    files: tuple[Path, ...]
    facts: int


def stored_tables() -> list[Stored]:
    """Return every table of facts that was ever written, at its newest version; call it under the sequencer's lease."""
    found = []
    for table in flush.tables():
        snapshot = table.snapshot()
        if snapshot is not None:
            data = tuple(_path(name) for name in snapshot.files)
            log = tuple(_log_files(table.path / "_delta_log", snapshot.version))
            facts = count_stored(place.lake_root(), table.schema.name, snapshot.version)
            found.append(Stored(table.schema.name, table.path, snapshot.version, (*log, *data), facts))
    return found


def count_stored(root: Path, name: str, version: int) -> int:
    """Return how many facts a table holds at a version, from the files themselves; 0 where there is no such table."""
    snapshot = Table(root, TableSchema(name, ())).snapshot(version)
    if snapshot is None or not snapshot.files:
        return 0
    with place.connection() as con:
        row = con.execute(f"SELECT count(*) FROM {scan(snapshot.files)}").fetchone()
    return int(row[0]) if row else 0


def _log_files(folder: Path, version: int) -> list[Path]:
    """Return the log's entries and checkpoints up to a version; the note of the newest checkpoint only if it is one of them."""
    found = [path for path in sorted(folder.iterdir()) if path.name[:20].isdigit() and int(path.name[:20]) <= version]
    last = folder / "_last_checkpoint"
    newer = any(path.name[:20].isdigit() and int(path.name[:20]) > version for path in folder.iterdir())
    return [*found, last] if last.exists() and not newer else found


def _path(uri: str) -> Path:
    return Path(unquote(urlsplit(uri).path)) if uri.startswith("file:") else Path(uri)
