"""Letters to the cast, and a channel to a sink."""

import ssl
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

from regulars.messaging.channels.smtp.channel import SmtpChannel
from regulars.messaging.channels.smtp.settings import Security, SmtpSettings
from regulars.messaging.letters import Letter, Outcome
from tests.messaging.channels.sink import Sink

NOON = datetime(2024, 6, 1, 12, tzinfo=UTC)
BOUNCES = "b+{key}@bounces.example"


def key(number: int) -> str:
    return f"{number:032x}"


def letter(number: int = 1, **changes: Any) -> Letter:
    """Return a letter to customer `number`; changes are fields of it."""
    fields: dict[str, Any] = {
        "key": key(number),
        "channel": "email",
        "is_marketing": True,
        "to": f"customer{number}@shop.example",
        "to_name": "Ann Lee",
        "sender": "hello@store.example",
        "sender_name": "The Store",
        "subject": f"Letter {number}",
        "text": "Hello Ann\n\nyour parcel is on its way.\n",
        "html": "<p>Hello Ann</p>\n<p>your parcel is on its way.</p>\n",
        "headers": {
            "List-Unsubscribe": f"<https://store.example/u/{number}>",
            "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        },
        "created_at": NOON,
    }
    return Letter(**fields | changes)


def letters(n: int) -> list[Letter]:
    return [letter(number) for number in range(1, n + 1)]


def channel(sink: Sink, context: ssl.SSLContext | None = None, **changes: Any) -> SmtpChannel:
    """Return a channel to the sink; changes are settings."""
    fields: dict[str, Any] = {
        "host": "127.0.0.1",
        "port": sink.port,
        "security": Security.NONE,
        "bounces_to": BOUNCES,
        "connect_timeout": 20,
        "reply_timeout": 20,
        "dot_timeout": 20,
    }
    return SmtpChannel(SmtpSettings(**fields | changes), context=context)


@dataclass
class Gate:
    """Answers the question before the dot, and notes what was asked and how many letters were under way."""

    refuses: frozenset[str] = frozenset()
    asked: list[tuple[str, ...]] = field(default_factory=list)
    under_way: set[str] = field(default_factory=set)
    most_under_way: int = 0

    def __call__(self, keys: Sequence[str]) -> frozenset[str]:
        allowed = frozenset(keys) - self.refuses
        self.asked.append(tuple(keys))
        self.under_way |= allowed
        self.most_under_way = max(self.most_under_way, len(self.under_way))
        return allowed


def delivered(one: SmtpChannel, many: Sequence[Letter], gate: Gate | None = None) -> Mapping[str, Outcome]:
    """Deliver and return each letter's outcome; a second one for the same letter fails."""
    gate = gate or Gate()
    outcomes: dict[str, Outcome] = {}
    for of, outcome in one.deliver(many, gate):
        assert of not in outcomes
        outcomes[of] = outcome
        gate.under_way.discard(of)
    return outcomes


def self_signed(folder: Path, name: str = "127.0.0.1") -> tuple[ssl.SSLContext, ssl.SSLContext]:
    """Make a certificate for a server; return the server's context and one that trusts it."""
    private = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    is_number = name[0].isdigit()
    alternative = x509.IPAddress(ip_address(name)) if is_number else x509.DNSName(name)
    today = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(private.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(today - timedelta(days=1))
        .not_valid_after(today + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([alternative]), critical=False)
        .sign(private, SHA256())
    )
    file = folder / "server.pem"
    plain = private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    file.write_bytes(plain + certificate.public_bytes(Encoding.PEM))
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.load_cert_chain(file)
    return server, ssl.create_default_context(cadata=certificate.public_bytes(Encoding.PEM).decode())
