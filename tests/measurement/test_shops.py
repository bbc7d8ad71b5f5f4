"""Shops of every sort get a report: none is too empty, too young, too anonymous or too far away."""

import json
import random
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from regulars.measurement.api import Question, in_words, page
from tests.measurement.stand_in import GUEST, SETTING, Order, reported

DAY = date(2024, 1, 10)


def regulars(n: int, every: int, times: int) -> list[Order]:
    """Return n customers, one beginning each day, who order several times at the same interval."""
    return [
        Order(customer, DAY + timedelta(days=customer + every * time))
        for customer in range(1, n + 1)
        for time in range(times)
    ]


def check(found: dict[str, Any]) -> None:
    """Check that a report can be handed on in each form."""
    assert json.loads(json.dumps(found)) == found
    assert found["headline"]["text"] in in_words(found)
    assert "<html" in page(found)
    assert [row["name"] for row in found["retention"]] == ["bounded_week_8", "within_56_days", "unbounded_day_56"]
    assert len(found["rfm"]) == 10


def test_an_empty_shop_gets_zeros_and_a_word() -> None:
    found = reported([])
    check(found)
    assert found["as_of"] is None
    assert found["headline"]["text"].startswith("No orders yet")
    assert (found["totals"]["orders"], found["totals"]["revenue"], found["totals"]["repeat_rate"]) == (0, "0.00", None)
    assert found["value_model"]["abstains"]
    assert found["cohorts"] == {"grain": "month", "rows": []}


def test_an_empty_shop_has_the_same_keys_as_any_other() -> None:
    full, empty = reported(regulars(3, 20, 2)), reported([])
    assert set(empty) == set(full)
    assert set(empty["totals"]) == set(full["totals"])


def test_a_day_before_the_first_order_finds_nothing() -> None:
    found = reported([Order(1, DAY)], Question(as_of=DAY - timedelta(days=1)))
    check(found)
    assert found["headline"] == {
        "text": "No orders yet up to 2024-01-09: import your order history to begin",
        "metric": None,
    }
    assert found["totals"]["customers"] == 0


def test_guests_are_sales_and_no_customers() -> None:
    found = reported([Order(GUEST, DAY, Decimal("20.00"), Decimal("5.00")), Order(GUEST, DAY)])
    check(found)
    assert (found["totals"]["revenue"], found["totals"]["net_revenue"]) == ("30.00", "25.00")
    assert (found["totals"]["customers"], found["totals"]["guests_orders"]) == (0, 2)
    assert found["totals"]["average_order_value"] == "15.00"
    assert found["headline"]["text"] == "2 orders, but none says who ordered"
    assert [step["title"] for step in found["next_steps"]] == ["Give guests a reason to say who they are"]


def test_a_young_shop_is_told_so() -> None:
    found = reported([Order(1, DAY), Order(2, DAY + timedelta(days=3))])
    check(found)
    assert found["headline"]["text"] == "2 customers so far, none of them watched for eight weeks yet"
    assert {row["rate"] for row in found["retention"]} == {None}
    assert "nobody's window has closed yet" in in_words(found)


def test_a_free_order_is_an_order() -> None:
    found = reported([Order(1, DAY, Decimal(0)), Order(1, DAY + timedelta(days=9), Decimal("8.00"))])
    assert (found["totals"]["orders"], found["totals"]["free_orders"]) == (2, 1)
    assert found["totals"]["average_order_value"] == "4.00"


def test_a_shop_that_gives_everything_away_has_no_shares() -> None:
    found = reported([Order(customer, DAY, Decimal(0)) for customer in range(1, 12)])
    check(found)
    assert found["totals"]["top_10_percent_revenue_share"] is None
    assert found["concentration"] == []


def test_money_has_the_digits_of_its_currency() -> None:
    found = reported(
        [Order(1, DAY, Decimal(1000)), Order(1, DAY, Decimal(1001))], setting=replace(SETTING, currency="JPY")
    )
    assert (found["totals"]["revenue"], found["totals"]["average_order_value"]) == ("2001", "1000")


def test_a_late_refund_is_the_last_fact_and_counts_on_its_own_day() -> None:
    order = Order(1, DAY, Decimal("30.00"), Decimal("12.50"), DAY + timedelta(days=60))
    found = reported([order])
    assert (found["as_of"], found["totals"]["last_order_on"]) == ("2024-03-10", "2024-01-10")
    assert found["totals"]["net_revenue"] == "17.50"
    assert found["retention"][1]["eligible"] == 1
    assert reported([order], Question(as_of=DAY + timedelta(days=59)))["totals"]["net_revenue"] == "30.00"


def test_today_is_the_shop_s_day() -> None:
    late_evening = datetime(2024, 1, 9, 20, tzinfo=UTC)  # the tenth in Tokyo
    tokyo = replace(SETTING, timezone="Asia/Tokyo", now=late_evening)
    assert reported([Order(1, DAY)], Question(as_of=DAY + timedelta(days=5)), tokyo)["as_of"] == "2024-01-10"


def test_thin_data_are_no_ground_for_a_forecast() -> None:
    found = reported(regulars(30, 20, 4))
    assert found["value_model"]["abstains"]
    assert "only 30 customers" in found["value_model"]["reasons"][0]
    assert "No forecast yet\n  only 30 customers" in in_words(found)


@pytest.fixture(scope="module")
def rhythm() -> dict[str, Any]:
    """Report on 200 customers who order about every fortnight, three of whom have stopped: lately, long ago, at once."""
    rng = random.Random(4)
    orders = []
    for customer in range(1, 201):
        on = rng.randrange(14)
        stops = {1: 250, 2: 120, 3: 20}.get(customer, 300)
        while on < stops:
            orders.append(Order(customer, DAY + timedelta(days=on), Decimal(customer)))
            on += rng.randrange(9, 20)
    return reported(orders, Question(as_of=DAY + timedelta(days=300)))


def test_whoever_breaks_a_rhythm_is_late_and_after_a_long_silence_lost(rhythm: dict[str, Any]) -> None:
    late, total = rhythm["customers_late"], rhythm["late_total"]
    assert total["lost"] >= 1
    assert total["count"] == len(late) <= 10
    assert all(0.9 <= row["probability"] < 0.995 for row in late)
    values = [Decimal(row["value"]) for row in late]
    assert values == sorted(values, reverse=True)
    assert Decimal(total["value"]) == sum(values)
    assert all(row["value"] == f"{row['customer_id'] * row['orders']}.00" for row in late)


def test_advice_counts_people(rhythm: dict[str, Any]) -> None:
    assert all(step["count"] > 0 and step["title"] and step["why"] for step in rhythm["next_steps"])


def test_an_asked_window_stands_beside_the_three() -> None:
    found = reported(regulars(5, 20, 4), Question(retention=((15, 25), (30, None), (30, None), (50, 56))))
    names = [row["name"] for row in found["retention"]]
    assert names == ["bounded_week_8", "within_56_days", "unbounded_day_56", "days_15_25", "days_30", "days_50_56"]
    by_name = {row["name"]: row for row in found["retention"]}
    assert (by_name["days_15_25"]["eligible"], by_name["days_15_25"]["retained"]) == (5, 5)
    assert by_name["days_30"]["to_day"] is None


def test_benchmarks_of_apps_are_never_held_against_orders() -> None:
    rows = reported([Order(1, DAY)])["benchmarks"]
    assert [row["value"] for row in rows] == ["under 20%", "over 25%", "over 35%"]
    assert all(row["year"] == 2017 and row["source"] and not row["comparable"] and row["caveat"] for row in rows)
