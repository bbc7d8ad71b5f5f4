"""The products of first orders are what a plain loop counts, also who bought them again and when."""

import json
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import example, given, settings, strategies as st

from regulars.measurement.api import FirstProducts, first_products
from tests.measurement.explore.shops import BEGIN, Person, as_of, judged, people
from tests.measurement.stand_in import Order, lake

DAYS = (56, 90, 365)
# Days around the ends of the three windows.
gaps = st.sampled_from([0, 1, 2, 55, 56, 57, 89, 90, 91, 364, 365, 366]) | st.integers(0, 500)
lines = st.lists(
    st.tuples(st.sampled_from(["tea", "pot", "cup"]), st.sampled_from([Decimal(5), Decimal(9)])), max_size=3
)
orders = st.lists(
    st.builds(
        Order, customer=st.integers(0, 5), day=gaps.map(lambda n: BEGIN + timedelta(days=n)), products=lines.map(tuple)
    ),
    max_size=30,
)
stops = st.none() | gaps.map(lambda n: BEGIN + timedelta(days=n))


def days_of(person: Person, product: str) -> list[date]:
    return sorted({order.day for order in person.orders if product in dict(order.products)})


def rate(row: dict[str, Any]) -> tuple[int, int]:
    return row["eligible"], row["retained"]


@settings(max_examples=150, deadline=None)
@example([Order(1, BEGIN, products=(("tea", Decimal(5)),)), Order(1, BEGIN + timedelta(days=365))], None)
@given(orders, stops)
def test_every_product_is_what_a_plain_loop_counts(made: list[Order], stop: date | None) -> None:
    with lake(made) as moment:
        found = first_products(moment, as_of=stop)
    until = as_of(made, stop)
    known = people(made, until)
    first = {person.customer: set(dict(person.orders[0].products)) for person in known}
    assert {row["product"] for row in found["rows"]} == set().union(*first.values())
    assert found["total"] == len(found["rows"])
    assert found["shop"]["customers"] == len(known)
    check_windows(found["shop"]["windows"], known, until)
    for row in found["rows"]:
        mine = [person for person in known if row["product"] in first[person.customer]]
        assert (row["customers"], row["name"]) == (len(mine), f"The {row['product']}")
        check_windows(row["windows"], mine, until)
        assert until is not None
        check_again(row, [days_of(person, row["product"]) for person in known], until)
    check_revenue(found, made, until)


def check_windows(windows: dict[str, Any], among: list[Person], until: date | None) -> None:
    for days in DAYS:
        mine = [person for person in among if judged(person, days, until)]
        came = [person for person in mine if any(0 < age <= days for age in person.ages())]
        assert rate(windows[str(days)]) == (len(mine), len(came))


def check_again(row: dict[str, Any], bought: list[list[date]], until: date) -> None:
    buyers = [days for days in bought if days]
    judged_ones = [days for days in buyers if days[0] + timedelta(days=365) <= until]
    again = [days for days in judged_ones if days[1:] and (days[1] - days[0]).days <= 365]
    assert (row["buyers"], *rate(row["again"])) == (len(buyers), len(judged_ones), len(again))
    assert (row["quarter_days"], row["median_days"]) == (day_of(0.25, buyers, until), day_of(0.5, buyers, until))


def day_of(share: float, buyers: list[list[date]], until: date) -> int | None:
    """Return the day by which a share had bought again, by Kaplan–Meier written down day by day."""
    ends = [(((days[1] if days[1:] else until) - days[0]).days, len(days) > 1) for days in buyers]
    staying = 1.0
    for day in range(max(end for end, _ in ends) + 1):
        at_risk = sum(end >= day for end, _ in ends)
        staying *= 1 - sum(end == day and came for end, came in ends) / at_risk
        if 1 - staying >= share - 1e-12:
            return day
    return None


def check_revenue(found: dict[str, Any], made: list[Order], until: date | None) -> None:
    newest = max((order.day for order in made), default=None)
    for row in found["rows"]:
        paid = sum(
            (amount for o in made if o.customer for name, amount in o.products if name == row["product"]), Decimal(0)
        )
        assert (None if row["revenue"] is None else Decimal(row["revenue"])) == (
            paid if until and newest and until >= newest else None
        )


def shop() -> list[Order]:
    """Return sixty buyers of each of two products, most of whom come back for tea only, and one of a third."""
    made = [Order(999, BEGIN, products=(("cup", Decimal(3)),)), Order(999, BEGIN + timedelta(days=400))]
    for customer in range(1, 121):
        product = "tea" if customer <= 60 else "pot"
        made.append(Order(customer, BEGIN, products=((product, Decimal(customer)),)))
        if customer <= 50 or customer > 110:
            made.append(Order(customer, BEGIN + timedelta(days=30), products=((product, Decimal(1)),)))
    return made


def test_a_product_stands_out_when_chance_leaves_the_average_out() -> None:
    with lake(shop()) as moment:
        rows = {row["product"]: row for row in first_products(moment)["rows"]}
    assert [rows[name]["windows"]["56"]["verdict"] for name in ("tea", "pot", "cup")] == ["above", "below", "too_few"]
    assert (rows["tea"]["median_days"], rows["tea"]["quarter_days"], rows["pot"]["median_days"]) == (30, 30, None)


@pytest.mark.parametrize(
    ("asked", "names"),
    [
        (FirstProducts(), ["pot", "tea", "cup"]),
        (FirstProducts("revenue"), ["pot", "tea", "cup"]),
        (FirstProducts("rate_56"), ["tea", "pot", "cup"]),
        (FirstProducts("rate_90", descending=False), ["pot", "tea", "cup"]),
        (FirstProducts("again", limit=1), ["tea"]),
        (FirstProducts("buyers", descending=False, offset=1), ["pot", "tea"]),
        (FirstProducts(search="HE t"), ["tea"]),
    ],
)
def test_rows_come_in_the_order_asked_for_and_small_ones_last(asked: FirstProducts, names: list[str]) -> None:
    with lake(shop()) as moment:
        found = first_products(moment, asked)
    assert [row["product"] for row in found["rows"]] == names
    assert found["total"] == (1 if asked.search else 3)
    assert json.loads(json.dumps(found)) == found


def test_a_shop_without_lines_has_no_products() -> None:
    with lake([Order(1, BEGIN)]) as one, lake([]) as none:
        assert (first_products(one)["rows"], first_products(one)["shop"]["customers"]) == ([], 1)
        assert (first_products(none)["rows"], first_products(none)["as_of"]) == ([], None)
