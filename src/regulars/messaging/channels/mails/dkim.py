"""DKIM signatures (RFC 6376, 8463): rsa-sha256 and ed25519-sha256, relaxed for headers and body."""

import re
from base64 import b64encode
from hashlib import sha256

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import ed25519, padding, rsa
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from regulars.messaging.channels.mails.addresses import ascii_domain

SIGNED = (
    b"from",
    b"to",
    b"subject",
    b"date",
    b"message-id",
    b"reply-to",
    b"list-unsubscribe",
    b"list-unsubscribe-post",
    b"mime-version",
    b"content-type",
)
# Named once more than they are there, so that nobody can add a second one in front of the first.
OVERSIGNED = (b"from", b"subject")

_FIELD = re.compile(rb"([!-9;-~]+)[ \t]*:((?:[^\r\n]|\r\n[ \t])*)\r\n")
_BLANKS = re.compile(rb"[ \t]{2,}|\t")
_SELECTOR = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?")


class UnusableKey(ValueError):
    """A key or its name that cannot sign; the message says what to do."""


class Signer:
    """Signs mails for a domain with one private key, given as PEM; the public one stands in DNS under the selector."""

    def __init__(self, domain: str, selector: str, pem: bytes) -> None:
        if not _SELECTOR.fullmatch(selector):
            raise UnusableKey("A DKIM selector has letters, digits, dots and hyphens only.")
        self._key = _key(pem)
        algorithm = "rsa" if isinstance(self._key, rsa.RSAPrivateKey) else "ed25519"
        self._opening = f"v=1; a={algorithm}-sha256; c=relaxed/relaxed; d={ascii_domain(domain)};\r\n s={selector}; "

    def sign(self, content: bytes) -> bytes:
        """Return the mail with its signature in front of it."""
        head, _, body = content.partition(b"\r\n\r\n")
        fields = {name.lower(): value for name, value in _FIELD.findall(head + b"\r\n")}
        names = [name for name in SIGNED if name in fields]
        digest = b64encode(sha256(relaxed_body(body)).digest()).decode()
        listed = b":\r\n\t".join((*names, *OVERSIGNED)).decode()
        unsigned = f"{self._opening}bh={digest};\r\n h={listed};\r\n b="
        lines = [relaxed_field(name, fields[name]) + b"\r\n" for name in names]
        signature = self._signature(b"".join(lines) + relaxed_field(b"dkim-signature", unsigned.encode()))
        folded = "\r\n\t".join(signature[start : start + 70] for start in range(0, len(signature), 70))
        return f"DKIM-Signature: {unsigned}{folded}\r\n".encode() + content

    def _signature(self, data: bytes) -> str:
        if isinstance(self._key, rsa.RSAPrivateKey):
            made = self._key.sign(data, padding.PKCS1v15(), SHA256())
        else:
            made = self._key.sign(sha256(data).digest())  # RFC 8463: the digest is what is signed
        return b64encode(made).decode()


def relaxed_field(name: bytes, value: bytes) -> bytes:
    """Return a header field as it is signed (RFC 6376, 3.4.2), without the end of its line.

    >>> relaxed_field(b"Subject", b"  Hello\\r\\n \\t Ann ")
    b'subject:Hello Ann'
    """
    return name.lower() + b":" + re.sub(rb"[ \t]+", b" ", value.replace(b"\r\n", b"")).strip(b" ")


def relaxed_body(body: bytes) -> bytes:
    """Return a body as it is signed (RFC 6376, 3.4.4).

    >>> relaxed_body(b"Hello  \\t Ann \\r\\n\\r\\n\\r\\n")
    b'Hello Ann\\r\\n'
    """
    body = _BLANKS.sub(b" ", body).replace(b" \r\n", b"\r\n").removesuffix(b" ").rstrip(b"\r\n")
    return body + b"\r\n" if body else b""


def _key(pem: bytes) -> rsa.RSAPrivateKey | ed25519.Ed25519PrivateKey:
    try:
        key = load_pem_private_key(pem, password=None)
    except (ValueError, TypeError, UnsupportedAlgorithm):
        raise UnusableKey("The DKIM key cannot be read; it must be a private key as PEM without a password.") from None
    if isinstance(key, ed25519.Ed25519PrivateKey):
        return key
    if isinstance(key, rsa.RSAPrivateKey) and key.key_size >= 1024:  # RFC 8301 forbids shorter ones
        return key
    raise UnusableKey("The DKIM key must be an RSA key of at least 1,024 bits or an Ed25519 key.")
