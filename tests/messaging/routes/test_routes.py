"""Routes: set up from a form's values, sealed, one active per channel, and never a secret outside."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import ed25519
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from regulars.access import api as access
from regulars.core import settings as core_settings
from regulars.events import api as events
from regulars.messaging import api as messaging
from regulars.messaging.channels.drawer import Drawer
from regulars.messaging.channels.gateway import Gateway
from regulars.messaging.channels.twilio import Twilio
from regulars.messaging.letters import State
from regulars.messaging.models import Drawn, Route
from regulars.messaging.outbox.delivering import run_once
from regulars.messaging.routes.building import BUILDERS, opened
from regulars.messaging.routes.kinds import KINDS
from regulars.messaging.routes.named import Named, named
from tests.core.outgoing.listeners import head, listening
from tests.messaging.outbox.cast import ANN, Clock, Provider, ask, delivery

pytestmark = pytest.mark.django_db

NOW = datetime(2024, 6, 1, 12, tzinfo=UTC)
BY = "ann@example.com"
VAPID = "4jPyD1eSCtNqxFEI1pGJ_QQ6Tj6v1v6D2Jt1L5nFv1g"
SECRET = "sesame-open"
MAIL = {"sender": "shop@kessel.example"}
TWILIO = {"account": "AC1", "token": SECRET, "service": "MG1"}
PEM = (
    ed25519.Ed25519PrivateKey.from_private_bytes(b"7" * 32)
    .private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    .decode()
)
# What a shop would type for each kind; every secret is the same word, where it may be any.
TYPED: Mapping[str, Mapping[str, str]] = {
    "drawer": {"channel": "sms"},
    "gateway": {
        "url": "https://sms.example/send",
        "headers": f"Authorization: {SECRET}",
        "json_body": '{"to": "{to}"}',
    },
    "twilio": TWILIO,
    "whatsapp": {"number_id": "123", "token": SECRET},
    "webhook": {"url": "https://shop.example/hook", "secrets": "whsec_c2VzYW1lLW9wZW4tc2VzYW1lLW9wZW4tc2VzYW1l"},
    "webpush": {"key": VAPID, "contact": "mailto:ann@example.com"},
    "amazon_ses": {**MAIL, "key_id": "AKIDEXAMPLE0EXAMPLE", "secret": SECRET, "region": "eu-central-1"},
    "brevo": {**MAIL, "api_key": SECRET},
    "mailgun": {**MAIL, "api_key": SECRET, "sender_domain": "kessel.example"},
    "mailjet": {**MAIL, "api_key": SECRET, "secret_key": SECRET},
    "postmark": {**MAIL, "server_token": SECRET},
    "resend": {**MAIL, "api_key": SECRET},
    "sendgrid": {**MAIL, "api_key": SECRET},
    "sparkpost": {**MAIL, "api_key": SECRET},
    "smtp": {
        **MAIL,
        "host": "smtp.example.com",
        "user": "shop",
        "password": SECRET,
        "dkim_domain": "kessel.example",
        "dkim_selector": "s1",
        "dkim_key": PEM,
    },
}


def shown(name: str) -> messaging.Route:
    return next(one for one in messaging.routes() if one.name == name)


def test_every_kind_has_a_builder_and_an_example() -> None:
    names = {kind.name for kind in KINDS}
    assert names == set(BUILDERS) == set(TYPED)


@pytest.mark.parametrize("kind", sorted(TYPED))
def test_a_route_of_each_kind_is_sealed_used_and_dropped(kind: str) -> None:
    messaging.put_route("mine", kind, TYPED[kind], BY, NOW)
    row, one = Route.objects.get(name="mine"), shown("mine")
    secrets = {name for field in one.kind.fields if field.is_secret for name in [field.name] if name in TYPED[kind]}
    for name in secrets:
        assert TYPED[kind][name] not in row.settings
        assert TYPED[kind][name] not in repr(one)
    assert one.kept == secrets
    assert not one.fault
    messaging.activate_route("mine", BY, NOW)
    channel = messaging.channels()[row.channel]
    assert channel.channel == row.channel
    assert SECRET not in repr(channel)
    messaging.deactivate_route("mine", BY, NOW)
    messaging.drop_route("mine", BY, NOW)
    assert not messaging.routes()
    assert [deed["action"] for deed in access.deeds(None, 10)] == ["route.dropped", "route.deactivated", "route.activated", "route.added"]  # fmt: skip


def test_without_a_route_letters_go_to_the_drawer_but_for_webhooks() -> None:
    found = messaging.channels()
    assert set(found) == {"email", "sms", "push", "whatsapp"}
    assert all(isinstance(one, Drawer) and one.channel == name for name, one in found.items())


def test_one_route_of_a_channel_is_in_use_at_a_time() -> None:
    messaging.put_route("first", "twilio", TWILIO, BY, NOW)
    messaging.put_route("second", "gateway", TYPED["gateway"], BY, NOW)
    messaging.activate_route("first", BY, NOW)
    assert isinstance(messaging.channels()["sms"], Twilio)
    messaging.activate_route("second", BY, NOW)
    assert isinstance(messaging.channels()["sms"], Gateway)
    assert [one.name for one in messaging.routes() if one.is_active] == ["second"]
    with pytest.raises(messaging.BadRoute, match="deactivate it first"):
        messaging.drop_route("second", BY, NOW)


def test_a_change_keeps_the_secret_and_is_used_at_once() -> None:
    messaging.put_route("mine", "twilio", TWILIO, BY, NOW)
    messaging.activate_route("mine", BY, NOW)
    messaging.put_route("mine", "twilio", {"account": "AC1", "token": "", "sender": "+4915100000000"}, BY, NOW)
    channel = messaging.channels()["sms"]
    assert isinstance(channel, Named)
    assert isinstance(channel.inner, Twilio)
    assert (channel.inner.token, channel.inner.service) == (SECRET, "")
    messaging.put_route("mine", "twilio", {**TWILIO, "token": "another"}, BY, NOW)
    changed = messaging.channels()["sms"]
    assert isinstance(changed, Twilio)
    assert changed.token == "another"


def test_letters_come_from_the_routes_address_under_the_brands_name() -> None:
    provider, clock = Provider(), Clock()
    seen = []
    deliver = provider.deliver
    provider.deliver = lambda letters, dot: (seen.extend(letters), deliver(letters, dot))[1]  # type: ignore[method-assign]
    channel = named(provider, {"sender": "shop@kessel.example", "host": "x"})
    ask(ANN)
    run_once(NOW, replace(delivery(provider, clock), channels={"email": channel}))
    assert [(one.sender, one.sender_name) for one in seen] == [("shop@kessel.example", "")]
    assert len(provider.accepted) == 1
    assert named(provider, {"host": "x"}) is provider


def test_what_a_provider_proves_itself_by_is_kept_for_its_calls_and_not_sent_to_it() -> None:
    messaging.put_route("mine", "postmark", {**TYPED["postmark"], "hook_secret": "user:pass"}, BY, NOW)
    assert "hook_secret" in shown("mine").kept
    assert opened(Route.objects.get().settings)["hook_secret"] == "user:pass"
    messaging.activate_route("mine", BY, NOW)
    channel = messaging.channels()["email"]
    assert isinstance(channel, Named)
    assert "hook_secret" not in channel.inner.options  # type: ignore[attr-defined]


def test_a_kept_secret_never_goes_to_another_place() -> None:
    messaging.put_route("mine", "gateway", TYPED["gateway"], BY, NOW)
    moved = {**TYPED["gateway"], "headers": "", "url": "https://evil.example/send"}
    with pytest.raises(messaging.BadRoute, match="type its secrets again: Headers"):
        messaging.put_route("mine", "gateway", moved, BY, NOW)
    assert shown("mine").settings["url"] == "https://sms.example/send"
    messaging.put_route("mine", "gateway", {**moved, "headers": "Authorization: another"}, BY, NOW)
    assert shown("mine").settings["url"] == "https://evil.example/send"


@pytest.mark.parametrize(
    ("kind", "typed", "sentence"),
    [
        ("pigeon", {}, "There is no kind of route called 'pigeon'"),
        ("twilio", {"account": "AC1", "service": "MG1"}, "Token, or the key's secret is missing."),
        ("twilio", {**TWILIO, "service": ""}, "Nobody is named as sender"),
        ("twilio", {**TWILIO, "account": "AC1/../x"}, "begins with AC"),
        ("gateway", {**TYPED["gateway"], "url": "http://127.0.0.1/send"}, "without encryption"),
        ("gateway", {**TYPED["gateway"], "accepted": "2xx"}, "Statuses are three digits"),
        ("gateway", {**TYPED["gateway"], "headers": SECRET}, "Write each line as a name, : and a value."),
        ("gateway", {**TYPED["gateway"], "method": "TRACE"}, "Method is not one of those"),
        ("smtp", {**TYPED["smtp"], "dkim_key": ""}, "needs all three"),
        ("smtp", {**TYPED["smtp"], "security": "none"}, "may not travel unencrypted"),
        ("webhook", {"url": "https://shop.example/hook", "secrets": SECRET}, "whsec_"),
        ("webpush", {**TYPED["webpush"], "seconds_to_live": "a day"}, "must be a whole number"),
        ("mailgun", {**TYPED["mailgun"], "api_url": "https://evil.example"}, "Region is not one of those"),
        ("postmark", {**TYPED["postmark"], "sender": "a@x.example\r\nBcc: b@x.example"}, "must stand on one line"),
        ("postmark", {**TYPED["postmark"], "sender": "Shop <a@x.example>"}, "Mails come from one e-mail address"),
        ("smtp", {**TYPED["smtp"], "sender": ""}, "Mails come from is missing"),
        ("smtp", {**TYPED["smtp"], "sender": "shop@other.example"}, "signed for kessel.example"),
        ("gateway", {**TYPED["gateway"], "json_body": '{"to": "{to}", "from": "{from}"}'}, "say where texts come from"),
        ("drawer", {"channel": "webhook"}, "Channel is not one of those"),
    ],
)
def test_what_cannot_work_is_refused_with_a_sentence(kind: str, typed: Mapping[str, str], sentence: str) -> None:
    with pytest.raises(messaging.BadRoute, match=r".") as refusal:
        messaging.put_route("mine", kind, typed, BY, NOW)
    assert sentence in str(refusal.value)
    assert SECRET not in str(refusal.value)
    assert not Route.objects.exists()


@pytest.mark.parametrize("name", ["", "   ", "x" * 65, "two\nlines"])
def test_a_route_has_a_name_that_can_be_read(name: str) -> None:
    with pytest.raises(messaging.BadRoute, match="Give the route a name"):
        messaging.put_route(name, "twilio", TWILIO, BY, NOW)


def test_a_route_that_no_key_opens_says_so_and_its_letters_wait() -> None:
    messaging.put_route("mine", "twilio", TWILIO, BY, NOW)
    messaging.activate_route("mine", BY, NOW)
    Route.objects.update(settings="0000.broken")
    assert "sms" not in messaging.channels()
    assert "cannot be read" in shown("mine").fault
    with pytest.raises(messaging.BadRoute, match="Set the route up anew"):
        messaging.test_route("mine", "+4915112345678", NOW)
    messaging.put_route("mine", "twilio", TWILIO, BY, NOW)
    assert isinstance(messaging.channels()["sms"], Twilio)


def test_a_test_goes_through_the_real_channel(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    heard: list[bytes] = []

    def play(connection: object) -> None:
        heard.append(head(connection))  # type: ignore[arg-type]
        connection.sendall(b"HTTP/1.1 202 Said\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")  # type: ignore[attr-defined]

    with listening(play) as provider:
        monkeypatch.setenv("REGULARS_PRIVATE_TARGETS", f"127.0.0.1:{provider.port}")
        core_settings.current.cache_clear()
        typed = {"url": f"http://127.0.0.1:{provider.port}/send", "headers": f"X-Key: {SECRET}", "form": "to={to}\ntext={text}"}  # fmt: skip
        messaging.put_route("mine", "gateway", typed, BY, NOW)
        outcome = messaging.test_route("mine", "+49 (151) 1234-5678", NOW)
    assert outcome.state is State.SENT
    assert f"X-Key: {SECRET}".encode() in heard[0]
    assert b"to=%2B4915112345678" in heard[0]


def test_a_test_to_what_is_no_address_is_refused() -> None:
    messaging.put_route("texts", "twilio", TWILIO, BY, NOW)
    messaging.put_route("mails", "postmark", TYPED["postmark"], BY, NOW)
    for name, to in (("texts", "0151 123"), ("mails", "ann"), ("mails", "ann@example.com, bo@example.com")):
        with pytest.raises(messaging.BadRoute, match="Write one"):
            messaging.test_route(name, to, NOW)
    with pytest.raises(messaging.BadRoute, match="no route called"):
        messaging.test_route("none", "ann@example.com", NOW)


def test_a_test_into_the_drawer_is_kept_there() -> None:
    messaging.put_route("trial", "drawer", {"channel": "email"}, BY, NOW)
    assert messaging.test_route("trial", "Ann@Example.com", NOW).state is State.SENT
    assert Drawn.objects.get().to == "ann@example.com"


def test_a_fenced_home_sends_no_test() -> None:
    messaging.put_route("texts", "twilio", TWILIO, BY, NOW)
    events.fence()
    with pytest.raises(messaging.BadRoute, match="regulars release"):
        messaging.test_route("texts", "+4915112345678", NOW)
