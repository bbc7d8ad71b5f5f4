"""The door of operations: backup, restore, release, starting over."""

from regulars.events import api as events
from regulars.operations.backup import StillBusy, Wanted, backup
from regulars.operations.manifest import NotABackup
from regulars.operations.restore import CannotRestore, Verdict, restore, verify
from regulars.operations.starting_over import start_over


def release() -> bool:
    """Let a restored system send again; say whether it was fenced."""
    was_fenced = events.is_fenced()
    events.release()
    return was_fenced


__all__ = [
    "CannotRestore",
    "NotABackup",
    "StillBusy",
    "Verdict",
    "Wanted",
    "backup",
    "release",
    "restore",
    "start_over",
    "verify",
]
