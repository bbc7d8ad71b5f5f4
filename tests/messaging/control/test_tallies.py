"""Running counts say what counting row by row says, whatever went, went again, came back, and when it is asked."""

import random
from datetime import UTC, datetime, timedelta

import pytest
from django.db import transaction

from regulars.messaging import api as messaging
from regulars.messaging.control import breaker, counting
from regulars.messaging.letters import State
from regulars.messaging.models import Message, Tally
from regulars.messaging.outbox import holding
from tests.messaging.control.counts import fill, plain_windows

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("home")]
START = datetime(2024, 6, 3, 12, tzinfo=UTC)
CHANNELS = ("email", "sms")
SPANS = (timedelta(0), timedelta(microseconds=1), timedelta(seconds=29), timedelta(minutes=1), timedelta(hours=7))


def hand_over(n: int, now: datetime, worker: str, chance: random.Random) -> None:
    """Let a worker send what is due, by some route; some of it is to be tried again at once."""
    with transaction.atomic():
        held = holding.claim(CHANNELS, worker, n, now)
        for channel in CHANNELS:
            some = [one for one in held if one.channel == channel]
            holding.dot(some, worker, chance.choice(("smtp", "smtp", "drawer")), now)
        again = [chance.random() < 0.3 for _ in held]
        puts = [holding.Put(one, State.DEFERRED if more else State.SENT, due_at=now) for one, more in zip(held, again, strict=True)]  # fmt: skip
        holding.put(puts, worker, now)


def come_back(n: int, now: datetime, chance: random.Random) -> None:
    keys = sorted(Message.objects.exclude(dot_at=None).values_list("key", flat=True))
    kinds = ("bounced", "complained")
    with transaction.atomic():
        breaker.heard([(chance.choice(keys), chance.choice(kinds)) for _ in range(n)] if keys else [], now)


@pytest.mark.parametrize("seed", range(3))
def test_running_counts_say_what_the_rows_say(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(counting, "LAST", 20)
    monkeypatch.setattr("tests.messaging.control.counts.LAST", 20)
    chance, now = random.Random(seed), START
    for turn in range(40):
        asked = [messaging.Request(customer_id=n, name="news", occurrence=str(turn), channel=chance.choice(CHANNELS), template="news") for n in range(1, 8)]  # fmt: skip
        with transaction.atomic():
            messaging.request(asked, now)
        hand_over(chance.randrange(1, 9), now, chance.choice("abcdef"), chance)
        come_back(chance.randrange(3), now, chance)
        now += chance.choice(SPANS)
        for since in (None, now - chance.choice(SPANS) * chance.randrange(4)):
            for channel in CHANNELS:
                assert counting.windows(channel, now, since) == plain_windows(channel, now, since)
    running = {name: sum(Tally.objects.values_list(name, flat=True)) for name in ("sent", "bounced", "complained")}
    fill()
    assert running == {name: sum(Tally.objects.values_list(name, flat=True)) for name in running}
    assert min(running.values()) > 0
    for channel in CHANNELS:
        assert counting.windows(channel, now, None) == plain_windows(channel, now, None)


def test_what_is_rolled_back_is_not_counted() -> None:
    with transaction.atomic():
        messaging.request([messaging.Request(customer_id=1, name="n", occurrence="1", channel="email", template="n")], START)  # fmt: skip
    with transaction.atomic():
        holding.dot(holding.claim(("email",), "a", 1, START), "a", "smtp", START)
        transaction.set_rollback(True)
    assert not Tally.objects.exists()
