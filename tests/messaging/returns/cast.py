"""Requests as providers send them, with their proofs: written here from the providers' documentation, with made-up people."""

import base64
import functools
import hashlib
import hmac
import json
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qsl, urlencode

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from cryptography.x509.oid import NameOID

from regulars.messaging.returns import Door, RawRequest, doors
from regulars.messaging.returns.providers.sns import signed_text

NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
STAMP = str(int(NOW.timestamp()))
KEY = "0123456789abcdef0123456789abcdef"
URL = f"https://shop.example/in/provider?message={KEY}"
ADDRESS = "ann@example.com"
TOPIC = "arn:aws:sns:eu-west-1:123456789012:mail"
CERTIFICATE = "https://sns.eu-west-1.amazonaws.com/SimpleNotificationService-1.pem"
# One secret of each provider's sort; what stands for SendGrid and Amazon is made below.
SECRETS = {
    "amazon_ses": TOPIC,
    "brevo": "shop:a long password",
    "gateway": "whsec_" + base64.b64encode(b"twenty-four secret bytes").decode(),
    "mailgun": "mailgun-signing-key",
    "mailjet": "shop:a long password",
    "postmark": "shop:a long password",
    "resend": "whsec_" + base64.b64encode(b"four-and-twenty of bytes").decode(),
    "sparkpost": "shop:a long password",
    "twilio": "twilio-auth-token",
    "whatsapp": "whatsapp-app-secret",
}


@functools.cache
def sendgrid_key() -> ec.EllipticCurvePrivateKey:
    return ec.derive_private_key(20_260_301, ec.SECP256R1())


@functools.cache
def amazon_key() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(65_537, 2_048)


@functools.cache
def amazon_certificate() -> bytes:
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "sns.amazonaws.com")])
    made = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(amazon_key().public_key())
    made = made.serial_number(1).not_valid_before(NOW - timedelta(days=9)).not_valid_after(NOW + timedelta(days=9))
    return made.sign(amazon_key(), SHA256()).public_bytes(Encoding.PEM)


def fetch(url: str) -> bytes:
    """Stand in for Amazon: one certificate at one address."""
    if url != CERTIFICATE:
        raise OSError("there is no such address")
    return amazon_certificate()


DOORS = doors(fetch)


def door(provider: str) -> Door:
    return DOORS[provider]


def secret_of(provider: str) -> str:
    if provider == "sendgrid":
        public = sendgrid_key().public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
        return base64.b64encode(public).decode()
    return SECRETS[provider]


def request(body: bytes, headers: Mapping[str, str] | None = None, url: str = URL) -> RawRequest:
    return RawRequest(url=url, headers=dict(headers or {}), body=body, received_at=NOW)


def as_json(body: Any, **headers: str) -> RawRequest:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return request(json.dumps(body).encode(), {"Content-Type": "application/json", **named})


def as_form(fields: Mapping[str, str], url: str = URL) -> RawRequest:
    return request(urlencode(fields).encode(), {"Content-Type": "application/x-www-form-urlencoded"}, url)


def sns(event: object, **more: str) -> dict[str, str]:
    """Wrap an event of SES as Amazon SNS does, signed."""
    message = {
        "Type": "Notification",
        "MessageId": "22b80b92-fdea-4c2c-8f9d-bdfb0c7bf324",
        "TopicArn": TOPIC,
        "Message": event if isinstance(event, str) else json.dumps(event),
        "Timestamp": "2026-03-01T11:59:00.000Z",
        "SignatureVersion": "2",
        "SigningCertURL": CERTIFICATE,
        **more,
    }
    signed = amazon_key().sign(signed_text(message) or b"", PKCS1v15(), SHA256())
    return {**message, "Signature": base64.b64encode(signed).decode()}


def mailgun(data: Mapping[str, Any]) -> dict[str, Any]:
    """Wrap an event's data as Mailgun does, signed."""
    token = "c0ffee" * 8
    made = hmac.new(SECRETS["mailgun"].encode(), f"{STAMP}{token}".encode(), hashlib.sha256).hexdigest()
    return {"signature": {"timestamp": STAMP, "token": token, "signature": made}, "event-data": dict(data)}


def proven(provider: str, asked: RawRequest) -> RawRequest:
    """Return a request with the header by which its provider proves it; Mailgun and Amazon prove theirs in the body."""
    return RawRequest(
        method=asked.method,
        url=asked.url,
        headers={**asked.headers, **_proof(provider, asked)},
        body=asked.body,
        received_at=asked.received_at,
    )


def _proof(provider: str, asked: RawRequest) -> dict[str, str]:
    secret = secret_of(provider)
    if provider in ("brevo", "mailjet", "postmark", "sparkpost"):
        return {"Authorization": "Basic " + base64.b64encode(secret.encode()).decode()}
    if provider == "twilio":
        return {"X-Twilio-Signature": twilio_signature(asked, secret)}
    if provider == "whatsapp":
        return {"X-Hub-Signature-256": "sha256=" + hmac.new(secret.encode(), asked.body, hashlib.sha256).hexdigest()}
    if provider == "sendgrid":
        made = sendgrid_key().sign(STAMP.encode() + asked.body, ec.ECDSA(SHA256()))
        names = "X-Twilio-Email-Event-Webhook"
        return {f"{names}-Timestamp": STAMP, f"{names}-Signature": base64.b64encode(made).decode()}
    if provider in ("gateway", "resend"):
        prefix = "svix" if provider == "resend" else "webhook"
        return {f"{prefix}-id": "msg_1", f"{prefix}-timestamp": STAMP, f"{prefix}-signature": standard(asked, secret)}
    return {}


def standard(asked: RawRequest, secret: str, stamp: str = STAMP) -> str:
    key = base64.b64decode(secret.removeprefix("whsec_"))
    made = hmac.new(key, f"msg_1.{stamp}.".encode() + asked.body, hashlib.sha256).digest()
    return "v1," + base64.b64encode(made).decode()


def twilio_signature(asked: RawRequest, secret: str) -> str:
    fields = sorted(parse_qsl(asked.body.decode(), keep_blank_values=True))
    signed = asked.url + "".join(name + value for name, value in fields)
    return base64.b64encode(hmac.new(secret.encode(), signed.encode(), hashlib.sha1).digest()).decode()
