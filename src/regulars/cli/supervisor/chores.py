"""What the jobs worker does: the loop's jobs, and those of the floors above the loop."""

import dataclasses
from pathlib import Path
from typing import Any

from regulars import loop
from regulars.core import clock
from regulars.core.settings import current
from regulars.events import api as events
from regulars.jobs import api as jobs
from regulars.operations import api as operations
from regulars.profiles import api as profiles
from regulars.simulator import api as simulator
from regulars.sources import api as sources


def demo_job(told: dict[str, Any], progress: jobs.Progress) -> dict[str, Any]:
    """Open the demo shop."""
    now, folder = current().now or clock.utc_now(), current().home / "demo"
    try:
        plan = simulator.planned(folder, now, int(told.get("customers", 10_000)), int(told.get("seed", 1)))
        done = simulator.open_shop(plan, folder, profiles.people, now, (progress, progress.cancelled))
    except simulator.NotEmpty as refusal:
        raise jobs.CannotDo(str(refusal)) from None
    except sources.Cancelled:
        raise jobs.Cancelled from None
    progress("building the figures", 0.99)
    loop.ready(now)
    return done


def cdnow_job(told: dict[str, Any], progress: jobs.Progress) -> dict[str, Any]:
    """Open the packaged history of a real shop."""
    now = current().now or clock.utc_now()
    if events.newest() and events.label() != "cdnow":
        raise jobs.CannotDo("this home already holds another shop's facts; start over first")
    events.set_label("cdnow")
    path, mapping = sources.sample()
    request = sources.Request(path, profiles.people, now, progress=progress, cancelled=progress.cancelled)
    try:
        result = sources.import_file("orders", request, sources.options(map=mapping))
    except sources.Cancelled:
        raise jobs.Cancelled from None
    loop.ready(now)
    return {"rows": result.rows, "accepted": result.accepted}


def start_over_job(told: dict[str, Any], progress: jobs.Progress) -> dict[str, Any]:
    """Throw this shop away; users and settings stay."""
    progress("throwing the facts away", 0.1)
    operations.start_over(current().now or clock.utc_now())
    return {}


def backup_job(told: dict[str, Any], progress: jobs.Progress) -> dict[str, Any]:
    """Write a backup into a folder, that of the home when none is named; what a killed run left is swept by the next."""
    now = current().now or clock.utc_now()
    folder = Path(told.get("folder") or current().home / "backups")
    try:
        made = operations.backup(operations.Wanted(folder, now, bool(told.get("with_keys")), progress))
    except operations.StillBusy as busy:
        raise jobs.CannotDo(str(busy)) from None
    return {"folder": str(made), **dataclasses.asdict(operations.verify(made))}


HANDLERS: dict[str, jobs.Handler] = loop.JOBS | {
    "demo": loop.patient(demo_job),
    "cdnow": loop.patient(cdnow_job),
    "start_over": loop.patient(start_over_job),
    "backup": backup_job,
}
