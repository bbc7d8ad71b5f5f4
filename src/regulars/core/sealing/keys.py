"""The home's keys, and from each a key of its own for every purpose."""

from functools import lru_cache

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF


def keys() -> tuple[str, ...]:
    """Return the home's keys, the one in use first."""
    from django.conf import settings

    former: list[str] = settings.SECRET_KEY_FALLBACKS
    return (settings.SECRET_KEY, *former)


def key_id(key: str) -> str:
    """Return eight hex digits that name a key and tell nothing about it.

    >>> key_id("first key"), key_id("second key")
    ('e159702c', 'e82805f5')
    """
    return derived(key, "id", "").hex()[:8]


@lru_cache(maxsize=1024)
def derived(key: str, verb: str, purpose: str) -> bytes:
    """Return 32 bytes that serve one verb (seal, sign, …) for one purpose, and tell nothing about the key."""
    info = f"regulars {verb} {purpose}".encode()
    return HKDF(algorithm=SHA256(), length=32, salt=None, info=info).derive(as_bytes(key))


def as_bytes(text: str) -> bytes:
    """Return a text's bytes, also of one from outside that holds half a surrogate pair: it fits nothing and breaks nothing."""
    return text.encode("utf-8", "surrogatepass")
