"""One person's history: every kind of fact, of merged people too, the latest first, page by page."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from regulars import loop
from regulars.events import api as events
from regulars.events.kinds.costs import CostRecorded
from regulars.events.kinds.custom import CustomTracked
from regulars.events.kinds.customers import CustomerUpdated
from regulars.events.kinds.orders import Line, OrderRefunded
from regulars.events.kinds.products import ProductUpdated
from tests.events.cast import ANN, BO, CLEO, DAY_0, GUEST, NOW, cancelled, placed, refunded, updated

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("home")]


def tell(*facts: events.Told) -> None:
    events.append(list(facts), NOW)
    loop.run_once(NOW)


def history(customer: int, limit: int = 100, skip: int = 0) -> list[dict[str, Any]]:
    with events.reader(NOW) as moment:
        return events.history(moment, customer, limit, skip)


def what(customer: int) -> list[str]:
    """Return the kinds and, of orders and what follows them, whose they are; what is known of identity is left out."""
    return [
        f"{one['kind']} {one['fields'].get('order_id', '')}".strip()
        for one in history(customer)
        if one["kind"] != "customer.identified"
    ]


def test_everything_that_happened_to_a_person_is_told_the_latest_first() -> None:
    visit = events.Told(
        fact=CustomTracked(name="shop.visited", properties='{"page": "/tea"}'),
        source="shop",
        event_id="visit",
        occurred_at=DAY_0 + timedelta(days=5),
        people=ANN,
    )
    told = events.Told(
        fact=CustomerUpdated(version="v1", first_name="Ann"),
        source="form",
        event_id="told",
        occurred_at=DAY_0 + timedelta(days=2),
        people=ANN,
    )
    tell(placed("B1", BO, day=3), placed("A1", ANN), placed("A2", ANN, day=9), visit, told)
    assert what(1) == ["order.placed B1"]
    assert what(2) == ["order.placed A2", "custom.tracked", "customer.updated", "order.placed A1"]
    latest = next(one for one in history(2) if one["kind"] == "order.placed")
    assert latest["occurred_at"] == DAY_0 + timedelta(days=9)
    assert (latest["received_at"], latest["source"]) == (NOW, "shop")


def test_fields_are_plain_values() -> None:
    line = Line(product="T1", name="Tea", quantity=Decimal(2), amount=Decimal("8.50"))
    tell(placed("A1", ANN, total="12.50", lines=(line,), discount_code='it\'s "10%"'))
    fields = next(one["fields"] for one in history(1) if one["kind"] == "order.placed")
    assert (fields["order_id"], fields["total"], fields["currency"]) == ("A1", 12.5, "EUR")
    assert fields["discount_code"] == 'it\'s "10%"'
    assert (fields["lines"][0]["name"], fields["lines"][0]["amount"], fields["lines"][0]["category"]) == (
        "Tea",
        8.5,
        None,
    )
    assert (fields["is_test"], fields["updated_at"]) == (False, None)
    assert not {"seq", "event_id", "source", "customer_id"} & fields.keys()


def test_a_correction_told_without_the_person_is_in_the_history_of_the_orders_customer_alone() -> None:
    tell(placed("A1", ANN), placed("B1", BO))
    tell(refunded("A1", "r1", "4", day=8), updated("A1", "v2", "11", minute=5), cancelled("A1"))
    assert what(1) == ["order.refunded A1", "order.cancelled A1", "order.updated A1", "order.placed A1"]
    assert what(2) == ["order.placed B1"]


def test_a_correction_of_the_same_number_in_another_shop_is_not_mine() -> None:
    other = OrderRefunded(shop="other", order_id="A1", refund_id="r1", amount=Decimal(4), currency="EUR")
    nameless = OrderRefunded(refund_id="r2", amount=Decimal(4), currency="EUR")
    tell(
        placed("A1", ANN),
        events.Told(fact=other, source="shop", event_id="r1", occurred_at=DAY_0),
        events.Told(fact=nameless, source="shop", event_id="r2", occurred_at=DAY_0),
    )
    assert what(1) == ["order.placed A1"]


def test_a_merged_person_has_one_history_by_whatever_number_it_is_asked() -> None:
    tell(placed("A1", ANN), placed("B1", BO, day=5), refunded("B1", "r1", "2", day=6))
    tell(placed("A2", {"id": "c1", "email": "bo@example.com"}, day=9))
    expected = ["order.placed A2", "order.refunded B1", "order.placed B1", "order.placed A1"]
    assert [one for one in what(1) if one != "customer.merged"] == expected
    assert "customer.merged" in what(1)
    assert history(2) == history(1)


def test_a_guests_orders_and_the_shops_own_facts_are_nobodys() -> None:
    product = ProductUpdated(version="p1", product="T1", name="Tea")
    cost = CostRecorded(version="k1", channel="ads", month=DAY_0.date(), amount=Decimal(9), currency="EUR")
    tell(
        placed("G1", GUEST),
        placed("A1", ANN),
        refunded("G1", "r1", "3"),
        events.Told(fact=product, source="shop", event_id="p1", occurred_at=DAY_0),
        events.Told(fact=cost, source="shop", event_id="k1", occurred_at=DAY_0),
    )
    assert what(1) == ["order.placed A1"]
    assert history(0) == []


def test_of_nobody_known_there_is_no_history() -> None:
    assert history(1) == []
    tell(placed("A1", CLEO))
    assert history(77) == history(-1) == []


def test_pages_are_disjoint_and_together_the_whole() -> None:
    tell(*(placed(f"A{number}", ANN, day=number % 4) for number in range(11)))
    whole = history(1)
    assert [(one["occurred_at"], one["seq"]) for one in whole] == sorted(
        ((one["occurred_at"], one["seq"]) for one in whole), reverse=True
    )
    pages = [history(1, 4, skip) for skip in range(0, len(whole) + 4, 4)]
    assert [len(page) for page in pages[:2]] == [4, 4]
    assert [one for page in pages for one in page] == whole
    assert history(1, 4, 10**30) == []


def test_a_history_is_the_same_before_and_after_the_facts_reach_the_lakes_files() -> None:
    tell(placed("A1", ANN), placed("A2", ANN, day=2), refunded("A1", "r1", "3", day=4))
    before = history(1)
    loop.run_once(NOW + timedelta(minutes=2))
    assert history(1) == before
    tell(cancelled("A2"))
    assert len(history(1)) == len(before) + 1


def test_one_moment_answers_for_several_people() -> None:
    tell(placed("A1", ANN), placed("B1", BO), refunded("A1", "r1", "3"), refunded("B1", "r2", "3"))
    with events.reader(NOW) as moment:
        asked = [events.history(moment, customer, 100) for customer in (1, 2, 1)]
    assert asked == [history(1), history(2), history(1)]
