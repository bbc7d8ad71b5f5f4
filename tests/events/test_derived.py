"""What people bought first, of which product, and what they got back: on a base, its overlay and after a rebuild the same."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from regulars import loop
from regulars.events import api as events
from regulars.events.kinds.orders import Line, OrderUpdated
from tests.events.cast import ANN, BO, DAY_0, GUEST, NOW, cancelled, placed, refunded

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("home")]

TEA = Line(product="T1", name="Tea", category="Drinks", quantity=Decimal(2), amount=Decimal("8"))
POT = Line(product="P1", name="Pot", category="Ware", quantity=Decimal(1), amount=Decimal("30"))
CARD = Line(name="Card", quantity=Decimal(1), amount=Decimal("1"))
FIRST = (
    "SELECT customer_id, order_id, first_day, second_day, product, category, country, has_discount FROM first_orders"
)
BOUGHT = """
SELECT customer_id, product, first_day, second_day, last_day, order_days, quantity, amount, in_first_order, next_day,
    name
FROM customer_products"""


def day(n: int) -> date:
    return DAY_0.date() + timedelta(days=n)


def rows(query: str) -> list[tuple[Any, ...]]:
    with events.reader(NOW) as moment:
        return moment.rows(f"{query} ORDER BY ALL")


def tell(*told: events.Told) -> None:
    events.append(list(told), NOW)
    loop.run_once(NOW)


def same_after_a_rebuild() -> tuple[list[tuple[Any, ...]], list[tuple[Any, ...]]]:
    found = rows(FIRST), rows(BOUGHT)
    loop.rebuild(NOW)
    assert (rows(FIRST), rows(BOUGHT)) == found
    return found


def test_the_first_order_is_the_earliest_whatever_was_told_first() -> None:
    tell(placed("A2", ANN, day=5, lines=(TEA, TEA)), placed("G1", GUEST, lines=(POT,)), placed("B1", BO, day=3))
    assert rows(FIRST) == [
        (1, "A2", day(5), None, "T1", "Drinks", None, False),
        (2, "B1", day(3), None, None, None, None, False),
    ]
    tell(placed("A1", ANN, day=1, lines=(CARD, TEA, POT), country="DE", discount_code="HELLO"))
    first, bought = same_after_a_rebuild()
    assert first[0] == (1, "A1", day(1), day(5), "P1", "Ware", "DE", True)
    assert bought == [
        (1, "Card", day(1), None, day(1), 1, Decimal(1), Decimal(1), True, day(5), "Card"),
        (1, "P1", day(1), None, day(1), 1, Decimal(1), Decimal(30), True, day(5), "Pot"),
        (1, "T1", day(1), day(5), day(5), 2, Decimal(6), Decimal(24), True, day(5), "Tea"),
    ]


def test_of_two_orders_at_one_instant_the_first_told_is_the_first() -> None:
    tell(placed("Z9", ANN, lines=(TEA,)), placed("A1", ANN, lines=(POT,)))
    first, bought = same_after_a_rebuild()
    assert first == [(1, "Z9", day(0), None, "T1", "Drinks", None, False)]
    assert [(row[1], row[8]) for row in bought] == [("P1", False), ("T1", True)]


def test_corrections_and_merges_reach_the_first_order_on_top_of_a_base() -> None:
    tell(placed("A1", ANN, lines=(POT,)), placed("A2", ANN, day=4, lines=(TEA,)), placed("B1", BO, day=2, lines=(TEA,)))
    assert rows(FIRST)[0][1] == "A1"
    newer = OrderUpdated(
        order_id="B1", version="v2", total=Decimal(60), currency="USD", rate=Decimal("0.5"), country="AT", lines=(POT,)
    )
    tell(cancelled("A1"), events.Told(fact=newer, source="shop", event_id="u1", occurred_at=DAY_0))
    first, bought = same_after_a_rebuild()
    assert [row[:6] for row in first] == [
        (1, "A2", day(4), None, "T1", "Drinks"),
        (2, "B1", day(2), None, "P1", "Ware"),
    ]
    assert (first[1][6], bought[1][1], bought[1][7]) == ("AT", "P1", Decimal(15))
    tell(placed("A3", ANN | {"id": "c2"}, day=9))
    first, bought = same_after_a_rebuild()
    assert [row[:4] for row in first] == [(1, "B1", day(2), day(4))]
    assert [(row[1], row[8]) for row in bought] == [("P1", True), ("T1", False)]


REFUNDED = "SELECT customer_id, sum(refunded) FROM refund_days GROUP BY customer_id"


def test_no_guest_is_given_what_was_refunded_to_a_known_customer() -> None:
    tell(placed("A1", ANN), refunded("A1", "R1", "4.00"), placed("G1", GUEST))
    loop.rebuild(NOW)
    tell(placed("G2", GUEST), refunded("G1", "R2", "1.00"))  # from here on the guests are touched, and Ann is not
    assert rows(REFUNDED) == [(0, Decimal(1)), (1, Decimal(4))]
    loop.rebuild(NOW)
    assert rows(REFUNDED) == [(0, Decimal(1)), (1, Decimal(4))]


def test_an_order_told_after_its_refund_takes_the_refund_from_the_guests() -> None:
    tell(refunded("A1", "R1", "4.00"))
    loop.rebuild(NOW)
    assert rows(REFUNDED) == [(0, Decimal(4))]
    tell(placed("A1", ANN))
    assert rows(REFUNDED) == [(1, Decimal(4))]
    loop.rebuild(NOW)
    assert rows(REFUNDED) == [(1, Decimal(4))]
