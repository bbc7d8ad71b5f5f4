"""Proofs: each provider's own is taken, one changed bit is not, and a secret can be changed without losing anything."""

import ast
import base64
import inspect
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from random import Random

import pytest
from django.http import QueryDict
from standardwebhooks.webhooks import Webhook

from regulars.messaging.returns import BadSignature, RawRequest, signatures
from regulars.messaging.returns.phones import twilio
from tests.messaging.returns.cast import DOORS, NOW, STAMP, URL, as_form, door, proven, request, secret_of
from tests.messaging.returns.samples import SAMPLES

FLIPS = 2_000
FIRST = {sample.provider: sample.request for sample in reversed(SAMPLES)}
SIGNED = sorted(name for name, one in DOORS.items() if one.covers_body)
UNSIGNED = sorted(name for name, one in DOORS.items() if not one.covers_body)


def good(provider: str) -> RawRequest:
    return proven(provider, FIRST[provider])


def is_taken(provider: str, asked: RawRequest, *secrets: str) -> bool:
    try:
        door(provider).verify(asked, secrets)
    except BadSignature as problem:
        assert len(str(problem)) > 20
        return False
    return True


def flipped(raw: bytes, random: Random) -> bytes:
    changed = bytearray(raw)
    changed[random.randrange(len(changed))] ^= 1 << random.randrange(8)
    return bytes(changed)


def with_flip(asked: RawRequest, names: tuple[str, ...], random: Random) -> RawRequest:
    """Change one bit of one of the headers by which a request proves itself."""
    name = random.choice([one for one in asked.headers if one.lower().startswith(names)])
    value = flipped(asked.headers[name].encode("latin-1"), random).decode("latin-1")
    return replace(asked, headers={**asked.headers, name: value})


@pytest.mark.parametrize("provider", sorted(DOORS))
def test_a_request_with_its_providers_proof_is_taken(provider: str) -> None:
    assert is_taken(provider, good(provider), secret_of(provider))


@pytest.mark.parametrize("provider", sorted(DOORS))
def test_while_a_secret_is_changed_both_are_taken_and_no_third(provider: str) -> None:
    own, other = secret_of(provider), secret_of(provider)[:-4] + "AAA="
    assert is_taken(provider, good(provider), other, own)
    assert is_taken(provider, good(provider), own, other)
    assert not is_taken(provider, good(provider), other)


@pytest.mark.parametrize("provider", sorted(DOORS))
@pytest.mark.parametrize("secrets", [(), ("",), ("", "")], ids=["none", "empty", "two empty ones"])
def test_without_a_secret_nothing_is_taken(provider: str, secrets: tuple[str, ...]) -> None:
    assert not is_taken(provider, good(provider), *secrets)
    if provider != "amazon_ses":  # whose proof is Amazon's key; its topic is never empty
        assert not is_taken(provider, FIRST[provider], *secrets)


@pytest.mark.parametrize("provider", [name for name in sorted(DOORS) if name not in ("amazon_ses", "mailgun")])
def test_without_a_proof_nothing_is_taken(provider: str) -> None:
    assert not is_taken(provider, FIRST[provider], secret_of(provider))


def _says_the_same(provider: str, one: bytes, other: bytes) -> bool:
    """Say whether two bodies are the same to their provider: Twilio signs the fields, and %3a is written %3A as well.

    Amazon signs the fields of a JSON text; a blank, an escape or a field that nobody signs may change.
    """
    if provider == "twilio":
        return QueryDict(one, encoding="utf-8") == QueryDict(other, encoding="utf-8")
    return False


@pytest.mark.parametrize("provider", [name for name in SIGNED if name != "amazon_ses"])
def test_one_changed_bit_of_the_body_is_not_taken(provider: str) -> None:
    random, asked, n = Random(1), good(provider), 0
    for _ in range(FLIPS):
        body = flipped(asked.body, random)
        if not _says_the_same(provider, body, asked.body):
            assert not is_taken(provider, replace(asked, body=body), secret_of(provider))
            n += 1
    assert n > 0.95 * FLIPS


def test_one_changed_bit_of_what_amazon_signs_is_not_taken() -> None:
    random, asked = Random(2), good("amazon_ses")
    start, end = asked.body.index(b'"Message": "') + 12, asked.body.index(b'"Timestamp"') - 3
    for _ in range(200):
        spot = random.randrange(start, end)
        body = bytearray(asked.body)
        body[spot] ^= 1 << random.randrange(8)
        assert not is_taken("amazon_ses", replace(asked, body=bytes(body)), secret_of("amazon_ses"))


@pytest.mark.parametrize("provider", [name for name in sorted(DOORS) if name not in ("amazon_ses", "sendgrid")])
def test_one_changed_bit_of_the_secret_is_not_taken(provider: str) -> None:
    random, asked, secret = Random(3), good(provider), secret_of(provider)
    for _ in range(FLIPS):
        other = flipped(secret.encode(), random).decode("latin-1")
        assert not is_taken(provider, asked, other)


@pytest.mark.parametrize("provider", ["amazon_ses", "sendgrid"])
def test_one_changed_bit_of_a_key_that_is_public_is_not_taken(provider: str) -> None:
    random, asked, secret = Random(4), good(provider), secret_of(provider)
    for _ in range(300):
        assert not is_taken(provider, asked, flipped(secret.encode(), random).decode("latin-1"))


@pytest.mark.parametrize("provider", [name for name in sorted(DOORS) if name not in ("amazon_ses", "mailgun")])
def test_one_changed_bit_of_signature_timestamp_or_id_is_not_taken(provider: str) -> None:
    random, asked = Random(5), good(provider)
    names = ("authorization", "x-", "svix-", "webhook-")
    for _ in range(FLIPS):
        other = with_flip(asked, names, random)
        assert not is_taken(provider, other, secret_of(provider))


def test_one_changed_bit_of_mailguns_timestamp_token_or_signature_is_not_taken() -> None:
    random, asked = Random(6), good("mailgun")
    start, end = asked.body.index(b'"timestamp": "') + 14, asked.body.index(b'"}, "event-data"')
    between = (b'", "token": "', b'", "signature": "')
    outside = {n for part in between for n in range(asked.body.index(part), asked.body.index(part) + len(part))}
    for _ in range(FLIPS):
        spot = random.choice([n for n in range(start, end) if n not in outside])
        body = bytearray(asked.body)
        body[spot] ^= 1 << random.randrange(8)
        assert not is_taken("mailgun", replace(asked, body=bytes(body)), secret_of("mailgun"))


@pytest.mark.parametrize(("provider", "oldest"), [("gateway", 5), ("resend", 5), ("mailgun", 24 * 60)])
def test_what_was_signed_too_long_ago_is_not_taken(provider: str, oldest: int) -> None:
    for minutes, taken in ((oldest - 1, True), (oldest + 1, False), (1 - oldest, True), (-1 - oldest, False)):
        asked = replace(good(provider), received_at=NOW + timedelta(minutes=minutes))
        assert is_taken(provider, asked, secret_of(provider)) is taken


def test_what_the_reference_of_standard_webhooks_signs_is_taken() -> None:
    secret = secret_of("gateway")
    made = Webhook(secret).sign("msg_9", NOW, '{"type": "message.sent", "data": {}}')
    headers = {"Webhook-Id": "msg_9", "Webhook-Timestamp": STAMP, "Webhook-Signature": f"v1a,abc {made} v1,AAAA"}
    asked = request(b'{"type": "message.sent", "data": {}}', headers)
    assert is_taken("gateway", asked, secret)
    assert not is_taken("gateway", replace(asked, headers={**headers, "Webhook-Signature": "v1,AAAA v1a,abc"}), secret)


def test_twilios_signature_of_its_documentation_is_taken() -> None:
    """The example of Twilio's page on webhook security: its address, fields, token and signature."""
    url = "https://example.com/myapp.php?foo=1&bar=2"
    fields = {
        "CallSid": "CA1234567890ABCDE",
        "Caller": "+14158675310",
        "Digits": "1234",
        "From": "+14158675310",
        "To": "+18005551212",
    }
    asked = as_form(fields, url)
    signed = replace(asked, headers={**asked.headers, "X-Twilio-Signature": "L/OH5YylLD5NRKLltdqwSvS0BnU="})
    twilio.verify(signed, ["12345"])


def test_twilios_signature_holds_with_and_without_the_port_that_goes_without_saying() -> None:
    asked = good("twilio")
    for url in (URL.replace("shop.example", "shop.example:443"), URL):
        assert is_taken("twilio", replace(asked, url=url), secret_of("twilio"))
    assert not is_taken("twilio", replace(asked, url=URL.replace("https", "http")), secret_of("twilio"))
    assert not is_taken("twilio", replace(asked, url=URL + "&more=1"), secret_of("twilio"))


def test_a_certificate_that_is_not_amazons_or_no_longer_good_proves_nothing() -> None:
    asked, secret = good("amazon_ses"), secret_of("amazon_ses")
    elsewhere = asked.body.replace(b"sns.eu-west-1.amazonaws.com", b"sns.eu-west-1.amazonaws.com.evil.example")
    assert not is_taken("amazon_ses", replace(asked, body=elsewhere), secret)
    assert not is_taken("amazon_ses", replace(asked, received_at=NOW + timedelta(days=10)), secret)


@pytest.mark.parametrize("provider", UNSIGNED)
def test_a_provider_that_does_not_sign_its_body_says_so(provider: str) -> None:
    """What the documentation tells people: here the body could be changed by whoever can read the request."""
    asked = good(provider)
    body = asked.body.replace(b"shop.example", b"evil.example")
    assert is_taken(provider, replace(asked, body=body), secret_of(provider))


def test_a_secret_of_odd_letters_proves_nothing_and_breaks_nothing() -> None:
    for odd in ("\ud800", "é:ü", "\x00", "whsec_", "whsec_é", "=", "a" * 10_000):
        for provider in DOORS:
            assert not is_taken(provider, good(provider), odd)


@pytest.mark.parametrize(
    "rule", [signatures.fits, signatures.standard_webhook, twilio.verify], ids=lambda rule: rule.__name__
)
def test_proofs_are_not_compared_letter_by_letter(rule: Callable[..., object]) -> None:
    compared = [node for node in ast.walk(ast.parse(inspect.getsource(rule))) if isinstance(node, ast.Compare)]
    assert not [node for node in compared if isinstance(node.ops[0], ast.Eq | ast.NotEq)]


def test_base64_that_is_written_another_way_is_not_the_same() -> None:
    assert signatures.decoded(base64.b64encode(b"ab").decode()) == b"ab"
    assert signatures.decoded("YWI") == b"ab"
    assert signatures.decoded("YWJ") is None
    assert signatures.decoded("YW I=") is None
