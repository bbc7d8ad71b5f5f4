"""Amazon SES: our own mail in a signed request."""

import base64
import json
from dataclasses import replace
from datetime import UTC, datetime
from email import message_from_bytes

import pytest

from regulars.core.outgoing import Answer, Outgoing, Policy
from regulars.messaging.channels.amazon.ses import Ses, judged
from regulars.messaging.channels.amazon.signing import Keys, signed
from regulars.messaging.channels.http_lane import BadRoute
from regulars.messaging.letters import State
from tests.messaging.channels.contract import NOW, Case, HttpContract, letter

KEY_ID, SECRET = "AKIDEXAMPLE0EXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"
OPTIONS = {"key_id": KEY_ID, "secret": SECRET, "region": "eu-central-1", "clock": lambda: NOW}
CASE = Case(
    make=lambda base, outgoing: Ses(outgoing=outgoing, api=base, **OPTIONS),  # type: ignore[arg-type]
    accepted=(200, b'{"MessageId": "0107-1"}'),
    spoil=lambda one: replace(one, to="ann@kunde.example, bo@kunde.example"),
    to="ann@kunde.example",
)


class TestSes(HttpContract):
    case = CASE


def ses(**changes: object) -> Ses:
    return Ses(outgoing=Outgoing(Policy()), **OPTIONS | changes)  # type: ignore[arg-type]


def test_a_signature_is_the_one_that_amazon_gives_as_an_example() -> None:
    # "post-vanilla" of the published test suite of Signature Version 4.
    keys = Keys("AKIDEXAMPLE", SECRET, "us-east-1", "service")
    told = signed(keys, "https://example.amazonaws.com/", {}, b"", datetime(2015, 8, 30, 12, 36, tzinfo=UTC))
    assert told["Authorization"].endswith("5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b")
    assert told["X-Amz-Date"] == "20150830T123600Z"


def test_the_mail_is_ours_and_names_its_key_twice() -> None:
    call = ses(configuration_set="news").call(letter(CASE))
    told = json.loads(call.body)
    mail = message_from_bytes(base64.b64decode(told["Content"]["Raw"]["Data"]))
    key = letter(CASE).key
    assert call.url == "https://email.eu-central-1.amazonaws.com/v2/email/outbound-emails"
    assert (mail["X-Regulars-Message"], told["EmailTags"]) == (key, [{"Name": "regulars", "Value": key}])
    assert (mail["From"], told["FromEmailAddress"]) == ('"Kessel & Kraut" <shop@kessel.example>', "shop@kessel.example")
    assert (told["Destination"], told["ConfigurationSetName"]) == ({"ToAddresses": ["ann@kunde.example"]}, "news")
    assert SECRET not in repr(ses()) + repr(call)


@pytest.mark.parametrize(
    ("status", "kind", "said", "state"),
    [
        (400, "MessageRejected", "Email address is not verified.", State.DEFERRED),
        (400, "MessageRejected", "It has a virus.", State.FAILED),
        (400, "SendingPausedException:http://internal.amazon.com/", "", State.DEFERRED),
        (400, "LimitExceededException", "", State.DEFERRED),
        (429, "TooManyRequestsException", "", State.DEFERRED),
        (403, "UnrecognizedClientException", "", State.DEFERRED),
        (404, "NotFoundException", "", State.DEFERRED),
        (500, "SendingPausedException", "", State.UNKNOWN),
    ],
)
def test_what_amazon_answers(status: int, kind: str, said: str, state: State) -> None:
    answer = Answer(status, {"x-amzn-errortype": kind}, json.dumps({"message": said}).encode())
    assert judged(letter(CASE), answer).state is state


@pytest.mark.parametrize(
    "wrong", [{"region": "eu.evil.example/"}, {"key_id": "akid"}, {"configuration_set": "a b"}, {"region": ""}]
)
def test_settings_that_cannot_work_are_refused(wrong: dict[str, str]) -> None:
    with pytest.raises(BadRoute):
        ses(**wrong)


def test_a_header_cannot_be_slipped_in() -> None:
    sly = replace(letter(CASE), headers={"X-Evil": "a\r\nBcc: bo@kunde.example"}, subject="Hi\nBcc: bo@kunde.example")
    told = json.loads(ses().call(sly).body)
    assert message_from_bytes(base64.b64decode(told["Content"]["Raw"]["Data"]))["Bcc"] is None
    assert told["Destination"] == {"ToAddresses": ["ann@kunde.example"]}
