"""E-mail through the web interfaces of providers."""

import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

from regulars.core.outgoing import Answer, Outgoing, Policy
from regulars.messaging.channels.anymail import PROVIDERS, Anymail
from regulars.messaging.channels.http_lane import BadRoute, Unfit
from regulars.messaging.letters import State
from tests.messaging.channels.contract import Case, HttpContract, letter

ADDRESS = "ann@kunde.example"
OPTIONS: Mapping[str, Mapping[str, Any]] = {
    "brevo": {"api_key": "k"},
    "mailgun": {"api_key": "k", "sender_domain": "kessel.example"},
    "mailjet": {"api_key": "k", "secret_key": "s"},
    "postmark": {"server_token": "k"},
    "resend": {"api_key": "k"},
    "sendgrid": {"api_key": "k"},
    "sparkpost": {"api_key": "k"},
}
ACCEPTED = {
    "brevo": (201, {"messageId": "<m-1>"}),
    "mailgun": (200, {"id": "<m-1>", "message": "Queued. Thank you."}),
    "mailjet": (200, {"Messages": [{"Status": "success", "To": [{"Email": ADDRESS, "MessageID": "<m-1>"}]}]}),
    "postmark": (200, {"ErrorCode": 0, "Message": "OK", "MessageID": "<m-1>", "To": ADDRESS}),
    "resend": (200, {"id": "<m-1>"}),
    "sendgrid": (202, {}),
    "sparkpost": (
        200,
        {"results": {"id": "<m-1>", "total_accepted_recipients": 1, "total_rejected_recipients": 0}},
    ),
}


def case(name: str) -> Case:
    status, body = ACCEPTED[name]
    return Case(
        make=lambda base, outgoing: Anymail(
            outgoing=outgoing, name=name, options={**OPTIONS[name], "api_url": f"{base}/api/"}
        ),
        accepted=(status, json.dumps(body).encode()),
        spoil=lambda one: replace(one, to=f"{ADDRESS}, bo@kunde.example"),
        to=ADDRESS,
    )


# One lane serves them all, so two providers keep the contract in the quick suite: one idempotent, one not.
@pytest.mark.slow
class TestBrevo(HttpContract):
    case = case("brevo")


@pytest.mark.slow
class TestMailgun(HttpContract):
    case = case("mailgun")


@pytest.mark.slow
class TestMailjet(HttpContract):
    case = case("mailjet")


class TestPostmark(HttpContract):
    case = case("postmark")


class TestResend(HttpContract):
    case = case("resend")


@pytest.mark.slow
class TestSendGrid(HttpContract):
    case = case("sendgrid")


@pytest.mark.slow
class TestSparkPost(HttpContract):
    case = case("sparkpost")


CASE = case("resend")


def made(name: str) -> Anymail:
    return Anymail(outgoing=Outgoing(Policy()), name=name, options=OPTIONS[name], tags=("welcome",))


@pytest.mark.parametrize("name", PROVIDERS)
def test_key_unsubscribe_header_and_both_bodies_reach_the_provider(name: str) -> None:
    headers = {"List-Unsubscribe": "<https://kessel.example/u/1>"}
    call = made(name).call(replace(letter(CASE), headers=headers, reply_to="help@kessel.example"))
    said = call.body.decode()
    if call.headers["Content-Type"].startswith("application/json"):
        said = json.dumps(json.loads(said))
    else:
        from urllib.parse import unquote_plus

        said = unquote_plus(said)
    words = ("List-Unsubscribe", "kessel.example/u/1", "X-Regulars-Message", letter(CASE).key, "help@kessel.example")
    assert all(word in said for word in (*words, "<p>Your beans", "Your beans are roasted.", "Roasted", ADDRESS))
    assert call.url.startswith("https://")
    assert "Content-Length" not in call.headers


@pytest.mark.parametrize("name", PROVIDERS)
def test_an_acceptance_tells_the_provider_s_id(name: str) -> None:
    status, body = ACCEPTED[name]
    found = made(name).call(letter(CASE)).judge(Answer(status, {}, json.dumps(body).encode()))
    assert found.state is State.SENT
    assert found.provider_id == "<m-1>" or name == "sendgrid"


def test_providers_that_remember_keys_get_them_and_only_one_remembers_long_enough() -> None:
    key = letter(CASE).key
    assert made("resend").call(letter(CASE)).headers["Idempotency-Key"] == key
    assert json.loads(made("brevo").call(letter(CASE)).body)["headers"]["idempotencyKey"] == key
    assert [name for name in PROVIDERS if made(name).is_idempotent] == ["resend"]


def test_a_suppressed_address_and_a_half_understood_answer() -> None:
    judge = made("sparkpost").call(letter(CASE)).judge
    body = {"results": {"id": "1", "total_accepted_recipients": 0, "total_rejected_recipients": 1}}
    assert judge(Answer(200, {}, json.dumps(body).encode())).state is State.FAILED
    assert judge(Answer(200, {}, b"<html>")).state is State.UNKNOWN
    mailgun = made("mailgun").call(letter(CASE)).judge
    assert mailgun(Answer(200, {}, b"Mailgun Magnificent API")).state is State.UNKNOWN


def test_a_concurrent_retry_waits() -> None:
    body = b'{"name": "concurrent_idempotent_requests", "message": "in progress"}'
    found = made("resend").call(letter(CASE)).judge(Answer(409, {}, body))
    assert (found.state, found.detail) == (State.DEFERRED, "in progress")


@pytest.mark.parametrize(
    "change",
    [
        {"subject": "Hello\r\nBcc: all@kunde.example"},
        {"to_name": "Ann\nBcc: x"},
        {"headers": {"X-A": "1\r\nX-B: 2"}},
        {"headers": {"X-A\nX-B": "1"}},
        {"to": "ann"},
        {"to": "ann@kunde.example;bo@kunde.example"},
        {"sender": "nobody"},
    ],
)
def test_nothing_becomes_another_header_or_recipient(change: dict[str, Any]) -> None:
    for name in PROVIDERS:
        with pytest.raises(Unfit):
            made(name).call(replace(letter(CASE), **change))


def test_an_unknown_provider_and_a_missing_option_say_what_to_do() -> None:
    with pytest.raises(BadRoute, match="there are brevo"):
        Anymail(outgoing=Outgoing(Policy()), name="pigeon", options={})
    with pytest.raises(BadRoute, match="do not fit"):
        Anymail(outgoing=Outgoing(Policy()), name="resend", options={})
