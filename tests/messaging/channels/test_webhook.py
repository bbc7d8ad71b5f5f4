"""Outgoing webhooks: the signature, the schedule of trying again, and when an endpoint is switched off."""

import base64
import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, strategies as st
from standardwebhooks import Webhook as Receiver, WebhookVerificationError

from regulars.core.outgoing import Answer, Outgoing, Policy
from regulars.messaging.channels.http_lane import BadRoute
from regulars.messaging.channels.webhook import Endpoint, Webhook, after, attempt_at, next_attempt_at
from regulars.messaging.letters import State
from tests.messaging.channels.contract import NOW, Case, HttpContract, letter, without_text

NEW, OLD = (f"whsec_{base64.b64encode(bytes([n]) * 24).decode()}" for n in (1, 2))
CASE = Case(
    make=lambda base, outgoing: Webhook(outgoing=outgoing, url=f"{base}/hook", secrets=[NEW, OLD], clock=lambda: NOW),
    accepted=(204, b""),
    spoil=without_text,
    never=410,
    text='{"type": "message.sent", "data": {"name": "Zoë"}}',
)
PAUSES = [0, 5, 300, 1800, 7200, 18000, 36000, 36000]


class TestWebhook(HttpContract):
    case = CASE


def made(moment: datetime = NOW, secrets: tuple[str, ...] = (NEW, OLD)) -> Webhook:
    return Webhook(outgoing=Outgoing(Policy()), url="https://kessel.example/h", secrets=secrets, clock=lambda: moment)


def test_both_secrets_verify_with_the_reference_library_and_a_changed_body_with_none() -> None:
    call = made(datetime.now(UTC)).call(letter(CASE))
    headers = dict(call.headers)
    for secret in (NEW, OLD):
        assert Receiver(secret).verify(call.body, headers) == json.loads(CASE.text)
        with pytest.raises(WebhookVerificationError):
            Receiver(secret).verify(call.body.replace(b"sent", b"rent"), headers)
    with pytest.raises(WebhookVerificationError):
        Receiver(f"whsec_{base64.b64encode(b'3' * 24).decode()}").verify(call.body, headers)


def test_the_time_is_signed_in_seconds_of_utc_wherever_the_clock_stands() -> None:
    there = NOW.astimezone(datetime.strptime("+0545", "%z").tzinfo)
    assert made(there).call(letter(CASE)).headers == made(NOW).call(letter(CASE)).headers
    assert made(NOW).call(letter(CASE)).headers["webhook-timestamp"] == str(int(NOW.timestamp()))


@pytest.mark.parametrize(
    ("status", "state"),
    [
        (200, State.SENT),
        (204, State.SENT),
        (410, State.FAILED),
        *((n, State.DEFERRED) for n in (302, 400, 404, 429, 500, 503)),
    ],
)
def test_only_success_and_410_are_final(status: int, state: State) -> None:
    found = made().call(letter(CASE)).judge(Answer(status, {"retry-after": "90"}, b"body"))
    assert found.state is state
    assert found.retry_after == (90.0 if state is State.DEFERRED else None)
    assert "body" not in found.detail


@pytest.mark.parametrize("secret", ["", "whsec_", "secret", NEW.removeprefix("whsec_"), "whsec_AAAA", "whsec_!!!!"])
def test_a_secret_that_the_specification_does_not_allow_is_refused(secret: str) -> None:
    with pytest.raises(BadRoute):
        made(secrets=(secret,))
    with pytest.raises(BadRoute):
        made(secrets=())


@pytest.mark.parametrize("url", ["http://kessel.example/", "https://a:b@kessel.example/", "https://kessel.example:22/"])
def test_an_address_that_can_never_be_called_is_refused_at_once(url: str) -> None:
    with pytest.raises(BadRoute):
        Webhook(outgoing=Outgoing(Policy()), url=url, secrets=[NEW], clock=lambda: NOW)


@given(st.text(max_size=10))
def test_attempts_follow_the_schedule_within_a_tenth(seed: str) -> None:
    instants = [attempt_at(n, NOW, seed) for n in range(1, 9)]
    for pause, before, then in zip(PAUSES[1:], instants, instants[1:], strict=False):
        assert before
        assert then
        assert 0.9 * pause - 0.001 <= (then - before).total_seconds() <= 1.1 * pause + 0.001
    assert instants[0] == NOW
    assert attempt_at(0, NOW, seed) is attempt_at(9, NOW, seed) is None


def test_messages_that_failed_together_come_back_apart() -> None:
    last = [attempt_at(8, NOW, f"message {n}") for n in range(500)]
    seconds = [(one - NOW).total_seconds() for one in last if one]
    assert len(set(seconds)) == 500
    assert abs(sum(seconds) / 500 - sum(PAUSES)) < 0.01 * sum(PAUSES)


def test_an_endpoint_that_asks_for_time_gets_it() -> None:
    soon = attempt_at(2, NOW, "a")
    assert next_attempt_at(2, NOW, "a", NOW) == soon
    assert next_attempt_at(2, NOW, "a", NOW + timedelta(hours=1)) == NOW + timedelta(hours=1)
    assert next_attempt_at(9, NOW, "a", NOW) is None


def test_five_days_of_failures_switch_an_endpoint_off_and_one_success_between_does_not() -> None:
    def run(days: float, successes: set[int]) -> Endpoint:
        endpoint = Endpoint()
        for hour in range(int(days * 24) + 1):
            endpoint = after(endpoint, hour in successes, "timeout", NOW + timedelta(hours=hour))
        return endpoint

    assert run(5, set()).is_off
    assert not run(4.9, set()).is_off
    assert not run(9.9, {119}).is_off
    assert run(10, {119}).is_off


def test_410_switches_an_endpoint_off_at_once_and_nothing_but_a_hand_switches_it_on() -> None:
    off = after(Endpoint(), False, "410", NOW)
    assert off.is_off
    assert after(off, True, "200", NOW + timedelta(days=1)) == off
    assert replace(off, off_because="").is_off is False
