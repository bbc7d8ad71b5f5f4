"""Bringing a made shop in through the public door of imports, as anybody's files come in."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from regulars.simulator.making import write
from regulars.simulator.plan import CURRENCY, LABEL, ZONE, Files, Plan, kept

if TYPE_CHECKING:
    from regulars.events import api as events

Progress = Callable[[str, float], None]
Cancelled = Callable[[], bool]
# Customers before orders: a guest's e-mail is then known. Each with its share of the work.
STEPS = (("products", 0.02), ("customers", 0.13), ("orders", 0.45), ("costs", 0.02), ("events", 0.38))
WRITING = 0.15  # the share of the whole that making the files takes


class NotEmpty(RuntimeError):
    """A home that already holds another shop; the message says what to do."""


def silent(step: str, share: float) -> None:
    """Report progress to nobody."""


def never() -> bool:
    """Cancel nothing."""
    return False


def planned(folder: Path, now: datetime, customers: int, seed: int) -> Plan:
    """Return the plan of the demo shop that this home may hold: two years that end yesterday.

    The same demo again keeps its days, so that a load that was killed goes on. Raises NotEmpty for a home with other facts.
    """
    from regulars.events import api as events  # needs Django, which writing a shop does not

    today = now.astimezone(ZoneInfo(ZONE)).date()
    if not events.newest():
        return Plan(until=today, customers=customers, seed=seed)
    if events.label() != LABEL:
        raise NotEmpty(
            "this home already holds a shop's facts, and a demo among them would falsify every figure; "
            "set REGULARS_HOME to a new folder for the demo"
        )
    there = kept(folder)
    if there is None or (there["customers"], there["seed"]) != (customers, seed):
        raise NotEmpty(
            "this home already holds another demo shop; start over first, or set REGULARS_HOME to a new folder"
        )
    return Plan(until=date.fromisoformat(there["ends"]) + timedelta(days=1), customers=customers, seed=seed)


def open_shop(
    plan: Plan, folder: Path, people: "events.People", now: datetime, how: tuple[Progress, Cancelled] = (silent, never)
) -> dict[str, Any]:
    """Write a planned demo shop into a folder, label this home a demo, and import it; how is who hears of the progress and
    who may cancel; the starter set of templates is added, its programmes are switched on, and it goes on with the clock. Returns what became of the rows of each file."""
    from regulars.events import api as events
    from regulars.messaging import api as messaging
    from regulars.simulator.living import going as living

    progress, cancelled = how
    progress("making the shop", 0.0)
    files = write(plan, folder)
    events.set_label(LABEL)  # before the first fact: a load that is killed must not pass for somebody's own shop
    messaging.install_starters(now)
    done = load(files, people, now, lambda step, share: progress(step, WRITING + (1.0 - WRITING) * share), cancelled)
    living.open_up(now)
    return done


def load(
    files: Files, people: "events.People", now: datetime, progress: Progress = silent, cancelled: Cancelled = never
) -> dict[str, Any]:
    """Import a shop's files; return what became of the rows of each, by kind. The shop reckons in euros and Berlin's days."""
    from regulars.sources import api as sources

    found, begun = {}, 0.0
    for target, part in STEPS:
        here = _within(progress, target, begun, part)
        request = sources.Request(getattr(files, target), people, now, progress=here, cancelled=cancelled)
        has_money = target in ("products", "orders", "costs")
        wanted = sources.options(timezone=ZONE, currency=CURRENCY if has_money else None)
        result = sources.import_file(target, request, wanted)
        found[target] = {name: getattr(result, name) for name in ("rows", "accepted", "rejected", "duplicates")}
        begun += part
    return found


def _within(progress: Progress, target: str, begun: float, part: float) -> Progress:
    """Return a progress that fills its part of the whole."""
    return lambda step, share: progress(f"{target}: {step}", begun + part * min(max(share, 0.0), 1.0))
