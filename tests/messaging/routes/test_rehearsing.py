"""A template's test by a real route: marked, to oneself, not too often, and counted nowhere."""

from collections.abc import Iterator
from datetime import timedelta

import pytest

from regulars.events import api as events
from regulars.messaging import api as messaging
from regulars.messaging.models import Drawn, Message
from regulars.messaging.routes.rehearsing import MOST, Rehearsal
from regulars.profiles.models import Identity
from tests.messaging.channels.sink import Sink
from tests.messaging.making.cast import ANN, BO, NOW, mail, people

pytestmark = pytest.mark.django_db
ME = "marketer@kessel.example"


@pytest.fixture
def sink(home: object) -> Iterator[Sink]:
    people()
    Identity.objects.create(identifier="email:ann@example.com", customer_id=ANN)
    with Sink() as sink:
        told = {"sender": "shop@kessel.example", "host": "127.0.0.1", "port": str(sink.port), "security": "none"}
        messaging.put_route("ours", "smtp", told, "ann", NOW)
        yield sink


def rehearsal(**changes: str) -> Rehearsal:
    return Rehearsal(**{"route": "ours", "to": ME, "by": ME, "look": messaging.Look(customer=BO)} | changes)  # type: ignore[arg-type]


def test_it_arrives_marked_and_nothing_counts_it(sink: Sink) -> None:
    assert messaging.rehearse(mail(), rehearsal(), NOW).state is messaging.State.SENT
    assert b"Subject: [Test] Hallo Bo" in sink.dots[0].content
    assert b"shop@kessel.example" in sink.dots[0].content
    assert not Message.objects.exists()
    assert not Drawn.objects.exists()


def test_a_customers_address_is_refused_but_for_ones_own(sink: Sink) -> None:
    with pytest.raises(messaging.BadRoute, match="is a customer's"):
        messaging.rehearse(mail(), rehearsal(to="Ann@example.com"), NOW)
    assert messaging.rehearse(mail(), rehearsal(to="ann@example.com", by="ann@example.com"), NOW).state == "sent"
    assert len(sink.dots) == 1


def test_twenty_an_hour_and_no_more(sink: Sink) -> None:
    for number in range(MOST):
        assert messaging.rehearse(mail(), rehearsal(), NOW + timedelta(seconds=number)).state == "sent"
    with pytest.raises(messaging.BadRoute, match="within an hour"):
        messaging.rehearse(mail(), rehearsal(), NOW + timedelta(minutes=59))
    assert messaging.rehearse(mail(), rehearsal(), NOW + timedelta(hours=2)).state == "sent"
    assert len(sink.dots) == MOST + 1


def test_only_by_a_route_of_its_channel_and_not_while_the_home_is_fenced(sink: Sink) -> None:
    with pytest.raises(messaging.BadRoute, match="no route called 'ours' for this channel"):
        messaging.rehearse(
            messaging.Document("hi", "sms", "transactional", {"en": messaging.Variant("Hi")}),
            rehearsal(to="+4915112345678"),
            NOW,
        )
    with pytest.raises(messaging.BadRoute, match="Write one e-mail address"):
        messaging.rehearse(mail(), rehearsal(to="me, and you"), NOW)
    events.fence()
    with pytest.raises(messaging.BadRoute, match="regulars release"):
        messaging.rehearse(mail(), rehearsal(), NOW)
    assert not sink.dots
