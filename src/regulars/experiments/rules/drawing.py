"""The draw: a salted hash of the unit decides, so that everybody everywhere draws the same lot without keeping it."""

import hashlib
from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

N_BUCKETS = 10_000
WHOLE = 1e-9  # shares make 1 up to this


class BadShares(ValueError):
    """Shares that do not divide everybody; the message is a sentence."""


def numbers(salt: str, unit_ids: Iterable[Any]) -> NDArray[np.uint64]:
    """Return each unit's lot: the first 8 bytes of SHA-256 of `salt:unit`, big endian, as a whole number below 2^64."""
    seeded, lots = hashlib.sha256(f"{salt}:".encode()), bytearray()
    for unit in unit_ids:
        one = seeded.copy()
        one.update(str(unit).encode())
        lots += one.digest()[:8]
    return np.frombuffer(bytes(lots), dtype=">u8").astype(np.uint64)


def uniforms(salt: str, unit_ids: Iterable[Any]) -> NDArray[np.float64]:
    """Return each unit's lot as a fraction of 2^64; a holdout of share h are those below h.

    >>> [round(float(u), 6) for u in uniforms("regulars/holdout/2025Q1", ["u1", "u2", "customer-42"])]
    [0.567476, 0.584751, 0.02689]
    """
    return numbers(salt, unit_ids) / 2.0**64


def buckets(salt: str, unit_ids: Iterable[Any]) -> NDArray[np.int64]:
    """Return each unit's bucket, 0 to 9999.

    >>> buckets("regulars/holdout/2025Q1", ["u1", "customer-42"]).tolist()
    [6930, 10]
    """
    return (numbers(salt, unit_ids) % np.uint64(N_BUCKETS)).astype(np.int64)


def assign(salt: str, unit_ids: Iterable[Any], shares: Sequence[float]) -> NDArray[np.int64]:
    """Return each unit's arm, counted from 0 in the order of shares, which are positive or 0 and make 1. Raise BadShares.

    The arms lie on the line from 0 to 1 in their order: the first one's units stay in it when only later shares change.

    >>> assign("tea", ["a", "b", "c", "d"], [0.5, 0.25, 0.25]).tolist()
    [0, 1, 1, 2]
    """
    if not shares or any(not 0 <= share <= 1 for share in shares) or abs(sum(shares) - 1) > WHOLE:
        raise BadShares(f"Shares must be from 0 to 1 and make 1 together; these are {', '.join(map(str, shares))}.")
    # Only the inner borders are looked up, so that no rounding of the sum leaves anybody outside.
    return np.searchsorted(np.cumsum(shares)[:-1], uniforms(salt, unit_ids), side="right").astype(np.int64)
