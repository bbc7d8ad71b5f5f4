"""Doing the work: a claimed job's handler runs, tells how far it is, learns that it should stop, and its end is written."""

import json
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from regulars.core.faults import kept
from regulars.jobs.holding import Hold, claim
from regulars.jobs.models import Job, State

TOLD_EVERY = 0.25  # seconds between two tellings of progress

Handler = Callable[[dict[str, Any], "Progress"], dict[str, Any]]


class Cancelled(Exception):
    """A handler stopped because it was asked to."""


class CannotDo(ValueError):
    """Work that cannot be done as asked; the message says what to do."""


@dataclass(frozen=True)
class End:
    """How a piece of work ended."""

    state: State
    result: dict[str, Any] = field(default_factory=dict)
    message: str = ""


def never() -> bool:
    """Say that this worker goes on."""
    return False


class Progress:
    """How a handler tells how far it is, and learns that it should stop."""

    def __init__(self, hold: Hold, stopping: Callable[[], bool] = never) -> None:
        self._hold, self._stopping, self._cancel = hold, stopping, False
        self._share, self._told, self._asked = 0.0, float("-inf"), float("-inf")

    def __call__(self, step: str, share: float) -> None:
        """Tell the step in plain words and the share done, 0 to 1; written four times a second at most."""
        if time.monotonic() - self._told < TOLD_EVERY and not self._share < 1.0 <= share:
            return
        self._told, self._share = time.monotonic(), min(max(share, 0.0), 1.0)
        self._hold.mine().update(step=step[:200], share=self._share)

    def cancelled(self) -> bool:
        """Say whether to stop: somebody asked for it, this worker is to end, or another one has taken the job up.

        The row is looked up four times a second at most.
        """
        if not self._cancel and time.monotonic() - self._asked >= TOLD_EVERY:
            self._asked = time.monotonic()
            self._cancel = not self._hold.mine().filter(cancel_asked=False).exists()
        return self._cancel or self._hold.is_lost or self._stopping()


def work_once(handlers: Mapping[str, Handler], now: datetime, stopping: Callable[[], bool] = never) -> int:
    """Do the oldest job that waits, or whose worker is gone; return how many were done, 0 or 1.

    stopping says that this process is to end: the job is put back and goes on at the next start, which is no attempt.
    """
    hold = claim(now)
    if hold is None:
        return 0
    with hold:
        end = _end(hold.job, handlers, Progress(hold, stopping))
        if end.state == State.CANCELLED and stopping() and _put_back(hold):
            return 0
        _finish(hold, end)
    return 1


def is_at_work(now: datetime) -> bool:
    """Say whether a worker has a job in hand."""
    return Job.objects.filter(state=State.RUNNING, leased_until__gt=now).exists()


def _end(job: Job, handlers: Mapping[str, Handler], progress: Progress) -> End:
    handler = handlers.get(job.kind)
    if handler is None:
        return End(State.FAILED, message=f"nobody here knows how to do '{job.kind}'")
    try:
        told = handler(dict(job.arguments), progress)
        return End(State.DONE, json.loads(json.dumps(told, default=str)))
    except Cancelled:
        return End(State.CANCELLED)
    except CannotDo as refusal:
        return End(State.FAILED, message=str(refusal))
    except Exception as problem:  # noqa: BLE001  the worker goes on; the reader gets a sentence and the maintainer a file
        return End(State.FAILED, message=_fault(problem))


def _fault(problem: Exception) -> str:
    name = kept(problem)
    where = f"; the details are in the home folder, faults/{name}" if name else ""
    return f"a fault in Regulars itself ({type(problem).__name__}){where}"


def _put_back(hold: Hold) -> bool:
    """Let the job wait again, unless somebody cancelled it."""
    waits = {"state": State.QUEUED, "worker": "", "attempts": hold.job.attempts - 1, "leased_until": None}
    return bool(hold.mine().filter(cancel_asked=False).update(**waits))


def _finish(hold: Hold, end: End) -> None:
    """Write the end, unless another worker has the job by now: then the end is that one's to write."""
    share = {"share": 1.0} if end.state == State.DONE else {}
    written = {"state": end.state, "result": end.result, "message": end.message}
    hold.mine().update(**written, **share, finished_at=hold.now(), leased_until=None)
