"""Writing a backup: the database and the lake of one moment, while facts go on arriving."""

import shutil
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from importlib import metadata
from pathlib import Path
from typing import Any

from regulars.core.settings import current
from regulars.events import api as events
from regulars.operations import database, manifest

PATIENCE = 300.0  # seconds to wait for an import or a flush to let go
Progress = Callable[[str, float], None]


class StillBusy(RuntimeError):
    """Something else has the log for so long that no backup could be taken; the message says what to do."""


def silent(step: str, share: float) -> None:
    """Report progress to nobody."""


@dataclass(frozen=True)
class Wanted:
    """A backup as asked for: the folder for backups, whether keys go with it, who hears of the progress."""

    folder: Path
    now: datetime
    with_keys: bool = False
    progress: Progress = silent
    sleep: Callable[[float], None] = field(default=time.sleep)


def backup(wanted: Wanted) -> Path:
    """Write a backup and return its folder. What a killed run left behind is swept by the next one. Raises StillBusy."""
    name = f"regulars-{wanted.now:%Y%m%dT%H%M%SZ}"
    wanted.folder.mkdir(parents=True, exist_ok=True)
    for left in wanted.folder.glob(".regulars-*.partial"):
        shutil.rmtree(left, ignore_errors=True)
    target, partial = _free(wanted.folder / name), wanted.folder / f".{name}.partial"
    partial.mkdir(mode=0o700)
    wanted.progress("holding the log still", 0.0)
    tables = _held_still(wanted, partial)
    _copy_lake(tables, partial / "lake", wanted.progress)
    _copy_folder("imports", partial)
    if wanted.with_keys:
        _copy_folder("keys", partial)
    wanted.progress("writing down every file's digest", 0.9)
    manifest.write(partial, _about(tables, wanted.now))
    partial.rename(target)
    manifest.sync(wanted.folder)
    wanted.progress("done", 1.0)
    return target


def _free(path: Path) -> Path:
    number, found = 1, path
    while found.exists():
        number += 1
        found = path.with_name(f"{path.name}-{number}")
    return found


def _held_still(wanted: Wanted, partial: Path) -> Sequence[events.Stored]:
    """Save the database and note the lake's versions while nobody sequences, flushes or imports; facts still arrive."""
    until = time.monotonic() + PATIENCE
    while True:
        try:
            with events.held("sequencer", wanted.now):
                return database.save(partial, events.stored_tables)
        except events.Busy as busy:
            if time.monotonic() > until:
                raise StillBusy(f"{busy}; try again when it is done") from None
            shutil.rmtree(partial, ignore_errors=True)
            partial.mkdir(mode=0o700)
            wanted.sleep(0.5)


def _copy_lake(tables: Sequence[events.Stored], target: Path, progress: Progress) -> None:
    """Copy the files of exactly these versions; they never change, and are kept for an hour after they are replaced."""
    target.mkdir()
    pairs = [(path, target / table.name / path.relative_to(table.root)) for table in tables for path in table.files]
    whole, done = sum(path.stat().st_size for path, _ in pairs) or 1, 0
    for path, place in pairs:
        place.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, place)
        done += place.stat().st_size
        progress("copying the lake", 0.1 + 0.8 * done / whole)


def _copy_folder(name: str, partial: Path) -> None:
    source = current().home / name
    if source.is_dir():
        shutil.copytree(source, partial / name)


def _about(tables: Sequence[events.Stored], now: datetime) -> dict[str, Any]:
    return {
        "made_at": now.isoformat(),
        "version": metadata.version("regulars"),
        "engine": database.engine(),
        "migrations": database.migrations(),
        "newest_seq": events.newest(),
        "generation": events.lake_root().name,
        "tables": {table.name: {"version": table.version, "facts": table.facts} for table in tables},
    }
