"""The circuit breaker's windows counted plainly, row by row; and the running counts filled from rows that tests wrote."""

from collections.abc import Mapping
from datetime import UTC, datetime
from importlib import import_module
from math import ceil

from django.apps import apps

from regulars.messaging.models import Message, Setback, Tally
from regulars.messaging.returns.rules.breaker import BOUNCES_RESUME, COMPLAINTS_CALM, DAY, LAST, WEEK, Window


def fill() -> None:
    """Count what stands, as the migration does."""
    Tally.objects.all().delete()
    import_module("regulars.messaging.migrations.0005_running_counts").count(apps, datetime(2000, 1, 1, tzinfo=UTC))


def plain_windows(channel: str, now: datetime, counts_from: datetime | None) -> Mapping[str, Window]:
    """Return what the breaker judges, from the rows alone."""
    week = max(now - WEEK, counts_from or now - WEEK)
    gone = sorted(
        at for at, route in Message.objects.filter(channel=channel).values_list("dot_at", "route")
        if at and at >= week and route != "drawer"
    )  # fmt: skip
    back = list(Setback.objects.filter(channel=channel).values_list("kind", "sent_at"))
    starts = {"last": gone[-LAST] if len(gone) >= LAST else week, "day": max(now - DAY, week), "week": week}
    return {name: _plain(gone, back, since) for name, since in starts.items()}


def _plain(gone: list[datetime], back: list[tuple[str, datetime]], since: datetime) -> Window:
    bounced, complained = (
        sum(1 for one, at in back if one == kind and at >= since) for kind in ("bounced", "complained")
    )
    enough = max(LAST, ceil(complained / COMPLAINTS_CALM), ceil(bounced / BOUNCES_RESUME)) + 1
    return Window(min(sum(1 for at in gone if at >= since), enough), bounced, complained)
