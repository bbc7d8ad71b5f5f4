"""A message leaves once, or is listed: requests, leases, dots, outcomes, retries and what is left behind."""

import socket
import subprocess
import sys
from datetime import timedelta

import pytest
from django.db import transaction

from regulars.messaging.channels.drawer import Drawer
from regulars.messaging.letters import Outcome, State
from regulars.messaging.models import Drawn, Message
from regulars.messaging.outbox import holding
from regulars.messaging.outbox.delivering import Decision, run_once
from tests.messaging.outbox.cast import (
    ANN,
    BO,
    CLEO,
    DOV,
    NOW,
    Clock,
    Provider,
    Rule,
    address,
    ask,
    delivery,
    letter,
    states,
)

pytestmark = pytest.mark.django_db


def test_the_same_message_is_asked_for_once_whoever_asks() -> None:
    ask(ANN, BO)
    ask(ANN, occurrence="june", data={"other": "data"})
    ask(ANN, occurrence="july")
    assert Message.objects.count() == 3


def test_a_request_is_gone_with_the_decision_that_made_it() -> None:
    with transaction.atomic():
        ask(ANN)
        transaction.set_rollback(True)
    assert not Message.objects.exists()


def test_what_is_due_is_sent_and_what_is_not_waits() -> None:
    ask(ANN)
    ask(BO, due_at=NOW + timedelta(hours=1))
    clock, provider = Clock(), Provider()
    assert run_once(NOW, delivery(provider, clock)) == 1
    assert (provider.accepted, states()) == ([address(ANN)], {ANN: "sent", BO: "queued"})
    clock.move(hours=1)
    run_once(clock(), delivery(provider, clock))
    assert provider.accepted == [address(ANN), address(BO)]
    row = Message.objects.get(customer_id=ANN)
    assert (row.to, row.route, row.provider_id, row.code, row.attempts) == (address(ANN), "provider", "q1", "250", 1)
    assert (row.dot_at, row.finished_at, row.worker) == (NOW, NOW, "")


def test_the_gate_sends_defers_and_refuses_and_the_reason_is_kept() -> None:
    ask(ANN, BO, CLEO)
    tomorrow = NOW + timedelta(days=1)
    rule = Rule({BO: Decision("defer", "quiet_hours", tomorrow), CLEO: Decision("refuse", "no_consent")})
    clock, provider = Clock(), Provider()
    run_once(NOW, delivery(provider, clock, rule))
    assert states() == {ANN: "sent", BO: "deferred", CLEO: "refused"}
    assert Message.objects.get(customer_id=BO).due_at == tomorrow
    assert Message.objects.get(customer_id=CLEO).reason == "no_consent"
    assert provider.accepted == [address(ANN)]


def test_the_last_word_is_asked_of_marketing_alone_in_the_moment_of_the_dot() -> None:
    ask(ANN, BO)
    ask(BO, name="order", is_marketing=False)
    clock, provider = Clock(), Provider()
    run_once(NOW, delivery(provider, clock, Rule(last={BO: "withdrawn"})))
    assert provider.accepted == [address(ANN), address(BO)]
    assert Message.objects.get(customer_id=BO, name="news").state == "refused"
    assert Message.objects.get(customer_id=BO, name="order").state == "sent"


# What the provider says, and what becomes of the message.
SAYS = [
    (Outcome(State.SENT, code="250"), "sent", 1),
    (Outcome(State.FAILED, "no such mailbox", "550"), "failed", 0),
    (Outcome(State.DEFERRED, "greylisted", "450"), "deferred", 0),
    (Outcome(State.UNKNOWN, "no answer", "timeout"), "unknown", 1),
]


@pytest.mark.parametrize(("says", "state", "accepted"), SAYS)
def test_each_answer_ends_in_its_state(says: Outcome, state: str, accepted: int) -> None:
    ask(ANN, BO)
    clock, provider = Clock(), Provider({address(ANN): [says]})
    run_once(NOW, delivery(provider, clock))
    assert states() == {ANN: state, BO: "sent"}, "the neighbour is not disturbed"
    assert provider.accepted.count(address(ANN)) == accepted
    for _ in range(3):
        clock.move(minutes=1)
        run_once(clock(), delivery(provider, clock))
    assert provider.accepted.count(address(ANN)) == accepted, "nothing of it goes by itself"


def test_a_deferred_one_is_tried_again_and_given_up_in_the_end() -> None:
    ask(ANN, BO)
    busy = Outcome(State.DEFERRED, "try later", "451")
    clock, provider = Clock(), Provider({address(ANN): [busy, busy], address(BO): [busy] * 20})
    tries = 0
    while "deferred" in states().values() or not tries:
        run_once(clock(), delivery(provider, clock))
        clock.move(hours=1)
        tries += 1
    assert states() == {ANN: "sent", BO: "failed"}
    given_up = Message.objects.get(customer_id=BO)
    assert (given_up.reason, given_up.detail, given_up.code) == ("given_up", "try later", "451")
    assert given_up.finished_at is not None
    assert given_up.finished_at - NOW <= timedelta(days=3, hours=1)


def test_one_poisoned_row_fails_alone() -> None:
    ask(*range(1, 1001))
    Message.objects.filter(customer_id=500).update(template="broken")
    clock, provider = Clock(), Provider()
    run_once(NOW, delivery(provider, clock))
    assert len(provider.accepted) == 999
    bad = Message.objects.exclude(state="sent").get()
    assert (bad.customer_id, bad.state, bad.reason, bad.detail) == (
        500,
        "failed",
        "not_written",
        "line 3: the tag is not closed",
    )


def test_the_stronger_of_what_is_due_goes_first() -> None:
    ask(ANN, strength=10)
    ask(BO, strength=90)
    clock, provider = Clock(), Provider()
    run_once(NOW, delivery(provider, clock))
    assert provider.accepted == [address(BO), address(ANN)]


# What was left behind its dot, and what becomes of it: is it sent again?
LEFT = [
    ({"is_marketing": True}, "provider", "unknown"),
    ({"is_marketing": False}, "provider", "sent"),
    ({"is_marketing": False, "channel": "sms"}, "provider", "unknown"),
    ({"is_marketing": True, "channel": "sms"}, "idempotent", "sent"),
]


@pytest.mark.parametrize(("more", "route", "ends"), LEFT)
def test_what_was_left_behind_the_dot_is_asked_again_only_where_that_is_safe(
    more: dict[str, object], route: str, ends: str
) -> None:
    clock = Clock()
    ask(ANN, **more)
    channel = str(more.get("channel", "email"))
    held = holding.claim([channel], "dead:1:a", 10, clock())
    with transaction.atomic():
        holding.dot(held, "dead:1:a", route, clock())
    provider = Provider(name=route, channel=channel, is_idempotent=route == "idempotent")
    run_once(clock(), delivery(provider, clock))
    assert states() == {ANN: "dot"}, "its holder may still be alive"
    run_once(clock.move(minutes=13), delivery(provider, clock))
    assert states() == {ANN: ends}
    assert len(provider.accepted) == (ends == "sent")


def test_what_was_left_before_the_dot_goes_back_and_out() -> None:
    ask(ANN)
    clock, provider = Clock(), Provider()
    holding.claim(["email"], "dead:1:a", 10, NOW)
    run_once(clock.move(minutes=3), delivery(provider, clock))
    assert provider.accepted == [address(ANN)]


def test_a_worker_paused_past_its_lease_marks_and_writes_nothing() -> None:
    ask(ANN)
    clock, provider = Clock(), Provider()
    mine = holding.claim(["email"], "slow:1:a", 10, NOW)
    clock.move(minutes=3)
    with transaction.atomic():
        assert holding.dot(mine, "slow:1:a", "provider", clock()) == frozenset(), "even when nobody took it up"
    run_once(clock(), delivery(provider, clock))
    with transaction.atomic():
        assert holding.dot(mine, "slow:1:a", "provider", clock()) == frozenset()
        late = holding.put_outcome(mine[0], Outcome(State.FAILED, code="550"), None)
        assert holding.put([late], "slow:1:a", clock()) == 0
    assert (states(), provider.accepted) == ({ANN: "sent"}, [address(ANN)])


def test_a_definite_answer_that_comes_late_settles_an_unknown() -> None:
    ask(ANN)
    clock = Clock()
    mine = holding.claim(["email"], "slow:1:a", 10, NOW)
    with transaction.atomic():
        holding.dot(mine, "slow:1:a", "provider", NOW)
    holding.sweep([], clock.move(minutes=13))
    assert states() == {ANN: "unknown"}
    with transaction.atomic():
        assert (
            holding.put([holding.put_outcome(mine[0], Outcome(State.SENT, code="250"), None)], "slow:1:a", clock()) == 1
        )
    assert states() == {ANN: "sent"}


def test_two_workers_never_hold_the_same_message() -> None:
    ask(*range(1, 101))
    one, other = (holding.claim(["email"], name, 60, NOW) for name in ("one:1:a", "two:2:b"))
    assert (len(one), len(other)) == (60, 40)
    assert not {held.id for held in one} & {held.id for held in other}


def test_the_drawer_keeps_letters_once() -> None:
    ask(ANN, DOV, is_marketing=False)
    clock = Clock()
    held = holding.claim(["email"], "dead:1:a", 1, NOW)
    drawer = Drawer("email")
    list(drawer.deliver([letter(one) for one in held], frozenset))
    with transaction.atomic():
        holding.dot(held, "dead:1:a", "drawer", NOW)
    everything = delivery(Provider(), clock)
    everything = type(everything)({"email": drawer}, everything.gate, everything.renderer, clock, "me:1:a")
    run_once(clock.move(minutes=13), everything)
    assert (Drawn.objects.count(), set(states().values())) == (2, {"sent"})


def test_what_is_due_for_the_same_person_is_decided_on_together() -> None:
    ask(ANN, strength=10)
    ask(BO, CLEO)
    ask(ANN, name="birthday", strength=90, due_at=NOW)
    found = holding.claim(["email"], "me:1:a", 1, NOW)
    assert [(one.customer_id, one.name) for one in found] == [(ANN, "birthday"), (ANN, "news")]


def test_what_a_dead_process_left_behind_is_taken_up_at_once() -> None:
    dead = subprocess.Popen([sys.executable, "-c", ""])
    dead.wait()
    worker = f"{socket.gethostname()}:{dead.pid}:a"
    ask(ANN, BO, CLEO)
    held = holding.claim(["email"], worker, 10, NOW)
    with transaction.atomic():
        holding.dot([one for one in held if one.customer_id != ANN], worker, "provider", NOW)
    Message.objects.filter(customer_id=CLEO).update(heard="delivered")
    clock, provider = Clock(), Provider()
    run_once(NOW, delivery(provider, clock))
    assert states() == {ANN: "sent", BO: "unknown", CLEO: "sent"}
    assert provider.accepted == [address(ANN)]
