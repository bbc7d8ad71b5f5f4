"""Amazon SNS's proof: a signature over the message's fields, by a certificate of Amazon's that the message names."""

import re
from collections.abc import Callable, Mapping, Sequence
from urllib.parse import urlsplit

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.hashes import SHA1, SHA256
from cryptography.x509 import Certificate, load_pem_x509_certificate

from regulars.messaging.returns import bodies
from regulars.messaging.returns.returned import BadSignature, CannotRead, RawRequest
from regulars.messaging.returns.signatures import decoded, fits, require

# Fetches the certificate at an address of Amazon's, as PEM; it may keep what it fetched. May raise OSError or ValueError.
FetchCertificate = Callable[[str], bytes]

HOST = re.compile(r"sns\.[a-z0-9-]{3,40}\.amazonaws\.com(\.cn)?")
NOTIFICATION = ("Message", "MessageId", "Subject", "Timestamp", "TopicArn", "Type")
SUBSCRIPTION = ("Message", "MessageId", "SubscribeURL", "Timestamp", "Token", "TopicArn", "Type")
SIGNED = {
    "Notification": NOTIFICATION,
    "SubscriptionConfirmation": SUBSCRIPTION,
    "UnsubscribeConfirmation": SUBSCRIPTION,
}
HASHES = {"1": SHA1, "2": SHA256}  # SNS signs with SHA-1 unless the topic asks for more


def verify_with(fetch: FetchCertificate) -> Callable[[RawRequest, Sequence[str]], None]:
    """Return a check of SNS's signature. A secret is the ARN of a topic of ours: anybody can have Amazon sign their own topic."""

    def verify(request: RawRequest, topics: Sequence[str]) -> None:
        try:
            message = bodies.one(request)
        except CannotRead as problem:
            raise BadSignature(f"this request shows no signature: {problem}") from None
        topic = message.get("TopicArn")
        if not (isinstance(topic, str) and fits(lambda one: one, topic, topics)):
            raise BadSignature("this topic of Amazon SNS is none of ours; add its ARN where it is")
        require(_is_signed(message, fetch, request))

    return verify


def is_amazons(url: str) -> bool:
    """Say whether an address is one of Amazon SNS itself.

    >>> is_amazons("https://sns.eu-west-1.amazonaws.com/cert.pem"), is_amazons("https://sns.eu-west-1.amazonaws.com.evil.example/")
    (True, False)
    """
    try:
        parts = urlsplit(url)
        return parts.scheme == "https" and bool(HOST.fullmatch(parts.netloc))
    except ValueError:
        return False


def signed_text(message: Mapping[str, object]) -> bytes | None:
    """Return what SNS signs of a message: names and values in order, a line each; None where a value is no text."""
    fields = [name for name in SIGNED.get(str(message.get("Type")), ()) if name in message]
    values = [message[name] for name in fields]
    if not values or not all(isinstance(value, str) for value in values):
        return None
    pairs = zip(fields, values, strict=True)
    return "".join(f"{name}\n{value}\n" for name, value in pairs).encode("utf-8", "surrogatepass")


def _is_signed(message: Mapping[str, object], fetch: FetchCertificate, request: RawRequest) -> bool:
    text, url = signed_text(message), str(message.get("SigningCertURL"))
    signature = decoded(str(message.get("Signature")))
    algorithm = HASHES.get(str(message.get("SignatureVersion")))
    if text is None or signature is None or algorithm is None or not is_amazons(url):
        return False
    try:
        certificate = load_pem_x509_certificate(fetch(url))
        key = certificate.public_key()
        if not isinstance(key, RSAPublicKey) or not _is_valid(certificate, request):
            return False
        key.verify(signature, text, PKCS1v15(), algorithm())
    except (InvalidSignature, UnsupportedAlgorithm, ValueError, OSError):
        return False
    return True


def _is_valid(certificate: Certificate, request: RawRequest) -> bool:
    return certificate.not_valid_before_utc <= request.received_at <= certificate.not_valid_after_utc
