"""Notifications in browsers."""

import json
import struct
from dataclasses import replace

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, utils
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from regulars.core.outgoing import Answer, Outgoing, Policy
from regulars.messaging.channels.http_lane import BadRoute, Unfit
from regulars.messaging.channels.push import WebPush
from regulars.messaging.channels.push.encryption import (
    LONGEST,
    Subscription,
    encrypted,
    packed,
    private,
    public,
    subscription,
    unpacked,
)
from regulars.messaging.letters import Letter, State
from tests.messaging.channels.contract import NOW, Case, HttpContract, letter

# The example of RFC 8291, appendix A.
OWN = "yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw"
BROWSER = "q1dXpw3UpT5VOmu_cf_v6ih07Aems3njxI-JWgLcM94"
BROWSER_POINT = "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4"
SECRET, SALT = "BTBZMqHH6r4Tts7J_aSIgg", "DGv6ra1nlYgDCS1FRnbzlw"
BODY = (
    "DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A_"
    "yl95bQpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN"
)


def at(endpoint: str) -> str:
    return json.dumps({"endpoint": endpoint, "keys": {"p256dh": BROWSER_POINT, "auth": SECRET}})


CASE = Case(
    make=lambda base, outgoing: WebPush(
        outgoing=outgoing, key=OWN, contact="mailto:shop@kessel.example", clock=lambda: NOW
    ),
    accepted=(201, b""),
    spoil=lambda one: replace(one, to="ann@kunde.example"),
    never=413,
    to=at("https://push.example/abc"),
    addressed=lambda one, base: replace(one, to=at(f"{base}/abc")),
)


class TestWebPush(HttpContract):
    case = CASE


def made(**settings: str) -> WebPush:
    return WebPush(outgoing=Outgoing(Policy()), clock=lambda: NOW, **{"key": OWN, "contact": "mailto:a@b", **settings})  # type: ignore[arg-type]


def opened(body: bytes) -> bytes:
    """Read a message as the browser does, from its own side of the agreement."""
    salt, (size, n), point, sealed = body[:16], struct.unpack(">IB", body[16:21]), body[21:86], body[86:]
    assert (size, n) == (4096, 65)
    theirs = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), point)
    shared = private(BROWSER).exchange(ec.ECDH(), theirs)

    def derived(salt: bytes, secret: bytes, info: bytes, length: int) -> bytes:
        return HKDF(hashes.SHA256(), length, salt, info).derive(secret)

    both = derived(unpacked(SECRET), shared, b"WebPush: info\0" + unpacked(BROWSER_POINT) + point, 32)
    key, nonce = (
        derived(salt, both, f"Content-Encoding: {name}\0".encode(), length)
        for name, length in (("aes128gcm", 16), ("nonce", 12))
    )
    return AESGCM(key).decrypt(nonce, sealed, None).removesuffix(b"\x02")


def test_the_example_of_rfc_8291() -> None:
    to = Subscription("https://push.example.net/", unpacked(BROWSER_POINT), unpacked(SECRET))
    plain = b"When I grow up, I want to be a watermelon"
    assert packed(encrypted(plain, to, private(OWN), unpacked(SALT))) == BODY
    assert opened(unpacked(BODY)) == plain


def test_the_browser_reads_title_text_and_link() -> None:
    one = replace(letter(CASE), headers={"X-Push-Link": "https://kessel.example/x"}, text="Zoë ☕")
    call = made().call(one)
    assert json.loads(opened(call.body)) == {
        "title": "Roasted",
        "body": "Zoë ☕",
        "link": "https://kessel.example/x",
        "key": one.key,
    }
    assert (call.headers["TTL"], call.headers["Urgency"], call.headers["Topic"]) == ("86400", "low", one.key)
    assert call.body != made().call(one).body  # a new key and salt each time


def test_the_proof_names_the_push_service_and_is_signed_with_the_shops_key() -> None:
    header = made().call(letter(CASE)).headers["Authorization"]
    token, point = header.removeprefix("vapid t=").split(", k=")
    front, _, signature = token.rpartition(".")
    claims = json.loads(unpacked(front.split(".")[1]))
    assert (claims["aud"], claims["sub"]) == ("https://push.example", "mailto:a@b")
    assert 0 < claims["exp"] - NOW.timestamp() <= 86400
    raw = unpacked(signature)
    der = utils.encode_dss_signature(int.from_bytes(raw[:32]), int.from_bytes(raw[32:]))
    assert unpacked(point) == public(private(OWN))
    private(OWN).public_key().verify(der, front.encode(), ec.ECDSA(hashes.SHA256()))


@pytest.mark.parametrize("status", [404, 410])
def test_a_subscription_that_is_gone_fails_and_says_so(status: int) -> None:
    found = made().call(letter(CASE)).judge(Answer(status, {}, b"secret words"))
    assert (found.state, found.code, found.detail) == (State.FAILED, str(status), "The browser's subscription is gone.")


def test_a_notification_that_is_too_long_is_refused_and_one_that_just_fits_is_not() -> None:
    def filled(n: int) -> Letter:
        return replace(letter(CASE), text="x" * n)

    room = LONGEST - len(opened(made().call(filled(0)).body))
    assert len(made().call(filled(room)).body) == 4096
    with pytest.raises(Unfit, match="at most"):
        made().call(filled(room + 1))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{}",
        "[]",
        "null",
        json.dumps({"endpoint": 5, "keys": {"p256dh": BROWSER_POINT, "auth": SECRET}}),
        json.dumps({"endpoint": "https://x", "keys": {"p256dh": packed(b"\x04" * 65), "auth": SECRET}}),
        json.dumps({"endpoint": "https://x", "keys": {"p256dh": BROWSER_POINT, "auth": "AA"}}),
    ],
)
def test_what_is_no_subscription_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="no browser's subscription"):
        subscription(text)


def test_an_endpoint_on_the_inside_is_never_called() -> None:
    for endpoint in ("https://127.0.0.1/", "https://[::1]/", "http://push.example/", "https://[", "file:///etc/passwd"):
        one = replace(letter(CASE), to=at(endpoint))
        ((_, found),) = made().deliver([one], frozenset)
        assert found.state is State.FAILED


@pytest.mark.parametrize("settings", [{"key": "short"}, {"key": "!"}, {"contact": "shop"}])
def test_a_route_that_cannot_work_is_refused(settings: dict[str, str]) -> None:
    with pytest.raises(BadRoute):
        made(**settings)
