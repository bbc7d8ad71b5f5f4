"""The door of jobs: ask for long work, see how far it is, cancel it, and do it."""

from datetime import datetime
from typing import Any

from regulars.jobs.models import Job, State
from regulars.jobs.work import Cancelled, CannotDo, Handler, Progress, work_once

TOLD = (
    "id",
    "kind",
    "arguments",
    "asked_by",
    "asked_at",
    "state",
    "step",
    "share",
    "result",
    "message",
    "started_at",
    "finished_at",
)


class NoSuchJob(LookupError):
    """A job that there is not."""


def ask(kind: str, arguments: dict[str, Any], asked_by: str, now: datetime) -> int:
    """Queue work and return its id; the same work that already waits or runs is not queued twice."""
    same = Job.objects.filter(kind=kind, arguments=arguments, state__in=(State.QUEUED, State.RUNNING)).first()
    return (same or Job.objects.create(kind=kind, arguments=arguments, asked_by=asked_by, asked_at=now)).id


def status(number: int) -> dict[str, Any]:
    """Return what was asked for, the state, the step and share, and what came of it; raise NoSuchJob."""
    job = Job.objects.filter(id=number).first()
    if job is None:
        raise NoSuchJob(f"there is no job {number}")
    return _told(job)


def recent(limit: int) -> list[dict[str, Any]]:
    """Return the newest jobs, newest first."""
    return [_told(job) for job in Job.objects.order_by("-id")[:limit]]


def counts() -> dict[str, int]:
    """Return how many jobs there are in each state."""
    return {state.value: Job.objects.filter(state=state).count() for state in State}


def cancel(number: int) -> None:
    """Ask a job to stop: one that waits never starts, one that runs stops at its next step."""
    Job.objects.filter(id=number, state=State.QUEUED).update(state=State.CANCELLED)
    Job.objects.filter(id=number, state=State.RUNNING).update(cancel_asked=True)


def _told(job: Job) -> dict[str, Any]:
    return {name: getattr(job, name) for name in TOLD}


__all__ = [
    "Cancelled",
    "CannotDo",
    "Handler",
    "NoSuchJob",
    "Progress",
    "ask",
    "cancel",
    "counts",
    "recent",
    "status",
    "work_once",
]
