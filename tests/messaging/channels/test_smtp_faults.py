"""Whatever a mail server does, each letter ends in the documented state, and none is accepted twice."""

import random
import socket
from collections import Counter

import pytest

from regulars.messaging.letters import State
from tests.messaging.channels.cast import Gate, channel, delivered, key, letter, letters
from tests.messaging.channels.sink import DROP, STALL, Fault, Sink

MATRIX = [
    # stage, what the server does, state, code
    ("mail", "450 4.3.0 later", State.DEFERRED, "450"),
    ("mail", "452 4.3.1 no room", State.DEFERRED, "452"),
    ("mail", "550 5.7.1 not you", State.FAILED, "550"),
    ("mail", "554 5.7.1 never", State.FAILED, "554"),
    ("mail", "530 5.7.0 sign in first", State.DEFERRED, "530"),
    ("mail", "421 4.3.2 closing", State.DEFERRED, "421"),
    ("mail", "250-torn\r\n550 apart", State.DEFERRED, "junk"),
    ("mail", "354 what?", State.DEFERRED, "junk"),
    ("mail", "\x00\x01nonsense", State.DEFERRED, "junk"),
    ("mail", DROP, State.DEFERRED, "dropped"),
    ("mail", STALL, State.DEFERRED, "timeout"),
    ("rcpt", "450 4.2.0 greylisted", State.DEFERRED, "450"),
    ("rcpt", "452 4.2.2 mailbox full", State.DEFERRED, "452"),
    ("rcpt", "550 5.1.1 no such user", State.FAILED, "550"),
    ("rcpt", "421 4.3.2 closing", State.DEFERRED, "421"),
    ("rcpt", DROP, State.DEFERRED, "dropped"),
    ("rcpt", STALL, State.DEFERRED, "timeout"),
    ("data", "451 4.3.0 later", State.DEFERRED, "451"),
    ("data", "554 5.5.1 no valid recipients", State.FAILED, "554"),
    ("data", "250 what?", State.DEFERRED, "junk"),
    ("data", "421 4.3.2 closing", State.DEFERRED, "421"),
    ("data", DROP, State.DEFERRED, "dropped"),
    ("data", STALL, State.DEFERRED, "timeout"),
    ("dot", "250 2.0.0 Ok: queued as 4Xk", State.SENT, "250"),
    ("dot", "421 4.3.2 closing", State.DEFERRED, "421"),
    ("dot", "450 4.3.0 later", State.DEFERRED, "450"),
    ("dot", "452 4.3.1 no room", State.DEFERRED, "452"),
    ("dot", "550 5.7.1 spam", State.FAILED, "550"),
    ("dot", "554 5.6.0 broken", State.FAILED, "554"),
    ("dot", "junk", State.UNKNOWN, "junk"),
    ("dot", "354 again?", State.UNKNOWN, "junk"),
    ("dot", DROP, State.UNKNOWN, "dropped"),
    ("dot", STALL, State.UNKNOWN, "timeout"),
]


@pytest.mark.parametrize(("stage", "does", "state", "code"), MATRIX, ids=lambda one: str(one)[:12])
@pytest.mark.parametrize("offers", [("PIPELINING",), ()], ids=["pipelined", "one by one"])
def test_a_fault_ends_in_the_documented_state_and_disturbs_no_other_letter(
    stage: str, does: str, state: State, code: str, offers: tuple[str, ...]
) -> None:
    with Sink(faults={key(2): [Fault(stage, does)] * 2}, offers=offers) as sink:
        patience = 0.8 if does == STALL else 20
        # A connection that timed out is not tried again, so there are two.
        one = channel(sink, connections=2, reply_timeout=patience, dot_timeout=patience)
        outcomes = delivered(one, letters(4))
    assert (outcomes[key(2)].state, outcomes[key(2)].code) == (state, code)
    assert {of: outcome.state for of, outcome in outcomes.items() if of != key(2)} == {
        key(number): State.SENT for number in (1, 3, 4)
    }
    assert Counter(of for of in sink.taken if of != key(2)) == {key(number): 1 for number in (1, 3, 4)}
    assert sink.taken.count(key(2)) == (state in (State.SENT, State.UNKNOWN))


CONNECTING = [
    (Fault("greeting", "421 4.7.0 too many connections"), "421"),
    (Fault("greeting", "554 5.7.1 no service here"), "554"),
    (Fault("greeting", DROP), "dropped"),
    (Fault("greeting", STALL), "timeout"),
    (Fault("greeting", "hello?"), "junk"),
    (Fault("ehlo", "421 4.3.2 closing"), "421"),
    (Fault("ehlo", DROP), "dropped"),
]


@pytest.mark.parametrize(("fault", "code"), CONNECTING, ids=lambda one: str(one)[:60])
def test_a_server_that_takes_no_connection_defers_every_letter_and_is_not_asked_for_each(
    fault: Fault, code: str
) -> None:
    with Sink(always=fault) as sink:
        outcomes = delivered(channel(sink, reply_timeout=0.8), letters(50))
    assert {(outcome.state, outcome.code) for outcome in outcomes.values()} == {(State.DEFERRED, code)}
    assert len(outcomes) == 50
    assert sink.n_connections <= 4
    assert not sink.dots


def test_nobody_listens_and_every_letter_is_deferred() -> None:
    with socket.create_server(("127.0.0.1", 0)) as free, Sink() as sink:
        sink.port = free.getsockname()[1]
        one = channel(sink)
        free.close()
        outcomes = delivered(one, letters(3))
    assert {(outcome.state, outcome.code) for outcome in outcomes.values()} == {(State.DEFERRED, "connect")}


def test_a_host_that_has_no_address_defers() -> None:
    with Sink() as sink:
        outcomes = delivered(channel(sink, host="no..such..host"), letters(2))
    assert {(outcome.state, outcome.code) for outcome in outcomes.values()} == {(State.DEFERRED, "connect")}


def test_a_connection_that_is_refused_leaves_its_letters_to_the_others() -> None:
    busy = {number: Fault("greeting", "421 4.7.0 too many connections") for number in (1, 2, 3)}
    with Sink(at_connection=busy) as sink:
        outcomes = delivered(channel(sink), letters(30))
    assert {outcome.state for outcome in outcomes.values()} == {State.SENT}
    assert sorted(sink.taken) == sorted(outcomes)


@pytest.mark.parametrize("does", ["421 4.7.0 enough for one connection", DROP], ids=["421", "drop"])
def test_a_server_that_ends_a_connection_after_some_letters_gets_the_next_over_a_new_one(does: str) -> None:
    with Sink(faults={key(5): [Fault("mail", does)]}) as sink:
        outcomes = delivered(channel(sink, connections=1), letters(10))
    assert {outcome.state for outcome in outcomes.values()} == {State.SENT}
    assert sink.n_connections == 2
    assert sorted(sink.taken) == sorted(outcomes)


def test_the_letter_behind_a_421_goes_over_a_new_connection() -> None:
    with Sink(faults={key(number): [Fault("dot", "421 4.3.2 closing")] for number in (1, 3)}) as sink:
        outcomes = delivered(channel(sink, connections=1), letters(6))
    assert [of for of, outcome in outcomes.items() if outcome.state is not State.SENT] == [key(1), key(3)]
    assert sink.n_connections == 3


def test_a_server_that_always_drops_is_left_alone_after_three_tries() -> None:
    with Sink(always=Fault("rcpt", DROP)) as sink:
        outcomes = delivered(channel(sink, connections=2), letters(40))
    assert {(outcome.state, outcome.code) for outcome in outcomes.values()} == {(State.DEFERRED, "dropped")}
    assert len(outcomes) == 40
    assert sink.n_connections == 6


def test_who_leaves_while_the_dot_is_asked_for_has_taken_nothing() -> None:
    with Sink(faults={key(1): [Fault("content", DROP)]}) as sink:

        def dot(keys: object) -> frozenset[str]:
            with sink.left:
                assert sink.left.wait_for(lambda: sink.n_left == 1, timeout=20)
            return frozenset([key(1)])

        outcomes = dict(channel(sink).deliver(letters(1), dot))
    assert (outcomes[key(1)].state, outcomes[key(1)].code) == (State.DEFERRED, "dropped")
    assert not sink.dots


def test_a_server_that_stops_reading_in_the_middle_of_a_mail_has_not_taken_it() -> None:
    gate = Gate()
    with Sink(faults={key(1): [Fault("content", STALL)]}, offers=("PIPELINING",)) as sink:
        one = channel(sink, connections=1, reply_timeout=0.8)
        outcomes = delivered(one, [letter(1, text="a line\n" * 2_000_000)], gate)
    assert (outcomes[key(1)].state, outcomes[key(1)].code) == (State.DEFERRED, "timeout")
    assert not gate.asked


def test_a_server_that_leaves_after_the_last_verdict_changes_nothing() -> None:
    with Sink(faults={key(3): [Fault("rcpt", "550 5.1.1 no such user"), Fault("data", DROP)]}) as sink:
        outcomes = delivered(channel(sink, connections=1), letters(3))
    assert [outcomes[key(number)].state for number in (1, 2, 3)] == ["sent", "sent", "failed"]


def test_a_554_is_one_letters_own_and_never_resends_its_batch() -> None:
    with Sink(faults={key(7): [Fault("dot", "554 5.7.1 rejected")] * 9}) as sink:
        outcomes = delivered(channel(sink), letters(40))
    assert [of for of, outcome in outcomes.items() if outcome.state is State.FAILED] == [key(7)]
    assert Counter(sink.taken) == {key(number): 1 for number in range(1, 41) if number != 7}
    assert len(sink.dots) == 40


def test_what_a_server_says_about_somebody_names_nobody() -> None:
    says = "550 5.1.1 <Customer2@shop.example>: customer2 has no mailbox, ask postmaster@shop.example"
    with Sink(faults={key(2): [Fault("rcpt", says)]}) as sink:
        outcome = delivered(channel(sink), [letter(2)])[key(2)]
    assert outcome.detail == "5.1.1 <…>: … has no mailbox, ask …"


def test_a_long_answer_is_cut() -> None:
    with Sink(faults={key(1): [Fault("rcpt", "550-" + "x" * 3000 + "\r\n550 y")]}) as sink:
        outcome = delivered(channel(sink), [letter(1)])[key(1)]
    assert (outcome.code, len(outcome.detail)) == ("550", 500)


def test_an_answer_without_end_is_junk() -> None:
    with Sink(faults={key(1): [Fault("rcpt", "250-" + "x" * 20_000)]}) as sink:
        outcome = delivered(channel(sink), [letter(1)])[key(1)]
    assert (outcome.state, outcome.code) == (State.DEFERRED, "junk")


FAULTS = [
    Fault(stage, does)
    for stage in ("mail", "rcpt", "data", "dot")
    for does in ("421 no", "450 no", "554 no", DROP, "junk", "250-half\r\n354 half")
] + [Fault("content", DROP)]


@pytest.mark.parametrize("seed", range(12))
def test_under_any_faults_each_letter_has_one_outcome_and_what_was_taken_is_known(seed: int) -> None:
    chance = random.Random(seed)
    faults = {
        key(number): [chance.choice(FAULTS) for _ in range(chance.choice((1, 1, 2)))]
        for number in range(1, 121)
        if chance.random() < 0.3
    }
    refused = frozenset(key(number) for number in range(1, 121) if chance.random() < 0.1)
    offers = chance.choice([("PIPELINING",), ("PIPELINING", "SIZE 99999"), ()])
    gate = Gate(refuses=refused)
    with Sink(faults=faults, offers=offers, is_slow=seed % 4 == 0) as sink:
        one = channel(sink, connections=chance.randint(1, 8), letters_per_connection=chance.choice((1, 3, 200)))
        # In several deliveries, so that connections are kept between them and left by their server there.
        sizes, outcomes, many = chance.choice([(120,), (1, 119), (30, 1, 50, 39)]), {}, letters(120)
        for size in sizes:
            some, many = many[:size], many[size:]
            outcomes |= delivered(one, some, gate)
            if chance.random() < 0.3:
                sink.hang_up()
        one.close()
    states = {of: outcome.state for of, outcome in outcomes.items()}
    assert set(states) | refused == {key(number) for number in range(1, 121)}
    assert {states[of] for of in refused & set(states)} <= {State.DEFERRED, State.FAILED}
    assert set(sink.taken) <= {of for of, state in states.items() if state in (State.SENT, State.UNKNOWN)}
    assert {of for of, state in states.items() if state is State.SENT} <= set(sink.taken)
    assert max(Counter(sink.taken).values()) == 1
    assert not refused & {dot.key for dot in sink.dots}
    assert gate.most_under_way <= one.lanes
