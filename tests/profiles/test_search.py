"""Finding people: by e-mail, phone, reference, an order's number, a part of the name; and nobody else."""

from decimal import Decimal
from typing import Any

import pytest

from regulars import loop
from regulars.events import api as events
from regulars.events.kinds.customers import CustomerUpdated
from regulars.events.kinds.orders import OrderPlaced
from regulars.profiles import api as profiles
from tests.events.cast import ANN, BO, CLEO, DAY_0, GUEST, NOW, placed

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("home")]

ZOE = {"id": "z-1", "email": "zoe@example.com", "phone": "+49 30 123456"}
TRICKS = [
    "%",
    "__",
    "%%",
    "_nn",
    "a%n",
    "' OR 1=1 --",
    '"; DROP TABLE customers; --',
    "\\",
    "\\%",
    "$text",
    "*",
    "x" * 500,
]


def tell(*facts: events.Told) -> None:
    events.append(list(facts), NOW)
    loop.run_once(NOW)


def named(people: dict[str, str], first: str, last: str) -> events.Told:
    fact = CustomerUpdated(version=f"{first} {last}", first_name=first, last_name=last)
    return events.Told(fact=fact, source="shop", event_id=fact.version, occurred_at=DAY_0, people=people)


def search(text: str, limit: int = 8) -> list[dict[str, Any]]:
    with events.reader(NOW) as moment:
        return profiles.search(text, limit, moment)


def found(text: str, limit: int = 8) -> list[int]:
    return [one["customer_id"] for one in search(text, limit)]


@pytest.fixture
def shop() -> None:
    """Ann 1, Bo 2, Cleo 3, Zoë Groß 4; a guest's order."""
    tell(placed("#1001", ANN, total="10"), placed("1002", BO, total="90"), placed("A-3", CLEO), placed("#1004", ZOE))
    tell(placed("G7", GUEST), named(ANN, "Ann", "Lee"), named(BO, "Bo", "Leeds"), named(ZOE, "Zoë", "Groß"))


@pytest.mark.usefixtures("shop")
@pytest.mark.parametrize(
    ("text", "who", "why"),
    [
        ("ann@example.com", [1], "e-mail"),
        ("  Ann@EXAMPLE.com ", [1], "e-mail"),
        ("bo@", [2], "e-mail"),
        ("example.com", [], ""),
        ("+4930123456", [4], "phone"),
        ("+49 (30) 12 34-56", [4], "phone"),
        ("0049 30 123456", [4], "phone"),
        ("49 30 1234", [4], "phone"),
        ("+49 30 99", [], ""),
        ("c1", [1], "reference"),
        ("z-", [4], "reference"),
        ("#1001", [1], "order #1001"),
        ("1001", [1], "order #1001"),
        ("1002", [2], "order 1002"),
        ("#1002", [2], "order 1002"),
        ("A-3", [3], "order A-3"),
        ("100", [], ""),
        ("G7", [], ""),
        ("lee", [2, 1], "name"),
        ("ANN LEE", [1], "name"),
        ("n l", [1], "name"),
        ("zoe", [4], "e-mail"),
        ("ZOE G", [4], "name"),
        ("zoë", [4], "name"),
        ("Zoe\u0308", [4], "name"),
        ("ÖE", [4], "name"),
        ("oü", [], ""),
        ("", [], ""),
        (" \t\n ", [], ""),
    ],
)
def test_a_text_finds_whom_it_identifies(text: str, who: list[int], why: str) -> None:
    answer = search(text)
    assert [one["customer_id"] for one in answer] == who
    assert {one["about"] for one in answer} == ({why} if who else set())


@pytest.mark.usefixtures("shop")
def test_signs_that_mean_something_to_a_database_are_looked_for_literally() -> None:
    assert {text: found(text) for text in TRICKS} == {text: [] for text in TRICKS}
    assert found("nul\0l") == []
    people = [
        ({"id": f"t{place}", "email": f"t{place}@tricks.example"}, sign)
        for place, sign in enumerate(("100%", "a_b", "O'Hara", 'Q"t', "B\\s", "$text"))
    ]
    tell(*(named(who, sign, "Trick") for who, sign in people))
    for place, (_, sign) in enumerate(people):
        assert found(sign) == [5 + place], sign
    tell(placed("M1", {"email": "under_score@example.com"}), placed("M2", {"email": "underxscore@example.com"}))
    assert len(found("under_")) == 1


@pytest.mark.usefixtures("shop")
def test_merged_people_are_found_by_either_and_the_one_that_stands_is_given() -> None:
    tell(placed("M1", {"id": "c1", "email": "bo@example.com"}))
    for text in ("ann@example.com", "bo@example.com", "c1", "c2", "1001", "1002", "Bo Leeds"):
        assert found(text) == [1], text


@pytest.mark.usefixtures("shop")
def test_a_label_is_the_name_or_what_else_is_known() -> None:
    assert [one["label"] for one in search("lee")] == ["Bo Leeds", "Ann Lee"]
    assert [one["label"] for one in search("cleo")] == ["cleo@example.com"]


def test_nobody_is_found_where_nothing_was_told() -> None:
    assert found("ann") == found("+4930123456") == found("1001") == []


def test_no_more_are_given_than_asked_for_and_nobody_twice() -> None:
    people = [{"id": f"ann{place:02}", "email": f"ann{place:02}@example.com"} for place in range(12)]
    tell(*(named(who, "Ann", f"Number{place}") for place, who in enumerate(people)))
    assert found("ann", 5) == [1, 2, 3, 4, 5]
    everybody = found("ann", 100)
    assert len(everybody) == len(set(everybody)) == 12


def test_an_orders_whole_number_comes_before_phones_that_begin_like_it() -> None:
    tell(placed("49301234", {"email": "order@example.com"}))
    tell(*(placed(f"P{place}", {"phone": f"+4930123456{place}"}) for place in range(5)))
    answer = search("49301234", 3)
    assert (answer[0]["customer_id"], answer[0]["about"]) == (1, "order 49301234")
    assert [one["about"] for one in answer[1:]] == ["phone", "phone"]


def test_digits_within_other_words_are_no_phone_number() -> None:
    tell(placed("P1", {"phone": "+12345678"}))
    assert found("Ann 12345") == found("INV-12345") == []
    assert found("(+1) 234/567.8") == [1]


def test_an_order_number_of_two_shops_finds_both_customers() -> None:
    tell(placed("1001", ANN), placed("#1001", BO))
    other = OrderPlaced(shop="other", order_id="1001", total=Decimal(5), currency="EUR")
    tell(events.Told(fact=other, source="other", event_id="o", occurred_at=DAY_0, people=CLEO))
    assert found("1001") == [1, 3, 2]
    assert found("#1001") == [2, 1, 3]
