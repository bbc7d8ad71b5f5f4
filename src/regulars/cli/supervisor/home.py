"""One start a home: a lock that ends with its process, however that ends."""

import contextlib
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TextIO

from regulars.cli.app import refuse

FAR = 1 << 20  # on Windows what is locked cannot be read, so a place behind the text is


@contextlib.contextmanager
def only_one(home: Path) -> Iterator[None]:
    """Hold this home for the block; another start in the same home is refused with the number of this process.

    The file stays: if it were deleted, two later starts could each lock a file of that name.
    """
    home.mkdir(mode=0o700, parents=True, exist_ok=True)
    with (home / "start.lock").open("a+", encoding="ascii") as handle:
        if not _locked(handle):
            handle.seek(0)
            holder = handle.read().strip() or "unknown"
            refuse(f"Regulars already runs in this home (process {holder}); stop it first, or set REGULARS_HOME")
        handle.truncate(0)
        handle.write(str(os.getpid()))
        handle.flush()
        yield
        handle.truncate(0)


def _locked(handle: TextIO) -> bool:
    try:
        if sys.platform == "win32":
            import msvcrt

            handle.seek(FAR)
            msvcrt.locking(handle.fileno(), msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True
