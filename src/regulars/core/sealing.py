"""Secrets at rest and links that cannot be guessed: sealing, signing and fingerprints, all from the home's one key.

Each purpose has a key of its own, derived by HKDF (RFC 5869) from the home's key, so that what was made for one purpose
is worth nothing for another. The first key makes; every key of the list opens, so a key can be changed without loss.
"""

import base64
import hashlib
import hmac
from collections.abc import Sequence
from functools import lru_cache
from typing import cast

from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

N_SIGNATURE = 20  # bytes: 160 bits, above the 128 that a link needs, and still short in an e-mail


class BadSeal(ValueError):
    """A sealed text that none of this home's keys opens: it was changed, made for something else or by another home."""


class BadSignature(ValueError):
    """A signed value that was changed, made for something else or by another home."""


def seal(text: str, purpose: str) -> str:
    """Encrypt a text for keeping; only unseal with the same purpose and home opens it."""
    return seal_with(keys(), text, purpose)


def unseal(sealed: str, purpose: str) -> str:
    """Return the text that was sealed; raise BadSeal when it does not open."""
    return unseal_with(keys(), sealed, purpose)


def sign(value: str, purpose: str) -> str:
    """Return the value, readable, with a signature of 160 bits behind a dot: for links."""
    return sign_with(keys(), value, purpose)


def unsign(signed: str, purpose: str) -> str:
    """Return the value that was signed; raise BadSignature when it was not signed here for this purpose."""
    return unsign_with(keys(), signed, purpose)


def fingerprint(value: str, purpose: str) -> str:
    """Return 64 hex digits by which a value can be known again, but not be read or guessed without the home's key."""
    return hmac.new(_derived(keys()[0], "fingerprint", purpose), _bytes(value), hashlib.sha256).hexdigest()


def keys() -> tuple[str, ...]:
    """Return the home's keys, the one in use first."""
    from django.conf import settings

    return (settings.SECRET_KEY, *cast("list[str]", settings.SECRET_KEY_FALLBACKS))


def key_id(key: str) -> str:
    """Return eight hex digits that name a key and tell nothing about it.

    >>> key_id("first key"), key_id("second key")
    ('e159702c', 'e82805f5')
    """
    return _derived(key, "id", "").hex()[:8]


def seal_with(keys: Sequence[str], text: str, purpose: str) -> str:
    """Encrypt with the first key and write its name before the result.

    >>> sealed = seal_with(["new", "old"], "a secret", "totp")
    >>> sealed.startswith(key_id("new") + "."), "secret" in sealed
    (True, False)
    """
    # At second 0: when it was sealed is nobody's business, and a rule asks no clock.
    return f"{key_id(keys[0])}.{_fernet(keys[0], purpose).encrypt_at_time(_bytes(text), 0).decode('ascii')}"


def unseal_with(keys: Sequence[str], sealed: str, purpose: str) -> str:
    """Decrypt with the key that the sealed text names; raise BadSeal when there is none or it does not open.

    >>> old = seal_with(["old"], "a secret", "totp")
    >>> unseal_with(["new", "old"], old, "totp")
    'a secret'
    >>> unseal_with(["new"], old, "totp")
    Traceback (most recent call last):
    regulars.core.sealing.BadSeal: this was sealed with a key that this home does not have; put it back among the keys
    """
    name, _, token = sealed.partition(".")
    named = [key for key in keys if key_id(key) == name]
    if not named:
        raise BadSeal("this was sealed with a key that this home does not have; put it back among the keys")
    try:
        return _fernet(named[0], purpose).decrypt(_bytes(token)).decode("utf-8", "surrogatepass")
    except InvalidToken:
        raise BadSeal("this was sealed for another purpose, or changed since") from None


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
    regulars.core.sealing.BadSignature: this link was not made here, or not for this
    """
    value, _, signature = signed.rpartition(".")
    # Compared as written and not as decoded bytes, so that one value has exactly one signature.
    fits = [hmac.compare_digest(_bytes(_signature(key, value, purpose)), _bytes(signature)) for key in keys]
    if not any(fits):
        raise BadSignature("this link was not made here, or not for this")
    return value


def _signature(key: str, value: str, purpose: str) -> str:
    whole = hmac.new(_derived(key, "sign", purpose), _bytes(value), hashlib.sha256).digest()
    return base64.urlsafe_b64encode(whole[:N_SIGNATURE]).rstrip(b"=").decode("ascii")


@lru_cache(maxsize=256)
def _fernet(key: str, purpose: str) -> Fernet:
    return Fernet(base64.urlsafe_b64encode(_derived(key, "seal", purpose)))


@lru_cache(maxsize=1024)
def _derived(key: str, verb: str, purpose: str) -> bytes:
    info = f"regulars {verb} {purpose}".encode()
    return HKDF(algorithm=SHA256(), length=32, salt=None, info=info).derive(_bytes(key))


def _bytes(text: str) -> bytes:
    # What comes from outside may hold half a surrogate pair; it fits nothing, but it must not break anything either.
    return text.encode("utf-8", "surrogatepass")
