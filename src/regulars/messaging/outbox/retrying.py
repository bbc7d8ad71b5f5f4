"""When a deferred message is tried again, and when it is given up."""

import hashlib
from datetime import datetime, timedelta

from regulars.messaging.letters import Letter, Outcome

MINUTE, HOUR = 60.0, 3600.0
# Seconds to wait after the first, second … try. A text is worth less tomorrow than a mail is.
MAIL = (5 * MINUTE, 15 * MINUTE, HOUR, 3 * HOUR, 6 * HOUR, 12 * HOUR, 12 * HOUR, 24 * HOUR)
TEXT = (30.0, 2 * MINUTE, 10 * MINUTE, 30 * MINUTE, 2 * HOUR)
# Nothing got through to the provider at all: it is ours or the network's trouble, and short.
NO_CONNECTION = (15.0, 30.0, MINUTE, 2 * MINUTE, 5 * MINUTE)
LONGEST = timedelta(days=3)
JITTER = 0.2


def next_try(letter: Letter, outcome: Outcome, attempts: int, now: datetime) -> datetime | None:
    """Return when to try again after so many tries (1 or more), None to give up.

    Waiting differs by up to a fifth from message to message, so that what failed together does not come back together; a
    provider's own word on when to come counts at least. What never reached a provider is tried until it is three days old.

    >>> from datetime import UTC
    >>> at = datetime(2024, 6, 1, tzinfo=UTC)
    >>> sms = Letter(key="0" * 32, channel="sms", is_marketing=True, to="+1", created_at=at)
    >>> busy = Outcome(state="deferred", code="429", retry_after=600)
    >>> [round((next_try(sms, busy, n, at) - at).total_seconds()) for n in (1, 2, 3, 5)], next_try(sms, busy, 6, at)
    ([600, 600, 600, 7507], None)
    >>> away = Outcome(state="deferred", code="connect")
    >>> next_try(sms, away, 60, at) is None, next_try(sms, away, 60, at + timedelta(days=3)) is None
    (False, True)
    """
    has_reached = outcome.code not in UNREACHED
    schedule = (MAIL if letter.channel == "email" else TEXT) if has_reached else NO_CONNECTION
    if now - letter.created_at >= LONGEST or (has_reached and attempts > len(schedule)):
        return None
    wait = schedule[min(attempts, len(schedule)) - 1] * _jitter(letter.key, attempts)
    return now + timedelta(seconds=max(wait, outcome.retry_after or 0.0))


UNREACHED = frozenset({"connect", "dns", "tls", "timeout", "drop"})


def _jitter(key: str, attempts: int) -> float:
    """Return a factor from 0.8 to 1.2 that a message always has at this try."""
    digest = hashlib.blake2b(f"{key}{attempts}".encode(), digest_size=4).digest()
    return 1 - JITTER + 2 * JITTER * int.from_bytes(digest) / 0xFFFFFFFF
