"""Secrets at rest and links that cannot be guessed: sealing, signing and fingerprints, all from the home's one key.

Each purpose has a key of its own, derived by HKDF (RFC 5869) from the home's key, so that what was made for one purpose
is worth nothing for another. The first key makes; every key of the list opens, so a key can be changed without loss.
"""

from regulars.core.sealing.keys import key_id, keys
from regulars.core.sealing.links import (
    BadSignature,
    Signer,
    fingerprint,
    fingerprints,
    fingerprints_with,
    sign,
    sign_with,
    unsign,
    unsign_with,
    url_safe,
)
from regulars.core.sealing.seals import BadSeal, seal, seal_with, unseal, unseal_with

__all__ = [
    "BadSeal",
    "BadSignature",
    "Signer",
    "fingerprint",
    "fingerprints",
    "fingerprints_with",
    "key_id",
    "keys",
    "seal",
    "seal_with",
    "sign",
    "sign_with",
    "unseal",
    "unseal_with",
    "unsign",
    "unsign_with",
    "url_safe",
]
