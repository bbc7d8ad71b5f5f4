"""What the gate would have said of messages of the past, in the order of time: nothing is kept, and no channel can be reached."""

import heapq
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from regulars.consent import api as consent
from regulars.events import api as events
from regulars.messaging.browsers import keeping as browsers
from regulars.messaging.control.limits import limits
from regulars.messaging.outbox.asking import Request
from regulars.messaging.outbox.gating import consent_of, place
from regulars.profiles import api as profiles

gate = consent.gate
AT_ONCE = timedelta(minutes=15)  # messages due within this time are decided on together
LOOKED_BACK = timedelta(days=30)
_BEGIN = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Foreseen:
    """A message of the past: when it would have gone, or why never; put_off says why it would have waited, blank where it would not."""

    request: Request
    asked_at: datetime
    at: datetime
    is_sent: bool
    reason: str
    put_off: str


@dataclass(frozen=True)
class _Waiting:
    request: Request
    asked_at: datetime
    put_off: str


class Foresight:
    """The shop's rules and people as they are today, and its consents as they were."""

    def __init__(self, stood: consent.Stood, people: Sequence[int]) -> None:
        self._stood = stood
        self._contacts = profiles.attributes(people)
        self._places = {who: place(one) for who, one in self._contacts.items()}
        self._browsers = browsers.addresses(people)
        self._rules = limits().rules(events.timezone())
        self._recent: dict[int, list[gate.Sent]] = {}

    def foreseen(self, asked: Sequence[tuple[Request, datetime]], until: datetime) -> Iterator[Foreseen]:
        """Yield what would have become of messages that were due at these instants; what would still wait at the end is put off."""
        lanes: dict[datetime, list[_Waiting]] = {}
        for request, due in asked:
            lanes.setdefault(_lane(due), []).append(_Waiting(request, due, ""))
        order = list(lanes)
        heapq.heapify(order)
        while order and order[0] <= until:
            now = heapq.heappop(order)
            some = lanes.pop(now)
            verdicts = gate.verdicts([self._candidate(one, now) for one in some], self._rules, now)
            for one, verdict in zip(some, verdicts, strict=True):
                if verdict.kind is gate.Kind.DEFER:
                    assert verdict.at is not None
                    assert verdict.reason is not None
                    lane = _lane(verdict.at)
                    if lane not in lanes:
                        lanes[lane] = []
                        heapq.heappush(order, lane)
                    lanes[lane].append(_Waiting(one.request, one.asked_at, one.put_off or verdict.reason.code))
                    continue
                yield self._ended(one, verdict, now)
        for lane, some in lanes.items():
            for one in some:
                yield Foreseen(one.request, one.asked_at, lane, False, "still waiting at the end", one.put_off)

    def _ended(self, one: _Waiting, verdict: "gate.Verdict", now: datetime) -> Foreseen:
        is_sent = verdict.kind is gate.Kind.SEND
        if is_sent and one.request.is_marketing:
            about = one.request
            self._recent.setdefault(about.customer_id, []).append(gate.Sent(now, about.channel, about.topic))
        code = verdict.reason.code if verdict.reason else ""
        return Foreseen(one.request, one.asked_at, now if one.put_off else one.asked_at, is_sent, code, one.put_off)

    def _candidate(self, one: _Waiting, now: datetime) -> "gate.Candidate":
        request, who = one.request, one.request.customer_id
        contact = self._contacts.get(who)
        given = gate.Consent()
        if request.is_marketing:
            country = contact.country if contact else ""
            given = consent_of(self._stood.standing(who, request.channel, request.topic, country, now))
        standing = gate.Standing(
            consent=given, place=self._places.get(who, gate.Place()), recent=self._lately(who, now)
        )
        return gate.Candidate(
            key=request.key, customer_id=who, channel=request.channel, is_marketing=request.is_marketing, created_at=one.asked_at,
            standing=standing, has_address=self._has_address(who, request.channel), topic=request.topic, strength=request.strength,
            good_until=request.good_until,
        )  # fmt: skip

    def _lately(self, who: int, now: datetime) -> tuple["gate.Sent", ...]:
        return tuple(one for one in self._recent.get(who, ()) if one.at > now - LOOKED_BACK)

    def _has_address(self, who: int, channel: str) -> bool:
        contact = self._contacts.get(who)
        if channel == "push":
            return who in self._browsers
        if contact is None:
            return False
        return channel == "webhook" or bool(contact.email if channel == "email" else contact.phone)


def _lane(at: datetime) -> datetime:
    """Return the end of the quarter of an hour that an instant lies in."""
    return _BEGIN + -((_BEGIN - at) // AT_ONCE) * AT_ONCE
