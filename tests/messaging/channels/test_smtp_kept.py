"""Connections are kept between deliveries, asked before they are used again, and cost no letter when they are gone."""

import gc
import os
from pathlib import Path

import pytest

from regulars.messaging.channels.smtp.channel import SmtpChannel
from regulars.messaging.channels.smtp.lane import Lane
from regulars.messaging.channels.smtp.resting import Resting
from regulars.messaging.channels.smtp.settings import Security
from regulars.messaging.letters import State
from tests.messaging.channels.cast import Gate, channel, delivered, key, letter, letters, self_signed
from tests.messaging.channels.sink import DROP, STALL, Fault, Sink


def states(outcomes: object) -> set[State]:
    return {one.state for one in outcomes.values()}  # type: ignore[attr-defined]


def once(one: SmtpChannel, number: int) -> State:
    """Deliver one letter and return its state."""
    return delivered(one, [letter(number)])[key(number)].state


def test_the_next_delivery_goes_over_the_connection_of_the_one_before() -> None:
    with Sink() as sink:
        one = channel(sink)
        assert [once(one, number) for number in range(1, 6)] == [State.SENT] * 5
        one.close()
    assert sink.n_connections == 1
    assert sorted(sink.taken) == [key(number) for number in range(1, 6)]
    assert [line for line in sink.lines if line == b"RSET"] == [b"RSET"] * 4


def test_it_stays_encrypted_and_signed_in(tmp_path: Path) -> None:
    server, client = self_signed(tmp_path)
    with Sink(context=server, offers=("STARTTLS", "AUTH PLAIN")) as sink:
        one = channel(sink, client, security=Security.STARTTLS, user="ann", password="secret")
        assert [once(one, number) for number in (1, 2, 3)] == [State.SENT] * 3
        one.close()
    assert sink.n_connections == 1
    assert len([line for line in sink.lines if line.startswith(b"AUTH")]) == 1


@pytest.mark.parametrize("keeps", [0, 30])
def test_many_letters_after_few_use_what_is_there_and_open_the_rest(keeps: float) -> None:
    with Sink() as sink:
        one = channel(sink, keep_seconds=keeps)
        assert once(one, 1) is State.SENT
        assert states(delivered(one, letters(60)[1:])) == {State.SENT}
        one.close()
    assert sink.n_connections == (4 if keeps else 5)
    assert len(sink.taken) == len(set(sink.taken)) == 60


def test_a_server_that_left_meanwhile_costs_no_letter() -> None:
    with Sink() as sink:
        one = channel(sink)
        assert states(delivered(one, letters(40))) == {State.SENT}
        n_before = sink.n_connections
        sink.hang_up()
        assert states(delivered(one, [letter(number) for number in range(41, 61)])) == {State.SENT}
        one.close()
    assert sink.n_connections > n_before
    assert sorted(sink.taken) == [key(number) for number in range(1, 61)]


@pytest.mark.parametrize("does", [DROP, "421 4.4.2 idle for too long", "500 what?"])
def test_a_server_that_does_not_know_it_any_more_gets_a_fresh_one(does: str) -> None:
    with Sink(at_connection={0: Fault("rset", does)}) as sink:
        one = channel(sink)
        assert (once(one, 1), once(one, 2)) == (State.SENT, State.SENT)
        one.close()
    assert sink.n_connections == 2
    assert sink.taken == [key(1), key(2)]


def test_a_server_that_stays_silent_is_left_for_a_fresh_one() -> None:
    with Sink(at_connection={0: Fault("rset", STALL)}) as sink:
        one = channel(sink, reply_timeout=0.3)
        assert (once(one, 1), once(one, 2)) == (State.SENT, State.SENT)
        one.close()
    assert sink.n_connections == 2


@pytest.mark.parametrize("stage", ["mail", "rcpt", "data"])
def test_a_kept_connection_that_breaks_before_the_dot_costs_no_letter(stage: str) -> None:
    with Sink(faults={key(2): [Fault(stage, DROP)]}) as sink:
        one = channel(sink)
        assert (once(one, 1), once(one, 2)) == (State.SENT, State.SENT)
        one.close()
    assert sink.taken == [key(1), key(2)]


def test_a_kept_connection_that_breaks_behind_the_dot_leaves_an_unknown_as_ever() -> None:
    with Sink(faults={key(2): [Fault("dot", DROP)]}) as sink:
        one = channel(sink)
        assert [once(one, number) for number in (1, 2, 3)] == [State.SENT, State.UNKNOWN, State.SENT]
        one.close()
    assert len(sink.dots) == 3


def test_the_count_of_letters_goes_on_over_deliveries() -> None:
    with Sink() as sink:
        one = channel(sink, connections=1, letters_per_connection=3)
        assert [once(one, number) for number in range(1, 8)] == [State.SENT] * 7
        one.close()
    assert sink.n_connections == 3


def test_a_withheld_letter_leaves_no_connection_to_be_kept() -> None:
    with Sink() as sink:
        one = channel(sink, connections=1)
        assert delivered(one, [letter(1)], Gate(refuses=frozenset({key(1)}))) == {}
        assert once(one, 2) is State.SENT
        one.close()
    assert (sink.n_connections, sink.taken) == (2, [key(2)])


def test_who_stops_listening_keeps_none() -> None:
    with Sink() as sink:
        one = channel(sink, connections=2)
        course = one.deliver(letters(20), Gate())
        next(course)
        course.close()  # type: ignore[attr-defined]
        with sink.left:
            assert sink.left.wait_for(lambda: sink.n_left == sink.n_connections, timeout=10)


def test_idle_connections_take_leave_when_their_time_is_over() -> None:
    with Sink() as sink:
        one = channel(sink, keep_seconds=0.05)
        assert once(one, 1) is State.SENT
        with sink.left:
            assert sink.left.wait_for(lambda: sink.n_left == 1, timeout=10)
        assert sink.lines[-1] == b"QUIT"
        assert once(one, 2) is State.SENT
        one.close()
    assert sink.n_connections == 2


def test_a_channel_that_nobody_has_any_more_takes_leave() -> None:
    with Sink() as sink:
        one = channel(sink)
        assert states(delivered(one, letters(8))) == {State.SENT}
        del one
        gc.collect()
        with sink.left:
            assert sink.left.wait_for(lambda: sink.n_left == sink.n_connections, timeout=10)


class OfNobody(Lane):
    """A lane that notes how it was left."""

    def __init__(self) -> None:
        self.left: list[str] = []

    def part(self) -> None:
        self.left.append("part")

    def close(self) -> None:
        self.left.append("close")


def test_a_forked_process_says_nothing_on_its_parents_connections(monkeypatch: pytest.MonkeyPatch) -> None:
    resting, lane = Resting(60, 4), OfNobody()
    resting.put([lane])
    monkeypatch.setattr(os, "getpid", lambda: -1)
    assert resting.take(4) == []
    resting.close()
    assert lane.left == ["close"]


def test_no_more_are_kept_than_may_be_open() -> None:
    resting, lanes = Resting(60, 2), [OfNobody() for _ in range(3)]
    resting.put(lanes)
    assert [len(lane.left) for lane in lanes] == [1, 0, 0]
    assert resting.take(5) == [lanes[2], lanes[1]]
    resting.close()
