"""Text messages through a gateway that the route's settings describe."""

import json
from dataclasses import replace

import pytest

from regulars.core.outgoing import Answer, Outgoing, Policy
from regulars.messaging.channels.gateway import Gateway
from regulars.messaging.channels.http_lane import BadRoute
from regulars.messaging.letters import State
from tests.messaging.channels.contract import Case, HttpContract, letter

BODY = '{"messages": [{"to": "{to}", "text": "{text}", "ref": "{key}"}], "ttl": 60}'
CASE = Case(
    make=lambda base, outgoing: Gateway(outgoing=outgoing, url=f"{base}/send", json_body=BODY, id_path="messages.0.id"),
    accepted=(202, b'{"messages": [{"id": 77}]}'),
    # A lone surrogate, as broken imports leave them: no form can write it.
    spoil=lambda one: replace(one, to="\ud800"),
)
OUTGOING = Outgoing(Policy(trusted=frozenset({"10.0.0.5:8080"})))


class TestJsonGateway(HttpContract):
    # JSON can write anything; a form cannot, so the spoiled letter of this case goes into the address as well.
    case = replace(
        CASE,
        make=lambda base, outgoing: Gateway(
            outgoing=outgoing, url=f"{base}/send?to={{to}}", json_body=BODY, id_path="messages.0.id"
        ),
    )


class TestFormGatewayWithAKey(HttpContract):
    case = replace(
        CASE,
        make=lambda base, outgoing: Gateway(
            outgoing=outgoing,
            url=f"{base}/send",
            form={"to": "{to}", "text": "{text}", "from": "{from}"},
            headers={"X-Token": "s3cret"},
            key_header="Idempotency-Key",
            accepted=frozenset({200}),
        ),
        accepted=(200, b"OK"),
    )


def made(**settings: object) -> Gateway:
    usual: dict[str, object] = {"outgoing": OUTGOING, "url": "http://10.0.0.5:8080/send", "json_body": BODY}
    return Gateway(**{**usual, **settings})  # type: ignore[arg-type]


def test_a_text_cannot_break_out_of_its_place() -> None:
    nasty = replace(letter(CASE), text='", "to": "+490000000"}\n{to} & \\')
    body = json.loads(made().call(nasty).body)
    assert body == {"messages": [{"to": nasty.to, "text": nasty.text, "ref": nasty.key}], "ttl": 60}
    form = made(json_body="", form={"n": "{to_digits}", "t": "{text}"}).call(replace(nasty, text="a&n=1 ü"))
    assert form.body == b"n=4915112345678&t=a%26n%3D1+%C3%BC"
    in_address = made(method="GET", json_body="", url="http://10.0.0.5:8080/to/{to}?t={text}").call(
        replace(nasty, text="../x?a#b&c")
    )
    assert in_address.url == "http://10.0.0.5:8080/to/%2B4915112345678?t=..%2Fx%3Fa%23b%26c"


@pytest.mark.parametrize(
    ("status", "state"),
    [(200, State.SENT), (206, State.DEFERRED), (420, State.DEFERRED), (503, State.FAILED), (500, State.UNKNOWN)],
)
def test_the_settings_say_what_a_status_means(status: int, state: State) -> None:
    gateway = made(later=frozenset({206, 420}), never=frozenset({503}))
    assert gateway.call(letter(CASE)).judge(Answer(status, {}, b"")).state is state


def test_an_acceptance_without_the_promised_id_is_unknown() -> None:
    judge = made(id_path="id").call(letter(CASE)).judge
    assert judge(Answer(200, {}, b'{"error": "no credit"}')).state is State.UNKNOWN
    assert judge(Answer(200, {}, b'{"id": "m-1"}')).provider_id == "m-1"


def test_what_a_gateway_says_stays_out_of_the_detail() -> None:
    found = made().call(letter(CASE)).judge(Answer(400, {}, b'{"message": "root:x:0:0"}'))
    assert "root" not in found.detail


@pytest.mark.parametrize(
    ("settings", "sentence"),
    [
        ({"json_body": '{"to": "{tp}"}'}, "no place"),
        ({"json_body": '{"to": "{to"}'}, "no place"),
        ({"json_body": "to={to}"}, "not JSON"),
        ({"json_body": '{"text": "{text}"}'}, "where the number goes"),
        ({"form": {"to": "{to}"}}, "not both"),
        ({"later": frozenset({200})}, "two of the lists"),
        ({"url": "https://{to}.example/"}, "must be fixed"),
        ({"url": "http://10.0.0.6:8080/"}, "use https"),
        ({"url": "https://["}, "can be read"),
    ],
)
def test_a_slip_in_the_settings_shows_at_once(settings: dict[str, object], sentence: str) -> None:
    with pytest.raises(BadRoute, match=sentence):
        made(**settings)


def test_secrets_stay_out_of_what_is_printed() -> None:
    gateway = made(headers={"X-Token": "s3cret"})
    assert "s3cret" not in repr(gateway) + repr(gateway.call(letter(CASE)))
