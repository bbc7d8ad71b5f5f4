"""The demo shop goes on with the clock: told is what happened since the last tick, each thing once; and its programmes are on."""

import contextlib
from datetime import datetime
from pathlib import Path

from django.db import transaction

from regulars.events import api as events
from regulars.journeys import api as journeys
from regulars.simulator.living.ahead import MOST_CUSTOMERS, ahead
from regulars.simulator.living.telling import told
from regulars.simulator.plan import LABEL, kept_plan

BY = "demo"
PROGRAMMES = ("thank-you", "second-order", "win-back")
OPENED, GONE = "demo:opened", "demo:gone"  # when the shop was open, and how much of the time ahead was told
AT_ONCE = 1_000


def open_up(now: datetime) -> None:
    """Switch the demo's programmes on and let it go on with the clock from now; what somebody paused stays paused."""
    for name in PROGRAMMES:
        journeys.install(name, BY, now)
        one = journeys.one(name)
        if one is not None and one.state == "draft":
            with contextlib.suppress(journeys.CannotSwitch):
                journeys.activate(name, BY, now)
    events.set_mark(OPENED, int(now.timestamp()))


def go_on(folder: Path, now: datetime) -> int:
    """Tell what happened in the demo shop since the last call, at most a thousand facts; return how many it was.

    The files of the shop lie in the folder. Nothing happens in a home that is no demo, or whose demo is still being opened.
    """
    plan = kept_plan(folder) if events.mark(OPENED) else None
    if plan is None or plan.customers > MOST_CUSTOMERS:
        return 0
    found, gone = ahead(plan), events.mark(GONE)
    part = range(gone, min(found.until(now), gone + AT_ONCE))
    if not part:
        return 0
    facts = [told(found, place) for place in part]
    with transaction.atomic():
        # Thrown away in this very moment, or told by somebody else: then nothing is told.
        if not events.is_labelled(LABEL) or events.mark(GONE) != gone:
            return 0
        events.append(facts, now)
        events.set_mark(GONE, part.stop)
    return len(part)
