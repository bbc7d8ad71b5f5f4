"""The contract of every channel over HTTP: a class of tests to inherit, with a case that says how the channel is made."""

import json
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import ClassVar

import pytest
from hypothesis import given, settings, strategies as st

from regulars.core.outgoing import Answer, Outgoing, Policy
from regulars.messaging.channels.http_lane import HttpChannel
from regulars.messaging.letters import Letter, Outcome, State
from tests.core.outgoing.listeners import listening, saying
from tests.messaging.channels.office import Gate, Office, answer, hang_up, opened

NOW = datetime(2024, 6, 1, 12, tzinfo=UTC)
# Long enough for an answer from this machine, short enough to wait for one that never comes.
PATIENCE = 0.6

Make = Callable[[str, Outgoing], HttpChannel]


# Names that providers give to the fields of their answers.
FIELDS = """
code message error error_data details sid id messages Messages results errors Status ErrorCode Message MessageID To Email
total_accepted_recipients total_rejected_recipients messageId status
"""
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(FIELDS.split()), inner, max_size=4),
    max_leaves=8,
)
BODIES = st.binary(max_size=50) | VALUES.map(lambda value: json.dumps(value).encode())


def same(letter: Letter, base: str) -> Letter:
    """Leave a letter as it is: most channels find the server in their settings."""
    return letter


@dataclass(frozen=True)
class Case:
    """How a channel is made for a server's address, and what its provider says.

    accepted is an answer that accepts; never a status that refuses for good; spoil makes a letter that the channel cannot
    carry; addressed puts the server's address into letters where it stands there.
    """

    make: Make
    accepted: tuple[int, bytes]
    spoil: Callable[[Letter], Letter]
    never: int = 422
    to: str = "+4915112345678"
    text: str = "Your beans are roasted."
    addressed: Callable[[Letter, str], Letter] = same


def letters(case: Case, n: int, base: str) -> list[Letter]:
    return [case.addressed(letter(case, i), base) for i in range(n)]


def letter(case: Case, number: int = 0) -> Letter:
    return Letter(
        key=f"{number:04x}5eed{number:024x}",
        channel="any",
        is_marketing=number % 2 == 0,
        to=case.to,
        to_name="Ann",
        sender="shop@kessel.example" if "@" in case.to else "+4915100000000",
        sender_name="Kessel & Kraut",
        subject="Roasted",
        text=case.text,
        html="<p>Your beans are roasted.</p>",
        created_at=NOW,
    )


def outgoing(office: Office) -> Outgoing:
    return Outgoing(Policy(trusted=frozenset({f"127.0.0.1:{office.port}"})))


def delivered(channel: HttpChannel, office: Office, batch: list[Letter]) -> dict[str, Outcome]:
    """Deliver a batch under the office's gate; every letter has one outcome at most."""
    found: dict[str, Outcome] = {}
    for key, outcome in channel.deliver(batch, office.gate.dot):
        assert key not in found
        found[key] = outcome
        office.gate.between.discard(key)
    return found


class HttpContract:
    case: ClassVar[Case]

    @pytest.fixture
    def office(self) -> Iterator[Office]:
        status, body = self.case.accepted
        with opened(answer(status, body)) as office:
            yield office

    def channel(self, office: Office, scheme: str = "http") -> HttpChannel:
        channel = self.case.make(f"{scheme}://127.0.0.1:{office.port}", outgoing(office))
        channel.lanes, channel.timeout = 3, PATIENCE
        return channel

    def batch(self, office: Office, n: int, scheme: str = "http") -> list[Letter]:
        return letters(self.case, n, f"{scheme}://127.0.0.1:{office.port}")

    def one(self, office: Office, scheme: str = "http") -> Outcome:
        """Deliver one letter and return what became of it."""
        (outcome,) = delivered(self.channel(office, scheme), office, self.batch(office, 1, scheme)).values()
        return outcome

    def test_each_letter_is_sent_once_after_its_dot_and_within_the_lanes(self, office: Office) -> None:
        batch = self.batch(office, 12)
        channel = self.channel(office)
        channel.timeout = 10
        found = delivered(channel, office, batch)
        assert {key: one.state for key, one in found.items()} == {one.key: State.SENT for one in batch}
        assert {key: len(some) for key, some in office.requests.items()} == {one.key: 1 for one in batch}
        assert office.early == []
        assert office.gate.most <= 3
        assert office.most <= 3
        assert office.gate.threads == {threading.get_ident()}

    def test_lanes_run_beside_each_other(self, office: Office) -> None:
        together = threading.Barrier(3)
        usual = office.usual

        def play(connection) -> None:  # type: ignore[no-untyped-def]
            together.wait(10)  # goes on only when three requests are here at the same time
            usual(connection)

        office.usual = play
        channel = self.channel(office)
        channel.timeout = 10
        states = {one.state for one in delivered(channel, office, self.batch(office, 6)).values()}
        assert states == {State.SENT}

    def test_a_refused_dot_never_reaches_the_provider(self, office: Office) -> None:
        batch = self.batch(office, 5)
        office.gate = Gate(refused=frozenset({batch[0].key, batch[3].key}))
        found = delivered(self.channel(office), office, batch)
        going = {batch[i].key for i in (1, 2, 4)}
        assert found.keys() == going == office.requests.keys()

    def test_who_stops_listening_stops_the_batch(self, office: Office) -> None:
        batch = self.batch(office, 12)
        course = self.channel(office).deliver(batch, office.gate.dot)
        next(course)
        course.close()  # type: ignore[attr-defined]
        assert len(office.gate.asked) == 3
        assert office.requests.keys() <= set(office.gate.asked)

    def test_a_closed_port_defers(self, office: Office) -> None:
        with opened(hang_up) as gone:
            pass
        assert self.one(gone).state is State.DEFERRED

    def test_a_failure_of_tls_defers(self, office: Office) -> None:
        found = self.one(office, "https")
        assert (found.state, found.code) == (State.DEFERRED, "tls")

    def test_a_connection_dropped_behind_the_request_is_unknown(self, office: Office) -> None:
        office.usual = hang_up
        found = self.one(office)
        assert (found.state, found.code) == (State.UNKNOWN, "drop")

    def test_a_provider_that_stalls_is_unknown(self, office: Office) -> None:
        office.usual = office.stall
        found = self.one(office)
        assert (found.state, found.code) == (State.UNKNOWN, "timeout")

    def test_too_many_requests_defers_for_as_long_as_the_provider_asks(self, office: Office) -> None:
        office.usual = answer(429, b"{}", {"Retry-After": "7"})
        found = self.one(office)
        assert (found.state, found.retry_after) == (State.DEFERRED, 7.0)

    def test_a_refusal_fails(self, office: Office) -> None:
        office.usual = answer(self.case.never, b"{}")
        found = self.one(office)
        assert (found.state, found.code) == (State.FAILED, str(self.case.never))

    @pytest.mark.parametrize("status", [500, 502, 503, 504])
    def test_a_fault_of_the_server_is_unknown_unless_a_retry_is_harmless(self, office: Office, status: int) -> None:
        office.usual = answer(status, b"{}")
        harmless = self.channel(office).is_idempotent
        assert self.one(office).state is (State.DEFERRED if harmless else State.UNKNOWN)

    def test_a_refused_key_of_the_route_burns_no_letter(self, office: Office) -> None:
        office.usual = answer(401, b"{}")
        assert self.one(office).state is State.DEFERRED

    def test_a_redirect_is_not_followed(self, office: Office) -> None:
        with listening(saying(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}")) as other:
            office.usual = answer(302, b"", {"Location": f"http://127.0.0.1:{other.port}/"})
            assert self.one(office).state in (State.UNKNOWN, State.DEFERRED)
            assert other.n_connections == 0

    def test_a_bad_letter_disturbs_no_other(self, office: Office) -> None:
        batch = self.batch(office, 7)
        batch[0] = self.case.spoil(batch[0])
        office.script = {batch[2].key: answer(self.case.never), batch[3].key: hang_up, batch[4].key: office.stall}
        found = delivered(self.channel(office), office, batch)
        states = [found[one.key].state for one in batch]
        assert states == [
            State.FAILED, State.SENT, State.FAILED, State.UNKNOWN, State.UNKNOWN, State.SENT, State.SENT
        ]  # fmt: skip
        assert batch[0].key not in office.requests
        assert batch[0].key not in office.gate.asked

    def test_no_address_gets_into_the_detail(self, office: Office) -> None:
        batch = self.batch(office, 1)
        private = [self.case.to, self.case.to.removeprefix("+"), "bo@elsewhere.example", "+44 20 7946 0958"]
        words = f"'{self.case.to}' {self.case.to.removeprefix('+')} is bad, so are <bo@elsewhere.example> and +44 20 7946 0958"
        fields = dict.fromkeys(("message", "Message", "ErrorMessage", "detail"), words)
        body = {**fields, "error": {**fields, "code": words, "error_data": {"details": words}}, "errors": [fields]}
        for status in (400, 410, 422, 429, 500):
            office.usual = answer(status, json.dumps({**body, "code": words}).encode())
            (found,) = delivered(self.channel(office), office, batch).values()
            assert not any(one in found.detail + found.code for one in private)
            assert len(found.detail) <= 500

    def test_a_retry_carries_the_same_key(self, office: Office) -> None:
        batch = self.batch(office, 1)
        office.usual = hang_up
        channel = self.channel(office)
        for _ in range(2):
            delivered(channel, office, batch)
        assert len(office.requests[batch[0].key]) == 2

    def test_any_answer_has_a_meaning(self) -> None:
        channel = self.case.make("http://127.0.0.1:9", Outgoing(Policy(trusted=frozenset({"127.0.0.1:9"}))))
        call = channel.call(letters(self.case, 1, "http://127.0.0.1:9")[0])

        @settings(max_examples=60)
        @given(status=st.integers(100, 599), body=BODIES, retry=st.text(max_size=12))
        def holds(status: int, body: bytes, retry: str) -> None:
            found = call.judge(Answer(status, {"retry-after": retry}, body))
            assert found.state in (State.SENT, State.DEFERRED, State.FAILED, State.UNKNOWN)
            assert 200 <= status < 300 or found.state is not State.SENT
            assert found.retry_after is None or 0 <= found.retry_after <= 7 * 86400

        holds()

    def test_a_spoiled_letter_says_why(self, office: Office) -> None:
        bad = self.case.spoil(self.batch(office, 1)[0])
        (found,) = delivered(self.channel(office), office, [bad]).values()
        assert (found.state, found.code) == (State.FAILED, "unfit")
        assert found.detail


def without_text(one: Letter) -> Letter:
    return replace(one, text="")
