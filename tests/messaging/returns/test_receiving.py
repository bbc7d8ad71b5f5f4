"""What comes back through the real address: proof, facts, consequences, and nothing twice."""

import hashlib
import hmac
import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from random import Random
from typing import Any
from urllib.parse import urlencode

import pytest
from django.apps import apps
from django.test import Client
from django.test.client import encode_multipart

from regulars.consent import api as consent
from regulars.consent.models import Suppression
from regulars.core import settings
from regulars.messaging.models import Message, Route
from regulars.messaging.returns import RawRequest
from regulars.messaging.returns.receiving import certificates, hooks
from tests.messaging.returns.cast import (
    ADDRESS,
    KEY,
    NOW,
    SECRETS,
    STAMP,
    as_form,
    as_json,
    fetch,
    mailgun,
    request,
)
from tests.messaging.returns.mutations import spoiled
from tests.messaging.returns.samples import SAMPLES, whatsapp
from tests.messaging.returns.shop import (
    HERE,
    call,
    facts,
    kinds,
    people,
    place,
    post,
    route,
    sent,
    standing,
    state,
    wipe,
)
from tests.messaging.returns.test_providers import MEANINGS, VIEWS, words_of

pytestmark = pytest.mark.django_db
PHONE = "+15551234567"


@pytest.fixture(autouse=True)
def at_noon(home: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Let it be the instant at which the requests were signed, and Amazon's certificate be here."""
    monkeypatch.setenv("REGULARS_NOW", NOW.isoformat())
    monkeypatch.setattr(certificates, "fetch", fetch)
    settings.current.cache_clear()
    hooks._doors.cache_clear()
    yield
    hooks._doors.cache_clear()


def sendgrid(event: str, **more: Any) -> RawRequest:
    whole = {"event": event, "email": ADDRESS, "timestamp": int(STAMP), "sg_event_id": event, "regulars_message": KEY}
    return as_json([whole | more])


def text(body: str, number: str = "SM2", frm: str = PHONE) -> RawRequest:
    fields = {"MessageSid": number, "SmsStatus": "received", "From": frm, "To": "+15557650000", "Body": body}
    return as_form(fields)


def wrote(body: str, minute: int, number: str = "") -> RawRequest:
    """Let Ann write by WhatsApp, some minutes before noon: the only provider that says when."""
    stamp = str(int(STAMP) - 3600 + 60 * minute)
    told = {
        "id": number or f"wamid.{minute}",
        "from": PHONE[1:],
        "timestamp": stamp,
        "type": "text",
        "text": {"body": body},
    }
    return whatsapp(messages=[told])


def test_a_hard_bounce_keeps_from_the_address_it_went_to() -> None:
    who, token = people(), route("sendgrid")
    sent(who["ann"], "former@example.com")
    answer = call("sendgrid", token, sendgrid("bounce", status="5.1.1", type="bounce"))
    assert (answer.status_code, answer.json()) == (200, {"told": 1, "new": 1})
    assert [one.reason for one in consent.suppressed("email", ["former@example.com"], NOW).values()] == ["hard_bounce"]
    assert not consent.suppressed("email", [ADDRESS], NOW)
    assert call("sendgrid", token, sendgrid("bounce", status="5.1.1", type="bounce")).json() == {"told": 1, "new": 0}
    assert Suppression.objects.count() == 1
    assert kinds() == ["address.suppressed", "message.bounced"]


def test_a_complaint_keeps_from_the_address_and_ends_the_consent() -> None:
    who, token = people(), route("sendgrid")
    sent(who["ann"], ADDRESS)
    for _ in range(3):
        assert call("sendgrid", token, sendgrid("spamreport")).status_code == 200
    assert consent.suppressed("email", [ADDRESS], NOW)[ADDRESS].reason == "complaint"
    assert standing(who["ann"], "email") == "withdrawn"
    assert kinds() == ["address.suppressed", "consent.withdrawn", "message.complained"]


def test_who_leaves_by_the_provider_has_left_when_it_is_answered() -> None:
    who, token = people(), route("sendgrid")
    sent(who["ann"], ADDRESS)
    call("sendgrid", token, sendgrid("unsubscribe"))
    assert standing(who["ann"], "email") == "withdrawn"


def test_a_letter_that_arrives_wipes_soft_bounces_out() -> None:
    from regulars.consent.models import SoftBounce

    who, token = people(), route("sendgrid")
    sent(who["ann"], ADDRESS)
    call("sendgrid", token, sendgrid("bounce", status="5.2.2", type="bounce", reason="mailbox full"))
    assert SoftBounce.objects.count() == 1
    call("sendgrid", token, sendgrid("delivered"))
    assert SoftBounce.objects.count() == 0


@pytest.mark.parametrize(
    ("before", "word", "after"),
    [
        ("unknown", "delivered", "sent"),
        ("unknown", "processed", "sent"),
        ("unknown", "dropped", "failed"),
        ("deferred", "delivered", "sent"),
        ("deferred", "dropped", "deferred"),
        ("sent", "dropped", "sent"),
        ("failed", "delivered", "failed"),
        ("queued", "open", "sent"),
    ],
)
def test_what_nobody_knew_is_settled_by_the_providers_word(before: str, word: str, after: str) -> None:
    who, token = people(), route("sendgrid")
    sent(who["ann"], ADDRESS, state=before)
    call("sendgrid", token, sendgrid(word))
    assert Message.objects.get(key=KEY).state == after


def test_about_a_message_that_is_none_of_ours_nothing_is_kept() -> None:
    people()
    token = route("sendgrid")
    answer = call("sendgrid", token, sendgrid("bounce", status="5.1.1", type="bounce"))
    assert (answer.status_code, answer.json()) == (200, {"told": 1, "new": 0})
    assert not kinds()[2:]
    assert not Suppression.objects.exists()


def test_links_of_one_message_followed_in_a_burst_are_a_machines() -> None:
    who, token = people(), route("sendgrid")
    sent(who["ann"], ADDRESS, delivered_at=NOW.replace(hour=6))
    agent = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
    two = [
        {"event": "click", "email": ADDRESS, "timestamp": int(STAMP), "sg_event_id": f"c{n}", "regulars_message": KEY,
         "url": f"https://shop.example/{n}", "useragent": agent}
        for n in range(2)
    ]  # fmt: skip
    call("sendgrid", token, as_json(two))
    clicks = [fields for kind, fields in facts() if kind == "message.clicked"]
    assert [one["machine_reason"] for one in clicks] == ["2 links within 2 seconds"] * 2


def test_every_sample_goes_through_the_real_address() -> None:
    who = people()
    for sample in SAMPLES:
        wipe()
        channel = "email" if sample.provider not in ("twilio", "whatsapp") else "sms"
        channel = "whatsapp" if sample.provider == "whatsapp" else "push" if sample.provider == "gateway" else channel
        sent(who["ann"], ADDRESS if channel in ("email", "push") else PHONE, channel=channel)
        answer = call(sample.provider, route(sample.provider, channel), sample.request)
        assert answer.status_code == 200, (sample, answer.content)
        expected = [] if sample.kind == "other" else [f"message.{sample.kind}"]
        assert [kind for kind, _ in facts() if kind.startswith("message.")] == expected, sample


def with_key(vector: dict[str, Any], keys: list[str]) -> RawRequest:
    """Return a published vector as it would be for a message of ours: signed anew, and with an event's name of its own, for
    several vectors share one."""
    token = keys[0] if keys else "none"
    made = hmac.new(SECRETS["mailgun"].encode(), f"{STAMP}{token}".encode(), hashlib.sha256).hexdigest()
    signed = {"timestamp": STAMP, "token": token, "signature": made}
    if vector["post"]:
        headers = json.dumps([["X-Mailgun-Variables", json.dumps({"regulars_message": keys[0]})]])
        post = {name: values[0] if len(values) == 1 else values for name, values in vector["post"].items()}
        body = encode_multipart("BoUnDaRyStRiNg", {**post, **signed, "message-headers": headers})
        return request(body, {"Content-Type": vector["headers"]["Content-Type"]})
    told = json.loads(vector["body"])
    if isinstance(told, list):
        pairs = zip(told, keys, strict=True)
        return as_json([{**event, "regulars_message": key, "sg_event_id": key} for event, key in pairs])
    data = told["event-data"]
    variables = {**(data.get("user-variables") or {}), "regulars_message": keys[0]}
    return as_json({"signature": signed, "event-data": {**data, "user-variables": variables}})


def test_the_published_vectors_become_the_right_facts_through_the_real_address(shared_data: Path) -> None:
    path = shared_data / "esp_webhooks" / "dev_mailgun_sendgrid.json"
    if not path.exists():
        pytest.skip("the vectors are looked for in ../shared/data")
    who, tokens = people(), {name: route(name) for name in VIEWS.values()}
    vectors, n_facts = json.loads(path.read_text(encoding="utf-8")), 0
    assert len(vectors) == 48
    for place_of, vector in enumerate(vectors):
        words = words_of(vector)
        keys = [f"{place_of:030x}{n:02x}" for n in range(len(words))]
        for key in keys:
            sent(who["ann"], ADDRESS, key)
        provider = VIEWS[vector["view"]]
        before = len(facts())
        answer = call(provider, tokens[provider], with_key(vector, keys))
        assert answer.status_code == 200, (vector["test"], answer.content)
        told = [(kind, fields["message_key"]) for kind, fields in facts()[before:] if kind.startswith("message.")]
        assert told == [(f"message.{MEANINGS[word]}", key) for word, key in zip(words, keys, strict=True)], vector[
            "test"
        ]
        n_facts += len(told)
        again = call(provider, tokens[provider], with_key(vector, keys))
        assert again.json() == {"told": len(words), "new": 0}, vector["test"]
    assert n_facts == 42


def counted() -> dict[str, int]:
    return {model._meta.db_table: model.objects.count() for model in apps.get_models(include_auto_created=True)}


def test_two_thousand_spoiled_requests_break_nothing_and_change_nothing() -> None:
    who, random = people(), Random(20_260_401)
    sent(who["ann"], ADDRESS)
    tokens = {one.provider: None for one in SAMPLES}
    paths = {name: place(name, route(name, "email" if name != "twilio" else "sms")) for name in tokens}
    client, before, statuses = Client(**HERE, enforce_csrf_checks=True, raise_request_exception=False), counted(), set()
    for _ in range(2_000):
        sample = random.choice(SAMPLES)
        bad = spoiled(sample.request, random)
        headers = {name: value.encode("utf-8", "replace").decode("latin-1") for name, value in bad.headers.items()}
        # Mailgun and Amazon prove their samples in the body, which may be whole; a former secret is none any more.
        body = bad.body.replace(b"signature", b"signaturf").replace(b"Signature", b"Signaturf")
        answer = post(replace(bad, headers=headers, body=body), paths[sample.provider], client)
        statuses.add(answer.status_code)
        assert answer.status_code < 500, (sample, answer.content)
    assert statuses <= {400, 401, 413}
    assert 401 in statuses
    assert counted() == before


def test_refusals_have_their_status_and_store_nothing() -> None:
    who, token = people(), route("sendgrid")
    sent(who["ann"], ADDRESS)
    before = counted()
    good = sendgrid("delivered")
    unsigned = post(good, place("sendgrid", token))
    wrong = call("sendgrid", token[:-1] + "0", good)
    nobody = post(good, place("nobody", token))
    other = call("mailgun", token, as_json(mailgun({})))
    unreadable = call("sendgrid", token, request(b"{", {"Content-Type": "application/json"}))
    large = call("sendgrid", token, request(b"[" + b" " * 5_300_000 + b"]"))
    assert [one.status_code for one in (unsigned, wrong, nobody, other, unreadable, large)] == [
        401,
        404,
        404,
        404,
        400,
        413,
    ]
    assert wrong.content == nobody.content == other.content
    assert counted() == before


def test_a_route_without_a_secret_proves_nothing() -> None:
    token = route("sendgrid", hook_secret="")
    answer = call("sendgrid", token, sendgrid("delivered"))
    assert answer.status_code == 401
    assert "write into its settings" in answer.json()["error"]
    Route.objects.update(settings="none of our seals")
    assert call("sendgrid", token, sendgrid("delivered")).status_code == 401


def test_meta_gets_its_word_back_and_nobody_else_does() -> None:
    token = route("whatsapp", "whatsapp", hook_verify_token="our word")
    client = Client(**HERE)

    def ask(path: str, word: str) -> Any:
        return client.get(path, {"hub.mode": "subscribe", "hub.challenge": "1158201444", "hub.verify_token": word})

    there = place("whatsapp", token)
    assert (ask(there, "our word").status_code, ask(there, "our word").content) == (200, b"1158201444")
    assert ask(there, "theirs").status_code == 401
    assert ask(place("whatsapp", "x" * 20), "our word").status_code == 404
    assert ask(place("sendgrid", route("sendgrid")), "our word").status_code == 404


def confirmations() -> list[tuple[str, int, bool]]:
    rows = Message.objects.filter(name__startswith="sms_").order_by("id")
    return list(rows.values_list("name", "customer_id", "is_marketing"))


def test_stop_ends_texts_and_is_confirmed_once() -> None:
    who, token = people(), route("twilio", "sms")
    sent(who["ann"], PHONE, channel="sms")
    for number in ("SM2", "SM2", "SM3", "SM2"):  # a retry, and a second STOP
        assert call("twilio", token, text("Stop!", number), "").status_code == 200
    assert standing(who["ann"], "sms") == "withdrawn"
    assert standing(who["bo"], "sms") == ""
    assert confirmations() == [("sms_stop_confirmation", who["ann"], False)]
    assert kinds().count("message.replied") == 2


def test_a_refusal_in_ones_own_words_is_one() -> None:
    who, token = people(), route("twilio", "sms")
    call("twilio", token, text("please don't text me again"), "")
    assert standing(who["ann"], "sms") == "withdrawn"
    assert len(confirmations()) == 1


def test_start_brings_texts_back_and_the_next_stop_is_confirmed_again() -> None:
    who, token = people(), route("twilio", "sms")
    Route.objects.get()
    for number, (body, after) in enumerate(
        [("STOP", "withdrawn"), ("START", "given"), ("start", "given"), ("STOP", "withdrawn")]
    ):
        # Twilio does not say when; a no and a yes of one instant would end in the no.
        at = NOW.replace(minute=number)
        settings.current.cache_clear()
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("REGULARS_NOW", at.isoformat())
            settings.current.cache_clear()
            assert call("twilio", token, text(body, f"SM{number}"), "").status_code == 200
        settings.current.cache_clear()
        assert standing(who["ann"], "sms") == after, body
    assert [name for name, *_ in confirmations()] == [
        "sms_stop_confirmation",
        "sms_start_confirmation",
        "sms_stop_confirmation",
    ]


def test_yes_is_no_consent_and_a_stranger_starts_nothing() -> None:
    who, token = people(), route("twilio", "sms")
    call("twilio", token, text("YES"), "")
    call("twilio", token, text("START", "SM9", "+15550000001"), "")
    assert standing(who["ann"], "sms") == ""
    assert confirmations() == []
    assert "consent.given" not in kinds()


def test_help_is_answered_once_a_day() -> None:
    who, token = people(), route("twilio", "sms")
    for number in ("SM1", "SM1", "SM2"):
        call("twilio", token, text("help", number), "")
    assert confirmations() == [("sms_help", who["ann"], False)]


def test_where_the_provider_answers_itself_we_do_not() -> None:
    who, token = people(), route("twilio", "sms", hook_answers="no")
    call("twilio", token, text("STOP"), "")
    assert standing(who["ann"], "sms") == "withdrawn"
    assert confirmations() == []


def test_a_stop_of_somebody_unknown_keeps_from_the_number() -> None:
    people()
    token = route("twilio", "sms")
    call("twilio", token, text("STOP", frm="+15550000001"), "")
    assert consent.suppressed("sms", ["+15550000001"], NOW)
    assert confirmations() == []


def test_a_number_that_nobody_proves_stops_nothing() -> None:
    who, token = people(), route("twilio", "sms")
    answer = post(text("STOP"), place("twilio", token))
    assert answer.status_code == 401
    assert standing(who["ann"], "sms") == ""


TOLD_IN_ANY_ORDER = [
    ("sendgrid", sendgrid("processed")),
    ("sendgrid", sendgrid("dropped")),
    ("sendgrid", sendgrid("delivered")),
    ("sendgrid", sendgrid("bounce", status="5.1.1", type="bounce")),
    ("sendgrid", sendgrid("spamreport")),
    ("sendgrid", sendgrid("open")),
    ("whatsapp", wrote("STOP", 1)),
    ("whatsapp", wrote("START", 2)),
    ("whatsapp", wrote("stop", 3)),
    ("whatsapp", wrote("start", 4)),
]


def told_in(order: list[tuple[str, RawRequest]], who: dict[str, int]) -> Any:
    wipe()
    tokens = {"sendgrid": route("sendgrid"), "whatsapp": route("whatsapp", "whatsapp")}
    sent(who["ann"], ADDRESS, state="unknown")
    sent(who["ann"], PHONE, "f" * 32, "whatsapp")
    for provider, asked in order:
        assert call(provider, tokens[provider], asked).status_code == 200
    return state()


def test_retries_duplicates_and_any_order_end_in_the_same() -> None:
    who, random = people(), Random(20_260_402)
    expected = told_in(TOLD_IN_ANY_ORDER, who)
    assert expected["consents"][-1][2:4] == ("", False)
    for _ in range(12):
        order = TOLD_IN_ANY_ORDER + random.choices(TOLD_IN_ANY_ORDER, k=6)
        random.shuffle(order)
        assert told_in(order, who) == expected


def test_a_form_that_twilio_signs_counts_the_address_with_its_question() -> None:
    who, token = people(), route("twilio", "sms")
    sent(who["ann"], PHONE, channel="sms")
    fields = {"MessageSid": "SM1", "MessageStatus": "delivered", "To": PHONE}
    assert call("twilio", token, as_form(fields), urlencode({"key": KEY})).json() == {"told": 1, "new": 1}
