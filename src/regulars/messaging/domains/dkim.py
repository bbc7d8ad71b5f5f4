"""DKIM keys (RFC 6376, RFC 8301, RFC 8463): whether the public key in the DNS is one that receivers take."""

import base64
import binascii

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import load_der_public_key

from regulars.messaging.domains.tags import tags_of
from regulars.messaging.domains.verdicts import Verdict, fine, note, wrong

LEAST, GOOD = 1024, 2048  # bits of an RSA key: below the first receivers ignore it, from the second on it is strong


def judge_dkim(place: str, record: str | None) -> list[Verdict]:
    """Judge the record at a selector's place, None where there is none.

    >>> judge_dkim("s1._domainkey.shop.example", "v=DKIM1; p=")[0].sentence
    'The DKIM key at s1._domainkey.shop.example is revoked (its p is empty); publish the public key that your sender gives you, or sign with another selector.'
    """
    if record is None:
        return [
            wrong("DKIM", f"There is no DKIM key at {place}; publish the TXT record that your sender gives you there.")
        ]
    tags = tags_of(record)
    if tags.get("v", "DKIM1") != "DKIM1" or "p" not in tags:
        return [wrong("DKIM", f"What stands at {place} is no DKIM key; it must look like “v=DKIM1; k=rsa; p=…”.")]
    if not tags["p"]:
        return [wrong("DKIM", f"The DKIM key at {place} is revoked (its p is empty); publish the public key that your sender gives you, or sign with another selector.")]  # fmt: skip
    said = _key(place, tags)
    if "y" in tags.get("t", "").split(":"):
        said.append(
            note("DKIM", f"The DKIM key at {place} is marked as a trial (t=y), so receivers may ignore it; remove t=y.")
        )
    if (hashes := tags.get("h")) and "sha256" not in hashes.split(":"):
        said.append(wrong("DKIM", f"The DKIM key at {place} allows {hashes} only; remove the h tag or write h=sha256."))
    return said


def _key(place: str, tags: dict[str, str]) -> list[Verdict]:
    try:
        raw = base64.b64decode(tags["p"], validate=True)
    except (binascii.Error, ValueError):
        return [wrong("DKIM", f"The DKIM key at {place} is cut off or mistyped; copy the whole value of p again.")]
    if tags.get("k", "rsa") == "ed25519":
        if len(raw) != 32:
            return [wrong("DKIM", f"The DKIM key at {place} is no Ed25519 key; copy the whole value of p again.")]
        return [note("DKIM", f"The Ed25519 key at {place} is well, but many receivers do not read it yet; sign with an RSA key besides.")]  # fmt: skip
    try:
        key = load_der_public_key(raw)
    except (ValueError, UnsupportedAlgorithm):
        key = None
    if not isinstance(key, rsa.RSAPublicKey):
        return [wrong("DKIM", f"The DKIM key at {place} is cut off or mistyped; copy the whole value of p again.")]
    if key.key_size < LEAST:
        return [wrong("DKIM", f"The DKIM key at {place} has {key.key_size} bits, and receivers ignore keys below {LEAST}; make one of {GOOD}.")]  # fmt: skip
    if key.key_size < GOOD:
        return [note("DKIM", f"The DKIM key at {place} has {key.key_size} bits, which still counts; make one of {GOOD} when you change it.")]  # fmt: skip
    return [fine("DKIM", f"There is a DKIM key of {key.key_size} bits at {place}.")]
