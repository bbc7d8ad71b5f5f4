"""A backup's manifest: what is in it, each file with its size and digest, written last, so that a backup is whole or none."""

import hashlib
import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

NAME = "manifest.json"
FORMAT = 1
BLOCK = 1 << 20


class NotABackup(ValueError):
    """A folder that is no whole backup; the message says what is wrong."""


def write(folder: Path, about: dict[str, Any]) -> None:
    """Write the manifest of a folder's files; every file and the folder itself are on the disk when this returns."""
    files = {path.relative_to(folder).as_posix(): _told(path) for path in _files(folder)}
    path = folder / NAME
    path.write_text(json.dumps({"format": FORMAT, **about, "files": files}, indent=1, sort_keys=True), encoding="utf-8")
    for one in (path, *_files(folder)):
        sync(one)
    sync(folder)


def read(folder: Path) -> dict[str, Any]:
    """Return a backup's manifest; raises NotABackup."""
    try:
        found = json.loads((folder / NAME).read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise NotABackup(f"{folder.name} is no backup of Regulars: it has no {NAME}") from None
    except (OSError, ValueError):
        raise NotABackup(f"the manifest of {folder.name} cannot be read") from None
    if not isinstance(found, dict) or found.get("format") != FORMAT:
        raise NotABackup(f"{folder.name} has another format than this version of Regulars reads")
    return found


def faults(folder: Path, found: dict[str, Any]) -> Iterator[str]:
    """Yield what is wrong with a backup's files: missing, of another size, changed, or not in the manifest."""
    here = {path.relative_to(folder).as_posix(): path for path in _files(folder)}
    for name, told in found["files"].items():
        if name not in here:
            yield f"{name} is missing"
        elif here[name].stat().st_size != told["size"]:
            yield f"{name} has another size than when it was written"
        elif digest(here[name]) != told["sha256"]:
            yield f"{name} has changed since it was written"
    for name in sorted(here.keys() - found["files"].keys()):
        yield f"{name} does not belong to the backup"


def digest(path: Path) -> str:
    """Return the SHA-256 of a file."""
    found = hashlib.sha256()
    with path.open("rb") as handle:
        while block := handle.read(BLOCK):
            found.update(block)
    return found.hexdigest()


def sync(path: Path) -> None:
    """Wait until a file or a folder is on the disk."""
    try:
        number = os.open(path, os.O_RDONLY)
    except OSError:  # a system that opens no folders
        return
    try:
        os.fsync(number)
    finally:
        os.close(number)


def _told(path: Path) -> dict[str, Any]:
    return {"size": path.stat().st_size, "sha256": digest(path)}


def _files(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file() and path != folder / NAME)
