"""A person's own choices: every topic on every channel on which they are reached, and what changes when they choose."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from django.db import transaction

from regulars.consent import choices
from regulars.consent.choices import TopicOffered
from regulars.consent.reading.standings import standings_of
from regulars.consent.reading.turns import take_turn
from regulars.consent.rules.terms import Method, Statement
from regulars.consent.saying import IDENTIFIER, give, withdraw
from regulars.profiles import api as profiles

SOURCE = "preferences"
PERSONAL = ("email", "sms", "whatsapp", "push")  # what everything means to a person; a webhook is a program
# Where a shop has named no topics, there is one: all that it sends.
EVERYTHING = ""


@dataclass(frozen=True)
class Preference:
    """A topic on a channel, as a person finds it: is_on when they would get it today, for whatever reason."""

    topic: TopicOffered
    channel: str
    is_on: bool


@dataclass(frozen=True, kw_only=True)
class Chosen:
    """What a person chose on their page: pairs of channel and topic, the words they read, and where it came from.

    Who came by a link to an address that is no longer theirs may turn things off and nothing on.
    """

    pairs: frozenset[tuple[str, str]]
    text: str
    text_version: str
    ip: str = ""
    proof: Mapping[str, str] = field(default_factory=dict)
    may_add: bool = True


def preferences(customer: int, now: datetime) -> list[Preference]:
    """Return a person's choices, topic by topic; of nobody, nothing."""
    contact = profiles.contacts([customer]).get(customer)
    if contact is None:
        return []
    reached = {"email": bool(contact.email), "phone": bool(contact.phone)}
    channels = [one for one, name in IDENTIFIER.items() if reached[name]]
    offered = choices.topics() or [TopicOffered(key=EVERYTHING, name="", channels=("email", "sms"))]
    pairs = [(topic, channel) for topic in offered for channel in channels if channel in topic.channels]
    found = standings_of(customer, [(channel, topic.key) for topic, channel in pairs], now)
    return [Preference(topic, channel, found[channel, topic.key].allowed) for topic, channel in pairs]


def choose(customer: int, chosen: Chosen, now: datetime) -> int:
    """Bring what a person gets in line with what they chose; return how many statements that took.

    Only what differs is said. Of a channel without any chosen topic the whole is left.
    """
    with transaction.atomic():
        offered = preferences(customer, now)
        channels = dict.fromkeys(one.channel for one in offered)
        whole = standings_of(customer, [(one, "") for one in channels], now)
        take_turn()
        n = 0
        for channel in channels:
            own = [one for one in offered if one.channel == channel]
            if not any((channel, one.topic.key) in chosen.pairs for one in own):
                if whole[channel, ""].allowed or any(one.is_on for one in own):
                    withdraw(customer, _statement(chosen, channel, EVERYTHING), now)
                    n += 1
                continue
            n += sum(_apply(customer, one, chosen, now) for one in own)
    return n


def leave_everything(customer: int, chosen: Chosen, now: datetime) -> None:
    """Leave every channel that a person can be reached by, whether or not anything was given there."""
    with transaction.atomic():
        for channel in PERSONAL:
            withdraw(customer, _statement(chosen, channel, EVERYTHING), now)


def _apply(customer: int, one: Preference, chosen: Chosen, now: datetime) -> bool:
    """Say the one thing that differs, if anything does."""
    wanted = (one.channel, one.topic.key) in chosen.pairs
    if wanted == one.is_on or (wanted and not chosen.may_add):
        return False
    statement = _statement(chosen, one.channel, one.topic.key)
    if wanted:
        named = f"{one.topic.name}: {chosen.text}" if one.topic.name else chosen.text
        give(customer, replace(statement, text=named), now)
    else:
        withdraw(customer, statement, now)
    return True


def _statement(chosen: Chosen, channel: str, topic: str) -> Statement:
    return Statement(
        channel=channel,
        topic=topic,
        method=Method.PREFERENCE_PAGE,
        text=chosen.text,
        text_version=chosen.text_version,
        source=SOURCE,
        proof=chosen.proof,
        ip=chosen.ip,
    )
