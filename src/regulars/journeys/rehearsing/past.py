"""The shop's past as a world that the engine walks in: facts by when they happened, rules as they held then, messages in a notebook."""

import itertools
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from regulars.core.lake.moment import Moment
from regulars.core.lake.past import CannotAsk
from regulars.events import api as events
from regulars.journeys.engine import instants
from regulars.journeys.engine.lake import At, Heard, Led, rows_of, zone_of
from regulars.journeys.rehearsing.members import moves
from regulars.journeys.rehearsing.scratch import Outside
from regulars.journeys.rules.steps import Journey, OnFact, OnSegment
from regulars.messaging import api as messaging
from regulars.profiles import api as profiles
from regulars.segments import api as segments

AT_ONCE = 200_000  # people at instants in one question
_NIGHTLY = (
    "RFM segments and lateness depend on all customers together, and what they were in the past is not kept; "
    "ask for orders, sums and days instead"
)


class CannotRehearse(ValueError):
    """A journey that cannot be walked through the past; the message says why."""


@dataclass
class Past:
    """A span of the past; now is how far the rehearsal has come. Instants stand in the place of seqs."""

    moment: Moment
    document: Journey
    span: tuple[datetime, datetime]
    outside: Outside
    now: datetime
    notebook: list[tuple[messaging.Request, datetime]] = field(default_factory=list)
    _moves: list[At] | None = None
    _laid: dict[str, str] = field(default_factory=dict)
    _zones: dict[int, str] = field(default_factory=dict)
    _templates: dict[tuple[str, str], tuple[str, bool]] = field(default_factory=dict)

    def heard(self, fact: OnFact, since: int, since_instant: int) -> list[Heard]:
        """Return facts that happened behind an instant, up to now."""
        rows = self.moment.rows(
            f"SELECT * FROM {self._table(fact)} WHERE (happened_at > $since OR happened_at >= $instant) AND happened_at <= $now",
            since=since, instant=since_instant, now=instants.of(self.now),
        )  # fmt: skip
        return [Heard(*row) for row in rows]

    def led(self, fact: OnFact, since: int) -> list[Led]:
        """Return what would have led people in behind an instant, up to now; a segment's comings and goings are reckoned."""
        now = instants.of(self.now)
        if isinstance(self.document.trigger, OnSegment):
            return [
                Led(who, "", at, str(at), {}) for who, at in self._segment(self.document.trigger) if since < at <= now
            ]
        asked = f"SELECT DISTINCT * FROM {self._table(fact)} WHERE happened_at > $since AND happened_at <= $now"
        rows = self.moment.rows(f"{asked} ORDER BY happened_at, seq", since=since, now=now)
        return [Led(who, subject or "", at, str(seq), {}) for who, subject, at, seq in rows]

    def among(self, rule: Mapping[str, Any], asked: Collection[At]) -> set[At]:
        """Return those of whom a rule held at their instants."""
        with self.outside.asked():
            compiled = segments.compiled(segments.read(rule))
        if compiled.is_nightly:
            raise CannotRehearse(_NIGHTLY)
        return self.holding(compiled.members, sorted(asked))

    def holding(self, question: segments.Question, asked: Sequence[At]) -> set[At]:
        """Return those of whom a rule's question held at their instants."""
        today = self.span[1].astimezone(self.moment.zone).date()
        days = {"today": today} if "today" in question.days else {}
        found: set[At] = set()
        for start in range(0, len(asked), AT_ONCE):
            some = asked[start : start + AT_ONCE]
            with self.moment.past(some, today) as past:
                try:
                    found |= {some[place] for place in past.holding(question.sql, **question.parameters, **days)}
                except CannotAsk as problem:
                    raise CannotRehearse(str(problem)) from None
        return found

    def _segment(self, trigger: OnSegment) -> list[At]:
        """Return who entered, or left, the segment that leads people in, and when, in the order of time."""
        if self._moves is None:
            with self.outside.asked():
                told = segments.one(trigger.segment)
                if told is None:
                    raise CannotRehearse(
                        f"there is no segment '{trigger.segment}', which leads people in; make it first"
                    )
                compiled = segments.compiled(segments.read(told.rule))
            if compiled.is_nightly:
                raise CannotRehearse(_NIGHTLY)
            found = moves(self.moment, self.holding, compiled.members, told.rule, self.span)
            self._moves = [(who, at) for who, at, entered in found if entered == (trigger.on == "entered")]
        return self._moves

    def heirs(self, since: int) -> dict[int, int]:
        """Return nobody: who is one person today was one person then."""
        return {}

    def zones(self, people: Sequence[int]) -> dict[int, str]:
        unknown = [who for who in people if who not in self._zones]
        if unknown:
            with self.outside.asked():
                told, shop = profiles.attributes(unknown), events.timezone()
            self._zones |= dict.fromkeys(unknown, shop)
            self._zones |= {
                who: zone_of(one.country, one.postcode, one.phone, one.timezone, shop) for who, one in told.items()
            }
        return {who: self._zones[who] for who in people}

    def template_for(self, name: str, channel: str) -> tuple[str, bool]:
        if (name, channel) not in self._templates:
            with self.outside.asked():
                self._templates[name, channel] = messaging.template_for(name, channel)
        return self._templates[name, channel]

    def reachable(self, people: Sequence[int], channel: str, is_marketing: bool) -> set[int]:
        with self.outside.asked():
            return messaging.reachable(people, channel, is_marketing, self.document.topic, self.now)

    def ask_for(self, asked: Sequence[tuple[messaging.Request, int]], now: datetime) -> None:
        self.notebook += [(one, instants.at(due)) for one, due in asked]

    def expose(self, experiment: str, arms: Mapping[int, str], now: datetime) -> None:
        """Tell nobody: in a rehearsal nobody is exposed."""

    def _table(self, fact: OnFact) -> str:
        """Lay the facts of a kind that happened in the span out, once, and return under which name."""
        key = repr(fact)
        if key not in self._laid:
            name = f"rehearsed_{next(_numbers)}"
            today = self.span[1].astimezone(self.moment.zone).date()
            rows, parameters = rows_of(fact, "", today)
            begin, end = map(instants.of, self.span)
            self.moment.con.execute(
                f"CREATE TEMP TABLE {name} AS SELECT * FROM ({rows}) WHERE happened_at > $begin AND happened_at <= $end ORDER BY happened_at",
                {**parameters, "begin": begin, "end": end},
            )
            self._laid[key] = name
        return self._laid[key]


_numbers = itertools.count(1)
