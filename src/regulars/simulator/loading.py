"""Bringing a made shop in through the public door of imports, as anybody's files come in."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from regulars.simulator.plan import CURRENCY, ZONE, Files

if TYPE_CHECKING:
    from regulars.events import api as events

Progress = Callable[[str, float], None]
# Customers before orders: a guest's e-mail is then known.
ORDER = ("products", "customers", "orders", "costs", "events")


def silent(step: str, share: float) -> None:
    """Report progress to nobody."""


def load(files: Files, people: "events.People", now: datetime, progress: Progress = silent) -> dict[str, Any]:
    """Import a shop's files; return what became of the rows of each, by kind.

    The shop becomes one of euros and of Berlin's days.
    """
    from regulars.sources import api as sources  # needs Django, which writing a shop does not

    known = [target for target in ORDER if target in sources.TARGETS]
    return {
        target: _imported(target, getattr(files, target), (people, now), _within(progress, place, len(known)))
        for place, target in enumerate(known)
    }


def _imported(target: str, path: Path, whose: tuple["events.People", datetime], progress: Progress) -> dict[str, int]:
    from regulars.sources import api as sources

    people, now = whose
    # Customers have no money, and events none that is a column of its own.
    wanted = sources.options(timezone=ZONE, currency=CURRENCY if target in ("products", "orders", "costs") else None)
    result = sources.import_file(target, sources.Request(path, people, now, None, progress), wanted)
    return {name: getattr(result, name) for name in ("rows", "accepted", "rejected", "duplicates")}


def _within(progress: Progress, place: int, of: int) -> Progress:
    """Return a progress that fills its part of the whole."""
    return lambda step, share: progress(f"{ORDER[place]}: {step}", (place + min(max(share, 0.0), 1.0)) / of)
