"""Messages to the cast: all is well with Ann's unless a test says otherwise."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from regulars.consent.gate import Candidate, Consent, ConsentState, Place, Sent, Standing

NOON = datetime(2026, 6, 10, 10, 0, tzinfo=UTC)  # a Wednesday, 12:00 in Berlin
BERLIN = Place(("Europe/Berlin",), frozenset({("DE", "")}))
EXPRESS = Consent(ConsentState.GIVEN, "express")
WELL = Standing(consent=EXPRESS, place=BERLIN)
ANN, BO, CLEO, DOV = 1, 2, 3, 4


def letter(key: str = "a", customer_id: int = ANN, **told: Any) -> Candidate:
    """Return a marketing e-mail to Ann; what belongs to her standing may be told along with the rest."""
    standing = {name: told.pop(name) for name in list(told) if name in Standing.__slots__}
    base = Candidate(
        key=key,
        customer_id=customer_id,
        channel="email",
        is_marketing=True,
        created_at=NOON - timedelta(hours=1),
        standing=replace(WELL, **standing),
        topic="news",
    )
    return replace(base, **told)


def before(hours: float, channel: str = "email", topic: str = "news") -> Sent:
    """Return what went to her so many hours before noon."""
    return Sent(NOON - timedelta(hours=hours), channel, topic)
