"""The shop's gate on a real database: what people said, what the outbox knows, and the last word at the dot."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import transaction

from regulars.consent import api as consent
from regulars.messaging.models import Message
from regulars.messaging.outbox.asking import Request, request
from regulars.messaging.outbox.delivering import run_once
from regulars.messaging.outbox.gating import Hooks, ShopGate
from tests.consent.people import FORM, shop, tick
from tests.messaging.outbox.cast import Clock, Provider, delivery

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("home")]
NOON = datetime(2024, 6, 3, 12, tzinfo=UTC)  # a Monday


def asked(customer: int, name: str = "news", **more: object) -> None:
    told = {"occurrence": "june", "channel": "email", "template": "news"} | more
    with transaction.atomic():
        request([Request(customer_id=customer, name=name, **told)], NOON)  # type: ignore[arg-type]


def run(clock: Clock, provider: Provider, hooks: Hooks | None = None) -> None:
    one = delivery(provider, clock)
    gate = ShopGate(hooks=hooks or Hooks())
    run_once(clock(), type(one)(one.channels, gate, one.renderer, one.clock, one.worker))


def found() -> dict[tuple[int, str], tuple[str, str]]:
    return {(row.customer_id, row.name): (row.state, row.reason) for row in Message.objects.all()}


def test_marketing_goes_only_to_who_said_yes_and_service_to_everybody() -> None:
    people = shop()
    consent.give(people["ann"], FORM, NOON - timedelta(days=1))
    consent.give(people["bo"], FORM, NOON - timedelta(days=2))
    consent.withdraw(people["bo"], FORM, NOON - timedelta(days=1))
    for who in people.values():
        asked(who)
        asked(who, "order", is_marketing=False)
    clock, provider = Clock(NOON), Provider()
    run(clock, provider)
    said = found()
    assert said[people["ann"], "news"] == ("sent", "")
    assert said[people["bo"], "news"] == ("refused", "withdrawn")
    assert said[people["cleo"], "news"] == ("refused", "no_consent")
    assert {said[who, "order"] for who in people.values()} == {("sent", "")}


def test_an_address_that_gets_nothing_gets_nothing() -> None:
    people = shop()
    consent.give(people["ann"], FORM, NOON - timedelta(days=1))
    consent.suppress("email", ["ann@example.com"], "hard_bounce", NOON)
    asked(people["ann"])
    asked(people["ann"], "order", is_marketing=False)
    run(Clock(NOON), Provider())
    assert set(found().values()) == {("refused", "bounced")}


def test_the_weaker_of_two_waits_and_is_not_dropped() -> None:
    people = shop()
    consent.give(people["ann"], FORM, NOON - timedelta(days=1))
    asked(people["ann"], "news", strength=10)
    asked(people["ann"], "birthday", strength=90)
    clock, provider = Clock(NOON), Provider()
    run(clock, provider)
    assert found()[people["ann"], "birthday"] == ("sent", "")
    state, reason = found()[people["ann"], "news"]
    assert (state, bool(reason)) == ("deferred", True)
    run(Clock(NOON + timedelta(days=2)), provider)
    assert found()[people["ann"], "news"][0] == "sent"
    assert len(provider.accepted) == 2


def test_who_is_held_out_complains_or_waits_for_a_parcel_gets_no_marketing() -> None:
    people = shop()
    for who in people.values():
        consent.give(who, FORM, NOON - timedelta(days=1))
        asked(who)
    ann, bo, cleo = people["ann"], people["bo"], people["cleo"]
    hooks = Hooks(lambda some: frozenset({ann}), lambda some: frozenset({bo}), lambda some: frozenset({cleo}))
    run(Clock(NOON), Provider(), hooks)
    said = found()
    assert said[ann, "news"] == ("refused", "held_out")
    assert said[bo, "news"] == ("deferred", "open_complaint")
    assert said[cleo, "news"] == ("deferred", "stuck_parcel")


def test_who_leaves_between_the_decision_and_the_dot_gets_nothing() -> None:
    people = shop()
    consent.give(people["ann"], FORM, NOON - timedelta(days=1))
    asked(people["ann"])
    provider = Provider()
    plain = provider.deliver

    def leaving(letters: object, dot: object) -> object:
        consent.withdraw(people["ann"], FORM, NOON)
        return plain(letters, dot)  # type: ignore[arg-type]

    provider.deliver = leaving  # type: ignore[method-assign,assignment]
    run(Clock(NOON), provider)
    assert (found()[people["ann"], "news"], provider.accepted) == (("refused", "withdrawn"), [])


def test_a_yes_from_a_file_is_enough_once_it_is_projected() -> None:
    people = shop()
    from regulars.events import api as events
    from tests.consent.people import imported

    events.append(
        [imported({"id": "c1", "email": "ann@example.com"}, "v1", NOON, accepts_email=True, country="DE")], NOON
    )
    tick(NOON)
    asked(people["ann"])
    run(Clock(NOON), Provider())
    assert found()[people["ann"], "news"] == ("sent", "")


MORNING = datetime(2024, 6, 3, 6, 30, tzinfo=UTC)  # half past eight in Berlin
PLACES = [
    ({"country": "DE", "timezone": "America/New_York"}, 11),  # what was told stands alone: seven o'clock in New York
    ({"country": "DE", "timezone": "Mars/Base"}, 0),  # no zone: Germany counts, where it may go at once
    ({"country": "ES", "postcode": "35001"}, 0),  # half past seven on the Canaries
    ({"country": "US", "postcode": "10001"}, 11),  # seven in New York
    ({"country": "US", "postcode": "96801"}, 0),  # half past eight on Sunday evening in Honolulu
    ({"country": "US"}, 17),  # nobody knows where: every zone of the country must be awake
    ({}, 10),  # nobody knows anything: the shop's own hours, narrowed by three at both ends
]


@pytest.mark.parametrize(("told", "hour"), PLACES)
def test_the_hours_are_those_of_where_the_profile_says_that_they_live(told: dict[str, str], hour: int) -> None:
    from regulars.profiles.models import Customer

    ann = shop()["ann"]
    Customer.objects.filter(id=ann).update(**told)
    consent.give(ann, FORM, MORNING - timedelta(days=1))
    asked(ann)
    Message.objects.update(due_at=MORNING)
    run(Clock(MORNING), Provider())
    row = Message.objects.get()
    expected = ("sent", "") if not hour else ("deferred", "quiet_hours")
    assert (row.state, row.reason) == expected
    assert not hour or row.due_at == MORNING.replace(hour=hour, minute=0)
