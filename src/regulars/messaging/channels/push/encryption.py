"""Web Push's cryptography: a message only the browser can read (RFC 8291) and the proof of who sends it (RFC 8292)."""

import base64
import binascii
import json
import struct
from dataclasses import dataclass
from datetime import datetime, timedelta

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, utils
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

# A push service takes 4096 bytes at least (RFC 8030 §7.2): 86 of header, 16 of seal, 1 that ends the text.
RECORD = 4096
LONGEST = RECORD - 86 - 16 - 1
# RFC 8292 §2 allows a day; less, so that clocks may differ.
PROOF_LASTS = timedelta(hours=12)


@dataclass(frozen=True)
class Subscription:
    """What a browser gives when somebody allows notifications: where to send, its public key, its secret."""

    endpoint: str
    key: bytes
    secret: bytes


def subscription(text: str) -> Subscription:
    """Read the JSON of a browser's PushSubscription; ValueError when it is none."""
    try:
        found = json.loads(text)
        key, secret = unpacked(found["keys"]["p256dh"]), unpacked(found["keys"]["auth"])
        endpoint = found["endpoint"]
        ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), key)
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError):
        raise ValueError("this is no browser's subscription") from None
    if not isinstance(endpoint, str) or len(secret) != 16 or len(key) != 65:
        raise ValueError("this is no browser's subscription")
    return Subscription(endpoint, key, secret)


def encrypted(plain: bytes, to: Subscription, own: ec.EllipticCurvePrivateKey, salt: bytes) -> bytes:
    """Return the body for a push service. own is a key made for this message alone, salt 16 random bytes."""
    theirs = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), to.key)
    shared = own.exchange(ec.ECDH(), theirs)
    point = public(own)
    both = _derived(to.secret, shared, b"WebPush: info\0" + to.key + point, 32)
    key = _derived(salt, both, b"Content-Encoding: aes128gcm\0", 16)
    nonce = _derived(salt, both, b"Content-Encoding: nonce\0", 12)
    # One record, the last one: 0x02 ends its text (RFC 8188 §2).
    sealed = AESGCM(key).encrypt(nonce, plain + b"\x02", None)
    return salt + struct.pack(">IB", RECORD, len(point)) + point + sealed


def proof(origin: str, contact: str, own: ec.EllipticCurvePrivateKey, now: datetime) -> str:
    """Return the Authorization header for a push service's origin; contact is a mailto: or https: address of the shop."""
    claims = {"aud": origin, "exp": int((now + PROOF_LASTS).timestamp()), "sub": contact}
    signed = f"{packed(_json({'typ': 'JWT', 'alg': 'ES256'}))}.{packed(_json(claims))}"
    r, s = utils.decode_dss_signature(own.sign(signed.encode(), ec.ECDSA(hashes.SHA256())))
    signature = r.to_bytes(32) + s.to_bytes(32)
    return f"vapid t={signed}.{packed(signature)}, k={packed(public(own))}"


def public(own: ec.EllipticCurvePrivateKey) -> bytes:
    """Return the public half of a key as 65 bytes."""
    return own.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)


def private(text: str) -> ec.EllipticCurvePrivateKey:
    """Read a private key of 32 bytes in base64url, as every VAPID tool writes it; ValueError when it is none."""
    number = unpacked(text)
    if len(number) != 32:
        raise ValueError("a key has 32 bytes")
    return ec.derive_private_key(int.from_bytes(number), ec.SECP256R1())


def packed(data: bytes) -> str:
    """Write bytes in base64url without padding.

    >>> packed(b"\\xff\\xfe"), unpacked("__4")
    ('__4', b'\\xff\\xfe')
    """
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def unpacked(text: str) -> bytes:
    """Read base64url with or without padding; ValueError when it is none."""
    try:
        return base64.b64decode(text.rstrip("=") + "=" * (-len(text.rstrip("=")) % 4), altchars=b"-_", validate=True)
    except binascii.Error:
        raise ValueError("this is not base64url") from None


def _derived(salt: bytes, secret: bytes, info: bytes, length: int) -> bytes:
    return HKDF(algorithm=hashes.SHA256(), length=length, salt=salt, info=info).derive(secret)


def _json(value: object) -> bytes:
    return json.dumps(value, separators=(",", ":")).encode()
