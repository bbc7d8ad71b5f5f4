"""Every provider's words become ours, by a table of samples; and the published vectors of two of them by theirs."""

import json
from pathlib import Path
from typing import Any

import pytest
from django.test.client import encode_multipart

from regulars.messaging.returns import BadSignature, CannotRead, Kind, RawRequest, challenge
from tests.messaging.returns.cast import (
    ADDRESS,
    DOORS,
    KEY,
    NOW,
    TOPIC,
    as_form,
    as_json,
    door,
    proven,
    request,
    secret_of,
    sns,
)
from tests.messaging.returns.samples import SAMPLES, Sample, whatsapp

VIEWS = {"MailgunTrackingWebhookView": "mailgun", "SendGridTrackingWebhookView": "sendgrid"}
# What each of the two says happened, word by word. Mailgun's "failed" is told apart by its severity.
MEANINGS = {
    "accepted": Kind.SENT,
    "processed": Kind.SENT,
    "delivered": Kind.DELIVERED,
    "deferred": Kind.DEFERRED,
    "failed temporary": Kind.DEFERRED,
    "failed permanent": Kind.BOUNCED,
    "bounced": Kind.BOUNCED,
    "bounce": Kind.BOUNCED,
    "dropped": Kind.FAILED,
    "rejected": Kind.FAILED,
    "opened": Kind.OPENED,
    "open": Kind.OPENED,
    "clicked": Kind.CLICKED,
    "click": Kind.CLICKED,
    "complained": Kind.COMPLAINED,
    "unsubscribed": Kind.UNSUBSCRIBED,
}


def identify(sample: Sample) -> str:
    return f"{sample.provider} {sample.name} {sample.bounce or ''}{sample.code}"


@pytest.mark.parametrize("sample", SAMPLES, ids=identify)
def test_a_providers_word_becomes_ours(sample: Sample) -> None:
    asked = proven(sample.provider, sample.request)
    door(sample.provider).verify(asked, [secret_of(sample.provider)])
    told = door(sample.provider).read(asked)
    assert [(one.kind, one.bounce, one.told_machine, one.answer) for one in told] == [
        (sample.kind, sample.bounce, sample.machine, sample.answer)
    ]
    assert not sample.code or sample.code == told[0].code or told[0].code in ("5.1.1", "452")
    assert told[0].word
    assert told[0].event_id


@pytest.mark.parametrize("sample", [one for one in SAMPLES if one.answer is None], ids=identify)
def test_what_comes_back_names_its_message_and_keeps_the_address_out_of_its_words(sample: Sample) -> None:
    (told,) = door(sample.provider).read(sample.request)
    assert told.message_key == KEY
    assert told.address in (ADDRESS, "+15551234567")
    assert "example.com" not in repr(told)
    assert "15551234567" not in repr(told)


@pytest.mark.parametrize("sample", SAMPLES, ids=identify)
def test_an_event_that_is_told_again_later_has_the_same_name(sample: Sample) -> None:
    again = RawRequest(
        url=sample.request.url,
        headers=sample.request.headers,
        body=sample.request.body,
        received_at=NOW.replace(hour=18),
    )
    read = door(sample.provider).read
    assert [one.event_id for one in read(again)] == [one.event_id for one in read(sample.request)]


def test_every_provider_has_samples() -> None:
    assert {sample.provider for sample in SAMPLES} == set(DOORS)


@pytest.fixture
def vectors(shared_data: Path) -> list[dict[str, Any]]:
    path = shared_data / "esp_webhooks" / "dev_mailgun_sendgrid.json"
    if not path.exists():
        pytest.skip("the vectors are looked for in ../shared/data")
    return json.loads(path.read_text(encoding="utf-8"))


def asked_by(vector: dict[str, Any]) -> RawRequest:
    """Make of a vector the request that it was: a form is encoded again, and is as long as it was."""
    if vector["body"] is not None:
        return request(vector["body"].encode(), vector["headers"])
    body = encode_multipart("BoUnDaRyStRiNg", vector["post"])
    assert str(len(body)) == vector["headers"]["Content-Length"]
    return request(body, vector["headers"])


def words_of(vector: dict[str, Any]) -> list[str]:
    """Return a vector's events by the provider's own names, read by hand."""
    if vector["post"]:
        return vector["post"]["event"][:1]
    body = json.loads(vector["body"])
    if isinstance(body, list):
        return [event["event"] for event in body]
    data = body["event-data"]
    return [f"{data['event']} {data['severity']}" if data["event"] == "failed" else data["event"]]


def test_the_published_vectors_mean_what_they_say(vectors: list[dict[str, Any]]) -> None:
    assert len(vectors) == 48
    n_events = 0
    for vector in vectors:
        told = door(VIEWS[vector["view"]]).read(asked_by(vector))
        assert [one.kind for one in told] == [MEANINGS[word] for word in words_of(vector)], vector["test"]
        assert [one.address for one in told] == [event["recipient"] or "" for event in vector["events"]]
        assert [one.event_id for one in told] == [event["event_id"] for event in vector["events"]]
        n_events += len(told)
    assert n_events == 42


def test_a_field_of_mailgun_counts_more_than_a_variable_of_the_same_name(vectors: list[dict[str, Any]]) -> None:
    (vector,) = [one for one in vectors if one["test"].endswith("test_metadata_key_conflicts")]
    (told,) = door("mailgun").read(asked_by(vector))
    assert (told.address, told.event_id) == ("actual-recipient@example.com", "actual-event-token")
    assert told.url == "http://clicked.example.com/actual/event/param"


def test_one_odd_event_of_a_batch_does_not_take_the_others_with_it() -> None:
    good = {"event": "delivered", "email": ADDRESS, "timestamp": 1, "sg_event_id": "a"}
    told = door("sendgrid").read(as_json([good, {"event": {"of": "what"}}, {}, {**good, "sg_event_id": "b"}]))
    assert [one.kind for one in told] == [Kind.DELIVERED, Kind.OTHER, Kind.OTHER, Kind.DELIVERED]
    assert told[2].detail == "An event that is not as sendgrid describes it (KeyError)."


def test_a_topic_that_wants_to_be_confirmed_shows_amazons_address_and_no_other() -> None:
    link = "https://sns.eu-west-1.amazonaws.com/?Action=ConfirmSubscription"
    for address, shown in ((link, link), ("https://evil.example/?Action=ConfirmSubscription", "")):
        asked = as_json(sns("Hello", Type="SubscriptionConfirmation", Token="t", SubscribeURL=address))
        door("amazon_ses").verify(asked, [TOPIC])
        (told,) = door("amazon_ses").read(asked)
        assert (told.kind, told.word, told.url) == (Kind.OTHER, "SubscriptionConfirmation", shown)


def test_a_wish_for_no_more_marketing_is_an_answer() -> None:
    wish = {"wa_id": "15551234567", "category": "marketing_messages", "value": "stop", "timestamp": 1_772_366_400}
    (told,) = door("whatsapp").read(whatsapp(user_preferences=[wish]))
    assert (told.kind, told.answer, told.address) == (Kind.REPLIED, "stop", "+15551234567")


def test_metas_question_is_answered_only_with_our_token() -> None:
    url = "https://shop.example/in/whatsapp?hub.mode=subscribe&hub.challenge=1158201444&hub.verify_token="
    assert challenge(request(b"", url=url + "ours"), ["ours", "former"]) == "1158201444"
    for wrong in ("theirs", ""):
        with pytest.raises(BadSignature):
            challenge(request(b"", url=url + wrong), ["ours"])


def test_a_whatsapp_number_of_twilio_is_whatsapps() -> None:
    (told,) = door("twilio").read(
        as_form({"MessageSid": "SM1", "MessageStatus": "read", "To": "whatsapp:+15551234567"})
    )
    assert (told.channel, told.kind, told.address) == ("whatsapp", Kind.OPENED, "+15551234567")


def test_what_is_too_big_or_packed_is_refused_before_it_is_read() -> None:
    with pytest.raises(CannotRead, match="bigger than 10 MB"):
        door("sendgrid").read(request(b"[" + b" " * 50_000_000 + b"]"))
    with pytest.raises(CannotRead, match="packed"):
        door("sendgrid").read(request(b"\x1f\x8b\x08", {"Content-Encoding": "gzip"}))
