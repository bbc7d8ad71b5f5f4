"""Leaving by a link: in force before it is answered, as often as it is clicked, and taken back by who clicked in error."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from regulars.consent.links import UnsubscribeLink
from regulars.consent.reading.standings import Choice, choices_of
from regulars.consent.rules.settling import State
from regulars.consent.rules.terms import Method, Statement
from regulars.consent.saying import give, withdraw

SOURCE = "link"


@dataclass(frozen=True, kw_only=True)
class Click:
    """How a link was used: the words on the button and their version, and where the click came from."""

    method: str = Method.PREFERENCE_PAGE
    text: str
    text_version: str
    ip: str = ""
    proof: Mapping[str, str] = field(default_factory=dict)


def has_left(link: UnsubscribeLink) -> bool:
    """Tell whether somebody has left what a link leads out of, by an act of their own and not by what an import says."""
    found = {one.topic: one for one in choices_of(link.customer) if one.channel == link.channel}
    own, whole = found.get(link.topic), found.get("")
    if own is not None and _is_no(own):
        return True
    came_after = own is not None and whole is not None and own.state == State.GIVEN and own.since > whole.since
    return whole is not None and _is_no(whole) and not came_after


def leave(link: UnsubscribeLink, click: Click, now: datetime, everything: bool = False) -> None:
    """Leave what the link is about, or its whole channel: in force when this returns. Who has left already has."""
    link = replace(link, topic="" if everything else link.topic)
    if not has_left(link):
        withdraw(link.customer, _statement(link, click), now)


def come_back(link: UnsubscribeLink, click: Click, now: datetime) -> None:
    """Give again what was left by a link; who never left is not asked."""
    if has_left(link):
        give(link.customer, _statement(link, click), now)


def _is_no(one: Choice) -> bool:
    return one.state == State.WITHDRAWN and one.method != Method.IMPORT


def _statement(link: UnsubscribeLink, click: Click) -> Statement:
    return Statement(
        channel=link.channel,
        topic=link.topic,
        method=click.method,
        text=click.text,
        text_version=click.text_version,
        source=SOURCE,
        proof={**click.proof, **({"message": link.message_key} if link.message_key else {})},
        ip=click.ip,
    )
