"""What the gate is asked about: a message, and all that is known of its recipient and its channel at that moment."""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import NamedTuple

from regulars.consent.gate.quiet.places import Place

NOWHERE = Place()  # nothing is known of where they are


class ConsentState(StrEnum):
    """What somebody said to a channel and a topic; pending waits for the click in the confirmation mail."""

    GIVEN = "given"
    WITHDRAWN = "withdrawn"
    NEVER = "never"
    PENDING = "pending"


class Suppression(StrEnum):
    """Why an address gets nothing: it does not exist, called a message spam, left everything, was erased, or an operator said so."""

    BOUNCED = "bounced"
    COMPLAINED = "complained"
    UNSUBSCRIBED = "unsubscribed"
    ERASED = "erased"
    MANUAL = "manual"


@dataclass(frozen=True, slots=True)
class Consent:
    """Consent to one channel and topic. expires_on is the first day on which it counts no more; basis is how it came about
    ("express", "implied", "soft_opt_in" …)."""

    state: ConsentState = ConsentState.NEVER
    basis: str = ""
    expires_on: date | None = None


class Sent(NamedTuple):
    """A marketing message that went to the customer lately."""

    at: datetime
    channel: str
    topic: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """What is known of a recipient for one channel and topic. recent are marketing messages of the last 30 days on all channels,
    in any order, those whose fate is unknown among them."""

    consent: Consent = Consent()
    suppressed_as: Suppression | None = None
    is_held_out: bool = False
    has_open_complaint: bool = False
    has_stuck_parcel: bool = False
    place: Place = NOWHERE
    recent: tuple[Sent, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Usage:
    """What a channel has used up. warm_up_day counts from 1, None is a channel that is warm; None of what is left is no limit.

    budget_left is in the unit of Candidate.cost, so messages unless told otherwise; throttle_left is how many may go until
    throttle_ends_at, throttle_per in each throttle_span after that, of which throttle_queued are already promised to others: so a
    long queue is spread over the spans to come and not asked about anew in each. The budget comes back at budget_renews_at, else
    with the first of the next month.
    """

    sent_today: int = 0
    warm_up_day: int | None = None
    budget_left: int | None = None
    budget_renews_at: datetime | None = None
    throttle_left: int | None = None
    throttle_ends_at: datetime | None = None
    throttle_per: int | None = None
    throttle_span: timedelta = timedelta(minutes=1)
    throttle_queued: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A message that wants to go. A higher strength is stronger; from good_until on it may go no more.

    Candidates of one channel share one usage; where they differ the first one's counts.
    """

    key: str
    customer_id: int
    channel: str
    is_marketing: bool
    created_at: datetime
    standing: Standing
    has_address: bool = True
    topic: str = ""
    strength: int = 0
    good_until: datetime | None = None
    cost: int = 1
    usage: Usage = field(default_factory=Usage)
