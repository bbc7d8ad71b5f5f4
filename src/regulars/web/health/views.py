"""Does this process live, is the installation ready, and how does it do: for supervisors and monitoring."""

import os
import platform
import shutil
import time
from collections.abc import Callable
from functools import cache
from importlib import metadata
from pathlib import Path
from typing import Any

from django.db import DatabaseError, connection, transaction
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse, JsonResponse
from prometheus_client import CollectorRegistry, Gauge, Info, generate_latest

from regulars.access import api as access
from regulars.core import clock
from regulars.core.settings import current
from regulars.core.watching import requests
from regulars.events import api as events
from regulars.jobs import api as jobs
from regulars.web.access.doorkeeper import is_here
from regulars.web.access.gate import public
from regulars.web.shell import lake

LEAST_SHARE, LEAST_BYTES = 0.05, 500 * 1024 * 1024
TICKED, LOOKED = "loop:ticked", "jobs:looked"  # signs of life, as cli.supervisor.ticking writes them
SILENT_AFTER = 120.0
WAITED_LONGEST = 300.0
_SIZE: dict[str, tuple[float, int]] = {}


@public()
def healthz(request: HttpRequest) -> HttpResponse:
    """Say that this process answers."""
    return JsonResponse({"ok": True})


@public()
def readyz(request: HttpRequest) -> HttpResponse:
    """Say whether everything is there to do the work; 503 names what is not."""
    checks = {name: _checked(check) for name, check in CHECKS.items()}
    is_ready = all(one == "ok" for one in checks.values())
    told: dict[str, Any] = {"ready": is_ready, "fenced": _fenced(), "checks": checks}
    return JsonResponse(told, status=200 if is_ready else 503)


@public()
def metrics(request: HttpRequest) -> HttpResponse:
    """Tell Prometheus how much waits, how old the last tick is, how large the lake is; from elsewhere with a token."""
    if not is_here(request) and not _has_token(request):
        return HttpResponse("a token with the scope read:reports is needed\n", status=401, content_type="text/plain")
    return HttpResponse(
        generate_latest(_registry()) + generate_latest(requests.REGISTRY),
        content_type="text/plain; version=0.0.4; charset=utf-8",
    )


def _has_token(request: HttpRequest) -> bool:
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    held = access.holder_of(token.strip(), lake.now()) if scheme.lower() == "bearer" else None
    return held is not None and "read:reports" in held[1]


def _checked(check: Callable[[], str]) -> str:
    try:
        return check()
    except (DatabaseError, OSError) as problem:
        return f"{type(problem).__name__}"


def _database() -> str:
    with transaction.atomic():  # a write that is taken back: reading a page changes nothing
        events.set_mark("health:written", 1)
        transaction.set_rollback(True)
    return "ok"


def _migrations() -> str:
    executor = MigrationExecutor(connection)
    missing = executor.migration_plan(executor.loader.graph.leaf_nodes())
    return f"{len(missing)} migrations are missing: run regulars doctor" if missing else "ok"


def _disk() -> str:
    usage = shutil.disk_usage(current().home)
    if usage.free < max(LEAST_BYTES, LEAST_SHARE * usage.total):
        return f"only {usage.free // 1_000_000} MB are free"
    return "ok"


def _loop() -> str:
    silent = _seconds_since(TICKED)
    return "ok" if silent < SILENT_AFTER else "the loop has not ticked for two minutes: is regulars start running?"


def _worker() -> str:
    """A worker that has a job in hand renews its lease; one that has none leaves a sign."""
    if _seconds_since(LOOKED) < SILENT_AFTER or jobs.is_at_work(clock.utc_now()):
        return "ok"
    return "the worker of jobs has not looked for work for two minutes: is regulars start running?"


def _inbox() -> str:
    waited = _waited()
    return (
        "ok" if waited < WAITED_LONGEST else f"the oldest fact has waited for {waited:.0f} s: look into the loop's log"
    )


def _waited() -> float:
    """Return for how many seconds the oldest fact has waited to get into the log; 0 when none waits."""
    since = events.waiting_since()
    return max((lake.now() - since).total_seconds(), 0.0) if since else 0.0


def _seconds_since(mark: str) -> float:
    return clock.utc_now().timestamp() - events.mark(mark)


def _fenced() -> bool | None:
    try:
        return events.is_fenced()
    except DatabaseError:
        return None


CHECKS: dict[str, Callable[[], str]] = {
    "database": _database,
    "migrations": _migrations,
    "disk": _disk,
    "loop": _loop,
    "worker": _worker,
    "inbox": _inbox,
}


def _registry() -> CollectorRegistry:
    registry, waiting = CollectorRegistry(), events.waiting()
    told = {
        "regulars_facts_newest_seq": ("Seq of the newest fact.", waiting["newest"]),
        "regulars_inbox_facts": ("Facts acknowledged and not yet in the log.", waiting["inbox"]),
        "regulars_inbox_oldest_seconds": ("How long the oldest of them has waited.", _waited()),
        "regulars_log_facts": ("Facts in the log and not yet pruned after the flush to the lake.", waiting["log"]),
        "regulars_seconds_since_tick": ("Seconds since the loop's last tick.", _seconds_since(TICKED)),
        "regulars_lake_bytes": ("Size of the lake on disk.", _size(events.lake_root())),
        "regulars_fenced": ("1 while a restored system sends nothing.", int(events.is_fenced())),
        "regulars_disk_free_bytes": ("Free space where the home lies.", shutil.disk_usage(current().home).free),
    }
    for name, (about, value) in told.items():
        Gauge(name, about, registry=registry).set(value)
    by_state = Gauge("regulars_jobs", "Jobs by state.", ["state"], registry=registry)
    for state, count in jobs.counts().items():
        by_state.labels(state).set(count)
    Info("regulars_build", "What runs here.", registry=registry).info(_build())
    return registry


@cache
def _build() -> dict[str, str]:
    try:
        version = metadata.version("regulars")
    except metadata.PackageNotFoundError:  # run from its folder, without being installed
        version = "unknown"
    return {"version": version, "python": platform.python_version(), "database": connection.vendor}


def _size(root: Path) -> int:
    """Return a folder's size, looked up once a minute."""
    at, size = _SIZE.get(str(root), (0.0, 0))
    if time.monotonic() - at > 60 or not size:
        size = sum(
            entry.stat().st_size
            for folder, _, names in os.walk(root)
            for entry in (Path(folder, name) for name in names)
            if entry.exists()
        )
        _SIZE[str(root)] = (time.monotonic(), size)
    return size
