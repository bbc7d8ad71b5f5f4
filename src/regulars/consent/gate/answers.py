"""What the gate answers: send, defer until, or refuse because; each reason has a code that stays and a sentence for people."""

from dataclasses import dataclass
from datetime import datetime
from enum import Enum, StrEnum

from regulars.consent.gate.quiet.hours import zone_info


class Kind(StrEnum):
    """The three answers."""

    SEND = "send"
    DEFER = "defer"
    REFUSE = "refuse"


class Reason(Enum):
    """Why a message does not go now. value is the stored code, which is never renamed; sentence is for people."""

    EXPIRED = ("expired", "It is out of date: it was good for a limited time, and that is over.")
    NO_ADDRESS = ("no_address", "There is no address of theirs for this channel.")
    ERASED = ("erased", "They asked to be erased and are never written to again.")
    BOUNCED = ("bounced", "Their address does not exist: an earlier message came back.")
    MANUAL = ("manual", "Somebody of the shop put their address on the list of those never written to.")
    COMPLAINED = ("complained", "They marked an earlier message as spam.")
    UNSUBSCRIBED = ("unsubscribed", "They unsubscribed from everything on this channel.")
    WITHDRAWN = ("withdrawn", "They took back their consent to this.")
    PENDING = ("pending", "They have not confirmed their consent yet.")
    NO_CONSENT = ("no_consent", "They never consented to this.")
    CONSENT_EXPIRED = ("consent_expired", "Their consent has run out.")
    CONSENT_TOO_WEAK = ("consent_too_weak", "This channel needs their express consent, and theirs was only assumed.")
    HELD_OUT = ("held_out", "They are held out, to measure what writing changes.")
    OPEN_COMPLAINT = ("open_complaint", "They have an open complaint: advertising waits until it is settled")
    STUCK_PARCEL = ("stuck_parcel", "A parcel of theirs is stuck: advertising waits until it moves")
    BREAKER = (
        "breaker",
        "Too much of this channel came back or was called spam: its advertising waits until that is better",
    )
    TOO_LATE = ("too_late", "It would be out of date by the time it may go.")
    TOO_OFTEN = ("too_often", "They were written to too often lately")
    STRONGER_FIRST = ("stronger_first", "A more important message to them goes first")
    QUIET_HOURS = ("quiet_hours", "It is outside the hours in which one may write to them")
    BUDGET = ("budget", "The budget of this channel is used up")
    DAILY_LIMIT = ("daily_limit", "This channel has sent all it may today")
    WARM_UP = ("warm_up", "This channel is being warmed up and has sent all it may today")
    THROTTLE = ("throttle", "This channel sends no faster")

    def __init__(self, code: str, sentence: str) -> None:
        self.code = code
        self.sentence = sentence

    @classmethod
    def of(cls, code: str) -> "Reason":
        """Return the reason of a stored code; raises KeyError for one that never was."""
        return _BY_CODE[code]


_BY_CODE = {reason.code: reason for reason in Reason}


@dataclass(frozen=True, slots=True)
class Verdict:
    """An answer. at, in UTC, is when a deferred message is to ask again; a reason stands with all but send."""

    kind: Kind
    at: datetime | None = None
    reason: Reason | None = None

    def said(self, zone: str = "UTC") -> str:
        """Say it to people, with the time as clocks in that zone tell it.

        >>> from datetime import UTC
        >>> defer(datetime(2026, 12, 1, 8, 0, tzinfo=UTC), Reason.TOO_OFTEN).said("Europe/Berlin")
        'They were written to too often lately: this one may go on Tuesday 1 December at 09:00.'
        >>> refuse(Reason.HELD_OUT).said(), SEND.said()
        ('They are held out, to measure what writing changes.', 'It may go now.')
        """
        if self.reason is None:
            return "It may go now."
        if self.at is None:
            return self.reason.sentence
        local = self.at.astimezone(zone_info(zone))
        when = f"{local:%A} {local.day} {local:%B} at {local:%H:%M}"
        if self.reason in (Reason.OPEN_COMPLAINT, Reason.STUCK_PARCEL, Reason.BREAKER):
            return f"{self.reason.sentence}; it is asked again on {when}."
        return f"{self.reason.sentence}: this one may go on {when}."


SEND = Verdict(Kind.SEND)


def defer(at: datetime, reason: Reason) -> Verdict:
    """Answer that it may go at that instant at the earliest, for this reason."""
    return Verdict(Kind.DEFER, at, reason)


def refuse(reason: Reason) -> Verdict:
    """Answer that it may never go, for this reason."""
    return Verdict(Kind.REFUSE, reason=reason)
