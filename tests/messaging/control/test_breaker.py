"""The circuit breaker end to end: what comes back opens it, marketing waits, service goes, and a person may close it."""

from collections.abc import Iterable
from datetime import timedelta

import pytest

from regulars import loop
from regulars.access import api as access
from regulars.events import api as events
from regulars.messaging import api as messaging
from regulars.messaging.control import breaker
from regulars.messaging.models import Message, Setback
from regulars.messaging.returns.receiving.taking import By, take
from regulars.messaging.returns.returned import Kind, Returned
from regulars.messaging.returns.rules.bounces import Bounce
from tests.messaging.control.cast import BY, NOON, ask, due, found, people, run
from tests.messaging.control.counts import fill
from tests.messaging.outbox.cast import Clock, Provider

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("home")]
LATER = NOON + timedelta(hours=2)


def went(n: int, **more: object) -> list[str]:
    """Let a newsletter have gone to so many people; return the keys of its mails."""
    ask(*people(n), name="first")
    Message.objects.filter(name="first").update(**{"state": "sent", "route": "smtp", "dot_at": NOON} | more)
    fill()
    return list(Message.objects.filter(name="first").order_by("id").values_list("key", flat=True))


def back(keys: Iterable[str], kind: Kind = Kind.COMPLAINED, bounce: Bounce | None = None, **more: object) -> None:
    """Let a provider tell that these came back, as its hook does."""
    told = [
        Returned(kind=kind, at=NOON + timedelta(minutes=1), provider="postmark", channel="email", message_key=key, event_id=f"e{key}{kind}", bounce=bounce, word="told")
        for key in keys
    ]  # fmt: skip
    take(told, By("postmark"), NOON + timedelta(minutes=1))


def next_week() -> Clock:
    """Return a clock at which the caps of everybody are free again, and what came back still counts."""
    return Clock(NOON + timedelta(days=6))


def levels() -> dict[str, str]:
    return {one.channel: one.level for one in messaging.breakers()}


def test_complaints_stop_marketing_and_service_goes_on() -> None:
    keys = went(300)
    assert len(keys) == 300
    back(keys[:2])
    assert levels() == {"email": "warn"}
    assert breaker.stopped() == frozenset()
    back(keys[2:3])
    assert levels() == {"email": "stop"}
    ask(8, 9)
    ask(8, 9, name="order", is_marketing=False)
    clock = next_week()
    run(clock)
    assert found() == [("deferred", "breaker")] * 2
    assert set(found("order")) == {("sent", "")}
    assert due() == {clock.at + timedelta(hours=1)}
    [stands] = messaging.breakers()
    assert "3 of 300 messages (1.00 %)" in stands.sentence
    assert stands.is_open


def test_bounces_pause_marketing_and_full_mailboxes_do_not() -> None:
    keys = went(200)
    back(keys[:30], Kind.BOUNCED, Bounce.SOFT)
    assert levels() == {}
    back(keys[30:40], Kind.BOUNCED, Bounce.HARD)
    assert levels() == {}  # 5 % is the most that may
    back(keys[40:41], Kind.BOUNCED, Bounce.BLOCK)
    assert levels() == {"email": "pause"}


def test_told_again_nothing_counts_twice() -> None:
    keys = went(1_100)
    for _ in range(3):
        back(keys[:1])
    assert levels() == {}
    assert Setback.objects.count() == 1


def test_another_channel_goes_on() -> None:
    keys = went(120)
    back(keys[:5])
    ask(9, channel="push", topic="")
    shop = Provider(channel="push", name="webpush")
    run(Clock(LATER), shop)
    assert found()[0][1] != "breaker"
    assert breaker.stopped() == frozenset({"email"})


def test_what_somebody_else_tells_the_log_of_counts_too() -> None:
    keys = went(150)
    told = [
        events.Told(
            fact=events.read("message.complained", {"message_key": key, "channel": "email", "is_marketing": True}),
            source="api", occurred_at=NOON, event_id=f"f{key}", people={"customer": "1"},
        )
        for key in keys[:4]
    ]  # fmt: skip
    events.append(told, NOON)
    assert loop.run_once(NOON + timedelta(minutes=1))["messaging.watch"] == 4
    assert levels() == {"email": "stop"}
    assert loop.run_once(NOON + timedelta(minutes=2))["messaging.watch"] == 0


def test_it_opens_in_the_moment_of_the_dot_for_what_was_allowed_before() -> None:
    keys = went(120)
    ask(8, 9)
    provider, clock = Provider(), next_week()
    plain = provider.deliver

    def complaints_come(letters: object, dot: object) -> object:
        back(keys[:5])
        return plain(letters, dot)  # type: ignore[arg-type]

    provider.deliver = complaints_come  # type: ignore[method-assign,assignment]
    run(clock, provider)
    assert (provider.accepted, found()) == ([], [("deferred", "breaker")] * 2)


def test_a_person_lets_it_go_on_and_what_waited_asks_at_once() -> None:
    keys = went(120)
    back(keys[:5])
    ask(8, 9)
    clock = next_week()
    provider = run(clock)
    assert messaging.close_breaker("email", BY, clock.at)
    assert not messaging.close_breaker("email", BY, clock.at)
    assert (levels(), due()) == ({}, {clock.at})
    run(clock, provider)
    assert len(provider.accepted) == 2
    loop.run_once(clock.move(minutes=5))
    assert levels() == {}  # what came back before counts no more
    done = [(one["actor"], one["action"], one["about"]) for one in access.deeds(None, 20) if "breaker" in one["action"]]
    assert done == [(BY, "breaker.closed", "email"), ("breaker", "breaker.stop", "email")]


def test_it_closes_by_itself_after_a_week_without_anybodys_hand() -> None:
    keys = went(120)
    back(keys[:5])
    ask(9)
    clock = Clock(NOON + timedelta(days=7, minutes=1))
    assert levels() == {"email": "stop"}
    loop.run_once(clock.at)
    assert (levels(), breaker.stopped()) == ({}, frozenset())


def test_letters_of_the_drawer_dilute_nothing() -> None:
    keys = went(400, route="drawer")
    Message.objects.filter(customer_id__lte=100).update(route="smtp")
    fill()
    back(keys[:3])
    assert "3 of 100 messages" in messaging.breakers()[0].sentence


@pytest.mark.parametrize(("per_mille", "before", "after"), [(1, "run", "warn"), (3, "warn", "stop")])
def test_a_crossing_is_noticed_with_the_very_complaint_that_crosses(per_mille: int, before: str, after: str) -> None:
    keys = went(4_000)
    crossing = 4 * per_mille
    back(keys[: crossing - 1])
    assert levels().get("email", "run") == before
    back(keys[crossing - 1 : crossing])
    assert levels() == {"email": after}


def test_a_share_is_one_of_all_that_went_however_many_went_in_the_same_instant() -> None:
    keys = went(4_000)
    back(keys[:60], Kind.BOUNCED, Bounce.HARD)
    assert levels() == {}
    back(keys[60:200], Kind.BOUNCED, Bounce.HARD)
    assert levels() == {}  # 5 %
    back(keys[200:201], Kind.BOUNCED, Bounce.HARD)
    assert levels() == {"email": "pause"}
