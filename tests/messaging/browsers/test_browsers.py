"""From a browser's yes to the notification that it alone can read, and to the day when it is gone."""

import json
import socket
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import timedelta

import pytest
from django.db import transaction

from regulars import loop
from regulars.consent import api as consent
from regulars.core import settings
from regulars.core.outgoing import of_the_house
from regulars.events import api as events
from regulars.messaging import api as messaging
from regulars.messaging.browsers import keeping
from regulars.messaging.making import brands
from regulars.messaging.models import Drawn, Message, Subscription
from regulars.messaging.templates.starter import starters
from regulars.profiles import api as profiles
from tests.consent.people import ANN, BO, FORM, said, shop, tick
from tests.core.outgoing.listeners import head, listening
from tests.events.cast import NOW
from tests.messaging.channels.office import answer
from tests.messaging.channels.test_push import BROWSER_POINT, OWN, SECRET, at, opened
from tests.messaging.making.cast import SHOP
from tests.messaging.outbox.cast import Clock

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("home")]
TEMPLATE = "out_for_delivery_push"
YES = replace(FORM, channel="push", text="Yes, show me news.", text_version="push-1")
LATER = NOW + timedelta(minutes=1)


@dataclass
class Service:
    """A push service on 127.0.0.1: takes what comes, or says that the browser is gone."""

    port: int = 0
    status: int = 201
    came: list[bytes] = field(default_factory=list)

    def play(self, connection: socket.socket) -> None:
        self.came.append(head(connection))
        answer(self.status)(connection)

    @property
    def read(self) -> list[dict[str, str]]:
        """Return the notifications as the browser reads them."""
        return [json.loads(opened(one.partition(b"\r\n\r\n")[2])) for one in self.came]

    def browser(self, name: str = "a") -> str:
        return at(f"http://127.0.0.1:{self.port}/{name}")


@pytest.fixture
def service(home: object, monkeypatch: pytest.MonkeyPatch) -> Iterator[Service]:
    """Connect the shop to a push service that is allowed to stand on this machine."""
    one = Service()
    with listening(one.play) as listener:
        one.port = listener.port
        monkeypatch.setenv("REGULARS_PRIVATE_TARGETS", f"127.0.0.1:{one.port}")
        settings.current.cache_clear()
        monkeypatch.setattr(keeping, "public", of_the_house().check)
        messaging.put_route("Push", "webpush", {"key": OWN, "contact": "mailto:shop@kessel.example"}, "ann", NOW)
        messaging.activate_route("Push", "ann", NOW)
        messaging.install_starters(NOW)
        brands.put_brand(SHOP, NOW)
        yield one


def join(subscription: str, customer: int = 0, **more: object) -> str:
    told = messaging.Joining(subscription=subscription, statement=YES, customer=customer)
    return messaging.join_browser(told, **{"now": NOW} | more)  # type: ignore[arg-type]


def notify(customer: int, occurrence: str) -> Message:
    """Ask for a notification to a customer, and let the shop's sender work once."""
    asked = messaging.Request(customer_id=customer, name="parcel", occurrence=occurrence, channel="push", template=TEMPLATE, is_marketing=False, data=dict(starters()[TEMPLATE].sample))  # fmt: skip
    with transaction.atomic():
        messaging.request([asked], LATER)
    messaging.send(LATER, Clock(LATER))
    return Message.objects.get(name="parcel", occurrence=occurrence)


def test_a_browser_reads_what_the_shop_says_and_nobody_else_can(service: Service) -> None:
    ann = shop()["ann"]
    address = join(service.browser(), ann)
    sent = notify(ann, "1")
    assert (sent.state, sent.to, sent.route) == ("sent", address, "webpush")
    (notice,) = service.read
    assert notice["title"]
    assert notice["key"] == sent.key
    assert notice["body"].encode() not in service.came[0]
    assert [(one.accepted_at, one.gone_at) for one in messaging.browsers_of([ann])] == [(LATER, None)]


def test_keys_and_endpoint_are_kept_sealed() -> None:
    address = join(at("https://push.example/secret-path"), shop()["ann"])
    kept = str(Subscription.objects.values().get())
    for secret in ("secret-path", SECRET, BROWSER_POINT):
        assert secret not in kept
    assert json.loads(keeping.opened([address])[address])["endpoint"] == "https://push.example/secret-path"


@pytest.mark.parametrize("status", [404, 410])
def test_who_is_gone_gets_nothing_more_and_the_keys_are_forgotten(service: Service, status: int) -> None:
    ann = shop()["ann"]
    join(service.browser(), ann)
    service.status = status
    assert notify(ann, "1").state == "failed"
    after = notify(ann, "2")
    assert (after.state, after.reason) == ("refused", "no_address")
    assert len(service.came) == 1
    (row,) = Subscription.objects.all()
    assert (row.gone_at, row.sealed) == (LATER, "")


def test_a_service_that_is_busy_keeps_the_browser(service: Service) -> None:
    ann = shop()["ann"]
    join(service.browser(), ann)
    service.status = 429
    assert notify(ann, "1").state == "deferred"
    assert [one.gone_at for one in messaging.browsers_of([ann])] == [None]


def test_the_newest_browser_that_is_there_is_written_to(service: Service) -> None:
    ann = shop()["ann"]
    first = join(service.browser("a"), ann)
    second = join(service.browser("b"), ann, now=NOW + timedelta(seconds=1))
    assert notify(ann, "1").to == second
    keeping.heard([(second, messaging.State.FAILED, "410")], LATER)
    assert notify(ann, "2").to == first


def test_in_the_drawer_a_notification_has_our_address_and_no_key() -> None:
    messaging.install_starters(NOW)
    brands.put_brand(SHOP, NOW)
    ann = shop()["ann"]
    address = join(at("https://push.example/x"), ann)
    assert notify(ann, "1").state == "sent"
    (drawn,) = Drawn.objects.all()
    assert drawn.to == address
    assert SECRET not in drawn.headers


def test_joining_is_a_consent_with_its_words_and_leaving_takes_it_back() -> None:
    ann = shop()["ann"]
    join(at("https://push.example/x"), ann)
    assert consent.standings([ann], "push", "", LATER)[ann].allowed
    tick(LATER)
    assert [(one.said, one.channel, one.text) for one in consent.history(ann)] == [("given", "push", YES.text)]
    assert messaging.leave_browser("https://push.example/x", YES, LATER)
    assert not messaging.leave_browser("https://push.example/x", YES, LATER)
    assert not consent.standings([ann], "push", "", LATER)[ann].allowed
    assert messaging.browsers_of([ann]) == []


def test_with_another_browser_left_the_consent_stays() -> None:
    ann = shop()["ann"]
    join(at("https://push.example/x"), ann)
    join(at("https://push.example/y"), ann)
    messaging.leave_browser("https://push.example/x", YES, LATER)
    assert consent.standings([ann], "push", "", LATER)[ann].allowed
    assert len(messaging.browsers_of([ann])) == 1


def test_withdrawing_anywhere_removes_the_browsers_but_not_one_that_joined_since() -> None:
    ann = shop()["ann"]
    join(at("https://push.example/x"), ann)
    consent.withdraw(ann, replace(YES, event_id="w"), LATER)
    join(at("https://push.example/y"), ann, now=LATER + timedelta(minutes=1))
    loop.run_once(LATER + timedelta(minutes=2))
    assert [one.joined_at for one in messaging.browsers_of([ann])] == [LATER + timedelta(minutes=1)]


def test_leaving_another_channel_or_a_topic_removes_no_browser() -> None:
    ann = shop()["ann"]
    join(at("https://push.example/x"), ann)
    consent.withdraw(ann, replace(FORM, event_id="mail"), LATER)
    consent.withdraw(ann, replace(YES, topic="tips", event_id="tips"), LATER)
    loop.run_once(LATER)
    assert len(messaging.browsers_of([ann])) == 1


def test_somebody_new_gets_a_number_with_the_next_tick() -> None:
    address = join(at("https://push.example/x"))
    assert Subscription.objects.get().customer_id == 0
    loop.run_once(LATER)
    who = Subscription.objects.get().customer_id
    assert who > 0
    assert consent.standings([who], "push", "", LATER)[who].allowed
    assert keeping.addresses([who]) == {who: address}


def test_who_turns_out_to_be_another_brings_the_browser_along() -> None:
    people = shop()
    ann, bo = people["ann"], people["bo"]
    address = join(at("https://push.example/x"), max(ann, bo))
    both = {**ANN, "phone": "+4915112345678"}
    events.append([said("given", {**BO, **both, "id": ""}, 1)], LATER)
    events.append([said("given", {"email": BO["email"], "phone": both["phone"]}, 2)], LATER)
    loop.run_once(LATER)
    heir = min(ann, bo)
    assert profiles.contacts([max(ann, bo)])[max(ann, bo)].customer == heir, "they are one"
    assert Subscription.objects.get().customer_id == heir
    assert keeping.addresses([ann, bo]) == {ann: address, bo: address}


def test_starting_over_forgets_every_browser() -> None:
    join(at("https://push.example/x"), shop()["ann"])
    messaging.reset()
    assert not Subscription.objects.exists()


@pytest.mark.parametrize(
    "text",
    ["", "{}", "x" * 5_000, at("http://push.example/x"), at("https://10.0.0.1/x"), at("https://127.0.0.1:8443/x")],
)
def test_what_leads_nowhere_is_refused(text: str) -> None:
    with pytest.raises(messaging.BadSubscription):
        join(text, 1)


def test_a_machine_that_the_settings_trust_is_no_push_service(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REGULARS_PRIVATE_TARGETS", "10.0.0.1:8443")
    settings.current.cache_clear()
    with pytest.raises(messaging.BadSubscription):
        join(at("https://10.0.0.1:8443/x"), 1)


def test_a_browser_that_asks_too_often_has_to_wait() -> None:
    ann = shop()["ann"]
    for _ in range(3):
        join(at("https://push.example/x"), ann)
    with pytest.raises(consent.TooManySignUps):
        join(at("https://push.example/x"), ann)
    assert len(messaging.browsers_of([ann])) == 1


def test_a_test_goes_to_a_browser_that_somebody_chose(service: Service) -> None:
    address = join(service.browser(), shop()["ann"])
    assert messaging.test_route("Push", address, LATER).state is messaging.State.SENT
    assert "the channel works" in service.read[0]["body"]
    assert [one.accepted_at for one in messaging.browsers_of([shop()["ann"]])] == [LATER]
    for strange in (service.browser(), "push:" + "0" * 32, ""):
        with pytest.raises(messaging.BadRoute, match="choose one that has joined"):
            messaging.test_route("Push", strange, LATER)
    assert len(service.came) == 1


def test_a_test_tells_of_a_browser_that_is_gone_as_well(service: Service) -> None:
    address = join(service.browser(), shop()["ann"])
    service.status = 410
    assert messaging.test_route("Push", address, LATER).state is messaging.State.FAILED
    assert messaging.newest_browsers() == []
    with pytest.raises(messaging.BadRoute, match="choose one that has joined"):
        messaging.test_route("Push", address, LATER)


def test_browsers_are_told_apart_by_whose_they_are_and_what_program(home: object) -> None:
    people = shop()
    join(at("https://updates.push.services.mozilla.com/wpush/v2/a"), people["ann"])
    join(at("https://fcm.googleapis.com/fcm/send/b"), people["bo"], now=LATER)
    join(at("https://push.example/c"), now=LATER + timedelta(minutes=1))
    told = [(one.program, one.email) for one in messaging.newest_browsers()]
    assert told == [("push.example", ""), ("Chrome", BO["email"]), ("Firefox", ANN["email"])]
    assert len(messaging.newest_browsers(1)) == 1


def test_a_template_is_tried_on_ones_own_browser_and_on_no_customers(service: Service) -> None:
    address = join(service.browser(), shop()["ann"])
    document = messaging.document(TEMPLATE)

    def tried(by: str, to: str = address) -> messaging.Outcome:
        return messaging.rehearse(document, messaging.Rehearsal("Push", to, by, messaging.Look()), LATER)

    with pytest.raises(messaging.BadRoute, match="is a customer's"):
        tried("owner@shop.example")
    assert tried(ANN["email"]).state is messaging.State.SENT
    assert service.read[0]["title"].startswith("[Test] ")
    with pytest.raises(messaging.Refused, match="choose one that has joined"):
        tried(ANN["email"], "push:" + "1" * 32)
