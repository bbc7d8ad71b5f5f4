"""Processes of this machine: whether one is still there, so that what it left behind can be taken up at once."""

import os
import socket
import sys
from pathlib import Path


def is_gone(pid: int) -> bool:
    """Say whether a process of this machine has ended; one that nobody has reaped yet has. False where that cannot be known."""
    if sys.platform == "win32":  # there, asking a process for a sign of life ends it: wait for the lease
        return False
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return True
    except PermissionError:
        return False
    return _is_zombie(pid)


def is_named_gone(name: str) -> bool:
    """Say the same of a worker by its name, host:pid:token; False for one of another machine.

    >>> is_named_gone(f"{socket.gethostname()}:{os.getpid()}:a"), is_named_gone("elsewhere:1:a"), is_named_gone("")
    (False, False, False)
    """
    host, _, rest = name.partition(":")
    pid = rest.partition(":")[0]
    return host == socket.gethostname() and pid.isdigit() and is_gone(int(pid))


def _is_zombie(pid: int) -> bool:
    """A killed child that its parent has not reaped still answers signals; Linux says so in /proc."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z"
    except (OSError, IndexError):
        return False
