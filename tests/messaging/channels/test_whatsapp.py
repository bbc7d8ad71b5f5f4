"""Templates and free text through WhatsApp's Cloud API."""

import json
from dataclasses import replace

import pytest

from regulars.core.outgoing import Answer, Outgoing, Policy
from regulars.messaging.channels.http_lane import BadRoute, Unfit
from regulars.messaging.channels.whatsapp import WhatsApp
from regulars.messaging.letters import State
from tests.messaging.channels.contract import Case, HttpContract, letter, without_text

CASE = Case(
    make=lambda base, outgoing: WhatsApp(outgoing=outgoing, number_id="10", token="t", api=base),
    accepted=(200, b'{"messages": [{"id": "wamid.A"}]}'),
    spoil=without_text,
    never=400,
)
WHATSAPP = WhatsApp(outgoing=Outgoing(Policy()), number_id="10", token="t")


class TestWhatsApp(HttpContract):
    case = CASE


def test_a_template_goes_with_its_language_and_parameters() -> None:
    headers = {"X-WhatsApp-Template": "back", "X-WhatsApp-Language": "de", "X-WhatsApp-Parameters": '["Ann", "20 %"]'}
    call = WHATSAPP.call(replace(letter(CASE), headers=headers, text=""))
    body = json.loads(call.body)
    assert call.url.endswith("/10/messages")
    assert (body["to"], body["type"], body["biz_opaque_callback_data"]) == (
        "4915112345678",
        "template",
        letter(CASE).key,
    )
    assert body["template"] == {
        "name": "back",
        "language": {"code": "de"},
        "components": [
            {"type": "body", "parameters": [{"type": "text", "text": "Ann"}, {"type": "text", "text": "20 %"}]}
        ],
    }


def test_a_letter_without_a_template_goes_as_text() -> None:
    body = json.loads(WHATSAPP.call(letter(CASE)).body)
    assert (body["type"], body["text"]["body"]) == ("text", "Your beans are roasted.")


@pytest.mark.parametrize("parameters", ["Ann", '{"a": 1}', "[1]"])
def test_parameters_that_are_no_texts_and_a_missing_language_are_refused(parameters: str) -> None:
    headers = {"X-WhatsApp-Template": "back", "X-WhatsApp-Language": "de", "X-WhatsApp-Parameters": parameters}
    with pytest.raises(Unfit, match="list of texts"):
        WHATSAPP.call(replace(letter(CASE), headers=headers))
    with pytest.raises(Unfit, match="language"):
        WHATSAPP.call(replace(letter(CASE), headers={"X-WhatsApp-Template": "back"}))


@pytest.mark.parametrize(
    ("status", "code", "state", "words"),
    [
        (400, 131047, State.FAILED, "24 hours"),
        (400, 131026, State.FAILED, "not on WhatsApp"),
        (400, 130429, State.DEFERRED, "slowly"),
        (400, 131050, State.FAILED, "STOP"),
        (400, 132001, State.FAILED, "template"),
        (403, 230, State.DEFERRED, "key"),
        (401, 190, State.DEFERRED, "key"),
        (500, 131000, State.UNKNOWN, "why"),
        (400, 100, State.FAILED, "why"),
    ],
)
def test_metas_codes_have_their_meaning(status: int, code: int, state: State, words: str) -> None:
    body = {"error": {"code": code, "message": "(#1) x", "error_data": {"details": "why it is so"}}}
    found = WHATSAPP.call(letter(CASE)).judge(Answer(status, {}, json.dumps(body).encode()))
    assert (found.state, found.code) == (state, str(code))
    assert words in found.detail


def test_a_number_that_is_none_is_refused() -> None:
    with pytest.raises(BadRoute):
        WhatsApp(outgoing=Outgoing(Policy()), number_id="10/../11", token="t")
