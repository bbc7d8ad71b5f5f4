"""The loop is a list: workers in the order of a tick, each `run_once(now) -> int`; the tables are their queues.

JOBS is the other list: what to do when somebody asks for long work, in a process of its own.
"""

import contextlib
import shutil
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

from regulars.catalog import api as catalog
from regulars.core import clock
from regulars.core.settings import current
from regulars.events import api as events
from regulars.jobs import api as jobs
from regulars.profiles import api as profiles
from regulars.sources import api as sources


def sequence(now: datetime) -> int:
    """Give waiting facts their seq and their person."""
    return events.sequence(now, profiles.people)


WORKERS: dict[str, Callable[[datetime], int]] = {
    "events.sequence": sequence,
    "profiles.project": profiles.project,
    "catalog.project": catalog.project,
    "events.flush": events.flush_when_due,
    "events.tidy": events.tidy_when_due,
}


def run_once(now: datetime) -> dict[str, int]:
    """Run one tick; return how much each worker did, by its name."""
    return {name: worker(now) for name, worker in WORKERS.items()}


def rebuild(now: datetime) -> dict[str, int]:
    """Forget every projection and derived table and tell them again from the log; the facts stay as they are."""
    profiles.reset()
    catalog.reset()
    told = {"profiles": profiles.project(now), "catalog": catalog.project(now)}
    return told | {"derived_at_seq": events.refresh(now)}


def ready(now: datetime) -> None:
    """Bring projections and derived tables up to date, so that the next page finds them; a busy builder is enough."""
    run_once(now)
    with contextlib.suppress(events.Busy):
        events.refresh(now)


def import_job(told: dict[str, Any], progress: jobs.Progress) -> dict[str, Any]:
    """Import an uploaded file and delete it; told has target, path, and what the reader said about the file."""
    now, path = current().now or clock.utc_now(), Path(told["path"])
    hints = {**told.get("hints", {}), **({"map": {"columns": told["columns"]}} if told.get("columns") else {})}
    request = sources.Request(path, profiles.people, now, progress=progress, cancelled=progress.cancelled)
    try:
        result = sources.import_file(told["target"], request, sources.options(**hints))
    except sources.Cancelled:
        ready(now)
        raise jobs.Cancelled from None
    except (sources.CannotRead, sources.CannotImport, FileNotFoundError) as refusal:
        raise jobs.CannotDo(str(refusal)) from None
    progress("building the figures", 0.99)
    ready(now)
    if path.parent.parent == current().home / "uploads":
        shutil.rmtree(path.parent, ignore_errors=True)
    newest = next((one["id"] for one in sources.imports()), None)
    return {
        "import_id": newest,
        "rows": result.rows,
        "accepted": result.accepted,
        "rejected": result.rejected,
        "duplicates": result.duplicates,
    }


def rebuild_job(told: dict[str, Any], progress: jobs.Progress) -> dict[str, Any]:
    """Compute every projection and derived table again."""
    progress("telling everything again from the log", 0.1)
    return rebuild(current().now or clock.utc_now())


JOBS: dict[str, jobs.Handler] = {"import": import_job, "rebuild": rebuild_job}
