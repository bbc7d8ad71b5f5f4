"""Proofs that a request comes from the provider: every one over the raw body where the provider's scheme allows it.

Any of the accepted secrets will do, so that one can be changed without losing what is on its way. Compared is what was written,
in constant time, and not what it decodes to: so each request has exactly one proof.
"""

import base64
import binascii
import hashlib
import hmac
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import load_der_public_key

from regulars.messaging.returns.returned import BadSignature, RawRequest

TOLERANCE = timedelta(minutes=5)
WRONG = "this request is not signed with a secret that is known here"


def raw_bytes(text: str) -> bytes:
    """Return a text's bytes, also of one that holds half a surrogate pair: it fits nothing and breaks nothing."""
    return text.encode("utf-8", "surrogatepass")


def fits(made: Callable[[str], str | None], given: str, secrets: Sequence[str]) -> bool:
    """Say whether one of the secrets makes the proof that was given; an empty secret makes none."""
    proofs = [made(secret) for secret in secrets if secret]
    return any(hmac.compare_digest(raw_bytes(proof), raw_bytes(given)) for proof in proofs if proof)


def require(is_proven: bool) -> None:
    """Raise BadSignature unless it is proven."""
    if not is_proven:
        raise BadSignature(WRONG)


def require_fresh(told: str, now: datetime, most: timedelta = TOLERANCE) -> None:
    """Raise BadSignature when a timestamp in Unix seconds is too far from now, or none."""
    if (
        not (told.isascii() and told.isdigit() and len(told) <= 12)
        or abs(now.timestamp() - int(told)) > most.total_seconds()
    ):
        raise BadSignature(
            "this request was signed too long ago, or the clock is wrong; compare the time on both sides"
        )


def hex_sha256(body: bytes) -> Callable[[str], str]:
    """Return what makes a lower-case hexadecimal HMAC-SHA256 of a body with a secret."""
    return lambda secret: hmac.new(raw_bytes(secret), body, hashlib.sha256).hexdigest()


def basic(request: RawRequest, secrets: Sequence[str]) -> None:
    """Check HTTP Basic authentication; a secret is "user:password". For providers that sign nothing."""
    require(fits(_as_basic, request.header("Authorization"), secrets))


def basic_or_bearer(request: RawRequest, secrets: Sequence[str]) -> None:
    """Check HTTP Basic authentication ("user:password") or a bearer token (a secret without a colon)."""
    require(
        fits(lambda one: _as_basic(one) if ":" in one else f"Bearer {one}", request.header("Authorization"), secrets)
    )


def standard_webhook(request: RawRequest, secrets: Sequence[str], prefix: str = "webhook") -> None:
    """Check a signature of the Standard Webhooks scheme (its headers begin with prefix; Svix says "svix").

    The header may hold several signatures with blanks between them; those of other versions are passed over.
    """
    number, stamp = request.header(f"{prefix}-id"), request.header(f"{prefix}-timestamp")
    require(bool(number) and bool(stamp))
    require_fresh(stamp, request.received_at)
    signed = raw_bytes(f"{number}.{stamp}.") + request.body
    given = [one for one in request.header(f"{prefix}-signature").split(" ") if one.startswith("v1,")][:10]
    require(any(fits(lambda secret: _standard(secret, signed), one, secrets) for one in given))


def ecdsa(signed: bytes, given: str, keys: Sequence[str]) -> None:
    """Check an ECDSA-SHA256 signature in base64; a key is a public one, DER in base64 as SendGrid shows it."""
    require(any(_is_signed(signed, given, key) for key in keys if key))


def decoded(text: str) -> bytes | None:
    """Return what a base64 text stands for, None unless it is written as base64 is (padding may be left off)."""
    bare = text.rstrip("=")
    try:
        found = base64.b64decode(bare + "=" * (-len(bare) % 4), validate=True)
    except (binascii.Error, ValueError):
        return None
    return found if base64.b64encode(found).decode("ascii").rstrip("=") == bare else None


def _as_basic(secret: str) -> str | None:
    return f"Basic {base64.b64encode(raw_bytes(secret)).decode('ascii')}" if ":" in secret else None


def _standard(secret: str, signed: bytes) -> str | None:
    key = decoded(secret.removeprefix("whsec_"))
    if not key:
        return None
    return f"v1,{base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode('ascii')}"


def _is_signed(signed: bytes, given: str, key: str) -> bool:
    signature, der = decoded(given), decoded(key)
    if signature is None or der is None:
        return False
    try:
        public = load_der_public_key(der)
        if not isinstance(public, ec.EllipticCurvePublicKey):
            return False
        public.verify(signature, signed, ec.ECDSA(SHA256()))
    except (InvalidSignature, UnsupportedAlgorithm, ValueError, TypeError):
        return False
    return True
