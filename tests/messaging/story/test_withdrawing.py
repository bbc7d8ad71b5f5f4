"""Taken back: what waits and what is in hand goes no more, what is behind its dot does, and nothing of another name is touched."""

import pytest
from django.db import transaction

from regulars.messaging import api as messaging
from regulars.messaging.models import Message
from regulars.messaging.outbox import holding
from regulars.messaging.outbox.delivering import run_once
from tests.messaging.outbox.cast import ANN, BO, CLEO, DOV, NOW, Clock, Provider, ask, delivery, states

pytestmark = pytest.mark.django_db


def withdraw(name: str = "news") -> int:
    with transaction.atomic():
        return messaging.withdraw(name, NOW)


def test_what_waits_is_taken_back_and_other_names_go_on() -> None:
    ask(ANN, BO)
    ask(CLEO, name="other")
    assert messaging.under_way("news") == {"queued": 2}
    assert withdraw() == 2
    assert withdraw() == 0
    run_once(NOW, delivery(Provider(), Clock()))
    assert states() == {ANN: "refused", BO: "refused", CLEO: "sent"}
    assert messaging.under_way("news") == {}
    assert messaging.because("cancelled") == "Somebody of the shop cancelled it before it was handed over."


def test_what_a_worker_holds_is_lost_to_it_before_the_dot_and_goes_behind_it() -> None:
    ask(ANN, BO, DOV)
    held = holding.claim(["email"], "me", 10, NOW)
    with transaction.atomic():
        holding.dot(held[:1], "me", "provider", NOW)
    assert messaging.under_way("news") == {"leased": 2, "dot": 1}
    assert withdraw() == 2
    with transaction.atomic():
        assert holding.dot(held, "me", "provider", NOW) == frozenset()
        written = holding.put([holding.Put(one, messaging.State.SENT) for one in held], "me", NOW)
    assert written == 1
    assert states() == {held[0].customer_id: "sent"} | {one.customer_id: "refused" for one in held[1:]}
    assert set(Message.objects.filter(state="refused").values_list("reason", flat=True)) == {"cancelled"}
