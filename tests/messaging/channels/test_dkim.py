"""Signatures that dkimpy, an independent verifier, accepts, and that break when a mail is changed."""

import base64
import random
from collections.abc import Callable, Iterator
from hashlib import sha256
from types import ModuleType

import dkim
import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat

from regulars.messaging.channels.mails.dkim import Signer, UnusableKey, relaxed_body
from regulars.messaging.channels.mails.mime import assemble
from regulars.messaging.channels.smtp.channel import SmtpChannel
from regulars.messaging.channels.smtp.settings import Security, SmtpSettings
from tests.messaging.channels.cast import delivered, letter, letters
from tests.messaging.channels.sink import Sink

Dns = Callable[..., bytes]

WORDS = ["Grüße", "parcel", "\t", "  ", "\n", "\n\n", "=", "Καλημέρα", ".", "x" * 500, "\r\n", "€", " \n", "From "]


def pem(private: rsa.RSAPrivateKey | ed25519.Ed25519PrivateKey | ec.EllipticCurvePrivateKey) -> bytes:
    return private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


@pytest.fixture(scope="module")
def by_rsa() -> tuple[Signer, Dns]:
    private = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    public = base64.b64encode(private.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo))
    return Signer("store.example", "spring", pem(private)), lambda name, timeout=5: b"v=DKIM1; k=rsa; p=" + public


@pytest.fixture
def by_ed25519(monkeypatch: pytest.MonkeyPatch) -> tuple[Signer, Dns]:
    """A signer by Ed25519; dkimpy asks PyNaCl for the bare check of a signature, which cryptography does here."""
    private = ed25519.Ed25519PrivateKey.generate()
    public = base64.b64encode(private.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw))
    nacl = ModuleType("nacl")
    nacl.signing, nacl.encoding, nacl.exceptions = (
        ModuleType("signing"),
        ModuleType("encoding"),
        ModuleType("exceptions"),
    )  # type: ignore[attr-defined]
    nacl.signing.VerifyKey = VerifyKey  # type: ignore[attr-defined]
    nacl.encoding.Base64Encoder = None  # type: ignore[attr-defined]
    nacl.exceptions.BadSignatureError, nacl.exceptions.ValueError = InvalidSignature, ValueError  # type: ignore[attr-defined]
    monkeypatch.setattr(dkim, "nacl", nacl, raising=False)
    return Signer("store.example", "spring", pem(private)), lambda name, timeout=5: b"v=DKIM1; k=ed25519; p=" + public


class VerifyKey:
    """PyNaCl's key, as far as dkimpy uses it."""

    def __init__(self, public: bytes, encoder: object) -> None:
        self._key = ed25519.Ed25519PublicKey.from_public_bytes(base64.b64decode(public))

    def verify(self, data: bytes, signature: bytes) -> bytes:
        self._key.verify(signature, data)
        return data


def mails(n: int) -> Iterator[bytes]:
    """Yield mails of all kinds, the same ones each time."""
    chance = random.Random(7)

    def text() -> str:
        return " ".join(chance.choice(WORDS) for _ in range(chance.randint(1, 60))) + chance.choice(
            ["", "\n", " \n\n\n"]
        )

    for number in range(1, n + 1):
        changes = {"subject": text(), "to_name": text(), "text": text(), "html": chance.choice(["", text()])}
        yield assemble(letter(number, **changes, reply_to=chance.choice(["", "shop@store.example"]))).content


@pytest.mark.slow
def test_a_thousand_of_a_thousand_mails_verify(by_rsa: tuple[Signer, Dns]) -> None:
    signer, dns = by_rsa
    assert sum(dkim.verify(signer.sign(mail), dnsfunc=dns) for mail in mails(1000)) == 1000


def test_a_hundred_of_a_hundred_mails_verify_by_ed25519(by_ed25519: tuple[Signer, Dns]) -> None:
    signer, dns = by_ed25519
    assert sum(dkim.verify(signer.sign(mail), dnsfunc=dns) for mail in mails(100)) == 100


@pytest.mark.parametrize("how", ["by_rsa", "by_ed25519"])
@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b"your parcel", b"the parcel"),
        (b"Subject: Letter 1\r\n", b"Subject: Letter 2\r\n"),
        (b"Subject:", b"Subject: added\r\nSubject:"),
        (b"From:", b"From: evil@shop.example\r\nFrom:"),
        (b"/u/1>", b"/u/2>"),
        (b"One-Click", b"No-Click"),
        (b"To:", b"To: x@shop.example, "),
    ],
)
def test_a_change_breaks_the_signature(how: str, old: bytes, new: bytes, request: pytest.FixtureRequest) -> None:
    signer, dns = request.getfixturevalue(how)
    signed = signer.sign(assemble(letter()).content)
    assert dkim.verify(signed, dnsfunc=dns)
    assert not dkim.verify(signed.replace(old, new, 1), dnsfunc=dns)


def test_the_signature_covers_what_it_has_to(by_rsa: tuple[Signer, Dns]) -> None:
    head = by_rsa[0].sign(assemble(letter(reply_to="shop@store.example")).content).partition(b"\r\nDate:")[0]
    listed = b"".join(head.split()).partition(b"h=from")[2].partition(b";")[0].split(b":")
    assert set(listed[1:]) == {
        b"from", b"to", b"subject", b"date", b"message-id", b"reply-to", b"list-unsubscribe", b"list-unsubscribe-post",
        b"mime-version", b"content-type",
    }  # fmt: skip
    assert listed.count(b"subject") == 2
    assert max(map(len, head.split(b"\r\n"))) <= 78


def test_the_body_of_rfc_6376_has_its_published_digest() -> None:
    body = b"Hi.\r\n\r\nWe lost the game.  Are you hungry yet?\r\n\r\nJoe.\r\n"
    digest = base64.b64encode(sha256(relaxed_body(body)).digest())
    assert digest == b"2jUSOH9NhtVGCQWNr9BrIAPreKQjO6Sn7XIkfJVOzv8="


def test_what_the_server_receives_verifies(by_rsa: tuple[Signer, Dns]) -> None:
    signer, dns = by_rsa
    with Sink() as sink:
        settings = SmtpSettings(
            host="127.0.0.1", port=sink.port, security=Security.NONE, bounces_to="b+{key}@store.example"
        )
        delivered(SmtpChannel(settings, signer=signer), letters(20))
    assert [dkim.verify(dot.content, dnsfunc=dns) for dot in sink.dots] == [True] * 20


@pytest.mark.parametrize(
    ("selector", "made"),
    [
        ("spring; x=1", pem(ed25519.Ed25519PrivateKey.generate())),
        ("spring", b"no key"),
        ("spring", pem(ec.generate_private_key(ec.SECP256R1()))),
    ],
    ids=["selector", "no key", "other kind"],
)
def test_a_key_that_cannot_sign_is_refused_with_a_sentence(selector: str, made: bytes) -> None:
    with pytest.raises(UnusableKey, match=r"DKIM .*\.$"):
        Signer("store.example", selector, made)
