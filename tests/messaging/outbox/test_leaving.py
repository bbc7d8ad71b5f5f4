"""Who leaves is answered behind every dot that was decided before: from the answer on no advertising begins."""

import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection

from regulars.consent import api as consent
from regulars.messaging.outbox.delivering import Decision, Delivery, run_once
from regulars.messaging.outbox.gating import ShopGate
from regulars.messaging.outbox.holding import Held
from tests.consent.people import FORM, shop
from tests.messaging.outbox.cast import Clock, Provider, Writer, ask, states

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("home")]
NOON = datetime(2024, 6, 3, 12, tzinfo=UTC)
PATIENCE = 0.4  # seconds in which a withdrawal that need not wait is long done


@dataclass
class Slow:
    """The shop's gate, which sees somebody leave right behind its last word."""

    who: int
    address: str = ""
    answered: threading.Event = field(default_factory=threading.Event)
    was_answered: bool = False

    def decisions(self, held: Sequence[Held], now: datetime) -> Sequence[Decision]:
        return ShopGate().decisions(held, now)

    def last_word(self, held: Sequence[Held], now: datetime) -> Mapping[str, str]:
        said = ShopGate().last_word(held, now)
        self.leaver = threading.Thread(target=self._leave)
        self.leaver.start()
        self.was_answered = self.answered.wait(PATIENCE)
        return said

    def not_yet(self, held: Sequence[Held], now: datetime) -> Mapping[str, Decision]:
        return {}

    def _leave(self) -> None:
        if self.address:
            consent.suppress("email", [self.address], "complaint", NOON)
        else:
            consent.withdraw(self.who, FORM, NOON)
        connection.close()
        self.answered.set()


@pytest.mark.parametrize("address", ["", "ann@example.com"], ids=["leaves", "complains"])
def test_who_leaves_while_a_dot_is_decided_on_is_answered_when_it_is_written(address: str) -> None:
    ann = shop()["ann"]
    consent.give(ann, FORM, NOON - timedelta(days=1))
    ask(ann)
    gate, provider = Slow(ann, address), Provider()
    run_once(NOON, Delivery({"email": provider}, gate, Writer(), Clock(NOON), "me:1:a"))
    gate.leaver.join()
    assert not gate.was_answered, "the answer came before the mail that was still decided to go"
    assert states() == {ann: "sent"}
    ask(ann, occurrence="july")
    run_once(NOON, Delivery({"email": provider}, ShopGate(), Writer(), Clock(NOON), "me:1:b"))
    assert states() == {ann: "refused"}
