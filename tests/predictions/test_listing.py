"""The list of customers against a plain search in Python: each filter and order, alone and together."""

import unicodedata
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from decimal import Decimal
from itertools import product
from random import Random
from typing import Any

import pytest

from regulars import loop
from regulars.events import api as events
from regulars.events.kinds.customers import CustomerUpdated
from regulars.predictions import api as predictions
from tests.events.cast import ANN, BO, DAY_0, NOW, placed
from tests.measurement.stand_in import GUEST, Order, lake

BEGIN, AS_OF = date(2023, 1, 1), date(2024, 6, 1)
FIRST, LAST = ("Ann", "Änne", "Bo", "zoë", "", "O'Hara", "100%", "a_b"), ("Lee", "Groß", "", "de la Cruz", 'Q"x')
PAYLOADS = ["' OR 1=1 --", "x'); DROP TABLE customers; --", "$text", "%", "_", "\\", "nul\0l", "', '')) OR true --"]

Row = dict[str, Any]


def orders(seed: int = 1) -> list[Order]:
    """Let 150 customers buy in gaps of their own until some day, and some guests."""
    random = Random(seed)
    found = [Order(GUEST, BEGIN + timedelta(days=day)) for day in range(9)]
    for customer in range(1, 151):
        day, pace, n = random.randrange(300), random.uniform(8, 60), random.choice((1, 1, 2, 3, 5, 8, 13, 40))
        for _ in range(n):
            if day > (AS_OF - BEGIN).days:
                break
            spent = Decimal(random.choice((10, 10, 20, random.randrange(1, 9000)))) / 10
            back = random.choice((Decimal(0), Decimal(0), spent, spent * 2))
            found.append(Order(customer, BEGIN + timedelta(days=day), spent, back))
            day += max(1, round(random.gammavariate(4, pace / 4)))
    return found


def people(seed: int = 2) -> list[Row]:
    """Return what was told of the customers, and of some who never ordered."""
    random = Random(seed)
    return [
        {
            "customer_id": customer,
            "reference": f"c{customer}",
            "email": random.choice(("", f"p{customer}@example.com")),
            "first_name": random.choice(FIRST),
            "last_name": random.choice(LAST),
            "country": random.choice(("DE", "AT", "", "DE")),
            "accepts_email": random.choice((True, False, None)),
        }
        for customer in range(1, 171)
    ]


@contextmanager
def shop(made: list[Order] | None = None) -> Iterator[predictions.Known]:
    """Open the shop with its customers as the derived table has them."""
    with lake(orders() if made is None else made) as moment:
        names = list(people()[0])
        columns = ", ".join(f"unnest(${name}) AS {name}" for name in names)
        moment.con.execute(
            f"CREATE TABLE told AS SELECT {columns}", {name: [one[name] for one in people()] for name in names}
        )
        moment.con.execute(
            "CREATE TABLE customers AS SELECT told.*, '' AS phone, '' AS city, NULL::BOOLEAN AS accepts_sms, first_day, "
            "last_day, coalesce(orders, 0)::INTEGER AS orders, coalesce(net, 0)::DECIMAL(18, 4) AS net "
            "FROM told LEFT JOIN customer_sum USING (customer_id)"
        )
        yield predictions.known(moment, AS_OF)


@pytest.fixture(scope="module")
def known() -> Iterator[predictions.Known]:
    with shop() as found:
        yield found


@pytest.fixture(scope="module")
def everybody(known: predictions.Known) -> list[Row]:
    """Return every customer, counted by hand; segments and lateness as the other doors tell them."""
    late = {row["customer_id"] for row in predictions.late_list(known, 1000)["customers"]}
    models = predictions.fitted(known)
    made = orders()
    found = []
    for one in people():
        mine = [order for order in made if order.customer == one["customer_id"]]
        outlook = predictions.outlook(models, known, one["customer_id"])
        sums = {
            "orders": len(mine),
            "net": sum((order.gross - order.refunded for order in mine), Decimal(0)),
            "first_day": min((order.day for order in mine), default=None),
            "last_day": max((order.day for order in mine), default=None),
            "segment": outlook["segment"] if outlook else None,
            "is_late": one["customer_id"] in late,
        }
        found.append({**one, **sums})
    assert 5 < len(late) < 100
    return found


def plain(text: str) -> str:
    return "".join(sign for sign in unicodedata.normalize("NFD", text.lower()) if not unicodedata.combining(sign))


def words(one: Row) -> str:
    return plain(" ".join((one["first_name"], one["last_name"], one["email"], one["reference"])))


Oracle = Callable[[Row], bool]
ASKED: list[tuple[str, str, Oracle]] = [
    ("text", "ANN", lambda one: "ann" in words(one)),
    ("text", " Zoe ", lambda one: "zoe" in words(one)),
    ("text", "c1", lambda one: "c1" in words(one)),
    ("text", "%", lambda one: "%" in words(one)),
    ("text", "_", lambda one: "_" in words(one)),
    ("text", "'", lambda one: "'" in words(one)),
    ("country", "AT", lambda one: one["country"] == "AT"),
    ("country", "XX", lambda one: False),
    ("segment", "Can't Lose", lambda one: one["segment"] == "Can't Lose"),
    ("segment", "Hibernating", lambda one: one["segment"] == "Hibernating"),
    ("orders_from", "3", lambda one: one["orders"] >= 3),
    ("orders_to", "1", lambda one: one["orders"] <= 1),
    ("orders_to", "9" * 40, lambda one: True),
    ("value_from", "20.5", lambda one: one["net"] >= Decimal("20.5")),
    ("value_from", "1e30", lambda one: False),
    ("value_to", "-0.01", lambda one: one["net"] < 0),
    ("last_from", "2024-03-01", lambda one: one["orders"] > 0 and one["last_day"] >= date(2024, 3, 1)),
    ("last_to", "2023-06-30", lambda one: one["orders"] > 0 and one["last_day"] <= date(2023, 6, 30)),
    ("first_from", "2023-05-05", lambda one: one["orders"] > 0 and one["first_day"] >= date(2023, 5, 5)),
    ("first_to", "2023-05-05", lambda one: one["orders"] > 0 and one["first_day"] <= date(2023, 5, 5)),
    ("consent", "yes", lambda one: one["accepts_email"] is True),
    ("consent", "no", lambda one: one["accepts_email"] is False),
    ("late", "yes", lambda one: one["is_late"]),
    ("late", "no", lambda one: not one["is_late"]),
]


def key(name: str) -> Callable[[Row], Any]:
    return lambda one: plain(f"{one['first_name']} {one['last_name']}") if name == "name" else one[name]


def ordered(rows: list[Row], sort: str, descending: bool) -> list[int]:
    """Return the numbers in order: those of whom nothing is known last either way, equal ones by number."""
    by = key(sort)
    some = sorted((one for one in rows if by(one) is not None), key=lambda one: one["customer_id"])
    some.sort(key=by, reverse=descending)
    return [one["customer_id"] for one in (*some, *(one for one in rows if by(one) is None))]


def numbers(known: predictions.Known, **asked: Any) -> list[int]:
    found = predictions.listing(known, predictions.Listing(**{"limit": 1000, **asked}))
    assert found["count"] == len(found["customers"]) or "limit" in asked or "offset" in asked
    return [one["customer_id"] for one in found["customers"]]


def test_every_filter_is_tried_here() -> None:
    assert {name for name, _, _ in ASKED} == set(predictions.FILTERS)


@pytest.mark.parametrize(("name", "value", "fits"), ASKED, ids=[f"{name}={value[:12]}" for name, value, _ in ASKED])
def test_a_filter_leaves_those_who_fit(
    known: predictions.Known, everybody: list[Row], name: str, value: str, fits: Oracle
) -> None:
    expected = [one for one in everybody if fits(one)]
    assert numbers(known, filters={name: value}) == ordered(expected, "net", True)


def test_filters_together_leave_those_who_fit_all(known: predictions.Known, everybody: list[Row]) -> None:
    random = Random(5)
    for _ in range(150):
        some = {name: (value, fits) for name, value, fits in random.sample(ASKED, random.randrange(2, 5))}
        expected = [one for one in everybody if all(fits(one) for _, fits in some.values())]
        sort, descending = random.choice(list(predictions.SORTS)), random.random() < 0.5
        asked = {name: value for name, (value, _) in some.items()}
        found = numbers(known, filters=asked, sort=sort, descending=descending)
        assert found == ordered(expected, sort, descending), (asked, sort)


@pytest.mark.parametrize(("sort", "descending"), list(product(predictions.SORTS, (True, False))))
def test_an_order_holds_and_those_without_a_value_come_last(
    known: predictions.Known, everybody: list[Row], sort: str, descending: bool
) -> None:
    assert numbers(known, sort=sort, descending=descending) == ordered(everybody, sort, descending)


def test_a_row_tells_what_the_customer_has(known: predictions.Known, everybody: list[Row]) -> None:
    rows = predictions.listing(known, predictions.Listing(limit=1000))["customers"]
    told = {one["customer_id"]: one for one in rows}
    for one in everybody:
        assert {name: told[one["customer_id"]][name] for name in one} == one


def test_pages_are_disjoint_and_together_the_whole(known: predictions.Known, everybody: list[Row]) -> None:
    pages = [numbers(known, sort="country", limit=40, offset=offset) for offset in range(0, 200, 40)]
    assert [len(page) for page in pages] == [40, 40, 40, 40, 10]
    assert [one for page in pages for one in page] == ordered(everybody, "country", True)


def test_a_page_is_between_one_row_and_a_thousand(known: predictions.Known) -> None:
    assert len(numbers(known, limit=0)) == len(numbers(known, limit=-5)) == 1
    assert numbers(known, offset=-3, limit=2) == numbers(known, limit=2)
    assert numbers(known, offset=10**30, limit=10**30) == []
    assert len(numbers(known, limit=10**30)) == 170


def test_never_more_than_a_thousand_are_given_and_all_are_counted() -> None:
    with shop([]) as known:
        known.moment.con.execute("INSERT INTO customers SELECT customers.* FROM customers, range(9)")
        found = predictions.listing(known, predictions.Listing(limit=5000))
    assert (found["count"], len(found["customers"])) == (1700, 1000)


@pytest.mark.parametrize("name", ["", "net", "orders", "text; DROP TABLE customers", "Text", "1=1"])
def test_a_filter_that_is_none_is_refused(known: predictions.Known, name: str) -> None:
    with pytest.raises(predictions.NoSuchFilter, match="cannot be filtered by"):
        numbers(known, filters={name: "1"})


@pytest.mark.parametrize("sort", ["", "value", "net; --", "1", "email"])
def test_an_order_that_is_none_is_refused(known: predictions.Known, sort: str) -> None:
    with pytest.raises(predictions.NoSuchFilter, match="cannot be sorted by"):
        numbers(known, sort=sort)


UNFIT = {
    "a whole number": (("orders_from", "orders_to"), ("", "two", "1.5", "1e3", "nan", "9" * 5000, "0x1")),
    "a number, with a point": (("value_from", "value_to"), ("", "much", "1,5", "NaN", "sNaN", "1.2.3", "€5")),
    "a day as": (("last_from", "last_to", "first_from", "first_to"), ("", "today", "2024-02-30", "infinity", "1.2.24")),
    "yes or no": (("consent", "late"), ("", "maybe", "YES", "true", "1")),
}


@pytest.mark.parametrize(
    ("name", "value", "kind"),
    [
        (name, value, kind)
        for kind, (names, values) in UNFIT.items()
        for name, value in product(names, (*values, *PAYLOADS))
    ],
    ids=lambda part: part[:14].replace("\0", "0"),
)
def test_a_value_that_does_not_fit_is_refused_with_what_it_must_be(
    known: predictions.Known, name: str, value: str, kind: str
) -> None:
    with pytest.raises(predictions.NoSuchFilter, match=f"^{name} must be {kind}"):
        numbers(known, filters={name: value})


@pytest.mark.parametrize("name", ["text", "country", "segment"])
def test_statements_as_values_are_only_looked_for(known: predictions.Known, everybody: list[Row], name: str) -> None:
    for payload in PAYLOADS:
        expected = [one for one in everybody if name == "text" and payload in words(one)]
        assert numbers(known, filters={name: payload}) == ordered(expected, "net", True), payload
    assert len(numbers(known)) == len(everybody)


def test_where_nobody_has_a_rhythm_nobody_is_late() -> None:
    with shop([Order(1, BEGIN)]) as known:
        assert numbers(known, filters={"late": "yes"}) == []
        assert len(numbers(known, filters={"late": "no"})) == 170


def test_countries_are_told_by_how_many_customers_they_have(known: predictions.Known) -> None:
    assert predictions.countries(known, 60) == ["DE", "AT"]
    assert predictions.countries(known, 1) == ["DE"]


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("home")
def test_the_list_is_read_from_the_lake() -> None:
    told = CustomerUpdated(version="v1", first_name="Änne", country="AT", accepts_email=True)
    events.append(
        [
            placed("A1", ANN, total="30"),
            placed("A2", ANN, day=9),
            events.Told(fact=told, source="form", event_id="v1", occurred_at=DAY_0, people=BO),
        ],
        NOW,
    )
    loop.run_once(NOW)
    with events.reader(NOW) as moment:
        known = predictions.known(moment, NOW.date())
        assert numbers(known) == [1, 2]
        assert numbers(known, filters={"text": "anne", "country": "AT", "consent": "yes", "orders_to": "0"}) == [2]
        assert numbers(known, filters={"text": "ann@", "orders_from": "2", "late": "no"}) == [1]
        assert predictions.countries(known, 9) == ["AT"]
