"""The shop's limits: read from what was typed, kept with who typed it, and turned into the rules of the gate."""

import difflib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import reduce

import msgspec
from django.db import transaction

from regulars.access import api as access
from regulars.consent import api as consent
from regulars.messaging.control.fields import GENERAL, HOURS, SETTINGS, plan_of
from regulars.messaging.models import Limits as Row

gate = consent.gate
DAY = timedelta(days=1)
# The times in which the hours of all laws known agree; where the shop leaves none of them, somebody could never be written to.
TIED = ("sms", "whatsapp")


class BadLimits(ValueError):
    """Limits that cannot be kept; faults has a sentence for each field that is wrong."""

    def __init__(self, faults: Mapping[str, str]) -> None:
        super().__init__(" ".join(f"{_called(name)}: {fault}" for name, fault in faults.items()))
        self.faults = dict(faults)


@dataclass(frozen=True, kw_only=True)
class OfChannel:
    """The limits of a channel; None is no limit. warm_up_from is the day on which the plan begins."""

    week: "gate.Week"
    a_day: int | None = None
    a_week: int | None = None
    per_minute: int | None = None
    per_hour: int | None = None
    per_day: int | None = None
    per_month: int | None = None
    warm_up: tuple[int, ...] = ()
    warm_up_from: date | None = None

    @property
    def is_limited(self) -> bool:
        """Say whether anything is to be counted before a message may go."""
        return bool(self.per_minute or self.per_hour or self.per_day or self.per_month or self.warm_up)


@dataclass(frozen=True)
class Limits:
    """All limits, as they were typed and as they are meant."""

    told: Mapping[str, str]

    def count(self, name: str) -> int | None:
        """Return a count, None for no limit."""
        text = self.told[name]
        return int(text) if text else None

    def of(self, channel: str) -> OfChannel:
        """Return the limits of a channel."""
        told = {name: self.told[f"{channel}.{name}"] for name in ("weekdays", "saturday", "sunday", "warm_up_from")}
        counts = ("a_day", "a_week", "per_minute", "per_hour", "per_day", "per_month")
        return OfChannel(
            week=gate.week(told["weekdays"], told["saturday"], told["sunday"]),
            warm_up=tuple(map(int, plan_of(self.told[f"{channel}.warm_up"]))),
            warm_up_from=date.fromisoformat(told["warm_up_from"]) if told["warm_up_from"] else None,
            **{name: self.count(f"{channel}.{name}") for name in counts},
        )

    @property
    def counts_opens(self) -> bool:
        """Say whether mails carry the pixel that tells when they are opened."""
        return self.told["email.opens"] == "yes"

    def rules(self, shop_zone: str) -> "gate.Rules":
        """Return the gate's rules."""
        each = {channel: self.of(channel) for channel in HOURS}
        general = {one.name: int(self.told[one.name]) for one in GENERAL}
        caps = [gate.Cap(general["a_day"], DAY), gate.Cap(general["a_week"], 7 * DAY)]
        for channel, limit in each.items():
            caps += [gate.Cap(n, days * DAY, channel) for n, days in ((limit.a_day, 1), (limit.a_week, 7)) if n]
        return gate.Rules(
            windows=self._windows(shop_zone),
            caps=(*caps, *gate.BY_LAW),
            apart=timedelta(minutes=general["apart"]),
            daily_limits={channel: limit.per_day for channel, limit in each.items() if limit.per_day},
            warm_up={channel: limit.warm_up for channel, limit in each.items() if limit.warm_up},
        )

    def _windows(self, shop_zone: str) -> "gate.Windows":
        """Return the hours: the shop's own, and in lands with a law of theirs what both leave, once the shop has chosen."""
        weeks = {channel: self.of(channel).week for channel in HOURS}
        lands = {
            channel: {
                land: law if weeks[channel] == gate.HOURS[channel] else gate.both(law, weeks[channel])
                for land, law in gate.TEXTS.items()
            }
            for channel in TIED
        }
        return gate.Windows(channels=weeks, lands=lands, shop_zone=shop_zone)


def default() -> Limits:
    """Return the limits of a shop that has set none."""
    return Limits({name: one.default for name, one in SETTINGS.items()})


def limits() -> Limits:
    """Return the limits that hold now."""
    text = Row.objects.order_by("-id").values_list("told", flat=True).first()
    kept = msgspec.json.decode(text, type=dict[str, str]) if text else {}
    return Limits({name: kept.get(name, one.default) for name, one in SETTINGS.items()})


def put_limits(given: Mapping[str, str], by: str, now: datetime) -> list[str]:
    """Set the limits that are given, the others stay; return the names of those that changed. Raise BadLimits.

    Each change stands in the audit log with what it was before; what waits is decided by the new ones when it asks again.
    """
    with transaction.atomic():
        before = limits().told
        after = {**before, **{name: text.strip() for name, text in given.items()}}
        if faults := faults_of(after):
            raise BadLimits(faults)
        changed = [name for name in SETTINGS if after[name] != before[name]]
        if changed:
            Row.objects.create(told=msgspec.json.encode(after).decode(), made_at=now, made_by=by)
        for name in changed:
            access.note(by, "limit.changed", name, {"from": before[name][:200], "to": after[name][:200]}, now)
    return changed


def faults_of(told: Mapping[str, str]) -> dict[str, str]:
    """Return what is wrong with limits, by the name of each; nothing when they can be kept."""
    faults = {name: _unknown(name) for name in told if name not in SETTINGS}
    faults |= {name: fault for name, one in SETTINGS.items() if (fault := one.fault(told[name]))}
    for channel in HOURS:
        if not any(name.startswith(f"{channel}.") for name in faults):
            faults |= _together(channel, Limits(told).of(channel))
    return faults


def _together(channel: str, limit: OfChannel) -> dict[str, str]:
    """Return what is wrong with limits of a channel that are each well alone."""
    faults = {}
    if all(day == gate.CLOSED for day in limit.week):
        faults[f"{channel}.weekdays"] = (
            "No day has hours; open one, or send nothing by deactivating the channel's route."
        )
    elif channel in TIED and all(day == gate.CLOSED for day in reduce(gate.both, gate.TEXTS.values(), limit.week)):
        faults[f"{channel}.weekdays"] = (
            "These hours leave nothing where the law is stricter; let some of them lie between 10 and 18 on a weekday."
        )
    if limit.warm_up and limit.warm_up_from is None:
        faults[f"{channel}.warm_up_from"] = "The plan needs its first day; write it like 2026-03-21."
    if limit.warm_up_from and not limit.warm_up:
        faults[f"{channel}.warm_up"] = (
            "There is a first day but no plan; write numbers like 50, 100, 200, or clear the day."
        )
    return faults


def _unknown(name: str) -> str:
    near = difflib.get_close_matches(name, SETTINGS, n=1)
    return "There is no such limit" + (f"; did you mean {near[0]}?" if near else "; `regulars limits show` lists them.")


def _called(name: str) -> str:
    one = SETTINGS.get(name)
    return name if one is None else f"{one.label} ({name})"
