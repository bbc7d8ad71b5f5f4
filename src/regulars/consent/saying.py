"""The verbs of consent: each writes the fact and what it changes in one commit, so that it holds before it is answered."""

import hashlib
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

import msgspec
from django.db import transaction

from regulars.consent import suppression
from regulars.consent.links import BadLink, confirmation_token, read_confirmation_token
from regulars.consent.models import Confirmation
from regulars.consent.reading.turns import take_turn
from regulars.consent.rows import Row, fit, write
from regulars.consent.rules.bounces import Cause
from regulars.consent.rules.settling import Said
from regulars.consent.rules.terms import Basis, Kind, Statement, checked, kind_of
from regulars.core.ids import new_id
from regulars.core.sealing import fingerprint
from regulars.events import api as events
from regulars.profiles import api as profiles

CONFIRM_WITHIN = timedelta(days=7)
NOWHERE = "this link leads nowhere any more; sign up once more and a new one comes"
IDENTIFIER = {"email": "email", "sms": "phone", "whatsapp": "phone"}

# A customer's number, or identifiers ({"email": …}) of somebody who may be new.
Person = int | Mapping[str, str]


@dataclass(frozen=True)
class Recorded:
    """Whom a statement concerns (0: somebody new, who gets a number with the log's next tick), and whether it was new."""

    customer: int
    is_new: bool


@dataclass(frozen=True)
class Confirmed:
    """What was confirmed and by whom; is_new is False when the link was used before; more are further topics."""

    customer: int
    channel: str
    topic: str
    is_new: bool
    more: tuple[str, ...] = ()


@dataclass(frozen=True)
class Waiting:
    """What a link asks somebody to confirm: the words that they read, and whether it was confirmed already."""

    channel: str
    topics: tuple[str, ...]
    text: str
    is_confirmed: bool


def give(person: Person, statement: Statement, now: datetime) -> Recorded:
    """Record a consent. An express one also takes the address out of those that left everything."""
    with transaction.atomic():
        recorded = _record("given", person, statement, now)
        if recorded.is_new and kind_of("given", statement.basis, statement.is_condition_of_sale) == Kind.ACT:
            addresses = _addresses(person, recorded.customer, statement.channel)
            suppression.release(statement.channel, addresses, [Cause.UNSUBSCRIBED_ALL], now)
    return recorded


def withdraw(person: Person, statement: Statement, now: datetime) -> Recorded:
    """Record that a person wants no more of a topic, or of a channel: in force when this returns.

    Of somebody whom nobody knows yet the address itself is kept from. A number that nobody has changes nothing.
    """
    with transaction.atomic():
        take_turn()
        recorded = _record("withdrawn", person, statement, now)
        if recorded.is_new and not recorded.customer and not statement.topic:
            addresses = _addresses(person, 0, statement.channel)
            suppression.suppress(statement.channel, addresses, Cause.UNSUBSCRIBED_ALL, now)
    return recorded


def request(person: Person, address: str, statement: Statement, now: datetime, more_topics: Sequence[str] = ()) -> str:
    """Record that a person is asked to confirm, and return the token for the link that goes to the address.

    Nobody may be written to until `confirm` is called with it, within seven days. One link confirms more topics too.
    """
    key, expires_at = secrets.token_hex(16), now + CONFIRM_WITHIN
    proof = {**statement.proof, "double_opt_in": _digest(key)}
    statement = replace(statement, proof=proof, event_id=statement.event_id or f"request-{_digest(key)}")
    with transaction.atomic():
        recorded, *_ = [_record("requested", person, one, now) for one in _of_topics(statement, more_topics)]
        Confirmation.objects.create(
            key=key,
            customer_id=recorded.customer,
            fingerprint=suppression.mark_of(address),
            people=msgspec.json.encode(_people(person)).decode(),
            statement=msgspec.json.encode(replace(statement, ip="", event_id="")).decode(),
            more_topics=" ".join(more_topics),
            asked_at=now,
            expires_at=expires_at,
        )
    return confirmation_token(key, expires_at)


def waiting(token: str, now: datetime) -> Waiting:
    """Return what a token would confirm; raise BadLink or ExpiredLink. Changes nothing."""
    row = Confirmation.objects.filter(key=read_confirmation_token(token, now)).first()
    if row is None:
        raise BadLink(NOWHERE)
    told = msgspec.json.decode(row.statement.encode(), type=Statement)
    return Waiting(told.channel, (told.topic, *row.more_topics.split()), told.text, row.confirmed_at is not None)


def confirm(token: str, now: datetime, ip: str = "") -> Confirmed:
    """Give the consent that a token was made for; raise BadLink or ExpiredLink. Used again, it is fine and changes nothing,
    also when the person has left since."""
    key = read_confirmation_token(token, now)
    with transaction.atomic():
        row = Confirmation.objects.select_for_update().filter(key=key).first()
        if row is None:  # erased since, or from a home that was started over
            raise BadLink(NOWHERE)
        told = msgspec.json.decode(row.statement.encode(), type=Statement)
        proof = {**told.proof, "requested_at": row.asked_at.isoformat()}
        told = replace(told, proof=proof, ip=ip, event_id=f"confirmed-{_digest(key)}")
        people, more = msgspec.json.decode(row.people.encode(), type=dict[str, str]), tuple(row.more_topics.split())
        given = [give(people, one, now) for one in _of_topics(told, more)]
        Confirmation.objects.filter(key=key, confirmed_at=None).update(confirmed_at=now)
    return Confirmed(given[0].customer, told.channel, told.topic, any(one.is_new for one in given), more)


def _of_topics(statement: Statement, more: Sequence[str]) -> list[Statement]:
    """Return a statement, and the same of further topics, each with a name of its own."""
    return [statement, *(replace(statement, topic=one, event_id=f"{statement.event_id}-{one}") for one in more)]


def sweep(now: datetime) -> int:
    """Delete requests whose links have ended; return how many went."""
    gone, _ = Confirmation.objects.filter(expires_at__lte=now).delete()
    return gone


def _record(verb: str, person: Person, statement: Statement, now: datetime) -> Recorded:
    """Append the fact, and write the row of everybody whom it concerns today; the caller holds the transaction."""
    checked(statement)
    people = _people(person)
    known = sorted({heir for number in profiles.known(people) if (heir := profiles.heir(number)) is not None})
    if not known and people.keys() <= {"customer"}:
        return Recorded(0, is_new=False)
    statement = replace(statement, event_id=statement.event_id or new_id(now))
    told = events.Told(
        fact=_fact(verb, statement),
        source=statement.source,
        occurred_at=now,
        event_id=statement.event_id,
        people=people,
    )
    if not events.append([told], now).accepted:
        return Recorded(min(known, default=0), is_new=False)
    # The sequencer takes the smallest number of people who will be merged; a no holds for each of them at once.
    concerned = known if verb == "withdrawn" else known[:1]
    write(Row(number, statement.channel, _said(verb, statement, now)) for number in concerned)
    return Recorded(min(known, default=0), is_new=True)


def _fact(verb: str, told: Statement) -> events.Fact:
    proof = {**told.proof, **({"ip": fingerprint(told.ip, "ip")[:32]} if told.ip else {})}
    shared: dict[str, Any] = {
        "channel": told.channel,
        "topic": told.topic,
        "method": told.method,
        "text": told.text or None,
        "text_version": told.text_version or None,
        "country": told.country or None,
        "proof": msgspec.json.encode(dict(sorted(proof.items()))).decode(),
    }
    if verb == "withdrawn":
        return events.ConsentWithdrawn(**shared)
    if verb == "requested":
        return events.ConsentRequested(**shared, basis=told.basis)
    return events.ConsentGiven(
        **shared, basis=told.basis, expires_on=told.expires_on, is_condition_of_sale=told.is_condition_of_sale
    )


def _said(verb: str, told: Statement, now: datetime) -> Said:
    return said_of(
        verb,
        {
            "topic": told.topic,
            "basis": "" if verb == "withdrawn" else told.basis,
            "method": told.method,
            "since": now,
            "text_version": told.text_version,
            "country": told.country,
            "source": told.source,
            "expires_on": told.expires_on if verb == "given" else None,
            "is_tied": told.is_condition_of_sale if verb == "given" else False,
            "event_id": told.event_id,
        },
    )


def said_of(verb: str, told: Mapping[str, Any]) -> Said:
    """Return a statement as it is kept, from what a fact tells: the same at once and later by the log."""
    expires_on: date | None = told["expires_on"]
    return Said(
        topic=fit(told["topic"], 64),
        kind=kind_of(verb, told["basis"] or "", bool(told["is_tied"])),
        is_withdrawn=verb == "withdrawn",
        basis=fit(told["basis"], 64),
        method=fit(told["method"], 32),
        since=told["since"],
        text_version=fit(told["text_version"], 64),
        country=fit(told["country"], 64),
        source=fit(told["source"], 64),
        expires_on=expires_on,
        event_id=fit(told["event_id"], 255),
    )


def _digest(key: str) -> str:
    return hashlib.sha256(key.encode()).hexdigest()[:32]


def _people(person: Person) -> dict[str, str]:
    return {"customer": str(person)} if isinstance(person, int) else dict(person)


def _addresses(person: Person, customer: int, channel: str) -> Sequence[str]:
    """Return the addresses of a person on a channel, as they gave them and as the shop has them."""
    name = IDENTIFIER.get(channel, "")
    found = [] if isinstance(person, int) else [person.get(name, "")]
    contact = profiles.contacts([customer]).get(customer) if customer and name else None
    if contact is not None:
        found.append(contact.email if name == "email" else contact.phone)
    return sorted({suppression.normal(one) for one in found if one.strip()})


__all__ = [
    "Basis", "Confirmed", "Person", "Recorded", "Waiting", "confirm", "give", "request", "said_of", "sweep", "waiting", "withdraw",
]  # fmt: skip
