"""A worker of jobs in a process of its own, for the test that kills it: it counts to a number, one line at a time."""

import os
import sys
import time
from pathlib import Path
from typing import Any


def counting(told: dict[str, Any], progress: Any) -> dict[str, Any]:
    """Write one line a number into a file, going on behind the last line that is there."""
    path = Path(told["file"])
    there = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
    for number in range(len(there), told["upto"]):
        with path.open("a", encoding="utf-8") as handle:
            handle.write(f"{number} {os.getpid()}\n")
        progress("counting", number / told["upto"])
        time.sleep(told["pause"])
    return {"went_on_at": len(there)}


def main() -> None:
    """Do the words of the command line: ask FILE UPTO PAUSE, work, or tell NUMBER."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "regulars.config.settings"
    import django

    django.setup()
    from django.core.management import call_command

    from regulars.core import clock
    from regulars.jobs import api as jobs

    match sys.argv[1:]:
        case ["ask", file, upto, pause]:
            call_command("migrate", verbosity=0)
            told = {"file": file, "upto": int(upto), "pause": float(pause)}
            print(jobs.ask("count", told, "", clock.utc_now()))
        case ["work"]:
            print(jobs.work_once({"count": counting}, clock.utc_now()))
        case ["tell", number]:
            job = jobs.status(int(number))
            print(job["state"], job["result"].get("went_on_at"), sep="\n")


if __name__ == "__main__":
    main()
