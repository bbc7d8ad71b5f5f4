"""When a webhook is tried again and when an endpoint is switched off: rules without a clock."""

import hashlib
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

# The pauses between attempts, the first at once: Svix's published schedule, 27 h 35 min 5 s in all.
PAUSES = (0, 5, 5 * 60, 30 * 60, 2 * 3600, 5 * 3600, 10 * 3600, 10 * 3600)
JITTER = 0.10
PATIENCE = timedelta(days=5)


def attempt_at(n: int, first_at: datetime, jitter_seed: str) -> datetime | None:
    """Return when attempt n (from 1) is due, None when there is none any more.

    Each pause is up to a tenth longer or shorter, the same for the same seed, so that many messages that failed together
    do not come back together.

    >>> from datetime import UTC
    >>> first = datetime(2024, 6, 1, tzinfo=UTC)
    >>> attempt_at(1, first, "a") == first, attempt_at(9, first, "a")
    (True, None)
    >>> 5 * 60 * 0.9 + 4.5 <= (attempt_at(3, first, "a") - first).total_seconds() <= 5 * 60 * 1.1 + 5.5
    True
    """
    if not 1 <= n <= len(PAUSES):
        return None
    return first_at + timedelta(seconds=sum(pause * _stretch(i, jitter_seed) for i, pause in enumerate(PAUSES[:n])))


def next_attempt_at(n: int, first_at: datetime, jitter_seed: str, not_before: datetime) -> datetime | None:
    """Return when attempt n is due if the endpoint asked (by Retry-After) not to be called before an instant."""
    planned = attempt_at(n, first_at, jitter_seed)
    return planned and max(planned, not_before)


@dataclass(frozen=True)
class Endpoint:
    """How an endpoint behaved lately: since when it has only failed, and why it is off, blank while it is on."""

    failing_since: datetime | None = None
    off_because: str = ""

    @property
    def is_off(self) -> bool:
        """Say whether nothing is sent to it any more until somebody switches it on."""
        return bool(self.off_because)


def after(endpoint: Endpoint, is_success: bool, code: str, now: datetime) -> Endpoint:
    """Return the endpoint after an attempt that ended now, code being the outcome's.

    >>> from datetime import UTC
    >>> begin = datetime(2024, 6, 1, tzinfo=UTC)
    >>> failing = after(Endpoint(), False, "500", begin)
    >>> after(failing, False, "timeout", begin + timedelta(days=5)).off_because
    'It failed for 5 days without a success between.'
    >>> after(failing, True, "200", begin + timedelta(days=4))
    Endpoint(failing_since=None, off_because='')
    """
    if endpoint.is_off:
        return endpoint
    if is_success:
        return Endpoint()
    if code == "410":
        return replace(endpoint, off_because="It answered 410: it does not want to be called any more.")
    since = endpoint.failing_since or now
    is_over = now - since >= PATIENCE
    return Endpoint(since, "It failed for 5 days without a success between." if is_over else "")


def _stretch(place: int, seed: str) -> float:
    digest = hashlib.blake2b(f"{seed}:{place}".encode(), digest_size=8).digest()
    return 1 - JITTER + 2 * JITTER * int.from_bytes(digest) / (2**64 - 1)
