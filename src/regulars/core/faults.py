"""Unexpected faults: their details go to a file in the home, for whoever maintains this installation."""

import os
import traceback

from regulars.core import clock
from regulars.core.settings import current

KEPT = 200


def kept(problem: BaseException) -> str:
    """Write a fault's details to a file of their own and return its name, blank where it could not be written."""
    # Short runs of digits: a log masks long ones, which might be phone numbers.
    name = f"{clock.utc_now().strftime('%Y%m%dT%H%M%Sx%f')}p{os.getpid()}.txt"
    try:
        folder = current().home / "faults"
        folder.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text("".join(traceback.format_exception(problem)), encoding="utf-8")
        for old in sorted(folder.glob("*.txt"))[:-KEPT]:
            old.unlink(missing_ok=True)
    except OSError:
        return ""
    return name
