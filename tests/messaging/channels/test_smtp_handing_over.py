"""Letters reach a mail server in order: asked for before the final dot, encrypted, signed in, over few connections."""

import base64
import socket
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller

from regulars.messaging.channels.smtp.channel import SmtpChannel
from regulars.messaging.channels.smtp.dialogue import ONE_FLIGHT
from regulars.messaging.channels.smtp.settings import Security, SmtpSettings, WrongSettings
from regulars.messaging.letters import Channel, State
from tests.messaging.channels.cast import Gate, channel, delivered, key, letter, letters, self_signed
from tests.messaging.channels.sink import DROP, OFFERS, Fault, Sink

MODERN = ("PIPELINING", "STARTTLS", "AUTH PLAIN LOGIN", "8BITMIME", "SMTPUTF8")


def test_every_letter_is_taken_once_with_its_key_as_message_id() -> None:
    with Sink() as sink:
        one: Channel = channel(sink)
        outcomes = dict(one.deliver(letters(100), Gate()))
    assert {outcome.state for outcome in outcomes.values()} == {State.SENT}
    assert {outcome.provider_id for outcome in outcomes.values()} == {"4XkZ1b2Q9z"}
    assert sorted(dot.message_id for dot in sink.dots) == [f"{key(number)}@store.example" for number in range(1, 101)]
    assert sink.n_connections == one.lanes == 4


def test_a_key_that_the_gate_refuses_never_reaches_a_final_dot_and_has_no_outcome() -> None:
    refused = frozenset(key(number) for number in range(1, 31) if number % 3 == 0)
    big = [
        letter(number, text="x" * 80 + "\n" + "y" * ONE_FLIGHT if number % 2 else "Hello") for number in range(1, 31)
    ]
    with Sink() as sink:
        outcomes = delivered(channel(sink), big, Gate(refuses=refused))
    assert set(outcomes) == {key(number) for number in range(1, 31)} - refused
    assert sorted(sink.taken) == sorted(outcomes)
    assert len(sink.dots) == 20


@pytest.mark.parametrize("connections", [1, 3, 8])
def test_no_more_letters_than_lanes_are_between_dot_and_outcome(connections: int) -> None:
    gate = Gate()
    with Sink() as sink:
        delivered(channel(sink, connections=connections), letters(60), gate)
    assert gate.most_under_way <= connections
    assert sorted(of for asked in gate.asked for of in asked) == [key(number) for number in range(1, 61)]


def test_one_question_serves_all_connections_that_stand_before_their_dot() -> None:
    asked = []

    def slow(keys: Sequence[str]) -> frozenset[str]:
        asked.append(len(keys))
        time.sleep(0.01)  # as long as a commit may take: the other connections arrive meanwhile
        return frozenset(keys)

    with Sink() as sink:
        dict(channel(sink).deliver(letters(80), slow))
    assert sum(asked) == 80
    assert max(asked) > 1
    assert len(asked) < 80


def test_a_question_that_fails_leaves_nothing_behind() -> None:
    def broken(keys: Sequence[str]) -> frozenset[str]:
        raise RuntimeError("the database is away")

    with Sink() as sink, pytest.raises(RuntimeError, match="away"):
        dict(channel(sink).deliver(letters(8), broken))
    assert not sink.dots


def test_who_stops_listening_leaves_nothing_open() -> None:
    with Sink() as sink:
        course = channel(sink, connections=2).deliver(letters(20), Gate())
        next(course)
        course.close()
        with sink.left:
            assert sink.left.wait_for(lambda: sink.n_left == 2, timeout=20)
    assert len(sink.taken) <= 4


def test_a_letter_that_cannot_be_a_mail_fails_alone() -> None:
    with Sink() as sink:
        outcomes = delivered(channel(sink), [letter(1), letter(2, to="nobody"), letter(3, text="", html=""), letter(4)])
    assert [outcomes[key(number)].state for number in (1, 2, 3, 4)] == ["sent", "failed", "failed", "sent"]
    assert outcomes[key(2)].code == "letter"
    assert outcomes[key(2)].detail == "The address is no e-mail address: it needs a name, an @ and a domain."


def test_nothing_to_send_opens_no_connection() -> None:
    with Sink() as sink:
        assert delivered(channel(sink), []) == {}
        assert delivered(channel(sink), [letter(1, to="nobody")])[key(1)].state is State.FAILED
    assert not sink.dots


def test_one_letter_needs_one_connection() -> None:
    with Sink() as sink:
        delivered(channel(sink), [letter(1)])
        with sink.left:
            assert sink.left.wait_for(lambda: sink.n_left == 1, timeout=10)
    assert sink.n_connections == 1
    assert sink.lines[-1] == b"QUIT"


def test_a_connection_takes_as_many_letters_as_it_may() -> None:
    with Sink() as sink:
        delivered(channel(sink, connections=1, letters_per_connection=3), letters(10))
    assert sink.n_connections == 4
    assert len(sink.taken) == 10
    assert sink.lines.count(b"QUIT") == 4


def test_dots_and_long_mails_arrive_as_they_were() -> None:
    text = ".\n..\n.hidden\n" + "a line like another\n" * 20_000
    with Sink() as sink:
        delivered(channel(sink), [letter(1, text=text, html="")])
    assert sink.dots[0].content.partition(b"\r\n\r\n")[2] == text.replace("\n", "\r\n").encode()


@pytest.mark.parametrize("offers", [OFFERS, ()], ids=["pipelined", "one by one"])
def test_replies_may_come_byte_by_byte(offers: Sequence[str]) -> None:
    with Sink(is_slow=True, offers=offers, says="250-first\r\n250-second\r\n250 OK id=1qXyZ-0001aB-2C") as sink:
        outcomes = delivered(channel(sink), letters(12))
    assert {outcome.provider_id for outcome in outcomes.values()} == {"1qXyZ-0001aB-2C"}


def test_an_old_server_is_greeted_with_helo() -> None:
    with Sink(always=Fault("ehlo", "502 5.5.1 what?")) as sink:
        outcomes = delivered(channel(sink, helo="store.example"), letters(2))
    assert {outcome.state for outcome in outcomes.values()} == {State.SENT}
    assert sink.lines[:2].count(b"EHLO store.example") >= 1
    assert b"HELO store.example" in sink.lines


def test_a_mail_larger_than_the_server_takes_fails_and_says_why() -> None:
    with Sink(offers=("PIPELINING", "SIZE 3000")) as sink:
        outcomes = delivered(channel(sink), [letter(1), letter(2, text="word " * 1000)])
    assert outcomes[key(1)].state is State.SENT
    assert (outcomes[key(2)].state, outcomes[key(2)].code) == (State.FAILED, "size")
    assert any(line.startswith(b"MAIL FROM:<b+") and b" SIZE=" in line for line in sink.lines)


@pytest.mark.parametrize(("offers", "state"), [(OFFERS, "failed"), (MODERN, "sent")], ids=["old", "modern"])
def test_an_address_beyond_ascii_needs_a_server_that_takes_it(offers: Sequence[str], state: str) -> None:
    with Sink(offers=offers) as sink:
        outcomes = delivered(channel(sink), [letter(1, to="anná@straße.example"), letter(2, to="bo@straße.example")])
    assert outcomes[key(1)].state == state
    assert outcomes[key(2)].state == State.SENT
    assert (b"RCPT TO:<bo@xn--strae-oqa.example>") in sink.lines
    if state == "sent":
        assert any(line.endswith(b" BODY=8BITMIME SMTPUTF8") for line in sink.lines)


@pytest.mark.parametrize("security", [Security.STARTTLS, Security.TLS])
@pytest.mark.parametrize("ways", ["PLAIN LOGIN", "LOGIN"])
def test_letters_and_passwords_travel_encrypted(security: Security, ways: str, tmp_path: Path) -> None:
    server, trusting = self_signed(tmp_path)
    offers = ("PIPELINING", "STARTTLS", f"AUTH {ways}")
    with Sink(offers=offers, context=server, is_implicit=security is Security.TLS) as sink:
        one = channel(sink, trusting, security=security, user="store", password="pässword")
        outcomes = delivered(one, [*letters(20), letter(21, text="x" * 200_000)])
    assert {outcome.state for outcome in outcomes.values()} == {State.SENT}
    plain = base64.b64encode("\0store\0pässword".encode())
    assert (b"AUTH PLAIN " + plain if ways != "LOGIN" else base64.b64encode("pässword".encode())) in sink.lines


def test_a_certificate_that_nobody_vouches_for_stops_everything(tmp_path: Path) -> None:
    server, _ = self_signed(tmp_path)
    with Sink(offers=MODERN, context=server) as sink:
        one = channel(sink, security=Security.STARTTLS, user="store", password="secret")
        outcomes = delivered(one, letters(9))
    assert {(outcome.state, outcome.code) for outcome in outcomes.values()} == {(State.DEFERRED, "tls")}
    assert "certificate" in outcomes[key(1)].detail
    assert not any(line.startswith((b"AUTH", b"MAIL")) for line in sink.lines)


def test_a_certificate_for_another_name_stops_everything(tmp_path: Path) -> None:
    server, trusting = self_signed(tmp_path, "mail.example")
    with Sink(offers=MODERN, context=server, is_implicit=True) as sink:
        outcomes = delivered(channel(sink, trusting, security=Security.TLS), letters(3))
    assert {(outcome.state, outcome.code) for outcome in outcomes.values()} == {(State.DEFERRED, "tls")}


NOT_ENCRYPTED = [
    (OFFERS, None, "tls"),
    (MODERN, Fault("starttls", "454 4.7.0 not now"), "tls"),
    (MODERN, Fault("starttls", "220 go\r\n250 injected"), "tls"),
    (MODERN, Fault("starttls", DROP), "dropped"),
    (MODERN, Fault("auth", "535 5.7.8 wrong"), "535"),
    (("STARTTLS", "AUTH GSSAPI"), None, "auth"),
]


@pytest.mark.parametrize(("offers", "fault", "code"), NOT_ENCRYPTED)
def test_without_encryption_or_sign_in_nothing_is_sent(
    offers: Sequence[str], fault: Fault | None, code: str, tmp_path: Path
) -> None:
    server, trusting = self_signed(tmp_path)
    with Sink(offers=offers, always=fault, context=server) as sink:
        one = channel(sink, trusting, security=Security.STARTTLS, user="store", password="secret")
        outcomes = delivered(one, letters(3))
    assert {(outcome.state, outcome.code) for outcome in outcomes.values()} == {(State.DEFERRED, code)}
    assert not any(line.startswith(b"MAIL") for line in sink.lines)


WRONG: list[tuple[dict[str, Any], str]] = [
    ({"host": "mail example"}, "name"),
    ({"port": 0}, "port"),
    ({"connections": 0}, "connections"),
    ({"letters_per_connection": 0}, "At least one"),
    ({"dot_timeout": 0}, "Time-outs"),
    ({"helo": "me\r\nMAIL"}, "greet"),
    ({"bounces_to": "nowhere"}, "bounces"),
    ({"security": Security.NONE, "user": "store"}, "unencrypted"),
]


@pytest.mark.parametrize(("changes", "says"), WRONG, ids=lambda one: str(one)[:30])
def test_settings_that_cannot_work_say_what_to_do(changes: dict[str, Any], says: str) -> None:
    with pytest.raises(WrongSettings, match=says):
        SmtpSettings(**{"host": "mail.example"} | changes)


def test_a_password_is_not_shown() -> None:
    assert "secret" not in repr(SmtpSettings(host="mail.example", user="store", password="secret"))


class Keeper:
    """Keeps what aiosmtpd, a mail server that others wrote, received."""

    def __init__(self) -> None:
        self.received: list[tuple[str, list[str], bytes]] = []

    async def handle_DATA(self, server: object, session: object, envelope: Any) -> str:  # noqa: N802  aiosmtpd's name
        self.received.append((envelope.mail_from, envelope.rcpt_tos, envelope.content))
        return "250 OK queued as 42"


def test_an_independent_server_takes_them_all() -> None:
    keeper = Keeper()
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    controller = Controller(keeper, hostname="127.0.0.1", port=port)
    controller.start()
    try:
        one = SmtpChannel(SmtpSettings(host="127.0.0.1", port=port, security=Security.NONE))
        outcomes = delivered(one, letters(50))
    finally:
        controller.stop()
    assert {(outcome.state, outcome.provider_id) for outcome in outcomes.values()} == {(State.SENT, "42")}
    assert sorted(to for _, (to,), _ in keeper.received) == sorted(
        f"customer{number}@shop.example" for number in range(1, 51)
    )
    assert all(content.endswith(b"--\r\n") for _, _, content in keeper.received)
