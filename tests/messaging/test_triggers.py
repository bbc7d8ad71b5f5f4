"""A fact that comes in asks for its message once; history, imports and trials ask for nothing."""

import json
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from regulars import loop
from regulars.events import api as events
from regulars.events.kinds.orders import Line, OrderPlaced
from regulars.messaging import api as messaging, templates, triggers
from regulars.messaging.models import Message
from regulars.operations import api as operations
from regulars.profiles import api as profiles
from regulars.sources import api as sources
from tests.conftest import ROOT
from tests.events.cast import ANN, BO, GUEST, NOW

pytestmark = pytest.mark.django_db
THANKS = messaging.Rule(name="thanks", kind="order.placed", channel="sms", template="thank_you_sms")
HOUR = timedelta(hours=1)


@pytest.fixture(autouse=True)
def _fresh(home: Path) -> None:
    """Give each test its own lake."""


def paid(order: str, people: dict[str, str] = ANN, ago: timedelta = HOUR, **more: object) -> events.Told:
    fact = OrderPlaced(order_id=order, total=Decimal("48.40"), currency="EUR", **more)  # type: ignore[arg-type]
    return events.Told(fact=fact, source="api", event_id=f"e{order[:100]}", occurred_at=NOW - ago, people=people)


def tell(*told: events.Told) -> int:
    events.append(told, NOW)
    events.sequence(NOW, profiles.people)
    return messaging.trigger(NOW)


def asked() -> list[tuple[str, str]]:
    return list(Message.objects.order_by("id").values_list("name", "occurrence"))


def test_a_paid_order_asks_for_its_thanks_once() -> None:
    messaging.put_trigger(THANKS)
    assert tell(paid("A1"), paid("B1", BO)) == 2
    assert tell(paid("A1"), replace(paid("A1"), event_id="again"), replace(paid("A1"), source="other")) == 0
    assert asked() == [("thanks", "order.placed:main:A1"), ("thanks", "order.placed:main:B1")]
    row = Message.objects.order_by("id")[0]
    told = json.loads(row.data)
    assert (row.channel, row.template, row.is_marketing) == ("sms", "thank_you_sms", False)
    assert (told["order_id"], told["total"], told["order"]["number"]) == ("A1", 48.4, "A1")


def test_an_orders_lines_are_numbers_that_a_letter_can_reckon_with() -> None:
    messaging.put_trigger(replace(THANKS, channel="email", template="thank_you"))
    lines = (
        Line(name="Earl Grey", quantity=Decimal(2), amount=Decimal("19.80")),
        Line(name="Pot", quantity=Decimal(1)),
    )
    assert tell(paid("A1", lines=lines)) == 1
    told = json.loads(Message.objects.get().data)
    letter = templates.compile(templates.starters()["thank_you"].document, templates.SAMPLE_THEME).render(told, "de")
    assert "2 × Earl Grey" in letter.text
    assert "1 × Pot" not in letter.text
    assert "19,80" in letter.text


def test_killed_between_the_request_and_the_mark_it_is_asked_for_once(monkeypatch: pytest.MonkeyPatch) -> None:
    messaging.put_trigger(THANKS)

    def killed(*told: object) -> None:
        raise SystemExit

    events.append([paid("A1")], NOW)
    events.sequence(NOW, profiles.people)
    with monkeypatch.context() as patch:
        patch.setattr(events, "advance_mark", killed)
        with pytest.raises(SystemExit):
            messaging.trigger(NOW)
    assert asked() == []
    assert messaging.trigger(NOW) == 1
    events.set_mark(triggers.MARK, 0)
    messaging.trigger(NOW)
    assert len(asked()) == 1


def test_what_is_history_a_guests_or_a_trial_asks_for_nothing() -> None:
    messaging.put_trigger(THANKS)
    old, guest, trial = paid("A1", ago=25 * HOUR), paid("G1", GUEST), paid("T1", is_test=True)
    imported = replace(paid("I1"), source="import-7")
    assert tell(old, guest, trial, imported) == 0
    assert tell(paid("A2", ago=23 * HOUR)) == 1


def test_an_import_asks_for_nothing_however_young_its_orders_are() -> None:
    messaging.put_trigger(THANKS)
    orders = "order_id,date,email,total,currency\n" + "".join(
        f"N{n},{(NOW - HOUR).isoformat()},{name}@example.com,10.00,EUR\n"
        for n, name in enumerate(("ann", "bo", "cleo"))
    )
    path = ROOT / "tests" / "data" / "tiny" / "orders.csv"
    for file in (path, _written(orders)):
        request = sources.Request(file, profiles.people, NOW)
        assert sources.import_file("orders", request, sources.options()).accepted > 0
        assert messaging.trigger(NOW) == 0
    assert asked() == []


def _written(text: str) -> Path:
    from regulars.core.settings import current

    path = current().home / "young.csv"
    path.write_text(text, encoding="utf-8")
    return path


def test_a_new_trigger_looks_ahead_and_one_that_slept_does_not_catch_up() -> None:
    tell(paid("A1"))
    messaging.put_trigger(THANKS)
    assert tell() == 0
    messaging.put_trigger(replace(THANKS, is_active=False))
    assert tell(paid("A2")) == 0
    messaging.put_trigger(THANKS)
    assert tell(paid("A3")) == 1
    messaging.put_trigger(replace(THANKS, strength=90))
    assert [one.strength for one in messaging.triggers()] == [90]
    assert messaging.drop_trigger("thanks")
    assert not messaging.drop_trigger("thanks")
    assert tell(paid("A4")) == 0
    assert [occurrence for _, occurrence in asked()] == ["order.placed:main:A3"]


def test_a_kind_that_the_shop_made_up_is_one_too() -> None:
    messaging.put_trigger(replace(THANKS, name="wish", kind="wish.granted"))
    fact = events.read_any("wish.granted", {"wish": "tea", "price": 7})
    other = events.read_any("wish.denied", {"wish": "rain"})
    both = [
        events.Told(fact=one, source="api", event_id=f"w{n}", occurred_at=NOW, people=ANN)
        for n, one in enumerate((fact, other))
    ]
    assert tell(*both) == 1
    assert asked() == [("wish", "api:w0")]
    assert json.loads(Message.objects.get().data) == {"wish": "tea", "price": 7}


def test_two_triggers_of_one_kind_ask_for_both_and_a_long_number_is_shortened() -> None:
    messaging.put_trigger(THANKS)
    messaging.put_trigger(replace(THANKS, name="tips", channel="email", template="newsletter"))
    assert tell(paid("A" * 400)) == 2
    assert {(row.name, row.is_marketing, len(row.occurrence)) for row in Message.objects.all()} == {
        ("thanks", False, 64),
        ("tips", True, 64),
    }


def test_many_facts_are_followed_batch_by_batch(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(triggers, "BATCH", 3)
    messaging.put_trigger(THANKS)
    messaging.put_trigger(replace(THANKS, name="wish", kind="wish.granted"))
    wishes = [
        events.Told(
            fact=events.read_any("wish.granted", {}), source="api", event_id=f"w{n}", occurred_at=NOW, people=ANN
        )
        for n in range(5)
    ]
    assert tell(*[paid(f"A{n}") for n in range(10)], *wishes) == 15
    assert len(set(asked())) == 15


WRONG = [
    ({"kind": "order.place"}, "did you mean 'order.placed'"),
    ({"channel": "sm"}, "is no channel"),
    ({"template": "nothing"}, "make it first"),
    ({"channel": "email"}, "written for sms"),
    ({"name": " "}, "a name"),
    ({"kind": "message.sent"}, "never end"),
]


@pytest.mark.parametrize(("change", "sentence"), WRONG)
def test_a_trigger_that_cannot_work_is_refused(change: dict[str, str], sentence: str) -> None:
    with pytest.raises(messaging.BadTrigger, match=sentence):
        messaging.put_trigger(replace(THANKS, **change))  # type: ignore[arg-type]


def test_a_shop_that_starts_over_forgets_its_messages_and_its_triggers_go_on() -> None:
    messaging.put_trigger(THANKS)
    tell(paid("A1"), paid("B1", BO))
    operations.start_over(NOW)
    assert asked() == []
    assert tell(paid("A1")) == 1


def test_the_loop_follows_and_tells() -> None:
    messaging.put_trigger(THANKS)
    events.append([paid("A1")], NOW)
    assert loop.run_once(NOW)["messaging.trigger"] == 1
    Message.objects.update(state="sent", finished_at=NOW)
    assert loop.run_once(NOW)["messaging.tell"] == 1
