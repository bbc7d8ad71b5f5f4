"""The loop is a list: workers in the order of a tick, each `run_once(now) -> int`; the tables are their queues.

JOBS is the other list: what to do when somebody asks for long work, in a process of its own.
"""

import contextlib
import functools
import shutil
import time
from collections.abc import Callable
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import msgspec

from regulars.campaigns import api as campaigns
from regulars.catalog import api as catalog
from regulars.consent import api as consent
from regulars.core import clock
from regulars.core.settings import current
from regulars.events import api as events
from regulars.jobs import api as jobs
from regulars.journeys import api as journeys
from regulars.messaging import api as messaging
from regulars.profiles import api as profiles
from regulars.segments import api as segments
from regulars.sources import api as sources

PATIENCE = 600.0  # seconds that a job waits for somebody who holds the log; an import holds it for minutes
PAUSE = 0.5
UPLOADS_KEPT = timedelta(days=7)
SWEPT, REBASED = "uploads:swept", "base:looked at"
REBASE_EVERY = 600  # seconds between two looks


def sequence(now: datetime) -> int:
    """Give waiting facts their seq and their person."""
    return events.sequence(now, profiles.people)


def rebase(now: datetime) -> int:
    """Ask for derived tables built anew where many people were touched since; the worker for jobs does it, not the loop."""
    if now.timestamp() - events.mark(REBASED) < REBASE_EVERY:
        return 0
    events.set_mark(REBASED, int(now.timestamp()))
    if not events.is_base_old(now):
        return 0
    jobs.ask("refresh", {}, "loop", now)
    return 1


def sweep_uploads(now: datetime) -> int:
    """Once an hour delete dropped files that nobody imported for a week: they hold people. Returns how many went."""
    if now.timestamp() - events.mark(SWEPT) < 3600:
        return 0
    events.set_mark(SWEPT, int(now.timestamp()))
    held = {
        str(Path(one["arguments"].get("path", "")).parent)
        for one in jobs.recent(1_000)
        if one["state"] in ("queued", "running")
    }
    old = [
        folder
        for folder in (current().home / "uploads").glob("*")
        if _changed_at(folder, now) < (now - UPLOADS_KEPT).timestamp() and str(folder) not in held
    ]
    for folder in old:
        shutil.rmtree(folder, ignore_errors=True)
    return len(old)


def _changed_at(folder: Path, now: datetime) -> float:
    try:
        return folder.stat().st_mtime
    except FileNotFoundError:  # its import has just ended
        return now.timestamp()


WORKERS: dict[str, Callable[[datetime], int]] = {
    "events.sequence": sequence,
    "profiles.project": profiles.project,
    "catalog.project": catalog.project,
    "consent.project": consent.project,
    "consent.sweep": consent.sweep,
    "messaging.trigger": messaging.trigger,
    "messaging.touches": messaging.tell_touches,
    "messaging.tell": messaging.tell,
    "messaging.browsers": messaging.follow_browsers,
    "messaging.watch": messaging.watch,
    "events.flush": events.flush_when_due,
    "events.tidy": events.tidy_when_due,
    "events.rebase": rebase,
    "uploads.sweep": sweep_uploads,
}


def send(now: datetime) -> int:
    """Hand over the messages that are due; where seconds count the machine's clock is asked again, unless one is pretended."""
    return messaging.send(now, lambda: current().now or clock.utc_now())


# Handing over waits for providers, so it has a process of its own: no fact waits behind a slow mail server.
SENDERS: dict[str, Callable[[datetime], int]] = {"messaging.send": send}

# Deciding reads the lake, which takes longer than a tick may, so it has a process of its own too.
DECIDERS: dict[str, Callable[[datetime], int]] = {
    "segments.follow": segments.run_once,
    "journeys.walk": journeys.run_once,
    "campaigns.run": campaigns.run_once,
}


def run_once(now: datetime) -> dict[str, int]:
    """Run one tick, decide, and hand over what is due then; return how much each worker did, by its name."""
    return {name: worker(now) for name, worker in {**WORKERS, **DECIDERS, **SENDERS}.items()}


def rebuild(now: datetime) -> dict[str, int]:
    """Forget every projection and derived table and tell them again from the log; the facts stay as they are."""
    profiles.reset()
    catalog.reset()
    told = {"profiles": profiles.project(now), "catalog": catalog.project(now), "consent": consent.rebuild(now)}
    return told | {"derived_at_seq": events.refresh(now)}


def ready(now: datetime) -> None:
    """Bring projections and derived tables up to date, so that the next page finds them; a busy builder is enough."""
    run_once(now)
    with contextlib.suppress(events.Busy):
        events.refresh(now)


def patient(handler: jobs.Handler) -> jobs.Handler:
    """Return a handler that waits while somebody else has the log, and begins again: handlers go on where they stopped."""

    @functools.wraps(handler)
    def waiting(told: dict[str, Any], progress: jobs.Progress) -> dict[str, Any]:
        until = time.monotonic() + PATIENCE
        while True:
            try:
                return handler(told, progress)
            except (events.Busy, events.Lost):
                if time.monotonic() > until:
                    raise jobs.CannotDo("other work holds the facts for too long; try again when it is done") from None
                progress("waiting until other work lets go of the facts", 0.0)
                if progress.cancelled():
                    raise jobs.Cancelled from None
                time.sleep(PAUSE)

    return waiting


def import_job(told: dict[str, Any], progress: jobs.Progress) -> dict[str, Any]:
    """Import an uploaded file and delete it; told has target, path, and what the reader said about the file."""
    path = Path(told["path"])
    if not path.exists() and (done := _imported(told["target"], path)):
        return done  # the worker was killed after the file was imported and deleted
    now = current().now or clock.utc_now()
    hints = {**told.get("hints", {}), **({"map": {"columns": told["columns"]}} if told.get("columns") else {})}
    request = sources.Request(path, profiles.people, now, progress=progress, cancelled=progress.cancelled)
    try:
        result = sources.import_file(told["target"], request, sources.options(**hints))
    except sources.Cancelled:
        ready(now)
        raise jobs.Cancelled from None
    except (sources.CannotRead, sources.CannotImport) as refusal:
        raise jobs.CannotDo(str(refusal)) from None
    except FileNotFoundError:
        raise jobs.CannotDo("the file is not there any more; drop it again") from None
    progress("building the figures", 0.99)
    ready(now)
    if path.parent.parent == current().home / "uploads":
        shutil.rmtree(path.parent, ignore_errors=True)
    counts = {name: getattr(result, name) for name in COUNTS}
    return {"import_id": (_imported(told["target"], path) or {}).get("import_id"), **counts}


COUNTS = ("rows", "accepted", "rejected", "duplicates")


def _imported(target: str, path: Path) -> dict[str, Any] | None:
    """Return what became of the newest finished import of a file with this name."""
    for one in sources.imports():
        if one["finished_at"] and (one["target"], one["file_name"]) == (target, path.name):
            return {"import_id": one["id"], **{name: one[name] for name in COUNTS}}
    return None


def rebuild_job(told: dict[str, Any], progress: jobs.Progress) -> dict[str, Any]:
    """Compute every projection and derived table again."""
    progress("telling everything again from the log", 0.1)
    return rebuild(current().now or clock.utc_now())


def refresh_job(told: dict[str, Any], progress: jobs.Progress) -> dict[str, Any]:
    """Bring the derived tables up to date."""
    progress("building the derived tables", 0.1)
    now = current().now or clock.utc_now()
    run_once(now)
    return {"derived_at_seq": events.refresh(now)}


def rehearse_job(told: dict[str, Any], progress: jobs.Progress) -> dict[str, Any]:
    """Walk a journey's newest version through the days from begin to end, both among them."""
    text = journeys.text(told["journey"])
    if text is None:
        raise jobs.CannotDo("the journey is not there any more")
    now = current().now or clock.utc_now()
    with events.reader(now) as moment:
        begin, end = (date.fromisoformat(told[name]) for name in ("begin", "end"))
        span = (day_begins(begin, moment.zone), day_begins(end + timedelta(days=1), moment.zone))
        try:
            found = journeys.rehearse(moment, text, *span, progress)
        except journeys.CANNOT_REHEARSE as refusal:
            raise jobs.CannotDo(str(refusal)) from None
    return dict(msgspec.to_builtins(found, str_keys=True))


def day_begins(day: date, zone: ZoneInfo) -> datetime:
    """Return the instant at which a day begins in a zone."""
    return datetime.combine(day, datetime.min.time(), zone)


JOBS: dict[str, jobs.Handler] = {
    "import": patient(import_job),
    "rebuild": patient(rebuild_job),
    "refresh": patient(refresh_job),
    "rehearse": patient(rehearse_job),
}
