"""What a shop keeps of its customers by names of its own: the last telling counts, as text, number or day."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from regulars import loop
from regulars.events import api as events
from regulars.events.kinds.customers import CustomerDescribed, CustomerMerged
from regulars.segments import api as segments
from tests.events.cast import ANN, BO, NOW, placed
from tests.segments.test_members import belong, keep, moves, tell

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("home")]
TODAY = NOW.date()


def described(who: dict[str, str], name: str, value: str | None, version: str = "1") -> events.Told:
    fact = CustomerDescribed(version=f"{who['id']}-{version}", name=name, value=value)
    return events.Told(fact=fact, source="shop", occurred_at=NOW, people=who)


def rows() -> list[tuple[Any, ...]]:
    with events.reader(NOW) as moment:
        return moment.rows("SELECT * FROM customer_attributes ORDER BY ALL")


def found(rule: dict[str, Any], today: date = TODAY) -> list[int]:
    with events.reader(NOW) as moment:
        return sorted(segments.preview(moment, rule, today).some)


def test_the_last_telling_counts_and_a_blank_takes_it_back() -> None:
    tell(placed("A1", ANN), described(ANN, "Colour", "red"), described(ANN, "visits", "3"))
    loop.rebuild(NOW)
    tell(described(ANN, " colour ", "green", "2"), described(BO, "renews", "2024-02-29"))
    tell(described(BO, "visits", "many"))
    assert rows() == [
        (1, "colour", "green", None, None),
        (1, "visits", "3", Decimal(3), None),
        (2, "renews", "2024-02-29", None, date(2024, 2, 29)),
        (2, "visits", "many", None, None),
    ]
    tell(described(ANN, "colour", "", "3"), described(BO, "renews", None, "2"))
    on_overlay = rows()
    assert [row[1] for row in on_overlay] == ["visits", "visits"]
    loop.rebuild(NOW)
    assert rows() == on_overlay


def test_the_same_telling_again_changes_nothing() -> None:
    tell(described(ANN, "colour", "red"))
    tell(described(ANN, "colour", "blue", "2"))
    tell(described(ANN, "colour", "red"))
    assert rows() == [(1, "colour", "blue", None, None)]


def test_of_two_who_turn_out_to_be_one_the_last_telling_counts() -> None:
    tell(placed("A1", ANN), placed("B1", BO), described(BO, "colour", "red"), described(ANN, "colour", "blue"))
    tell(described(BO, "size", "M"))
    merge = CustomerMerged(merged_id=2, reason="same")
    tell(events.Told(fact=merge, source="shop", occurred_at=NOW, people={"customer": "1"}))
    expected = [(1, "colour", "blue", None, None), (1, "size", "M", None, None)]
    assert rows() == expected
    loop.rebuild(NOW)
    assert rows() == expected


def test_rules_read_a_value_as_what_they_compare_it_with() -> None:
    tell(described(ANN, "Colour", "Red"), described(ANN, "points", "12.50"), described(BO, "renews", "2024-06-03"))
    assert found({"field": "attribute:colour", "is": "red"}) == [1]
    assert found({"field": "attribute:COLOUR", "is_not": "red"}) == [2]
    assert found({"field": "attribute:colour", "known": False}) == [2]
    assert found({"field": "attribute:points", "between": [12, "12.5"]}) == [1]
    assert found({"field": "attribute:colour", "at_least": 0}) == []
    assert found({"field": "attribute:renews", "in_next_days": 3}) == [2]
    assert found({"field": "attribute:renews", "between": ["2024-06-03", "2024-06-30"]}) == [2]
    assert found(
        {"all": [{"field": "attribute:colour", "known": True}, {"field": "attribute:points", "more_than": 12}]}
    ) == [1]


def test_a_birthday_comes_round_each_year_and_lets_people_enter_and_leave() -> None:
    tell(
        placed("A1", ANN),
        placed("B1", BO),
        described(ANN, "birthday", "1984-02-29"),
        described(BO, "birthday", "1990-06-04"),
    )
    soon = {"field": "birthday", "anniversary_in_days": 3}
    assert found(soon, date(2024, 6, 1)) == []
    assert found(soon, date(2024, 6, 2)) == [2]
    assert found(soon, date(2025, 2, 26)) == [1], "29 February comes on the 28th"
    assert found(soon, date(2024, 2, 27)) == [1]
    keep("birthdays", soon)
    loop.run_once(NOW)
    for days in range(1, 6):
        loop.run_once(NOW + timedelta(days=days))
    assert moves() == [("entered", 2, "birthdays", "day"), ("left", 2, "birthdays", "day")]


def test_who_is_told_of_enters_at_once() -> None:
    tell(placed("A1", ANN), placed("B1", BO))
    keep("reds", {"field": "attribute:colour", "is": "red"})
    loop.run_once(NOW)
    tell(described(BO, "colour", "RED"))
    assert belong("reds") == [2]
    tell(described(BO, "colour", None, "2"))
    assert belong("reds") == []


@pytest.mark.parametrize(
    ("rule", "said"),
    [
        ({"field": "attribute:", "is": "x"}, "there is no field 'attribute:'"),
        ({"field": "attribute:  ", "is": "x"}, "there is no field"),
        ({"field": "attribute:" + "x" * 501, "is": "x"}, "at most 500 characters"),
        ({"field": "attribute:colour"}, "exactly one comparison must stand here"),
        ({"field": "attribute:colour", "likes": "x"}, "'likes' does not go with"),
        ({"field": "attribute:visits", "at_least": "many"}, "a number must stand here"),
        ({"field": "birthday", "is": "x"}, "'is' does not go with a date"),
        ({"field": "atribute:colour", "is": "x"}, "there is no field 'atribute:colour'"),
    ],
)
def test_what_is_no_rule_about_an_attribute_is_refused(rule: dict[str, Any], said: str) -> None:
    with pytest.raises(segments.BadRule, match=said):
        segments.read(rule)


def test_a_rule_about_an_attribute_is_said_in_words() -> None:
    rule = segments.read(
        {"all": [{"field": "attribute:colour", "is": "red"}, {"field": "birthday", "anniversary_in_days": 7}]}
    )
    assert segments.in_words(rule) == "colour is red and birthday has its day of the year in the next 7 days"


def test_the_door_for_facts_takes_it() -> None:
    told = events.read_any("customer.described", {"version": "1", "name": "colour", "value": "red"})
    assert told == CustomerDescribed(version="1", name="colour", value="red")
    assert told.natural_key() == "customer.described\x1fmain\x1f1\x1fcolour"
