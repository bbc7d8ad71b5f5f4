"""The loop is a list: workers in the order of a tick, each `run_once(now) -> int`; the tables are their queues."""

from collections.abc import Callable
from datetime import datetime

from regulars.catalog import api as catalog
from regulars.events import api as events
from regulars.profiles import api as profiles


def sequence(now: datetime) -> int:
    """Give waiting facts their seq and their person."""
    return events.sequence(now, profiles.people)


WORKERS: dict[str, Callable[[datetime], int]] = {
    "events.sequence": sequence,
    "profiles.project": profiles.project,
    "catalog.project": catalog.project,
    "events.flush": events.flush_when_due,
    "events.tidy": events.tidy_when_due,
}


def run_once(now: datetime) -> dict[str, int]:
    """Run one tick; return how much each worker did, by its name."""
    return {name: worker(now) for name, worker in WORKERS.items()}


def rebuild(now: datetime) -> dict[str, int]:
    """Forget every projection and derived table and tell them again from the log; the facts stay as they are."""
    profiles.reset()
    catalog.reset()
    told = {"profiles": profiles.project(now), "catalog": catalog.project(now)}
    return told | {"derived_at_seq": events.refresh(now)}
