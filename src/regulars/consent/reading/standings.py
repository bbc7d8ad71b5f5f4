"""Where people stand, asked for thousands at once: a few questions, never one for each person."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any, Protocol
from zoneinfo import ZoneInfo

from regulars.consent import choices, rows
from regulars.consent.rules.countries import country_code
from regulars.consent.rules.settling import IMPLIED_KINDS, Said, State, order, settled
from regulars.consent.rules.standing import (
    Asked,
    ConsentStanding,
    may_be_implied,
    standing_rule,
    text_version,
)
from regulars.core import sql
from regulars.core.lake.moment import Moment
from regulars.events import api as events
from regulars.profiles import api as profiles

PURCHASES = ("order.placed", "order.cancelled", "customer.merged")


@dataclass(frozen=True)
class Choice:
    """Where a person stands with a channel or a topic, for the person's own page and for support."""

    channel: str
    topic: str
    state: State
    basis: str
    method: str
    since: datetime
    text_version: str
    expires_on: date | None


class Reached(Protocol):
    """Who stands for a number, and the country that the shop knows of."""

    @property
    def customer(self) -> int: ...

    @property
    def country(self) -> str: ...


def standings(
    customers: Sequence[int], channel: str, topic: str, now: datetime, people: Mapping[int, Reached] | None = None
) -> dict[int, ConsentStanding]:
    """Return for each customer whether they may be written to about a topic (blank: the channel itself), why, until when.

    Suppression is another question: see `suppressed`. Nobody may write to a number that nobody has. people are those of them
    that are known, where somebody has read them already.
    """
    numbers = list(dict.fromkeys(customers))
    known: Mapping[int, Reached] = profiles.contacts(numbers) if people is None else people
    # What a merged customer said is read under both numbers: it moves to the heir a moment after the merge.
    heirs = {number: known[number].customer for number in numbers if number in known}
    said = rows.loose(sorted({*heirs, *heirs.values()}), channel, topic)
    batch = _Batch(_asked(channel, topic, now), _zone())
    found = {
        number: batch.standing(_of_both(said, number, heir), known[number].country) for number, heir in heirs.items()
    }
    bought = _last_purchases([heirs[number] for number, (_, is_open) in found.items() if is_open])
    answer = {number: one for number, (one, _) in found.items()}
    for number, (_, is_open) in found.items():
        if is_open:
            own = _of_both(said, number, heirs[number])
            answer[number] = batch.anew(own, known[number].country, bought.get(heirs[number]))
    return {number: answer.get(number, batch.nobody) for number in numbers}


class _Batch:
    """Where people stand of whom the same is asked. Of those who said nothing or one thing it matters what that was, and seldom
    when: so they share their answers."""

    def __init__(self, asked: Asked, zone: ZoneInfo) -> None:
        self._asked, self._zone = asked, zone
        self._known: dict[tuple[Any, ...], tuple[ConsentStanding, bool]] = {}
        self.nobody = standing_rule([], Asked(today=asked.today))

    def standing(self, said: Sequence[rows.Loose], country: str) -> tuple[ConsentStanding, bool]:
        """Return where somebody stands, and whether the day of their last purchase may change that."""
        if len(said) > 1 or (said and said[0].kind in IMPLIED_KINDS):
            return self._standing(said, country)
        key = (country, *said[0][:6]) if said else (country,)
        if key not in self._known:
            self._known[key] = self._standing(said, country)
        return self._known[key]

    def anew(self, said: Sequence[rows.Loose], country: str, bought: date | None) -> ConsentStanding:
        """Return where somebody stands who bought last on a day."""
        own, asked = self._there(said, country)
        return standing_rule(own, replace(asked, last_purchase_on=bought))

    def _standing(self, said: Sequence[rows.Loose], country: str) -> tuple[ConsentStanding, bool]:
        own, asked = self._there(said, country)
        one = standing_rule(own, asked)
        return one, not one.allowed and may_be_implied(asked)

    def _there(self, said: Sequence[rows.Loose], country: str) -> tuple[list[Said], Asked]:
        own = sorted({one.said(self._zone) for one in said}, key=order)
        return own, replace(self._asked, country=_country(country, own))


def standings_of(
    customer: int, wanted: Sequence[tuple[str, str]], now: datetime
) -> dict[tuple[str, str], ConsentStanding]:
    """Return where one person stands with several pairs of a channel and a topic; of nobody, nothing."""
    contact = profiles.contacts([customer]).get(customer)
    if contact is None:
        return {}
    said = [(row.channel, row.said) for row in rows.read(sorted({customer, contact.customer}), _zone())]
    found, bought = {}, None
    for channel, topic in wanted:
        own = sorted({one for at, one in said if at == channel and one.topic in ("", topic)}, key=order)
        asked = replace(_asked(channel, topic, now), country=_country(contact.country, own))
        one = standing_rule(own, asked)
        if not one.allowed and may_be_implied(asked):
            # Opening the lake is dear, so once for all of them.
            bought = _last_purchases([contact.customer]) if bought is None else bought
            one = standing_rule(own, replace(asked, last_purchase_on=bought.get(contact.customer)))
        found[channel, topic] = one
    return found


def choices_of(customer: int) -> list[Choice]:
    """Return where a person stands with every channel and topic that anything was said of."""
    rules = choices.decided()
    heir = profiles.standing(customer)
    found: dict[tuple[str, str], list[Said]] = {}
    for row in rows.read(sorted({customer, heir or customer}), _zone()):
        found.setdefault((row.channel, row.said.topic), []).append(row.said)
    answer = []
    for (channel, topic), said in sorted(found.items()):
        stands = settled(said)
        if stands is not None:
            one = stands.said
            version = text_version(one, rules.import_text_version)
            answer.append(
                Choice(channel, topic, stands.state, one.basis, one.method, one.since, version, one.expires_on)
            )
    return answer


def _asked(channel: str, topic: str, now: datetime) -> Asked:
    rules = choices.decided()
    return Asked(
        channel=channel,
        topic=topic,
        topic_is_default=not topic or choices.is_default(topic),
        today=now.astimezone(_zone()).date(),
        soft_opt_in=rules.soft_opt_in,
        import_text_version=rules.import_text_version,
    )


def _of_both(said: Mapping[int, Sequence[rows.Loose]], number: int, heir: int) -> Sequence[rows.Loose]:
    """Return what was said under either number."""
    own = said.get(number, ())
    return own if number == heir else [*own, *said.get(heir, ())]


def _country(told: str, said: Sequence[Said]) -> str:
    """Return the country that the shop knows, else the last one that stood beside a consent, else nothing."""
    return country_code(told) or next((code for one in reversed(said) if (code := country_code(one.country))), "")


def _last_purchases(customers: Sequence[int]) -> dict[int, date]:
    moment = events.after(PURCHASES, 0) if customers else None
    if moment is None:
        return {}
    with moment:
        lay_out_merges(moment)
        asked = sorted(set(customers))
        return dict(moment.rows(sql.load("regulars.consent")["last_purchases"], customers=asked))


def lay_out_merges(moment: Moment) -> None:
    """Make the table standing(merged_id, customer_id) in a moment that has the facts of merges."""
    merged = next(table.sql for table in events.definitions() if table.name == "merged")
    moment.con.execute(f"CREATE OR REPLACE TEMP TABLE standing AS {merged}")


def _zone() -> ZoneInfo:
    return ZoneInfo(events.timezone())
