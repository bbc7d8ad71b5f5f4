"""What a channel has used up of its limits, counted from the outbox at the moment when it is asked."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from regulars.consent import api as consent
from regulars.messaging.control.limits import Limits, OfChannel
from regulars.messaging.models import Message

gate = consent.gate
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)


@dataclass(frozen=True)
class Usages:
    """Counts for the shop's limits; a channel without any is not counted. Days and months begin by the shop's clocks."""

    limits: Limits
    zone: str

    def __call__(self, channel: str, now: datetime) -> "gate.Usage":
        """Return what a channel has used up."""
        limit = self.limits.of(channel)
        if not limit.is_limited:
            return gate.Usage()
        local = now.astimezone(ZoneInfo(self.zone))
        midnight = local.replace(hour=0, minute=0, second=0, microsecond=0, fold=0)
        most_today = max(limit.per_day or 0, *limit.warm_up, 0) if limit.warm_up else limit.per_day or 0
        day = (local.date() - limit.warm_up_from).days + 1 if limit.warm_up_from else None
        spent = _sent(channel, midnight.replace(day=1), limit.per_month) if limit.per_month else 0
        left, ends_at, per, span = _throttle(channel, limit, now)
        return gate.Usage(
            sent_today=_sent(channel, midnight, most_today) if most_today else 0,
            warm_up_day=day,
            budget_left=limit.per_month - spent if limit.per_month else None,
            throttle_left=left,
            throttle_ends_at=ends_at,
            throttle_per=per,
            throttle_span=span,
        )


def _throttle(
    channel: str, limit: OfChannel, now: datetime
) -> tuple[int | None, datetime | None, int | None, timedelta]:
    """Return how many may go in the minute or the hour that lets fewer through, when it ends, and how many each one takes."""
    minute = now.replace(second=0, microsecond=0)
    found: list[tuple[int, datetime, int, timedelta]] = []
    for start, span, most in ((minute.replace(minute=0), HOUR, limit.per_hour), (minute, MINUTE, limit.per_minute)):
        if most:
            found.append((most - _sent(channel, start, most), start + span, most, span))
    return min(found, key=lambda one: (one[0], -one[3])) if found else (None, None, None, MINUTE)


def _sent(channel: str, since: datetime, most: int | None) -> int:
    """Count what was handed over since then, at most so many, for beyond them nothing is left anyway."""
    return Message.objects.filter(channel=channel, dot_at__gte=since)[:most].count()
