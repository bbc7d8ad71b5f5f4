"""How much a channel may still send: budget, daily limit, warm-up and throttle, used up by the stronger messages first."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from regulars.consent.gate.answers import Reason
from regulars.consent.gate.asked import Usage
from regulars.consent.gate.quiet.hours import zone_info
from regulars.consent.gate.rules import Rules


@dataclass(slots=True)
class Room:
    """What is left of one channel while a batch is decided."""

    channel: str
    usage: Usage
    rules: Rules
    n_sent: int = 0
    n_put_off: int = 0
    spent: int = 0
    is_broke: bool = False

    def taken(self, cost: int = 1) -> None:
        """Count a message that goes."""
        self.n_sent += 1
        self.spent += cost

    def lack(self, cost: int = 1) -> Reason | None:
        """Return what the channel lacks for this message, or None. Once one could not be paid no weaker, cheaper one overtakes it."""
        usage, n_today = self.usage, self.usage.sent_today + self.n_sent
        if usage.budget_left is not None and (self.is_broke or self.spent + cost > usage.budget_left):
            self.is_broke = True
            return Reason.BUDGET
        limit = self.rules.daily_limits.get(self.channel)
        if limit is not None and n_today >= limit:
            return Reason.DAILY_LIMIT
        warm = self._warm_up()
        if warm is not None and n_today >= warm:
            return Reason.WARM_UP
        return Reason.THROTTLE if usage.throttle_left is not None and self.n_sent >= usage.throttle_left else None

    def _warm_up(self) -> int | None:
        """Return how many may go today while the channel is warmed up; None when it is warm."""
        table, day = self.rules.warm_up.get(self.channel, ()), self.usage.warm_up_day
        return table[max(day, 1) - 1] if day is not None and day <= len(table) else None

    def next_window(self, reason: Reason, now: datetime) -> datetime:
        """Return when there may be room again: days and months begin by the shop's clocks."""
        if reason is Reason.THROTTLE:
            return self._next_span(now)
        local = now.astimezone(zone_info(self.rules.windows.shop_zone))
        if reason is not Reason.BUDGET:
            return _midnight(local + timedelta(days=1))
        return _later(self.usage.budget_renews_at, now) or _midnight(
            (local.replace(day=1) + timedelta(days=32)).replace(day=1)
        )

    def _next_span(self, now: datetime) -> datetime:
        """Return when the throttle lets the next one through; each that is put off takes its place in the spans to come."""
        usage, first = self.usage, _later(self.usage.throttle_ends_at, now) or now + self.rules.throttle
        if not usage.throttle_per:
            return first
        ahead = (usage.throttle_queued + self.n_put_off) // usage.throttle_per
        self.n_put_off += 1
        return first + ahead * usage.throttle_span


def _later(told: datetime | None, now: datetime) -> datetime | None:
    return told if told is not None and told > now else None


def _midnight(day: datetime) -> datetime:
    return day.replace(hour=0, minute=0, second=0, microsecond=0, fold=0)
