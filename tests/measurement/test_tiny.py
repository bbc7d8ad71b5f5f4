"""The twelve rows worked out by hand: their report is exactly what is expected of it."""

import csv
import json
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from regulars.measurement.api import Question, Setting, in_words, page
from tests.measurement.stand_in import Order, reported

TINY = Path(__file__).resolve().parents[1] / "data" / "tiny"
IMPORTS = {"rows": 12, "accepted": 10, "rejected": 1, "duplicates": 1}
SETTING = Setting("UTC", "EUR", IMPORTS, datetime(2024, 6, 1, tzinfo=UTC))


def tiny() -> list[Order]:
    """Return the ten orders that stand, as an import would tell them."""
    found = {}
    with (TINY / "orders.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            if "02-30" in row["ordered_at"]:
                continue
            day = datetime.fromisoformat(row["ordered_at"]).astimezone(ZoneInfo("UTC")).date()
            customer = int(row["customer_id"][1:] or 0) if row["customer_id"] else 0
            found[row["order_id"]] = Order(customer, day, Decimal(row["total"]), Decimal(row["refunded"]))
    return list(found.values())


@pytest.fixture(scope="module")
def found() -> dict[str, Any]:
    return reported(tiny(), setting=SETTING)


def assert_holds(expected: Any, found: Any, where: str = "report") -> None:
    """Assert that found has everything expected; it may have more keys, numbers agree to six digits."""
    if isinstance(expected, dict):
        for key, value in expected.items():
            assert key in found, f"{where} lacks {key}"
            assert_holds(value, found[key], f"{where}.{key}")
    elif isinstance(expected, list):
        assert len(expected) == len(found), where
        for place, (one, other) in enumerate(zip(expected, found, strict=True)):
            assert_holds(one, other, f"{where}[{place}]")
    elif isinstance(expected, float):
        assert found == pytest.approx(expected, abs=1e-6), where
    else:
        assert found == expected, where


def test_the_twelve_rows_give_what_was_worked_out_by_hand(found: dict[str, Any]) -> None:
    assert_holds(json.loads((TINY / "expected.json").read_text(encoding="utf-8")), found)


def test_the_report_is_plain_json_and_comes_back_from_it_unchanged(found: dict[str, Any]) -> None:
    assert json.loads(json.dumps(found)) == found


def test_every_figure_has_its_definition(found: dict[str, Any]) -> None:
    named = {
        *(key for key in found["totals"] if not key.endswith("_order_on")),
        *("retention", "sequence", "repurchase_curve", "median_days_to_second", "cohorts", "lifecycle", "imports"),
        *("period_retention", "concentration", "rfm", "value_model", "backtest", "customers_late", "benchmarks"),
    }
    assert named - set(found["definitions"]) == set()


def test_it_can_be_read_in_the_terminal_and_as_a_page(found: dict[str, Any]) -> None:
    told = in_words(found)
    assert "2 of 2 first buyers came back within eight weeks" in told
    assert "370.25 EUR after 65.50 EUR refunds" in told
    assert 10 <= len(told.splitlines()) <= 30
    assert "2 of 2 first buyers came back within eight weeks" in page(found)


def test_an_earlier_day_knows_nothing_of_what_came_later() -> None:
    until = datetime(2024, 2, 28, tzinfo=UTC).date()
    known = [order for order in tiny() if order.day <= until]
    asked = reported(tiny(), Question(as_of=until), SETTING)
    assert asked == reported(known, Question(as_of=until), SETTING)
    assert asked["as_of"] == "2024-02-28"
    assert asked["totals"]["orders"] == 6
    assert [row["eligible"] for row in asked["retention"]] == [1, 1, 1]


def test_a_day_to_come_is_today() -> None:
    asked = reported(tiny(), Question(as_of=datetime(2031, 1, 1, tzinfo=UTC).date()), SETTING)
    assert asked["as_of"] == "2024-06-01"
