"""The gate itself: one verdict for each message of a batch, the stronger ones first."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from regulars.consent.gate.answers import SEND, Reason, Verdict, defer, refuse
from regulars.consent.gate.asked import Candidate, Sent
from regulars.consent.gate.caps import caps_for, free_from
from regulars.consent.gate.order import refusal, trouble
from regulars.consent.gate.quiet.hours import Hours, first_allowed
from regulars.consent.gate.quiet.places import Place
from regulars.consent.gate.room import Room
from regulars.consent.gate.rules import Cap, Rules


def verdicts(candidates: Sequence[Candidate], rules: Rules, now: datetime) -> list[Verdict]:
    """Answer for each candidate, in their order, whether it goes now, when it asks again, or why it never goes.

    Transactional messages come first, then the stronger, the older, the smaller key: that order settles who goes when messages to one
    customer compete and when a channel has less room than there are messages. The answer does not depend on the order given.
    """
    deciding = _Deciding(rules, now.astimezone(UTC))
    ranked = sorted(range(len(candidates)), key=lambda index: _rank(candidates[index]))
    found = {index: deciding.verdict(candidates[index]) for index in ranked}
    return [found[index] for index in range(len(candidates))]


def _rank(candidate: Candidate) -> tuple[bool, int, datetime, str]:
    return (candidate.is_marketing, -candidate.strength, candidate.created_at, candidate.key)


@dataclass(frozen=True, slots=True)
class _There:
    """What holds on one channel at one place: the hours, the first allowed instant of them, and the caps."""

    hours: Hours
    first: datetime
    caps: Sequence[Cap]


class _Deciding:
    """A batch being decided: what is planned for whom, what is left of the channels, which hours were looked up."""

    def __init__(self, rules: Rules, now: datetime) -> None:
        self.rules, self.now = rules, now
        self.planned: dict[int, list[Sent]] = {}
        self.rooms: dict[str, Room] = {}
        self.looked_up: dict[tuple[str, Place], _There] = {}
        self.clear: set[tuple[int, str, bool, bool]] = set()

    def verdict(self, candidate: Candidate) -> Verdict:
        """Decide on a candidate; people in the same standing, of whom nothing but room is left to ask, are looked at once."""
        if candidate.good_until is not None or candidate.standing.recent or candidate.customer_id in self.planned:
            return self._verdict(candidate)
        alike = (id(candidate.standing), candidate.channel, candidate.is_marketing, candidate.has_address)
        if alike in self.clear:
            return self._if_there_is_room(candidate, ()) if candidate.is_marketing else self._at_once(candidate)
        verdict = self._verdict(candidate)
        if verdict is SEND:
            self.clear.add(alike)
        return verdict

    def _at_once(self, candidate: Candidate) -> Verdict:
        self._room(candidate).taken(candidate.cost)  # it waits for nothing, but the provider counts it too
        return SEND

    def _verdict(self, candidate: Candidate) -> Verdict:
        if (why := refusal(candidate, self.rules, self.now)) is not None:
            return refuse(why)
        if not candidate.is_marketing:
            return self._at_once(candidate)
        if (why := trouble(candidate)) is not None:
            return defer(first_allowed(self.now + self.rules.patience, self._there(candidate).hours), why)
        if candidate.channel in self.rules.stopped:
            at = first_allowed(self.now + self.rules.recheck, self._there(candidate).hours)
            return defer(at, Reason.BREAKER)
        return self._when(candidate)

    def _when(self, candidate: Candidate) -> Verdict:
        """Decide when a message may go to which nothing but time and room stands in the way."""
        caps, recent = self._there(candidate).caps, candidate.standing.recent
        alone = self._earliest(candidate, recent)
        if candidate.good_until is not None and alone >= candidate.good_until:
            return refuse(Reason.TOO_LATE)
        taken = (*recent, *self.planned.get(candidate.customer_id, ()))
        at = self._earliest(candidate, taken) if len(taken) > len(recent) else alone
        if at == self.now:
            return self._if_there_is_room(candidate, taken)
        if free_from(self.now, candidate, caps, recent) > self.now:
            why = Reason.TOO_OFTEN
        elif free_from(self.now, candidate, caps, taken) > self.now:
            why = Reason.STRONGER_FIRST
        else:
            why = Reason.QUIET_HOURS
        return self._later(candidate, at, why)

    def _if_there_is_room(self, candidate: Candidate, taken: Sequence[Sent]) -> Verdict:
        room = self._room(candidate)
        if (why := room.lack(candidate.cost)) is None:
            room.taken(candidate.cost)
            self._plan(candidate, self.now)
            return SEND
        start = room.next_window(why, self.now).astimezone(UTC)
        return self._later(candidate, self._earliest(candidate, taken, start), why)

    def _later(self, candidate: Candidate, at: datetime, why: Reason) -> Verdict:
        """Defer, and keep that place: no weaker message may go where it would push this one away.

        One that will be out of date by then keeps no place; it still asks again, because what is before it may fall away.
        """
        if candidate.good_until is None or at < candidate.good_until:
            self._plan(candidate, at)
        return defer(at, why)

    def _earliest(self, candidate: Candidate, taken: Sequence[Sent], start: datetime | None = None) -> datetime:
        """Return the first instant that the caps and the hours both allow, from now or from a later start on."""
        there = self._there(candidate)
        at = there.first if start is None else first_allowed(start, there.hours)
        while (free := free_from(at, candidate, there.caps, taken)) > at:
            at = first_allowed(free, there.hours)
        return at

    def _plan(self, candidate: Candidate, at: datetime) -> None:
        self.planned.setdefault(candidate.customer_id, []).append(Sent(at, candidate.channel, candidate.topic))

    def _there(self, candidate: Candidate) -> _There:
        """Return what holds for this recipient; the people of a batch share a few places."""
        channel, place = key = (candidate.channel, candidate.standing.place)
        if (there := self.looked_up.get(key)) is None:
            hours = self.rules.windows.hours(channel, place)
            caps = caps_for(channel, place.lands, self.rules)
            there = self.looked_up[key] = _There(hours, first_allowed(self.now, hours), caps)
        return there

    def _room(self, candidate: Candidate) -> Room:
        if (room := self.rooms.get(candidate.channel)) is None:
            room = self.rooms[candidate.channel] = Room(candidate.channel, candidate.usage, self.rules)
        return room
