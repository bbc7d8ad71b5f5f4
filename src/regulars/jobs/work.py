"""Doing the work: a worker claims a job by updating it, keeps its lease while the handler runs, and writes what came of it."""

import os
import socket
import threading
import time
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

from django.db import connection, transaction
from django.db.models import Q

from regulars.core import clock
from regulars.core.faults import kept
from regulars.jobs.models import Job, State

LEASE = timedelta(seconds=60)
BEAT = 10.0  # seconds between renewals of a lease
TOLD_EVERY = 0.25  # seconds between two tellings of progress
MOST_ATTEMPTS = 3

Handler = Callable[[dict[str, Any], "Progress"], dict[str, Any]]


class Cancelled(Exception):
    """A handler stopped because it was asked to."""


class CannotDo(ValueError):
    """Work that cannot be done as asked; the message says what to do."""


class Progress:
    """How a handler tells how far it is, and learns that it should stop."""

    def __init__(self, job: Job) -> None:
        self._number, self._told, self._asked, self._cancel = job.id, 0.0, 0.0, False

    def __call__(self, step: str, share: float) -> None:
        """Tell the step in plain words and the share done, 0 to 1; written four times a second at most."""
        if time.monotonic() - self._told < TOLD_EVERY and share < 1:
            return
        self._told = time.monotonic()
        Job.objects.filter(id=self._number).update(step=step[:200], share=min(max(share, 0.0), 1.0))

    def cancelled(self) -> bool:
        """Say whether somebody asked this work to stop; looked up four times a second at most."""
        if not self._cancel and time.monotonic() - self._asked >= TOLD_EVERY:
            self._asked = time.monotonic()
            self._cancel = Job.objects.filter(id=self._number, cancel_asked=True).exists()
        return self._cancel


def work_once(handlers: Mapping[str, Handler], now: datetime) -> int:
    """Do the oldest job that waits, or whose worker is gone; return how many were done, 0 or 1."""
    job = _claim(now)
    if job is None:
        return 0
    with _Heartbeat(job):
        _finish(job, *_outcome(job, handlers))
    return 1


def _claim(now: datetime) -> Job | None:
    waiting = Q(state=State.QUEUED) | Q(state=State.RUNNING)
    for job in Job.objects.filter(waiting).order_by("id")[:20]:
        if job.state == State.RUNNING and not _is_left(job, now):
            continue
        if job.attempts >= MOST_ATTEMPTS:
            _finish(
                job,
                State.FAILED,
                {},
                f"this was tried {MOST_ATTEMPTS} times and its worker ended each time; look into the faults folder",
            )
            continue
        with transaction.atomic():
            mine = Job.objects.filter(id=job.id, attempts=job.attempts, state=job.state, worker=job.worker).update(
                state=State.RUNNING,
                worker=_me(),
                attempts=job.attempts + 1,
                leased_until=now + LEASE,
                started_at=job.started_at or now,
            )
        if mine:
            job.refresh_from_db()
            return job
    return None


def _is_left(job: Job, now: datetime) -> bool:
    """Say whether a running job's worker is gone: its lease ended, or its process on this machine did."""
    if job.leased_until is None or job.leased_until <= now:
        return True
    host, _, pid = job.worker.rpartition(":")
    if host != socket.gethostname() or not pid.isdigit() or int(pid) == os.getpid():
        return False
    try:
        os.kill(int(pid), 0)
    except ProcessLookupError:
        return True
    except PermissionError:
        return False
    return False


def _me() -> str:
    return f"{socket.gethostname()}:{os.getpid()}"


def _outcome(job: Job, handlers: Mapping[str, Handler]) -> tuple[State, dict[str, Any], str]:
    handler = handlers.get(job.kind)
    if handler is None:
        return State.FAILED, {}, f"nobody here knows how to do '{job.kind}'"
    try:
        return State.DONE, handler(dict(job.arguments), Progress(job)), ""
    except Cancelled:
        return State.CANCELLED, {}, ""
    except CannotDo as refusal:
        return State.FAILED, {}, str(refusal)
    except Exception as problem:  # noqa: BLE001  the worker goes on; the reader gets a sentence and the maintainer a file
        return (
            State.FAILED,
            {},
            f"a fault in Regulars itself ({type(problem).__name__}); the details are in the home folder, faults/{kept(problem)}",
        )


def _finish(job: Job, state: State, result: dict[str, Any], message: str) -> None:
    Job.objects.filter(id=job.id).update(
        state=state,
        result=result,
        message=message,
        finished_at=clock.utc_now(),
        leased_until=None,
        **({"share": 1.0} if state == State.DONE else {}),
    )


class _Heartbeat:
    """Renews a job's lease from a thread of its own, with a database connection of its own."""

    def __init__(self, job: Job) -> None:
        self._job, self._over = job, threading.Event()
        self._thread = threading.Thread(target=self._beat, daemon=True)

    def __enter__(self) -> None:
        self._thread.start()

    def __exit__(self, *exception: object) -> None:
        self._over.set()
        self._thread.join(timeout=5)

    def _beat(self) -> None:
        try:
            while not self._over.wait(BEAT):
                Job.objects.filter(id=self._job.id, worker=_me()).update(leased_until=clock.utc_now() + LEASE)
        finally:
            connection.close()
