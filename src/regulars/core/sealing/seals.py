"""Secrets at rest: encrypted with the first key, opened with the key that the sealed text names."""

import base64
from collections.abc import Sequence
from functools import lru_cache

from cryptography.fernet import Fernet, InvalidToken

from regulars.core.sealing.keys import as_bytes, derived, key_id, keys


class BadSeal(ValueError):
    """A sealed text that none of this home's keys opens: it was changed, made for something else or by another home."""


def seal(text: str, purpose: str) -> str:
    """Encrypt a text for keeping; only unseal with the same purpose and home opens it."""
    return seal_with(keys(), text, purpose)


def unseal(sealed: str, purpose: str) -> str:
    """Return the text that was sealed; raise BadSeal when it does not open."""
    return unseal_with(keys(), sealed, purpose)


def seal_with(keys: Sequence[str], text: str, purpose: str) -> str:
    """Encrypt with the first key and write its name before the result.

    >>> sealed = seal_with(["new", "old"], "a secret", "totp")
    >>> sealed.startswith(key_id("new") + "."), "secret" in sealed
    (True, False)
    """
    # At second 0: when it was sealed is nobody's business, and a rule asks no clock.
    return f"{key_id(keys[0])}.{_fernet(keys[0], purpose).encrypt_at_time(as_bytes(text), 0).decode('ascii')}"


def unseal_with(keys: Sequence[str], sealed: str, purpose: str) -> str:
    """Decrypt with the key that the sealed text names; raise BadSeal when there is none or it does not open.

    >>> old = seal_with(["old"], "a secret", "totp")
    >>> unseal_with(["new", "old"], old, "totp")
    'a secret'
    >>> unseal_with(["new"], old, "totp")
    Traceback (most recent call last):
    regulars.core.sealing.seals.BadSeal: this was sealed with a key that this home does not have; put it back among the keys
    """
    name, _, token = sealed.partition(".")
    named = [key for key in keys if key_id(key) == name]
    if not named:
        raise BadSeal("this was sealed with a key that this home does not have; put it back among the keys")
    try:
        return _fernet(named[0], purpose).decrypt(as_bytes(token)).decode("utf-8", "surrogatepass")
    except InvalidToken:
        raise BadSeal("this was sealed for another purpose, or changed since") from None


@lru_cache(maxsize=256)
def _fernet(key: str, purpose: str) -> Fernet:
    return Fernet(base64.urlsafe_b64encode(derived(key, "seal", purpose)))
