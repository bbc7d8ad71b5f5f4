"""The loop's and the jobs' processes: a tick, a pause, again, until asked to stop; a fault is kept and does not end them."""

import logging
from collections.abc import Callable
from datetime import datetime

from regulars import loop
from regulars.cli.supervisor.alone import Stop, end_when_alone
from regulars.core import clock
from regulars.core.faults import kept
from regulars.core.settings import current
from regulars.events import api as events
from regulars.jobs import api as jobs

TICK = 1.0
LONGEST = 60.0
log = logging.getLogger("regulars.loop")


def run_loop() -> None:
    """Tick for ever, about once a second; each worker that fails pauses alone."""
    _until_stopped(_tick(_Resting()))


def run_jobs() -> None:
    """Do jobs as they come."""
    from regulars.cli.supervisor.chores import HANDLERS

    _until_stopped(lambda now: jobs.work_once(HANDLERS, now))


class _Resting:
    """Which workers rest after a fault, until when."""

    def __init__(self) -> None:
        self._until: dict[str, tuple[datetime, float]] = {}

    def rests(self, name: str, now: datetime) -> bool:
        return name in self._until and now < self._until[name][0]

    def failed(self, name: str, now: datetime) -> None:
        from datetime import timedelta

        pause = min(self._until.get(name, (now, TICK / 2))[1] * 2, LONGEST)
        self._until[name] = (now + timedelta(seconds=pause), pause)

    def went(self, name: str) -> None:
        self._until.pop(name, None)


def _tick(resting: _Resting) -> Callable[[datetime], int]:
    def tick(now: datetime) -> int:
        done = 0
        for name, worker in loop.WORKERS.items():
            if resting.rests(name, now):
                continue
            try:
                done += worker(now)
                resting.went(name)
            except Exception as problem:  # noqa: BLE001  one worker's fault must not stop the others
                resting.failed(name, now)
                log.error("%s failed: %s; details in faults/%s", name, type(problem).__name__, kept(problem))  # noqa: TRY400
        events.set_mark("loop:ticked", int(clock.utc_now().timestamp()))
        return done

    return tick


def _until_stopped(step: Callable[[datetime], int]) -> None:
    from django.db import close_old_connections

    stop = Stop()
    end_when_alone(stop.ask)
    while not stop:
        close_old_connections()
        done = 0
        try:
            done = step(current().now or clock.utc_now())
        except Exception as problem:  # noqa: BLE001  the database may be away for a while
            log.error("a tick failed: %s; details in faults/%s", type(problem).__name__, kept(problem))  # noqa: TRY400
            stop.wait(TICK * 5)
        if not done:
            stop.wait(TICK)
