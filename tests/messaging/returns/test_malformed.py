"""Ten thousand bad requests: reading one says what is wrong in a sentence, or keeps it as other; nothing else happens."""

import json
from collections import Counter
from dataclasses import fields, replace
from datetime import UTC
from random import Random

import pytest

from regulars.events import api as events
from regulars.messaging.returns import About, BadSignature, CannotRead, Kind, RawRequest, Returned, fact_of
from tests.conftest import SHARED_DATA
from tests.messaging.returns.cast import DOORS, KEY, NOW, door, request, secret_of
from tests.messaging.returns.mutations import spoiled
from tests.messaging.returns.samples import SAMPLES

N = 10_000
ABOUT = About(message_key=KEY, channel="email", is_marketing=True, campaign="spring")
VECTORS = SHARED_DATA / "esp_webhooks" / "dev_mailgun_sendgrid.json"
VIEWS = {"MailgunTrackingWebhookView": "mailgun", "SendGridTrackingWebhookView": "sendgrid"}


def good_ones() -> list[tuple[str, RawRequest]]:
    """Return what is spoiled: our samples, and the published vectors where they lie beside the project."""
    own = [(sample.provider, sample.request) for sample in SAMPLES]
    vectors = json.loads(VECTORS.read_text(encoding="utf-8")) if VECTORS.exists() else []
    published = [
        (VIEWS[one["view"]], request(one["body"].encode(), one["headers"]))
        for one in vectors
        if one["body"] is not None
    ]
    return own + published


def check(told: Returned) -> None:
    """See that what came back can be kept: texts that every store takes, an instant with a zone, a fact that is one."""
    assert told.kind in Kind
    assert told.at.tzinfo is UTC
    assert told.word
    assert told.event_id
    assert len(told.detail) <= 500
    for field in fields(told):
        value = getattr(told, field.name)
        if isinstance(value, str):
            assert value.encode("utf-8") is not None
            assert "\x00" not in value
    told_as_fact = fact_of(told, ABOUT)
    assert (told_as_fact is None) == (told.kind is Kind.OTHER)
    if told_as_fact is not None:
        assert told_as_fact.natural_key() is not None
        assert isinstance(told_as_fact, events.kind_of(f"message.{told.kind}"))


def test_ten_thousand_bad_requests_end_in_a_sentence_or_as_other() -> None:
    random, good, ends = Random(20_260_301), good_ones(), Counter[str]()
    for _ in range(N):
        provider, asked = random.choice(good)
        bad = spoiled(asked, random)
        try:
            found = door(provider).read(bad)
        except CannotRead as problem:
            assert str(problem).endswith(".")
            ends["cannot be read"] += 1
            continue
        for told in found:
            check(told)
            ends[told.kind] += 1
    assert ends["cannot be read"] > 2_000
    assert ends[Kind.OTHER] > 500
    assert sum(ends.values()) > 9_000


def test_no_bad_request_breaks_the_check_of_its_proof() -> None:
    random, good, ends = Random(20_260_302), good_ones(), Counter[str]()
    for _ in range(N // 4):
        provider, asked = random.choice(good)
        try:
            door(provider).verify(spoiled(asked, random), [secret_of(provider)])
            ends["proven"] += 1
        except BadSignature:
            ends["refused"] += 1
    # Mailgun and Amazon prove their samples in the body, and what was spoiled may lie outside of what they sign.
    assert ends["refused"] > 2_000


@pytest.mark.parametrize("provider", sorted(DOORS))
@pytest.mark.parametrize(
    "body",
    [b"[" * 10_000 + b"]" * 10_000, b"[NaN]", b'{"a":' * 10_000, b"9" * 10_000, b'"\\ud800', b"\xff"],
    ids=["depth", "NaN", "unfinished", "number", "surrogate", "bytes"],
)
def test_what_is_no_event_at_all_is_none_for_anybody(provider: str, body: bytes) -> None:
    asked = request(body, {"Content-Type": "application/json"})
    try:
        told = door(provider).read(asked)
    except CannotRead as problem:
        assert str(problem).startswith("The body")
    else:
        assert provider == "twilio"  # a form that is none is an empty one
        assert [one.kind for one in told] == [Kind.OTHER]


def test_the_same_unknown_thing_told_twice_is_one_and_two_things_are_two() -> None:
    a, b = (
        request(json.dumps({"event": "moonrise", "n": n}).encode(), {"Content-Type": "application/json"})
        for n in (1, 2)
    )
    read = door("brevo").read
    assert read(a)[0].event_id == read(replace(a, received_at=NOW.replace(hour=20)))[0].event_id
    assert {one.kind for one in (*read(a), *read(b))} == {Kind.OTHER}
