"""Addresses that get nothing: kept as keyed fingerprints, asked for by the thousand."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import connection, transaction

from regulars.consent.models import Confirmation, Consent, SoftBounce, Suppression
from regulars.consent.reading.turns import take_turn
from regulars.consent.rows import AT_ONCE, instant
from regulars.consent.rules import bounces
from regulars.consent.rules.bounces import Cause
from regulars.consent.rules.terms import BadStatement, known_channel
from regulars.core import bulk
from regulars.core.ids import new_id
from regulars.core.sealing import fingerprint, fingerprints, fingerprints_with, keys
from regulars.events import api as events
from regulars.profiles import api as profiles

PURPOSE = "address"
SOURCE = "consent"
COLUMNS = ("channel", "fingerprint", "reason", "is_standing", "since", "until", "event_id")
TABLE = Suppression._meta.db_table
DECIDING = ("since", "is_standing", "event_id")
LATER_WINS = (
    "ON CONFLICT (channel, fingerprint, reason) DO UPDATE SET "
    + ", ".join(f"{name} = excluded.{name}" for name in COLUMNS[3:])
    + f" WHERE ({', '.join(f'excluded.{name}' for name in DECIDING)}) >= ({', '.join(f'{TABLE}.{name}' for name in DECIDING)})"
)


@dataclass(frozen=True)
class Suppressed:
    """The weightiest reason to keep from an address; until is its last day, None for ever."""

    reason: str
    since: datetime
    until: date | None


def mark_of(address: str) -> str:
    """Return the fingerprint by which an address is known again."""
    return fingerprint(normal(address), PURPOSE)


def normal(address: str) -> str:
    """Return an address in its one written form.

    >>> normal(" Ann@Example.com ")
    'ann@example.com'
    """
    return address.strip().lower()


def suppress(channel: str, addresses: Sequence[str], reason: str, now: datetime, until: date | None = None) -> None:
    """Keep from addresses on a channel from this instant on; the facts and what they change are one commit."""
    _known(channel, reason)
    told = [
        events.AddressSuppressed(channel=channel, fingerprint=mark_of(one), reason=reason, until=until)
        for one in addresses
    ]
    with transaction.atomic():
        take_turn()
        _tell(told, now)


def release(channel: str, addresses: Sequence[str], reasons: Sequence[str], now: datetime) -> int:
    """Take these reasons from addresses; return how many stood. What was kept under a former key of the home counts too."""
    for reason in reasons:
        _known(channel, reason)
    marks = [mark for one in addresses for mark in fingerprints(normal(one), PURPOSE)]
    found = Suppression.objects.filter(channel=channel, fingerprint__in=marks, reason__in=reasons, is_standing=True)
    standing = list(found.values_list("fingerprint", "reason"))
    _tell([events.AddressReleased(channel=channel, fingerprint=mark, reason=reason) for mark, reason in standing], now)
    return len(standing)


def suppressed(channel: str, addresses: Sequence[str], now: datetime) -> dict[str, Suppressed]:
    """Return those of the addresses that get nothing today, as they were asked, each with the weightiest reason."""
    asked: dict[str, list[str]] = {}
    home = keys()
    for one in addresses:
        for mark in fingerprints_with(home, normal(one), PURPOSE):
            asked.setdefault(mark, []).append(one)
    found: dict[str, Suppressed] = {}
    for mark, row in _standing(channel, list(asked)):
        if row.until is None or row.until >= now.date():
            for one in asked[mark]:
                found[one] = _weightier(found.get(one), row)
    return found


def _standing(channel: str, marks: Sequence[str]) -> Iterator[tuple[str, Suppressed]]:
    """Yield each mark of these that something stands against. Plain SQL: every letter asks twice."""
    for start in range(0, len(marks), AT_ONCE):
        among, some = bulk.among(marks[start : start + AT_ONCE])
        with connection.cursor() as cursor:
            cursor.execute(
                f"SELECT fingerprint, reason, since, until FROM {TABLE} WHERE channel = %s AND is_standing AND fingerprint {among}",
                [channel, some],
            )
            for mark, reason, since, until in cursor.fetchall():
                began = bulk.from_database(since)
                assert began is not None  # the column always has one
                yield mark, Suppressed(reason, began, date.fromisoformat(until) if isinstance(until, str) else until)


def soft_bounced(channel: str, addresses: Sequence[str], now: datetime) -> list[str]:
    """Note that addresses refused for the time being; return those that are given a rest now."""
    known_channel(channel)
    marks = {mark_of(one): one for one in addresses}
    with transaction.atomic():
        take_turn()
        SoftBounce.objects.bulk_create(
            [SoftBounce(channel=channel, fingerprint=mark, bounced_on=now.date()) for mark in marks],
            ignore_conflicts=True,
        )
        days: dict[str, list[date]] = {}
        rows = SoftBounce.objects.filter(channel=channel, fingerprint__in=list(marks))
        for mark, day in rows.values_list("fingerprint", "bounced_on"):
            days.setdefault(mark, []).append(day)
        resting = [mark for mark in marks if bounces.rest_until(days[mark], now.date())]
        SoftBounce.objects.filter(channel=channel, fingerprint__in=resting).delete()
        tired = [marks[mark] for mark in resting]
        suppress(channel, tired, Cause.SOFT_BOUNCES, now, now.date() + bounces.REST)
    return tired


def arrived(channel: str, addresses: Sequence[str]) -> None:
    """Forget soft bounces of addresses that took a letter."""
    SoftBounce.objects.filter(channel=channel, fingerprint__in=[mark_of(one) for one in addresses]).delete()


def forget(customer: int, addresses: Sequence[str], now: datetime) -> None:
    """Erase what a person said, and keep from their addresses for ever by fingerprints that tell nobody who it was.

    Their facts go with the lake's own erasure; the facts told here name no person.
    """
    marks = [mark for one in addresses for mark in fingerprints(normal(one), PURPOSE)]
    with transaction.atomic():
        take_turn()
        heir = profiles.heir(customer) or customer
        Consent.objects.filter(customer_id__in={customer, heir, *profiles.merged_into(heir)}).delete()
        Confirmation.objects.filter(fingerprint__in=marks).delete()
        Confirmation.objects.filter(customer_id__in={customer, heir}).delete()
        SoftBounce.objects.filter(fingerprint__in=marks).delete()
        for channel, some in _by_channel(addresses).items():
            suppress(channel, some, Cause.ERASED, now)


def write(rows: Iterable[Sequence[Any]]) -> int:
    """Write suppressions (the values of COLUMNS): of each address and reason the later telling stands."""
    kept: dict[tuple[Any, ...], Sequence[Any]] = {}
    told = list(rows)
    for row in told:
        key = tuple(row[:3])
        if key not in kept or _order(kept[key]) <= _order(row):
            kept[key] = row
    adapted = [
        (*row[:4], instant(row[4]), connection.ops.adapt_datefield_value(row[5]), row[6]) for row in kept.values()
    ]
    bulk.insert(TABLE, COLUMNS, adapted, LATER_WINS)
    return len(told)


def _order(row: Sequence[Any]) -> tuple[Any, ...]:
    return row[4], row[3], row[6]


def _tell(facts: Sequence[events.AddressSuppressed | events.AddressReleased], now: datetime) -> None:
    named = [(new_id(now), one) for one in facts]
    told = [events.Told(fact=one, source=SOURCE, occurred_at=now, event_id=name) for name, one in named]
    with transaction.atomic():
        events.append(told, now)
        write([_values(one, now, name) for name, one in named])


def _values(told: events.AddressSuppressed | events.AddressReleased, now: datetime, name: str) -> tuple[Any, ...]:
    standing = isinstance(told, events.AddressSuppressed)
    until = told.until if isinstance(told, events.AddressSuppressed) else None
    return (told.channel, told.fingerprint, told.reason, standing, now, until, name)


def _known(channel: str, reason: str) -> None:
    known_channel(channel)
    if reason not in tuple(Cause):
        raise BadStatement(f"'{reason}' is no reason to keep from an address; there are {', '.join(Cause)}")


def _weightier(one: Suppressed | None, other: Suppressed) -> Suppressed:
    return other if one is None or bounces.weight(other.reason) < bounces.weight(one.reason) else one


def _by_channel(addresses: Sequence[str]) -> dict[str, list[str]]:
    phones = [one for one in addresses if "@" not in one]
    return {"email": [one for one in addresses if "@" in one], "sms": phones, "whatsapp": phones}
