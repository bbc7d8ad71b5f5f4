"""The words of consent, and a statement as somebody makes it."""

import difflib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

LONGEST = {"topic": 64, "text_version": 64, "country": 64, "source": 64, "event_id": 255}
CHANNELS = ("email", "sms", "push", "whatsapp", "webhook")


class BadStatement(ValueError):
    """A statement that cannot be recorded; the message says what to do."""


class Method(StrEnum):
    """By which way something was said."""

    CHECKOUT = "checkout"
    FORM = "form"
    PREFERENCE_PAGE = "preference_page"
    ONE_CLICK = "one_click"
    SMS_KEYWORD = "sms_keyword"
    IMPORT = "import"
    API = "api"
    REPLY = "reply"
    SUPPORT = "support"


class Basis(StrEnum):
    """Why somebody may be written to. no_objection is never said: it is what CAN-SPAM asks for."""

    EXPRESS = "express"
    IMPLIED_PURCHASE = "implied_purchase"
    IMPLIED_INQUIRY = "implied_inquiry"
    EXISTING_CUSTOMER = "legitimate_interest_existing_customer"
    NO_OBJECTION = "no_objection"


class Kind(StrEnum):
    """What a statement counts as; of each kind the latest one is kept.

    act: an express yes, or a no. flag: a yes or no that stands in an import, which tells a state and not an act.
    tied: a yes on which a purchase hung. other: on a basis that nobody knows, which never counts.
    """

    ACT = "act"
    FLAG = "flag"
    REQUEST = "request"
    IMPLIED_PURCHASE = "implied_purchase"
    IMPLIED_INQUIRY = "implied_inquiry"
    EXISTING_CUSTOMER = "existing_customer"
    TIED = "tied"
    OTHER = "other"


KIND_OF_BASIS: dict[str, Kind] = {
    Basis.EXPRESS: Kind.ACT,
    Basis.IMPLIED_PURCHASE: Kind.IMPLIED_PURCHASE,
    Basis.IMPLIED_INQUIRY: Kind.IMPLIED_INQUIRY,
    Basis.EXISTING_CUSTOMER: Kind.EXISTING_CUSTOMER,
}


@dataclass(frozen=True, kw_only=True)
class Statement:
    """What somebody said, and everything that proves it later.

    A blank topic means the whole channel. ip is kept as a keyed digest only. event_id makes a repeated call the same
    statement; leave it blank where each call is one of its own.
    """

    channel: str
    topic: str = ""
    method: str
    basis: str = Basis.EXPRESS
    text: str = ""
    text_version: str = ""
    source: str = "regulars"
    country: str = ""
    proof: Mapping[str, str] = field(default_factory=dict)
    ip: str = ""
    expires_on: date | None = None
    is_condition_of_sale: bool = False
    event_id: str = ""


def kind_of(verb: str, basis: str, is_tied: bool) -> Kind:
    """Return what a statement counts as; verb is given, withdrawn or requested.

    >>> kind_of("given", "express", False).value, kind_of("given", "implied_inquiry", False).value
    ('act', 'implied_inquiry')
    >>> kind_of("withdrawn", "", False).value, kind_of("given", "express", True).value, kind_of("given", "so", False).value
    ('act', 'tied', 'other')
    """
    if verb == "requested":
        return Kind.REQUEST
    if verb == "withdrawn":
        return Kind.ACT
    if is_tied:
        return Kind.TIED
    return KIND_OF_BASIS.get(basis, Kind.OTHER)


def checked(statement: Statement) -> Statement:
    """Return a statement that can be recorded, or raise BadStatement with what to do.

    >>> checked(Statement(channel="mail", method="form"))
    Traceback (most recent call last):
    regulars.consent.rules.terms.BadStatement: 'mail' is no channel; did you mean 'email'?
    """
    known_channel(statement.channel)
    _known("way of saying it", statement.method, tuple(Method))
    _known("basis", statement.basis, tuple(one for one in Basis if one != Basis.NO_OBJECTION))
    for name, most in LONGEST.items():
        if len(getattr(statement, name)) > most:
            raise BadStatement(f"{name} has more than {most} letters; give it a shorter name")
    return statement


def known_channel(name: str) -> str:
    """Return a channel's name, or raise BadStatement with a near one."""
    return _known("channel", name, CHANNELS)


def _known(what: str, word: str, words: tuple[str, ...]) -> str:
    if word not in words:
        near = difflib.get_close_matches(word, words, n=1)
        hint = f"did you mean '{near[0]}'?" if near else f"there are {', '.join(words)}"
        raise BadStatement(f"'{word}' is no {what}; {hint}")
    return word
