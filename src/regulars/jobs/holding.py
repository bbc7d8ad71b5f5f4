"""Whose a job is: a worker claims it by updating it, renews its lease while it works, and notices when it has lost it."""

import logging
import os
import secrets
import socket
import threading
import time
from datetime import datetime, timedelta
from typing import Self

from django.db import DatabaseError, connection
from django.db.models import QuerySet

from regulars.core.watching.processes import is_gone
from regulars.jobs.models import OPEN, Job, State

LEASE = timedelta(seconds=60)
BEAT = 10.0  # seconds between renewals of a lease
MOST_ATTEMPTS = 3
LOOKED_AT = 100  # more than there are workers, so that a waiting job is always among them
GIVEN_UP = (
    f"this was tried {MOST_ATTEMPTS} times and its worker ended each time; look into the log and the faults folder"
)

log = logging.getLogger("regulars.jobs")
_token = (0, "")


def me() -> str:
    """Return this process's name as a worker; the token tells it from an earlier process with the same number."""
    global _token  # noqa: PLW0603  a forked process needs a token of its own
    if _token[0] != os.getpid():
        _token = (os.getpid(), secrets.token_hex(4))
    return f"{socket.gethostname()}:{_token[0]}:{_token[1]}"


class Hold:
    """A claimed job: renews its lease from a thread of its own, with a database connection of its own."""

    def __init__(self, job: Job, now: datetime) -> None:
        self.job, self.is_lost = job, False
        self._from, self._began = now, time.monotonic()
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._beat, daemon=True)

    def now(self) -> datetime:
        """Return the instant of the claim plus the time gone by since."""
        return self._from + timedelta(seconds=time.monotonic() - self._began)

    def mine(self) -> QuerySet[Job]:
        """Return the row while it is this worker's; nothing once another one has taken it up."""
        return Job.objects.filter(
            id=self.job.id, state=State.RUNNING, worker=self.job.worker, attempts=self.job.attempts
        )

    def renew(self) -> None:
        """Lease the job for another while, or notice that it is lost."""
        self.is_lost = not self.mine().update(leased_until=self.now() + LEASE)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *exception: object) -> None:
        self._over.set()
        self._thread.join(timeout=5)

    def _beat(self) -> None:
        while not self._over.wait(BEAT) and not self.is_lost:
            try:
                self.renew()
            except DatabaseError as problem:  # away for a moment: the next beat may find it again before the lease ends
                log.warning("a job's lease could not be renewed: %s", type(problem).__name__)
                connection.close()
        connection.close()


def claim(now: datetime) -> Hold | None:
    """Take the oldest job that waits, or whose worker is gone; None when there is none."""
    for job in Job.objects.filter(state__in=OPEN).order_by("id")[:LOOKED_AT]:
        if job.state == State.RUNNING and not _is_left(job, now):
            continue
        end = _end_of(job)
        if end is not None:
            _seen(job).update(state=end[0], message=end[1], finished_at=now, leased_until=None)
        elif _take(job, now):
            return Hold(job, now)
    return None


def _end_of(job: Job) -> tuple[State, str] | None:
    """Return how a job ends that nobody should begin again."""
    if job.cancel_asked:
        return State.CANCELLED, ""
    return (State.FAILED, GIVEN_UP) if job.attempts >= MOST_ATTEMPTS else None


def _take(job: Job, now: datetime) -> bool:
    """Make a job this worker's, unless somebody else was faster; the row in hand is then as written."""
    wanted = {
        "state": State.RUNNING,
        "worker": me(),
        "attempts": job.attempts + 1,
        "leased_until": now + LEASE,
        "started_at": job.started_at or now,
    }
    if not _seen(job).update(**wanted):
        return False
    for name, value in wanted.items():
        setattr(job, name, value)
    return True


def _seen(job: Job) -> QuerySet[Job]:
    """Return the row as long as nobody has claimed, ended or renewed it since it was read."""
    return Job.objects.filter(
        id=job.id, state=job.state, worker=job.worker, attempts=job.attempts, leased_until=job.leased_until
    )


def _is_left(job: Job, now: datetime) -> bool:
    """Say whether a running job's worker is gone: its lease ended, or its process on this machine did."""
    if job.leased_until is None or job.leased_until <= now:
        return True
    host, _, process = job.worker.partition(":")
    pid = process.partition(":")[0]
    if host != socket.gethostname() or not pid.isdigit():
        return False
    return job.worker != me() if int(pid) == os.getpid() else is_gone(int(pid))
