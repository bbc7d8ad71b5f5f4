"""What a round asks of the lake, which is opened only when something has to be asked."""

import contextlib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Any, Protocol

from regulars.consent import api as consent
from regulars.core.lake.few import Few
from regulars.core.lake.moment import Moment
from regulars.events import api as events
from regulars.journeys.rules.steps import OnFact
from regulars.messaging import api as messaging
from regulars.profiles import api as profiles
from regulars.segments import api as segments

MANY = 20_000  # people; of more than these everybody is asked about
SOURCE = "journeys"
FRESH = timedelta(hours=24)  # what is told later than this tells of the past, and leads nobody in
IMPORTS = "import-"  # how the sources of imports begin: what a file tells is history, however young it is
TABLES = {
    "order": "order.placed",
    "line": "order.placed",
    "refund": "order.refunded",
    "cancellation": "order.cancelled",
}
_OF_ORDERS = "replace(h.shop, ':', '\\:') || ':' || coalesce(h.order_id, '')"


@dataclass(frozen=True)
class Heard:
    """A fact about somebody: subject is the order that it is about, None where it is about the customer alone."""

    customer: int
    subject: str | None
    at: int
    seq: int


@dataclass(frozen=True)
class Led:
    """What leads somebody in: a fact (trigger is its seq) or a day of theirs, with values for templates."""

    customer: int
    subject: str
    at: int
    trigger: str
    values: Mapping[str, Any]


At = tuple[int, int]  # a customer, and the instant at which something is asked about them


class World(Protocol):
    """What the engine asks of the shop and asks it to do: in earnest the lake and the outbox, in a rehearsal a past and a notebook."""

    def heard(self, fact: OnFact, since: int, since_instant: int) -> list[Heard]: ...

    def led(self, fact: OnFact, since: int) -> list[Led]: ...

    def among(self, rule: Mapping[str, Any], asked: Collection[At]) -> set[At]: ...

    def heirs(self, since: int) -> dict[int, int]: ...

    def zones(self, people: Sequence[int]) -> dict[int, str]: ...

    def template_for(self, name: str, channel: str) -> tuple[str, bool]: ...

    def reachable(self, people: Sequence[int], channel: str, is_marketing: bool) -> set[int]: ...

    def ask_for(self, asked: Sequence[tuple[messaging.Request, int]], now: datetime) -> None: ...

    def expose(self, experiment: str, arms: Mapping[int, str], now: datetime) -> None: ...


def kind_of(fact: OnFact) -> str:
    """Return the kind of fact under which a source's facts stand in the log.

    >>> kind_of(OnFact("line")), kind_of(OnFact("custom:quiz")), kind_of(OnFact("consent.given"))
    ('order.placed', 'custom.tracked', 'consent.given')
    """
    return "custom.tracked" if fact.source.startswith("custom:") else TABLES.get(fact.source, fact.source)


@lru_cache(100_000)
def zone_of(country: str, postcode: str, phone: str, told: str, shop: str) -> str:
    """Return the zone that somebody is most likely in.

    >>> zone_of("JP", "", "", "", "UTC"), zone_of("", "", "", "", "Europe/Berlin")
    ('Asia/Tokyo', 'Europe/Berlin')
    """
    zones = consent.gate.zones_of(country, "", postcode, phone, told or None)
    return zones[0] if zones else shop


def rows_of(fact: OnFact, joined: str, today: date) -> tuple[str, dict[str, Any]]:
    """Return a query for facts of a kind that fit, as customer_id, subject, happened_at (in microseconds) and seq; and its parameters."""
    found = segments.happened(segments.Happening(fact.source, fact.where))
    days = {"today": today} if "today" in found.days else {}
    subject = _OF_ORDERS if fact.source in TABLES else "NULL::VARCHAR"
    columns = f"h.customer_id, {subject} AS subject, epoch_us(h.instant) AS happened_at, h.seq AS seq"
    return f"SELECT {columns} FROM ({found.sql}) AS h{joined} WHERE true", {**found.parameters, **days}


class Lake:
    """The shop's lake at one moment; close it after use."""

    def __init__(self, now: datetime) -> None:
        self.now, self.seq = now, events.newest()
        self._moment: Moment | None = None
        self._open = contextlib.ExitStack()
        self._few: tuple[int, Moment | Few] | None = None
        self._everybody: dict[str, set[int]] = {}
        self._is_laid_out = False

    def close(self) -> None:
        self._open.close()

    def has_news(self, facts: Sequence[OnFact], since: int) -> bool:
        """Say whether the log may hold any of these facts, or a merge, behind a seq."""
        if self.seq <= since:
            return False
        found = events.after(sorted({*map(kind_of, facts), "customer.merged"}), since)
        if found is None:
            return False
        found.close()
        return True

    def heirs(self, since: int) -> dict[int, int]:
        """Return the customers merged into others behind a seq, each with the one that stands for it."""
        return events.merged_since(self._whole(), since)

    def heard(self, fact: OnFact, since: int, since_instant: int) -> list[Heard]:
        """Return facts of a kind behind a seq, and all that happened from an instant on to people told of behind that seq."""
        rows, parameters = rows_of(fact, "", segments.day_of(self.now))
        asked = f"SELECT * FROM ({rows}) WHERE seq > $since OR happened_at >= $instant"
        found = self._told_of(since).rows(asked, **parameters, since=since, instant=since_instant)
        return [Heard(*row) for row in found]

    def led(self, fact: OnFact, since: int) -> list[Led]:
        """Return the facts behind a seq that lead somebody in: no history, told within a day, each once, by time."""
        told = events.table_name(kind_of(fact))
        rows, parameters = rows_of(fact, f" JOIN {told} AS f ON f.seq = h.seq", segments.day_of(self.now))
        fresh = "NOT starts_with(f.source, $imports) AND f.received_at - f.occurred_at <= $fresh"
        asking = self._told_of(since)
        found = asking.rows(
            f"SELECT DISTINCT customer_id, subject, happened_at, seq FROM ({rows} AND {fresh} AND h.seq > $since) ORDER BY happened_at, seq",
            **parameters, since=since, imports=IMPORTS, fresh=FRESH,
        )  # fmt: skip
        values = self._values(asking, fact, told, [row[3] for row in found])
        return [Led(who, subject or "", at, str(seq), values[seq]) for who, subject, at, seq in found]

    def among(self, rule: Mapping[str, Any], asked: Collection[At]) -> set[At]:
        """Return those of whom a rule holds now: nobody waits for it, so the instants do not matter. Raise segments.NoSuchSegment where it asks for one that is not there."""
        found = self._holding(rule, sorted({who for who, _ in asked}))
        return {one for one in asked if one[0] in found}

    def _holding(self, rule: Mapping[str, Any], people: Sequence[int]) -> set[int]:
        compiled = segments.compiled(segments.read(rule))
        today = segments.day_of(self.now)
        days = {"today": today} if "today" in compiled.members.days else {}
        question, parameters = compiled.members.sql, {**compiled.members.parameters, **days}
        if compiled.is_nightly or len(people) > MANY:
            key = repr(rule)
            if key not in self._everybody:
                self._lay_out(compiled.is_nightly)
                self._everybody[key] = {int(row[0]) for row in self._whole().rows(question, **parameters)}
            return self._everybody[key].intersection(people)
        with self._whole().few(people) as few:
            return {int(row[0]) for row in few.rows(question, **parameters)}.intersection(people)

    def zones(self, people: Sequence[int]) -> dict[int, str]:
        """Return the zone that each is most likely in; the shop's own where nothing is known of them."""
        told = profiles.attributes(people)
        return {
            who: zone_of(one.country, one.postcode, one.phone, one.timezone, events.timezone())
            for who, one in told.items()
        }

    def template_for(self, name: str, channel: str) -> tuple[str, bool]:
        return messaging.template_for(name, channel)

    def reachable(self, people: Sequence[int], channel: str, is_marketing: bool) -> set[int]:
        return messaging.reachable(people, channel, is_marketing, "", self.now)

    def ask_for(self, asked: Sequence[tuple[messaging.Request, int]], now: datetime) -> None:
        messaging.request([one for one, _ in asked], now)

    def expose(self, experiment: str, arms: Mapping[int, str], now: datetime) -> None:
        """Tell that these customers were exposed to their arms, inside the caller's transaction."""
        told = [
            events.Told(
                fact=events.ExperimentExposed(experiment=experiment, arm=arm, unit=str(who), decision_point="draw"),
                source=SOURCE,
                occurred_at=now,
                people={"customer": str(who)},
            )
            for who, arm in arms.items()
        ]
        events.append(told, now)

    def _lay_out(self, is_nightly: bool) -> None:
        if is_nightly and not self._is_laid_out:
            segments.lay_out_groups(self._whole(), segments.day_of(self.now))
            self._is_laid_out = True

    def _whole(self) -> Moment:
        if self._moment is None:
            self._moment = self._open.enter_context(events.reader(self.now))
            self.seq = self._moment.seq
        return self._moment

    def _told_of(self, since: int) -> Moment | Few:
        """Return something to ask about those of whom anything was told behind a seq; where they are many, about everybody."""
        if self._few is None or self._few[0] != since:
            whole = self._whole()
            people = events.changed_since(whole, since)
            some = whole if len(people) > MANY else self._open.enter_context(whole.few(people))
            self._few = (since, some)
        return self._few[1]

    def _values(
        self, asking: Moment | Few, fact: OnFact, told: str, seqs: Sequence[int]
    ) -> dict[int, Mapping[str, Any]]:
        """Return the values of these facts for templates, by their seq."""
        asked = f"SELECT * FROM {told} SEMI JOIN (SELECT unnest($seqs::BIGINT[]) AS seq) USING (seq)"
        return {
            row["seq"]: messaging.values_of(kind_of(fact), row)
            for row in (asking.dicts(asked, seqs=list(seqs)) if seqs else ())
        }
