"""The door of jobs: ask for long work, see how far it is, cancel it, and do it."""

import hashlib
import json
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Count

from regulars.jobs.models import OPEN, Job, State
from regulars.jobs.work import Cancelled, CannotDo, Handler, Progress, is_at_work, never, work_once

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
    digest = _digest(kind, arguments)
    while True:
        same = Job.objects.filter(digest=digest, state__in=OPEN).values_list("id", flat=True).first()
        if same is not None:
            return same
        try:
            with transaction.atomic():
                return Job.objects.create(
                    kind=kind, arguments=arguments, digest=digest, asked_by=asked_by, asked_at=now
                ).id
        except IntegrityError:  # somebody asked for the same between the look and the insert
            continue


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
    found = dict(Job.objects.values_list("state").annotate(n=Count("id")).order_by())
    return {state.value: found.get(state.value, 0) for state in State}


def cancel(number: int) -> None:
    """Ask a job to stop: one that waits never starts, one that runs stops at its next step."""
    Job.objects.filter(id=number, state=State.QUEUED).update(state=State.CANCELLED)
    Job.objects.filter(id=number, state=State.RUNNING).update(cancel_asked=True)


def _digest(kind: str, arguments: dict[str, Any]) -> str:
    text = json.dumps([kind, arguments], sort_keys=True, ensure_ascii=False)
    return hashlib.blake2b(text.encode(), digest_size=20).hexdigest()


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
    "is_at_work",
    "never",
    "recent",
    "status",
    "work_once",
]
