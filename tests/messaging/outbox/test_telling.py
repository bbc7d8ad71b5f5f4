"""Finished messages become facts once, and what is settled later is told then."""

import json

import pytest
from django.db import connection

from regulars.events.models import Inbox
from regulars.messaging.letters import Outcome, State
from regulars.messaging.models import Message
from regulars.messaging.outbox import holding, telling
from regulars.messaging.outbox.delivering import run_once
from regulars.messaging.outbox.settling import settle_by_word
from tests.messaging.outbox.cast import ANN, BO, CLEO, DOV, NOW, Clock, Provider, address, ask, delivery

pytestmark = pytest.mark.django_db


def told() -> list[tuple[str, dict[str, object]]]:
    return [(row.kind, json.loads(row.fields)) for row in Inbox.objects.order_by("id")]


def finish(**states: str) -> None:
    people = {"ann": ANN, "bo": BO, "cleo": CLEO, "dov": DOV}
    ask(*(people[name] for name in states))
    for name, state in states.items():
        Message.objects.filter(customer_id=people[name]).update(
            state=state,
            finished_at=NOW,
            reason="no_consent" if state == "refused" else "",
            code="550",
            detail="no",
            route="smtp",
        )


def test_each_finished_message_is_told_once() -> None:
    finish(ann="sent", bo="failed", cleo="refused", dov="unknown")
    ask(ANN, occurrence="july")
    assert telling.run_once(NOW) == 3
    assert telling.run_once(NOW) == 0
    assert [kind for kind, _ in told()] == ["message.sent", "message.failed", "message.refused"]
    sent, failed, refused = (fields for _, fields in told())
    assert (sent["campaign"], sent["template"], sent["provider"]) == ("news", "news", "smtp")
    assert (failed["code"], failed["detail"], refused["reason"]) == ("550", "no", "no_consent")
    assert json.loads(Inbox.objects.order_by("id")[0].people) == {"customer": str(ANN)}


def test_killed_before_its_mark_is_kept_a_fact_is_not_told_twice() -> None:
    finish(ann="sent")
    telling.run_once(NOW)
    Message.objects.update(is_told=False)
    assert telling.run_once(NOW) == 1
    assert len(told()) == 1


def test_a_thousand_are_told_in_batches() -> None:
    ask(*range(1, 1_001))
    Message.objects.update(state="sent", finished_at=NOW)
    assert telling.run_once(NOW) == 1_000
    assert len(told()) == 1_000


def test_the_untold_are_found_by_their_index() -> None:
    if connection.vendor != "sqlite":
        pytest.skip("only on SQLite: how a query is planned")
    with connection.cursor() as cursor:
        cursor.execute(
            f"EXPLAIN QUERY PLAN SELECT id FROM messaging_message WHERE {telling.UNTOLD} ORDER BY id LIMIT 400"
        )
        assert "messages_untold" in str(cursor.fetchall())


def test_an_unknown_one_is_told_when_it_is_settled() -> None:
    finish(ann="unknown")
    key = Message.objects.get().key
    assert telling.run_once(NOW) == 0
    assert settle_by_word(key, "delivered", NOW)
    assert telling.run_once(NOW) == 1
    assert [kind for kind, _ in told()] == ["message.sent"]
    assert not settle_by_word(key, "delivered", NOW)
    assert not settle_by_word("f" * 32, "delivered", NOW)
    assert not settle_by_word(key, "other", NOW)


def test_a_word_that_comes_before_our_connection_breaks_off_counts() -> None:
    ask(ANN)

    class Hurried(Provider):
        def deliver(self, letters, dot):  # type: ignore[no-untyped-def]
            for key, outcome in super().deliver(letters, dot):
                settle_by_word(key, "delivered", NOW)
                yield key, outcome

    run_once(NOW, delivery(Hurried({address(ANN): [Outcome(State.UNKNOWN, "no answer", "timeout")]}), Clock()))
    assert (Message.objects.get().state, Message.objects.get().reason) == ("sent", "provider_told")


@pytest.mark.parametrize(("word", "state"), [("delivered", "sent"), ("failed", "failed"), ("sent", "sent")])
def test_what_a_killed_worker_left_behind_the_dot_ends_as_the_provider_said(word: str, state: str) -> None:
    ask(ANN)
    Message.objects.update(state="dot", dot_at=NOW, leased_until=NOW, worker="gone")
    settle_by_word(Message.objects.get().key, word, NOW)
    assert holding.sweep([], NOW) == 1
    assert Message.objects.get().state == state


@pytest.mark.parametrize(
    "order", [("sent", "failed", "delivered"), ("delivered", "failed", "sent"), ("failed", "delivered", "sent")]
)
def test_words_end_the_same_in_any_order(order: tuple[str, ...]) -> None:
    finish(ann="unknown")
    key = Message.objects.get().key
    for word in order:
        settle_by_word(key, word, NOW)
    row = Message.objects.get()
    assert (row.state, row.heard) == ("sent", "arrived")
