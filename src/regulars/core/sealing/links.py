"""Signed values for links, and fingerprints by which a value is known again without being kept."""

import hmac
from binascii import b2a_base64
from collections.abc import Sequence
from functools import lru_cache

from regulars.core.sealing.keys import as_bytes, derived, keys

_FOR_ADDRESSES = bytes.maketrans(b"+/", b"-_")
N_SIGNATURE = 20  # bytes: 160 bits, above the 128 that a link needs, and still short in an e-mail


class BadSignature(ValueError):
    """A signed value that was changed, made for something else or by another home."""


def sign(value: str, purpose: str) -> str:
    """Return the value, readable, with a signature of 160 bits behind a dot: for links."""
    return sign_with(keys(), value, purpose)


def unsign(signed: str, purpose: str) -> str:
    """Return the value that was signed; raise BadSignature when it was not signed here for this purpose."""
    return unsign_with(keys(), signed, purpose)


def fingerprint(value: str, purpose: str) -> str:
    """Return 64 hex digits by which a value can be known again, but not be read or guessed without the home's key."""
    return fingerprints(value, purpose)[0]


def fingerprints(value: str, purpose: str) -> tuple[str, ...]:
    """Return a value's fingerprint under each of the home's keys, the one in use first: what was kept under a former key
    is found by the others."""
    return fingerprints_with(keys(), value, purpose)


@lru_cache(maxsize=4096)  # an address is asked about twice before a letter goes
def fingerprints_with(keys: tuple[str, ...], value: str, purpose: str) -> tuple[str, ...]:
    """Return a value's fingerprint under each of these keys."""
    return tuple(hmac.digest(derived(key, "fingerprint", purpose), as_bytes(value), "sha256").hex() for key in keys)


def sign_with(keys: Sequence[str], value: str, purpose: str) -> str:
    """Sign with the first key.

    >>> sign_with(["key"], "customer-7", "unsubscribe")
    'customer-7.KKC6bwc7EzfLhAUx_5al34ksr1I'
    """
    return f"{value}.{_signature(keys[0], value, purpose)}"


def unsign_with(keys: Sequence[str], signed: str, purpose: str) -> str:
    """Return the value when any of the keys signed it for this purpose; raise BadSignature otherwise.

    >>> unsign_with(["new", "old"], sign_with(["old"], "customer-7", "unsubscribe"), "unsubscribe")
    'customer-7'
    >>> unsign_with(["key"], sign_with(["key"], "customer-7", "unsubscribe"), "preferences")
    Traceback (most recent call last):
    regulars.core.sealing.links.BadSignature: this link was not made here, or not for this
    """
    value, _, signature = signed.rpartition(".")
    # Compared as written and not as decoded bytes, so that one value has exactly one signature.
    fits = [hmac.compare_digest(as_bytes(_signature(key, value, purpose)), as_bytes(signature)) for key in keys]
    if not any(fits):
        raise BadSignature("this link was not made here, or not for this")
    return value


class Signer:
    """Signs many values for one purpose, as sign does, with the key that was in use when it was made."""

    def __init__(self, purpose: str) -> None:
        self._key = derived(keys()[0], "sign", purpose)

    def sign(self, value: str) -> str:
        """Return the value with its signature."""
        return f"{value}.{_signed(self._key, value)}"


def _signature(key: str, value: str, purpose: str) -> str:
    return _signed(derived(key, "sign", purpose), value)


def _signed(key: bytes, value: str) -> str:
    return url_safe(hmac.digest(key, as_bytes(value), "sha256")[:N_SIGNATURE])


def url_safe(data: bytes) -> str:
    """Return bytes as a word for an address (RFC 4648, 5), without the signs that fill it up."""
    return b2a_base64(data, newline=False).translate(_FOR_ADDRESSES, b"=").decode("ascii")
