"""The loop's and the jobs' processes: a tick, a pause, again, until asked to stop; a fault is kept and does not end them."""

import logging
import time
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta

from regulars import loop
from regulars.cli.supervisor.alone import Stop, end_when_alone
from regulars.core import clock
from regulars.core.faults import kept
from regulars.core.settings import current
from regulars.events import api as events
from regulars.jobs import api as jobs

TICK = 1.0
BREATH = 0.1  # seconds behind a tick that found work: facts that come one by one are worked on together
LOOK = 0.5  # seconds between two looks for work that somebody waits for
SIGN = timedelta(seconds=10)  # between two signs of life of the worker
LONGEST = 60.0
REST = 4.0  # times as long as deciding took
TICKED, LOOKED = "loop:ticked", "jobs:looked"
log = logging.getLogger("regulars.loop")

Worker = Callable[[datetime], int]


def go_on(now: datetime) -> int:
    """Let the demo shop go on with the clock, where this home holds one; return how much happened in it."""
    if events.label() != "demo":
        return 0
    from regulars.simulator import api as simulator  # NumPy is for those alone who have a demo

    return simulator.go_on(current().home / "demo", now)


def run_loop(is_child: bool) -> None:
    """Tick for ever, about once a second; each worker that fails pauses alone."""
    workers = {"demo.go_on": go_on, **loop.WORKERS}
    stop = _stop(is_child)
    resting = Resting()
    _until_stopped(stop, TICK, lambda: tick(workers, resting, current().now or clock.utc_now()), BREATH)


def run_senders(is_child: bool) -> None:
    """Hand over messages for ever, in a process of its own; a fault pauses it alone."""
    stop = _stop(is_child)
    resting = Resting()
    _until_stopped(stop, LOOK, lambda: _round(loop.SENDERS, resting, current().now or clock.utc_now()))


def run_deciders(is_child: bool) -> None:
    """Follow segments for ever, in a process of its own, which rests four times as long as it worked: deciding never takes more
    than a fifth of a processor from those who wait for a message or a page."""
    stop = _stop(is_child)
    resting = Resting()

    def step() -> int:
        began = time.monotonic()
        _round(loop.DECIDERS, resting, current().now or clock.utc_now())
        stop.wait(min(REST * (time.monotonic() - began), LONGEST))
        return 0

    _until_stopped(stop, LOOK, step)


def run_jobs(is_child: bool) -> None:
    """Do jobs as they come; on the machine's clock, since a lease is about processes and not about the shop."""
    from regulars.cli.supervisor.chores import HANDLERS

    stop, signed = _stop(is_child), [clock.utc_now() - SIGN]

    def look() -> int:
        now = clock.utc_now()
        if now - signed[0] >= SIGN:
            events.set_mark(LOOKED, int(now.timestamp()))
            signed[0] = now
        return jobs.work_once(HANDLERS, now, stop.is_asked)

    _until_stopped(stop, LOOK, look)


class Resting:
    """Who rests after a fault, until when: each fault in a row doubles the rest."""

    def __init__(self) -> None:
        self._until: dict[str, tuple[datetime, float]] = {}

    def rests(self, name: str, now: datetime) -> bool:
        """Say whether this one still rests."""
        return name in self._until and now < self._until[name][0]

    def failed(self, name: str, now: datetime) -> float:
        """Let this one rest; return for how many seconds."""
        pause = min(self._until.get(name, (now, TICK / 2))[1] * 2, LONGEST)
        self._until[name] = (now + timedelta(seconds=pause), pause)
        return pause

    def went(self, name: str) -> None:
        """Forget its faults."""
        self._until.pop(name, None)


def tick(workers: Mapping[str, Worker], resting: Resting, now: datetime) -> int:
    """Run every worker that does not rest, in their order; a fault of one does not keep the others from going on."""
    done = _round(workers, resting, now)
    events.set_mark(TICKED, int(clock.utc_now().timestamp()))
    return done


def _round(workers: Mapping[str, Worker], resting: Resting, now: datetime) -> int:
    done, real = 0, clock.utc_now()
    for name, worker in workers.items():
        if resting.rests(name, real):
            continue
        try:
            done += worker(now)
            resting.went(name)
        except Exception as problem:  # noqa: BLE001  one worker's fault must not stop the others
            _note(name, problem, resting.failed(name, real))
    return done


def _note(name: str, problem: Exception, pause: float) -> None:
    told = (name, type(problem).__name__, pause, kept(problem))
    log.error("%s failed (%s) and rests for %g s; details in faults/%s", *told)
    from django.db import connections

    connections.close_all()  # the database may have been away; the next use connects anew


def _stop(is_child: bool) -> Stop:
    stop = Stop()
    if is_child:
        end_when_alone(stop.ask)
    return stop


def _until_stopped(stop: Stop, pause: float, step: Callable[[], int], breath: float = 0.0) -> None:
    resting = Resting()
    while not stop.is_asked():
        try:
            rest = breath if step() else pause
            resting.went("a tick")
        except Exception as problem:  # noqa: BLE001  the database may be away for a while
            rest = resting.failed("a tick", clock.utc_now())
            _note("a tick", problem, rest)
        stop.wait(rest)
