"""Text messages through Twilio."""

import base64
import json
from dataclasses import replace
from urllib.parse import parse_qs

import pytest

from regulars.core.outgoing import Answer, Outgoing, Policy
from regulars.messaging.channels.http_lane import BadRoute
from regulars.messaging.channels.twilio import Twilio
from regulars.messaging.letters import State
from tests.messaging.channels.contract import Case, HttpContract, letter, without_text

CASE = Case(
    make=lambda base, outgoing: Twilio(
        outgoing=outgoing, account="AC1", token="t", api=base, status_url="https://kessel.example/hooks/twilio?a=1"
    ),
    accepted=(201, b'{"sid": "SM5", "status": "queued"}'),
    spoil=without_text,
    never=400,
)


class TestTwilio(HttpContract):
    case = CASE


def made(**settings: str) -> Twilio:
    return Twilio(outgoing=Outgoing(Policy()), account="AC1", token="t", **settings)  # type: ignore[arg-type]


def test_the_request_is_the_one_that_twilio_documents() -> None:
    call = made(service="MG7", status_url="https://kessel.example/t").call(letter(CASE))
    assert call.url == "https://api.twilio.com/2010-04-01/Accounts/AC1/Messages.json"
    assert base64.b64decode(call.headers["Authorization"].removeprefix("Basic ")) == b"AC1:t"
    assert parse_qs(call.body.decode()) == {
        "To": ["+4915112345678"],
        "Body": ["Your beans are roasted."],
        "MessagingServiceSid": ["MG7"],
        "StatusCallback": [f"https://kessel.example/t?key={letter(CASE).key}"],
    }
    assert parse_qs(made().call(letter(CASE)).body.decode())["From"] == ["+4915100000000"]


@pytest.mark.parametrize(
    ("status", "code", "state", "words"),
    [
        (400, 21610, State.FAILED, "STOP"),
        (400, 21211, State.FAILED, "no valid phone number"),
        (400, 21614, State.FAILED, "takes no text messages"),
        (429, 20429, State.DEFERRED, "come back later"),
        (400, 21611, State.DEFERRED, "queue"),
        (401, 20003, State.DEFERRED, "key"),
        (500, 20500, State.UNKNOWN, "accident"),
        (503, 21610, State.UNKNOWN, "accident"),
        (400, 99999, State.FAILED, "accident"),
    ],
)
def test_twilios_codes_have_their_meaning(status: int, code: int, state: State, words: str) -> None:
    body = json.dumps({"code": code, "message": "an accident", "status": status}).encode()
    found = made().call(letter(CASE)).judge(Answer(status, {"retry-after": "30"} if status == 429 else {}, body))
    assert (found.state, found.code) == (state, str(code))
    assert words in found.detail
    assert found.retry_after == (30.0 if status == 429 else None)


def test_an_acceptance_tells_the_provider_s_id() -> None:
    found = made().call(letter(CASE)).judge(Answer(201, {}, b'{"sid": "SM5"}'))
    assert (found.state, found.provider_id) == (State.SENT, "SM5")


def test_a_letter_without_a_sender_and_an_account_that_is_none_are_refused() -> None:
    with pytest.raises(ValueError, match="sender"):
        made().call(replace(letter(CASE), sender=""))
    with pytest.raises(BadRoute, match="AC"):
        Twilio(outgoing=Outgoing(Policy()), account="../x", token="t")
