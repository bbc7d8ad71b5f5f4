"""Links that people get: one purpose each, signed with 160 bits, telling no address. Reading one changes nothing."""

from dataclasses import dataclass
from datetime import UTC, datetime

from regulars.consent.rules.terms import BadStatement
from regulars.consent.suppression import PURPOSE, normal
from regulars.core.sealing import BadSignature, Signer, fingerprint, fingerprints, sign, unsign

PREFERENCES, UNSUBSCRIBE, CONFIRM = "consent preferences", "consent unsubscribe", "consent confirm"
LONGEST = 400  # letters; a longer one was never made here, and no time is spent on it
N_MARK = 32  # 128 bits of an address's fingerprint


class BadLink(ValueError):
    """A link that was not made here, not for this, or was changed."""


class ExpiredLink(BadLink):
    """A link whose time is over."""


@dataclass(frozen=True)
class PreferenceLink:
    """Whose preferences a link opens, and the mark of the address that it was sent to."""

    customer: int
    mark: str

    def is_for(self, address: str) -> bool:
        """Tell whether the link was sent to this address."""
        return self.mark in (one[:N_MARK] for one in fingerprints(normal(address), PURPOSE))


@dataclass(frozen=True)
class UnsubscribeLink:
    """Who leaves what; message_key names the message that carried the link."""

    customer: int
    channel: str
    topic: str
    message_key: str


class Tokens:
    """Makes the tokens of many messages, with the keys that were in use when it was made."""

    def __init__(self) -> None:
        self._preferences, self._unsubscribe = Signer(PREFERENCES), Signer(UNSUBSCRIBE)

    def preference(self, customer: int, address: str) -> str:
        """Return a token that opens one person's preferences, without an end."""
        return self._preferences.sign(f"{customer}~{fingerprint(normal(address), PURPOSE)[:N_MARK]}")

    def unsubscribe(self, customer: int, channel: str, topic: str, message_key: str) -> str:
        """Return a token by which one person leaves a topic, or with a blank one a channel; without an end."""
        value = f"{customer}~{channel}~{topic}~{message_key}"
        if value.count("~") != 3:
            raise BadStatement("a channel, a topic and a message's key have no ~ in them")
        return self._unsubscribe.sign(value)


def preference_token(customer: int, address: str) -> str:
    """Return a token that opens one person's preferences, without an end."""
    return Tokens().preference(customer, address)


def read_preference_token(token: str) -> PreferenceLink:
    """Return whose preferences these are; raise BadLink."""
    customer, mark = _parts(token, PREFERENCES, 2)
    return PreferenceLink(int(customer), mark)


def unsubscribe_token(customer: int, channel: str, topic: str, message_key: str) -> str:
    """Return a token by which one person leaves a topic, or with a blank one a channel; without an end."""
    return Tokens().unsubscribe(customer, channel, topic, message_key)


def read_unsubscribe_token(token: str) -> UnsubscribeLink:
    """Return who leaves what; raise BadLink."""
    customer, channel, topic, message_key = _parts(token, UNSUBSCRIBE, 4)
    return UnsubscribeLink(int(customer), channel, topic, message_key)


def confirmation_token(key: str, expires_at: datetime) -> str:
    """Return a token that confirms one request until an instant."""
    return sign(f"{key}~{int(expires_at.timestamp())}", CONFIRM)


def read_confirmation_token(token: str, now: datetime) -> str:
    """Return the key of the request that a token confirms; raise BadLink, or ExpiredLink when its time is over."""
    key, until = _parts(token, CONFIRM, 2)
    if now >= datetime.fromtimestamp(int(until), UTC):
        raise ExpiredLink("this link has ended; sign up once more and a new one comes")
    return key


def _parts(token: str, purpose: str, n: int) -> list[str]:
    if len(token) > LONGEST:
        raise BadLink("this link was not made here, or not for this")
    try:
        parts = unsign(token, purpose).split("~")
    except BadSignature as problem:
        raise BadLink(str(problem)) from None
    if len(parts) != n:
        raise BadLink("this link was not made here, or not for this")
    return parts
