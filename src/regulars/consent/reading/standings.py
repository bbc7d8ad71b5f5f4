"""Where people stand, asked for thousands at once: a few questions, never one for each person."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from zoneinfo import ZoneInfo

from regulars.consent import choices, rows
from regulars.consent.rules.countries import country_code
from regulars.consent.rules.settling import Said, State, order, settled
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


def standings(customers: Sequence[int], channel: str, topic: str, now: datetime) -> dict[int, ConsentStanding]:
    """Return for each customer whether they may be written to about a topic (blank: the channel itself), why, until when.

    Suppression is another question: see `suppressed`. Nobody may write to a number that nobody has.
    """
    numbers = list(dict.fromkeys(customers))
    asked = _asked(channel, topic, now)
    contacts = profiles.contacts(numbers)
    # What a merged customer said is read under both numbers: it moves to the heir a moment after the merge.
    heirs = {number: contact.customer for number, contact in contacts.items()}
    said = _said(sorted({*heirs, *heirs.values()}), channel, topic)
    facts = {number: _of_both(said, number, heir) for number, heir in heirs.items()}
    places = {number: _country(contacts[number].country, facts[number]) for number in heirs}
    asked_there = {country: replace(asked, country=country) for country in set(places.values())}
    found = {number: standing_rule(facts[number], asked_there[places[number]]) for number in heirs}
    open_ones = [
        number for number, one in found.items() if not one.allowed and may_be_implied(asked_there[places[number]])
    ]
    bought = _last_purchases([heirs[number] for number in open_ones])
    for number in open_ones:
        about = replace(asked_there[places[number]], last_purchase_on=bought.get(heirs[number]))
        found[number] = standing_rule(facts[number], about)
    nobody = standing_rule([], Asked(today=asked.today))
    return {number: found.get(number, nobody) for number in numbers}


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


def _said(customers: Sequence[int], channel: str, topic: str) -> Mapping[int, list[Said]]:
    found: dict[int, list[Said]] = {}
    for row in rows.read(customers, _zone(), channel=channel, topic__in=("", topic)):
        found.setdefault(row.customer, []).append(row.said)
    return found


def _of_both(said: Mapping[int, list[Said]], number: int, heir: int) -> list[Said]:
    """Return what was said under either number, the same words once, in their order."""
    if number == heir:
        return sorted(said.get(number, ()), key=order)
    return sorted({*said.get(number, ()), *said.get(heir, ())}, key=order)


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
