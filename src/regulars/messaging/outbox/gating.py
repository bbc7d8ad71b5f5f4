"""The shop's gate: what consent, suppression and the outbox itself know of many people at once, put before the gate's rules."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Any

from django.db import connection

from regulars.consent import api as consent
from regulars.core import bulk
from regulars.messaging.browsers import keeping as browsers
from regulars.messaging.control.hooks import Hooks
from regulars.messaging.models import Message
from regulars.messaging.outbox.delivering import Decision
from regulars.messaging.outbox.holding import Held
from regulars.profiles import api as profiles

gate = consent.gate
LOOKED_BACK = timedelta(days=30)
TABLE = Message._meta.db_table
STATES = {
    consent.Reason.WITHDRAWN: gate.ConsentState.WITHDRAWN,
    consent.Reason.PENDING: gate.ConsentState.PENDING,
}
# A text needs consent in writing: what is only assumed, or hung on a sale, does not do.
TOO_WEAK = (consent.Reason.NOT_WRITTEN, consent.Reason.CONDITION_OF_SALE)
BASES = {
    consent.Reason.SOFT_OPT_IN: "soft_opt_in",
    consent.Reason.PURCHASE: "implied",
    consent.Reason.INQUIRY: "implied",
    consent.Reason.NO_OBJECTION: "no_objection",
}
CAUSES = {
    "erased": gate.Suppression.ERASED,
    "complaint": gate.Suppression.COMPLAINED,
    "unsubscribed_all": gate.Suppression.UNSUBSCRIBED,
    "manual": gate.Suppression.MANUAL,
}


GO = Decision("send")


def unlimited(channel: str, now: datetime) -> gate.Usage:
    """Return that nothing of a channel's limits is used up, for it has none."""
    return gate.Usage()


@dataclass(frozen=True)
class ShopGate:
    """Decides on held messages by the shop's rules; a few questions to the database for each batch.

    usage says what a channel has used up at an instant, stopped on which channels the circuit breaker is open at this moment.
    queued counts what the throttle of each channel put off since this gate was made.
    """

    rules: gate.Rules = field(default_factory=gate.Rules)
    hooks: Hooks = field(default_factory=Hooks)
    usage: Callable[[str, datetime], gate.Usage] = unlimited
    stopped: Callable[[], frozenset[str]] = frozenset
    queued: Counter[str] = field(default_factory=Counter)

    def decisions(self, held: Sequence[Held], now: datetime) -> Sequence[Decision]:
        """Decide on each message, in their order."""
        known = _Known(held, self.hooks, now)
        used = {
            channel: replace(self.usage(channel, now), throttle_queued=self.queued[channel])
            for channel in {one.channel for one in held}
        }
        candidates = [known.candidate(one, used[one.channel]) for one in held]
        verdicts = gate.verdicts(candidates, replace(self.rules, stopped=self.stopped()), now)
        throttled = (verdict.reason is gate.Reason.THROTTLE for verdict in verdicts)
        self.queued.update(one.channel for one, is_put_off in zip(held, throttled, strict=True) if is_put_off)
        return [GO if verdict is gate.SEND else _decision(verdict) for verdict in verdicts]

    def not_yet(self, held: Sequence[Held], now: datetime) -> Mapping[str, Decision]:
        """Return which marketing messages wait after all: the breaker opened, or others used up the channel's room."""
        stopped, rooms = (self.stopped() if held else frozenset()), {}
        said: dict[str, Decision] = {}
        for one in held:
            if one.channel in stopped:
                said[one.key] = Decision("defer", gate.Reason.BREAKER.code, now + self.rules.recheck)
                continue
            if one.channel not in rooms:
                rooms[one.channel] = gate.Room(one.channel, self.usage(one.channel, now), self.rules)
            room = rooms[one.channel]
            if (why := room.lack()) is None:
                room.taken()
            else:
                said[one.key] = Decision("defer", why.code, room.next_window(why, now))
        return said

    def last_word(self, held: Sequence[Held], now: datetime) -> Mapping[str, str]:
        """Return why marketing messages may not go after all: consent or address were taken back since the decision.

        Nobody leaves from this question until the caller's transaction ends.
        """
        consent.let_nobody_leave()
        standings, stopped = _standings(held, now), _suppressed([(one.channel, one.to) for one in held], now)
        said: dict[str, str] = {}
        for one in held:
            cause = stopped.get((one.channel, one.to))
            if cause is not None:
                said[one.key] = gate.Reason.of(cause.value).code
            elif not standings[one.channel, one.topic][one.customer_id].allowed:
                said[one.key] = _refused_as(standings[one.channel, one.topic][one.customer_id])
        return said


class _Known:
    """What is known of the people of a batch."""

    def __init__(self, held: Sequence[Held], hooks: Hooks, now: datetime) -> None:
        people = list(dict.fromkeys(one.customer_id for one in held))
        self._contacts = profiles.attributes(people)
        self._alike: dict[tuple[Any, ...], gate.Standing] = {}
        self._kept: list[tuple[object, gate.Place]] = []  # whose numbers are the keys of those
        marketing = [one for one in held if one.is_marketing]
        self._browsers = browsers.addresses(list({one.customer_id for one in held if one.channel == "push"}))
        self._standings = _standings(marketing, now, self._contacts)
        self._suppressed = _suppressed([(one.channel, self.address(one)) for one in held], now)
        self._recent = _recent(list(dict.fromkeys(one.customer_id for one in marketing)), now)
        self._held_out = hooks.held_out(people)
        self._complaining, self._stuck = hooks.complaining(people), hooks.waiting_for_parcels(people)

    def address(self, one: Held) -> str:
        """Return where a message would go; blank when there is no address for its channel."""
        contact = self._contacts.get(one.customer_id)
        if one.to or one.channel == "push":
            return one.to or self._browsers.get(one.customer_id, "")
        if contact is None:
            return ""
        return contact.email if one.channel == "email" else contact.phone if one.channel in ("sms", "whatsapp") else ""

    def candidate(self, one: Held, usage: gate.Usage) -> gate.Candidate:
        address, who = self.address(one), one.customer_id
        standing = self._standing(one, self._suppressed.get((one.channel, address)))
        return gate.Candidate(
            key=one.key, customer_id=who, channel=one.channel, is_marketing=one.is_marketing, created_at=one.created_at,
            standing=standing, has_address=bool(address) or one.channel == "webhook", topic=one.topic,
            strength=one.strength, good_until=one.good_until, usage=usage,
        )  # fmt: skip

    def _standing(self, one: Held, suppressed_as: gate.Suppression | None) -> gate.Standing:
        """Return what is known of somebody; those of whom the same is known share it."""
        who, recent = one.customer_id, self._recent.get(one.customer_id, ())
        where = place(self._contacts.get(who)) if one.is_marketing else gate.NOWHERE
        said = self._standings[one.channel, one.topic][who] if one.is_marketing else None
        apart = (who in self._held_out, who in self._complaining, who in self._stuck)
        # Of the same objects: they stay as long as this batch does, and are the same for most people.
        alike = (id(said), suppressed_as, *apart, id(where), recent)
        if alike not in self._alike:
            self._alike[alike] = gate.Standing(
                consent=consent_of(said) if said else gate.Consent(), suppressed_as=suppressed_as, is_held_out=apart[0],
                has_open_complaint=apart[1], has_stuck_parcel=apart[2], place=where, recent=recent,
            )  # fmt: skip
            self._kept.append((said, where))
        return self._alike[alike]


def place(person: profiles.Attributes | None) -> gate.Place:
    """Return where somebody may be, by what the shop told of them: their time zone, else country, postcode and phone.

    A time zone that is none counts as not told, and so does a phone without its country.
    """
    if person is None:
        return gate.NOWHERE
    zone = person.timezone.strip()
    return gate.place_of(person.country, "", person.postcode, person.phone, zone if gate.is_zone(zone) else None)


def _standings(
    held: Sequence[Held], now: datetime, people: Mapping[int, profiles.Attributes] | None = None
) -> dict[tuple[str, str], Mapping[int, consent.ConsentStanding]]:
    """Return the standings of people by channel and topic."""
    asked: dict[tuple[str, str], list[int]] = {}
    for one in held:
        asked.setdefault((one.channel, one.topic), []).append(one.customer_id)
    return {about: consent.standings(who, *about, now, people) for about, who in asked.items()}


def _suppressed(addresses: Iterable[tuple[str, str]], now: datetime) -> dict[tuple[str, str], gate.Suppression]:
    asked: dict[str, list[str]] = {}
    for channel, address in addresses:
        if address:
            asked.setdefault(channel, []).append(address)
    return {
        (channel, address): CAUSES.get(found.reason, gate.Suppression.BOUNCED)
        for channel, some in asked.items()
        for address, found in consent.suppressed(channel, list(dict.fromkeys(some)), now).items()
    }


def _recent(customers: Sequence[int], now: datetime) -> dict[int, tuple[gate.Sent, ...]]:
    """Return the marketing messages of the last 30 days that went, or may have gone, to each customer."""
    found: dict[int, list[gate.Sent]] = {}
    among, who = bulk.among(customers)
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT customer_id, dot_at, channel, topic FROM {TABLE} WHERE customer_id {among} AND is_marketing "
            "AND state IN ('dot', 'sent', 'unknown') AND dot_at > %s",
            [who, bulk.instant(now - LOOKED_BACK)],
        )
        for customer, at, channel, topic in cursor.fetchall():
            gone_at = bulk.from_database(at)
            assert gone_at is not None  # the query asks for it
            found.setdefault(customer, []).append(gate.Sent(gone_at, channel, topic))
    return {customer: tuple(sent) for customer, sent in found.items()}


def _decision(verdict: gate.Verdict) -> Decision:
    return Decision(verdict.kind.value, verdict.reason.code if verdict.reason else "", verdict.at)


def consent_of(standing: consent.ConsentStanding) -> gate.Consent:
    if standing.allowed:
        ends_on = standing.until + timedelta(days=1) if standing.until else None
        return gate.Consent(gate.ConsentState.GIVEN, BASES.get(standing.reason, "express"), ends_on)
    if standing.reason in TOO_WEAK:
        return gate.Consent(gate.ConsentState.GIVEN, "implied")
    if standing.reason == consent.Reason.EXPIRED:
        return gate.Consent(gate.ConsentState.GIVEN, "express", date.min)
    return gate.Consent(STATES.get(standing.reason, gate.ConsentState.NEVER))


def _refused_as(standing: consent.ConsentStanding) -> str:
    """Return the gate's code for a consent that is none."""
    codes = {
        consent.Reason.WITHDRAWN: gate.Reason.WITHDRAWN,
        consent.Reason.PENDING: gate.Reason.PENDING,
        consent.Reason.EXPIRED: gate.Reason.CONSENT_EXPIRED,
        **dict.fromkeys(TOO_WEAK, gate.Reason.CONSENT_TOO_WEAK),
    }
    return codes.get(standing.reason, gate.Reason.NO_CONSENT).code
