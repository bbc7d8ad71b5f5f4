"""Facts about permission to write: asked for, given, withdrawn; and addresses that get nothing any more."""

from dataclasses import dataclass
from datetime import date

from regulars.events.registry import Fact, fact


@dataclass(frozen=True, kw_only=True)
class Statement(Fact):
    """What was said of a channel and a topic (blank: the whole channel), by which way, and under which words.

    text and text_version are what the person read; proof is JSON: the form's address, a digest of the IP, a message's key …
    """

    channel: str
    topic: str = ""
    method: str
    text: str | None = None
    text_version: str | None = None
    country: str | None = None
    proof: str = "{}"


@fact("consent.requested")
class ConsentRequested(Statement):
    """A person was asked to confirm a consent that somebody gave in their name (double opt-in)."""

    basis: str = "express"


@fact("consent.given")
class ConsentGiven(Statement):
    """A person allowed to be written to. is_condition_of_sale says that the purchase hung on it, which makes it unfree."""

    basis: str = "express"
    expires_on: date | None = None
    is_condition_of_sale: bool = False


@fact("consent.withdrawn")
class ConsentWithdrawn(Statement):
    """A person does not want to be written to any more."""


@fact("address.suppressed", about="address")
class AddressSuppressed(Fact):
    """An address gets nothing any more, known by its keyed fingerprint only; until is the last day, empty for ever."""

    channel: str
    fingerprint: str
    reason: str
    until: date | None = None


@fact("address.released", about="address")
class AddressReleased(Fact):
    """One reason to keep from an address is gone."""

    channel: str
    fingerprint: str
    reason: str
