"""Ann, Bo and Cleo say yes and no; a tick carries the facts to the rows as the loop does."""

import hashlib
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from regulars.consent import api as consent
from regulars.consent.models import Consent, Suppression
from regulars.events import api as events
from regulars.events.kinds.customers import CustomerUpdated
from regulars.profiles import api as profiles
from tests.events.cast import ANN, BO, CLEO, DAY_0, NOW, placed

FORM = consent.Statement(
    channel="email",
    method="form",
    text="Yes, send me news about tea.",
    text_version="tea-3",
    source="shop",
    country="DE",
    proof={"form": "https://shop.example/tea"},
    ip="192.0.2.7",
)
PAGE = consent.Statement(channel="email", method="preference_page", source="preferences")
SMS = replace(FORM, channel="sms", text="Text me. Not needed to buy.", text_version="sms-1")


def tick(now: datetime = NOW) -> None:
    """Do what the loop does with facts of people and consent."""
    events.sequence(now, profiles.people)
    profiles.project(now)
    consent.project(now)


def shop() -> dict[str, int]:
    """Let Ann, Bo and Cleo buy once; return their numbers."""
    events.append([placed("A1", ANN), placed("B1", BO), placed("C1", CLEO)], NOW)
    tick()
    return {name: profiles.known(who)[0] for name, who in (("ann", ANN), ("bo", BO), ("cleo", CLEO))}


def imported(people: dict[str, str], version: str, at: datetime, **attributes: Any) -> events.Told:
    """Tell what a file of customers says of a person."""
    fact = CustomerUpdated(version=version, **attributes)
    return events.Told(fact=fact, source="import", event_id=version, occurred_at=at, people=people)


def said(verb: str, people: dict[str, str], day: int, channel: str = "email", **more: Any) -> events.Told:
    """Tell a statement as a source does, on a day counted from DAY_0."""
    fact = events.read(f"consent.{verb}", {"channel": channel, "method": "form", **more})
    name = hashlib.sha256(f"{verb}{sorted(people.items())}{day}{channel}{sorted(more.items())}".encode()).hexdigest()
    return events.Told(fact=fact, source="shop", event_id=name, occurred_at=DAY_0 + timedelta(days=day), people=people)


def may(customer: int, channel: str = "email", topic: str = "", now: datetime = NOW) -> str:
    """Return why a person may be written to, or "not: " and why not."""
    one = consent.standings([customer], channel, topic, now)[customer]
    return one.reason.value if one.allowed else f"not: {one.reason.value}"


def rows() -> list[dict[str, Any]]:
    """Return every row but for the seq, which tells only when the log numbered it."""
    consents = [{name: value for name, value in row.items() if name != "seq"} for row in Consent.objects.values()]
    kept = [*consents, *Suppression.objects.values()]
    return sorted(kept, key=str)


def utc(year: int, month: int, day: int, hour: int = 12) -> datetime:
    return datetime(year, month, day, hour, tzinfo=UTC)
