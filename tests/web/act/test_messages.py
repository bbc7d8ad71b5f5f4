"""The pages Messages, Drawer and Channels, the customer's panel, the command and the interface for programs."""

import json
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from django.test import Client

from regulars import loop
from regulars.access import api as access
from regulars.core import clock
from regulars.events import api as events
from regulars.messaging import api as messaging
from regulars.messaging.models import Drawn, Message, Route
from regulars.profiles import api as profiles
from regulars.profiles.models import Customer
from regulars.sources import api as sources
from regulars.web.shell import lake
from tests.conftest import ROOT, Command

pytestmark = pytest.mark.django_db(transaction=True)

HERE = {"REMOTE_ADDR": "127.0.0.1", "HTTP_HOST": "127.0.0.1:8300"}
SECRET = "sesame-open"
TWILIO = {"do": "put", "kind": "twilio", "name": "Main", "account": "AC1", "token": SECRET, "service": "MG1"}
STATES = {
    "queued": ("", "Waiting", "It waits to be sent"),
    "leased": ("", "Being written", "being written right now"),
    "dot": ("", "Being handed over", "being handed over right now"),
    "sent": ("", "Sent", "through twilio"),
    "deferred": ("quiet_hours", "Put off", "outside the hours"),
    "failed": ("given_up", "Failed", "given up"),
    "unknown": ("worker_lost", "Unknown", "Nobody can say whether it arrived"),
    "refused": ("no_consent", "Not sent", "They never consented to this"),
}


@pytest.fixture
def ann(home: Path) -> Iterator[int]:
    """Load the tiny shop; return one of its customers."""
    lake.forget()
    request = sources.Request(ROOT / "tests" / "data" / "tiny" / "orders.csv", profiles.people, clock.utc_now())
    sources.import_file("orders", request, sources.options())
    loop.run_once(clock.utc_now())
    yield Customer.objects.filter(merged_into=None).exclude(email="").order_by("id").values_list("id", flat=True)[0]
    lake.forget()


def made(customer: int, state: str, now: datetime | None = None) -> str:
    """Make a message that stands where it is told; return its key."""
    at = now or clock.utc_now()
    asked = messaging.Request(customer_id=customer, name=f"for_{state}", occurrence="order:O1", channel="sms", template="thanks")  # fmt: skip
    messaging.request([asked], at)
    more = {"state": state, "reason": STATES[state][0], "to": "+4915112345678", "due_at": at + timedelta(hours=9)}
    if state in ("dot", "sent", "unknown"):
        more |= {"route": "twilio", "dot_at": at}
    Message.objects.filter(key=asked.key).update(**more, finished_at=at)
    return asked.key


def kept(key: str, html: str = "", channel: str = "email") -> None:
    Drawn.objects.create(key=key, channel=channel, to="ann@example.com", subject="Roasted <b>", text="Hello <i>", html=html, headers="List-Id: x", created_at=clock.utc_now())  # fmt: skip


def text(path: str) -> str:
    answer = Client(**HERE).get(path)
    assert answer.status_code == 200, path
    return answer.content.decode()


def test_without_messages_the_page_says_what_to_do_next(ann: int) -> None:
    found = text("/messages")
    assert "No message has gone out yet" in found
    assert "Connect a channel" in found


def test_every_state_has_its_row_its_sentence_and_its_story(ann: int) -> None:
    keys = {state: made(ann, state) for state in STATES}
    whole, panel = text("/messages"), text(f"/customers/{ann}")
    for state, (_, label, sentence) in STATES.items():
        story = text(f"/messages/{keys[state]}")
        for where in (whole, panel, story):
            assert sentence in where, (state, where[:50])
        assert label in story
        assert ("What is this message to be taken for" in story) is (state == "unknown")
    assert "Of 1 message nobody can say whether it arrived" in whole
    assert "Decide on these" in whole
    assert text("/messages?state=refused").count("They never consented") == 1


def test_a_story_tells_what_came_back(ann: int) -> None:
    key, now = made(ann, "sent"), clock.utc_now()
    told = {"message_key": key, "channel": "sms", "is_marketing": True}
    bounced = events.read("message.bounced", {**told, "bounce": "hard", "detail": "no such number"})
    events.append([events.Told(fact=bounced, occurred_at=now, source="x", people={"customer": str(ann)})], now)
    loop.run_once(now)
    lake.forget()
    found = text(f"/messages/{key}")
    assert "It came back" in found
    assert "no such number" in found


def test_somebody_decides_on_an_unknown_message(ann: int) -> None:
    client, key = Client(**HERE), made(ann, "unknown")
    client.post(f"/messages/{key}/settle", {"do": "again"})
    assert Message.objects.get(key=key).state == "unknown", "it was not said that it may arrive twice"
    client.post(f"/messages/{key}/settle", {"do": "nonsense"})
    assert Message.objects.get(key=key).state == "unknown"
    client.post(f"/messages/{key}/settle", {"do": "again", "sure": "yes"})
    assert Message.objects.get(key=key).state == "queued"
    assert "not unknown any more" in client.post(f"/messages/{key}/settle", {"do": "sent"}, follow=True).content.decode()  # fmt: skip


def test_a_letter_is_shut_in(ann: int) -> None:
    key = made(ann, "sent")
    kept(key, "<script>alert(1)</script><img src='https://elsewhere.example/x.png'>")
    client = Client(**HERE)
    inside = client.get(f"/drawer/{key}/body")
    policy = inside["Content-Security-Policy"]
    assert inside.content.startswith(b"<script>"), "the letter is shown as it is"
    assert {"default-src 'none'", "img-src data:", "form-action 'none'", "sandbox"} <= set(policy.split("; "))
    assert "script-src" not in policy
    assert "allow" not in policy
    for path in (f"/drawer/{key}", f"/messages/{key}"):
        answer = client.get(path)
        assert f'sandbox title="The letter" src="/drawer/{key}/body"' in answer.content.decode()
        assert b"allow-" not in answer.content
        assert b"<script>alert" not in answer.content
        assert "frame-src 'self'" in answer["Content-Security-Policy"]
        assert "unsafe" not in answer["Content-Security-Policy"]
    assert "Roasted &lt;b&gt;" in text("/drawer")


def test_a_text_is_no_frame(ann: int) -> None:
    kept("f" * 32, channel="sms")
    assert "<iframe" not in text(f"/drawer/{'f' * 32}")
    assert Client(**HERE).get(f"/drawer/{'f' * 32}/body").status_code == 404
    assert "The drawer is empty" in text("/drawer?channel=push")


def test_a_route_is_connected_used_and_dropped_and_its_secret_is_nowhere(ann: int) -> None:
    client = Client(**HERE)
    assert client.post("/channels", TWILIO).status_code == 302
    assert SECRET not in Route.objects.get().settings
    for path in ("/channels", "/channels?route=Main", "/audit"):
        assert SECRET not in text(path)
    assert "kept; type a new one" in text("/channels?route=Main")
    client.post("/channels", {"do": "activate", "name": "Main"})
    assert "in use" in text("/channels")
    assert messaging.channels()["sms"].name == "twilio"
    client.post("/channels", {"do": "drop", "name": "Main"})
    assert Route.objects.exists(), "what is in use is not dropped"
    client.post("/channels", {"do": "deactivate", "name": "Main"})
    client.post("/channels", {"do": "drop", "name": "Main"})
    assert not Route.objects.exists()
    assert "route.dropped" in text("/audit")


def test_what_cannot_work_comes_back_with_what_was_typed_but_no_secret(ann: int) -> None:
    answer = Client(**HERE).post("/channels", {**TWILIO, "account": "AC1/../x"})
    found = answer.content.decode()
    assert answer.status_code == 422
    assert "begins with AC" in found
    assert 'value="AC1/../x"' in found
    assert SECRET not in found
    assert not Route.objects.exists()


@pytest.mark.parametrize("kind", sorted(messaging.kinds()))
def test_each_kind_has_a_form_with_a_label_for_every_field(ann: int, kind: str) -> None:
    found = text(f"/channels?kind={kind}")
    for field in messaging.kinds()[kind].fields:
        assert f'for="field-{field.name}"' in found
        assert f'id="field-{field.name}"' in found


def test_a_test_says_what_became_of_it(ann: int) -> None:
    client = Client(**HERE)
    client.post("/channels", {"do": "put", "kind": "drawer", "name": "Trial", "channel": "email"})
    said = client.post("/channels", {"do": "test", "name": "Trial", "to": "bo@example.com"}, follow=True)
    assert "The test was taken over" in said.content.decode()
    assert Drawn.objects.get().to == "bo@example.com"
    refused = client.post("/channels", {"do": "test", "name": "Trial", "to": "nobody"}, follow=True)
    assert "Write one e-mail address" in refused.content.decode()


def test_only_who_manages_changes_channels_and_only_who_changes_decides(ann: int) -> None:
    now = clock.utc_now()
    access.create_owner(access.Newcomer(access.owner_link(now), "Ann", "a very long passphrase", "ann@example.com"), now)  # fmt: skip
    token = access.invite("bo@example.com", access.Role.ANALYST, "ann@example.com", now)
    client, key = Client(**HERE), made(ann, "unknown")
    client.force_login(access.accept(access.Newcomer(token, "Bo", "a very long passphrase"), now), backend="django.contrib.auth.backends.ModelBackend")  # fmt: skip
    assert client.post("/channels", TWILIO).status_code == 403
    assert client.post(f"/messages/{key}/settle", {"do": "sent"}).status_code == 403
    assert b"Ask a marketer or the owner" in client.get(f"/messages/{key}").content
    assert b'name="do"' not in client.get("/channels?kind=twilio").content


def test_programs_read_messages_with_a_token(ann: int) -> None:
    now = clock.utc_now()
    owner = access.create_owner(access.Newcomer(access.owner_link(now), "Ann", "a very long passphrase", "ann@example.com"), now)  # fmt: skip
    keys = {state: made(ann, state) for state in STATES}
    held = {"HTTP_AUTHORIZATION": f"Bearer {access.make_token(owner, access.NewToken('t', ('read:customers',)), now)}"}
    answer = Client(**HERE).get("/api/messages?state=unknown", **held)
    found = answer.json()
    assert [one["key"] for one in found["messages"]] == [keys["unknown"]]
    assert set(found["messages"][0]) == {
        "key", "customer_id", "name", "occurrence", "channel", "is_marketing", "topic", "state", "reason", "code", "route",
        "attempts", "created_at", "due_at", "dot_at", "finished_at", "why",
    }  # fmt: skip
    assert found["before"] is None
    assert Client(**HERE).get("/api/messages?state=nonsense", **held).status_code == 422
    assert Client(**HERE).get("/api/messages").status_code == 401


def test_why_answers_for_a_number_an_e_mail_and_a_shop_number(command: Command) -> None:
    orders = ROOT / "tests" / "data" / "tiny" / "orders.csv"
    assert command("import", "orders", orders).returncode == 0
    assert command("run", "--once").returncode == 0
    query = "SELECT customer_id, email FROM customers WHERE email <> '' ORDER BY 1 LIMIT 1"
    one = json.loads(command("sql", query, "--json").stdout)["rows"][0]
    for name in (one["email"].upper(), f"#{one['customer_id']}"):
        said = command("why", name, "--json")
        assert said.returncode == 0, said.stderr
        assert json.loads(said.stdout) == {"customer_id": one["customer_id"], "messages": []}
    assert "Nothing was written to" in command("why", one["email"]).stdout
    nobody = command("why", "nobody@example.com")
    assert nobody.returncode == 1
    assert "nobody is known as 'nobody@example.com'" in nobody.stderr


def test_many_unknown_messages_are_decided_on_after_their_number_was_said(ann: int, client: Client) -> None:
    keys = [made(ann, "unknown")]
    Message.objects.update(is_marketing=False)
    other = messaging.Request(customer_id=ann, name="news", occurrence="june", channel="email", template="n", is_marketing=True)  # fmt: skip
    messaging.request([other], clock.utc_now())
    Message.objects.filter(key=other.key).update(state="unknown", dot_at=clock.utc_now(), finished_at=clock.utc_now())
    page = client.get("/messages", **HERE).content.decode()
    assert "Decide on all 2" in page
    assert f'name="key" value="{keys[0]}"' in page
    asked = client.get("/messages/decide?all=yes", **HERE).content.decode()
    assert "What are 2 messages to be taken for?" in asked
    assert set(Message.objects.values_list("state", flat=True)) == {"unknown"}
    told = {"all": "yes", "n": "2"}
    client.post("/messages/decide", {**told, "do": "leave"}, **HERE)
    stale = client.post("/messages/decide", {**told, "n": "3", "do": "sent"}, follow=True, **HERE).content.decode()
    assert "There are 2 such messages now and not 3" in stale
    assert set(Message.objects.values_list("state", flat=True)) == {"unknown"}
    done = client.post("/messages/decide", {**told, "do": "again", "sure": "yes"}, follow=True, **HERE).content.decode()
    assert "Decided on 1 message." in done
    assert dict(Message.objects.values_list("key", "state")) == {keys[0]: "queued", other.key: "unknown"}
    client.post("/messages/decide", {"key": other.key, "n": "1", "do": "given_up"}, **HERE)
    assert Message.objects.get(key=other.key).state == "failed"
    assert "None of these is unknown" in client.get("/messages/decide?all=yes", **HERE).content.decode()
    assert client.get("/messages/decide", **HERE).status_code == 302


def test_the_command_says_the_number_and_then_decides(command: Command) -> None:
    assert "0 unknown messages match" in command("settle", "list").stdout
    assert "is no decision" in command("settle", "burn").stderr
    assert "There are 0 such messages now and not 2" in command("settle", "arrived", "--count", "2").stderr


def test_a_mail_server_has_no_callback_and_its_bounces_come_as_mails(home: Path, client: Client) -> None:
    told = {"sender": "shop@kessel.example", "host": "smtp.example", "bounces_to": "b+{key}@kessel.example"}
    messaging.put_route("ours", "smtp", told, "ann", clock.utc_now())
    messaging.put_route(
        "theirs", "postmark", {"sender": "shop@kessel.example", "server_token": "t"}, "ann", clock.utc_now()
    )
    hooks = dict(Route.objects.values_list("name", "hook"))
    page = client.get("/channels", **HERE).content.decode()
    assert f"/hooks/smtp/{hooks['ours']}" not in page
    assert "hand over what comes to b@kessel.example by" in page
    assert f"/hooks/PROVIDER/{hooks['ours']}" in page
    assert f"/hooks/postmark/{hooks['theirs']}" in page
    # Both addresses lead to a door, which then asks for a proof; a mail server's own name leads nowhere.
    for provider, route, status in (("postmark", "ours", 401), ("postmark", "theirs", 401), ("smtp", "ours", 404)):
        answer = client.post(f"/hooks/{provider}/{hooks[route]}", b"{}", content_type="application/json", **HERE)
        assert answer.status_code == status


def test_every_kind_that_is_asked_for_a_proof_has_a_door_or_is_a_mail_server() -> None:
    asked = {name for name, kind in messaging.kinds().items() if any(one.name == "hook_secret" for one in kind.fields)}
    assert asked - {"smtp"} <= messaging.callers()
