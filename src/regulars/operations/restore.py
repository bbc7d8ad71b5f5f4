"""Reading a backup: is it whole, and into an empty home with it, fenced."""

import shutil
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from django.db import connection
from django.db.migrations.loader import MigrationLoader

from regulars.core.settings import current
from regulars.events import api as events
from regulars.operations import database, manifest
from regulars.operations.backup import Progress, silent


class CannotRestore(ValueError):
    """A backup that cannot be restored here; the message says what to do."""


@dataclass(frozen=True)
class Verdict:
    """What a look at a backup found: faults is empty for a whole one."""

    made_at: str
    newest_seq: int
    facts: int
    bytes: int
    faults: tuple[str, ...]


def verify(folder: Path) -> Verdict:
    """Check every file of a backup against its digest, the database's own check, and the facts in the lake's tables."""
    found = manifest.read(folder)
    faults = list(manifest.faults(folder, found))
    if not faults:
        faults += database.check(folder)
        faults += _miscounted(folder, found)
    facts = sum(table["facts"] for table in found["tables"].values())
    size = sum(told["size"] for told in found["files"].values())
    return Verdict(found["made_at"], found["newest_seq"], facts, size, tuple(faults))


def _miscounted(folder: Path, found: dict[str, Any]) -> list[str]:
    faults = []
    for name, told in found["tables"].items():
        counted = events.count_stored(folder / "lake", name, told["version"])
        if counted != told["facts"]:
            faults.append(f"the table {name} holds {counted} facts, not {told['facts']}")
    return faults


def restore(folder: Path, now: datetime, progress: Progress = silent) -> Verdict:
    """Put a backup into this empty home; afterwards nothing is sent until it is released.

    The lake comes first and the database, which makes it count, last and in one step: a killed restore is simply run again.
    Raises CannotRestore, NotABackup.
    """
    progress("checking the backup", 0.0)
    verdict, found = verify(folder), manifest.read(folder)
    if verdict.faults:
        raise CannotRestore(f"the backup is damaged: {verdict.faults[0]}")
    _refuse(found)
    progress("copying the lake", 0.4)
    root = current().lake.with_name(found["generation"]) if found["generation"] != "lake" else current().lake
    shutil.rmtree(root, ignore_errors=True)
    shutil.copytree(folder / "lake", root)
    for name in ("imports", "keys"):
        if (folder / name).is_dir():
            shutil.copytree(folder / name, current().home / name, dirs_exist_ok=True)
    progress("putting the database in place", 0.8)
    database.load(folder)
    progress("building the derived tables", 0.9)
    connection.close()
    _migrate()
    events.fence()
    events.refresh(now)
    progress("done", 1.0)
    return verdict


def _refuse(found: dict[str, Any]) -> None:
    if events.newest() or events.waiting()["inbox"]:
        raise CannotRestore("this home already holds facts; set REGULARS_HOME to a new folder and restore there")
    if found["engine"] != database.engine():
        raise CannotRestore(
            f"the backup is of a {found['engine']} database; set REGULARS_DATABASE_URL to one of that kind"
        )
    loader = MigrationLoader(None, ignore_no_migrations=True)
    known = {f"{app}.{name}" for app, name in loader.disk_migrations}
    unknown = sorted(set(found["migrations"]) - known)
    if unknown:
        raise CannotRestore(
            f"the backup was written by a newer Regulars ({found['version']}): install that version first"
        )


def _migrate() -> None:
    from django.core.management import call_command

    call_command("migrate", verbosity=0, interactive=False)
