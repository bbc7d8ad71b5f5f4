"""What all customers are worth together: the spread of value adds up, and the year ahead is the value model's."""

from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise
from random import Random
from typing import Any

import pytest

from regulars.predictions import api as predictions
from tests.golden.cdnow import LAST_DAY, order_days
from tests.measurement.stand_in import GUEST, Order, lake

BEGIN = date(2024, 1, 1)
SHARES = {0.01: 1, 0.05: 1, 0.1: 1, 0.2: 2, 0.5: 5}  # of ten customers, at least one


def spread(*nets: str | Decimal) -> dict[str, Any]:
    """Return the distribution of a shop whose customers have spent these amounts, net."""
    orders = []
    for place, net in enumerate(nets):
        gross = max(Decimal(net), Decimal(0))
        orders.append(Order(place + 1, BEGIN, gross, gross - Decimal(net)))
    with lake([Order(GUEST, BEGIN, Decimal(77)), *orders]) as moment:
        return predictions.value_distribution(predictions.known(moment, BEGIN))


def steps(found: dict[str, Any]) -> list[tuple[Decimal | None, Decimal | None, int, Decimal]]:
    return [(money(one["from"]), money(one["to"]), one["customers"], Decimal(one["net"])) for one in found["steps"]]


def money(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)


def test_nobody_and_guests_alone_have_no_spread() -> None:
    assert spread() == {"steps": [], "quantiles": [], "top": []}


def test_ten_customers_by_hand() -> None:
    found = spread("5", "10", "24.99", "25", "30", "60", "100", "120", "260", "365.01")
    assert steps(found) == [
        (None, 10, 1, Decimal("5")),
        (10, 25, 2, Decimal("34.99")),
        (25, 50, 2, Decimal("55")),
        (50, 100, 1, Decimal("60")),
        (100, 250, 2, Decimal("220")),
        (250, 500, 2, Decimal("625.01")),
    ]
    quantiles = {one["share"]: Decimal(one["net"]) for one in found["quantiles"]}
    assert quantiles[0.1] == 5
    assert quantiles[0.5] == 30
    assert quantiles[0.99] == Decimal("365.01")
    best = {0.01: "365.01", 0.05: "365.01", 0.1: "365.01", 0.2: "625.01", 0.5: "905.01"}
    assert {one["share"]: pytest.approx(one["brought"]) for one in found["top"]} == {
        share: float(Decimal(net) / 1000) for share, net in best.items()
    }


@pytest.mark.parametrize("scale", ["0.001", "0.01", "1", "37", "1000", "123456", "10000000", "10000000000"])
@pytest.mark.parametrize("seed", range(3))
def test_every_customer_stands_in_one_step_and_the_steps_add_up(seed: int, scale: str) -> None:
    random = Random(seed)
    nets = [round(Decimal(random.lognormvariate(0, 2) - 0.3) * Decimal(scale), 4) for _ in range(40)]
    found = steps(spread(*nets))
    assert sum(customers for _, _, customers, _ in found) == 40
    assert sum(net for *_, net in found) == sum(nets)
    for place, (low, high, customers, net) in enumerate(found):
        inside = [one for one in nets if (low is None or one >= low) and (high is None or one < high)]
        assert (customers, net) == (len(inside), sum(inside))
        assert place == 0 or low == found[place - 1][1]
    assert found[0][2] > 0
    assert found[-1][2] > 0


@pytest.mark.parametrize("middle", ["0.02", "3", "26", "40", "499", "501", "12000", "990000", "5000000000"])
def test_the_middle_customer_stands_among_the_first_steps_of_any_currency(middle: str) -> None:
    (one,) = steps(spread(middle, middle, middle))
    assert one[1] is not None
    assert one[1] <= 50 * Decimal(middle)
    assert one[0] is not None
    assert one[2:] == (3, 3 * Decimal(middle))


def test_amounts_at_the_edge_of_what_the_lake_holds_have_a_spread() -> None:
    found = steps(spread("99999999999999", "99999999999999", "1"))
    assert sum(customers for _, _, customers, _ in found) == 3
    assert sum(net for *_, net in found) == Decimal("199999999999999")


def test_customers_who_spent_all_the_same_bring_their_share() -> None:
    found = spread(*["20"] * 10)
    assert steps(found) == [(10, 25, 10, Decimal(200))]
    assert {Decimal(one["net"]) for one in found["quantiles"]} == {Decimal(20)}
    assert {one["share"]: pytest.approx(one["brought"]) for one in found["top"]} == {
        share: n / 10 for share, n in SHARES.items()
    }


def test_customers_who_got_back_more_than_they_paid_stand_below_the_first_step() -> None:
    found = spread("-30", "-5", "0", "0", "30", "40")
    assert steps(found)[0] == (None, 10, 4, Decimal(-35))
    assert sum(customers for _, _, customers, _ in steps(found)) == 6
    assert Decimal(found["quantiles"][0]["net"]) == -30


@pytest.mark.parametrize("nets", [("0", "0"), ("10", "-10"), ("10", "-30")])
def test_where_nothing_was_earned_no_share_of_it_can_be_told(nets: tuple[str, ...]) -> None:
    found = spread(*nets)
    assert {one["brought"] for one in found["top"]} == {None}
    assert sum(net for *_, net in steps(found)) == sum(map(Decimal, nets))


def cdnow() -> list[Order]:
    return [
        Order(customer, day, Decimal(f"{spent:.2f}"))
        for customer, days in order_days().items()
        for day, spent in days.items()
    ]


def test_the_year_ahead_is_the_value_models() -> None:
    with lake(cdnow()) as moment:
        known = predictions.known(moment, LAST_DAY)
        found = predictions.forecast(predictions.fitted(known), known)
        model = predictions.value_model(known)
    assert found["reasons"] == []
    months = found["months"]
    assert [months[0]["until"], months[-1]["until"]] == ["1998-07-31", "1999-06-30"]
    assert (date(1999, 6, 30) - LAST_DAY).days == 365
    year = model["expected_orders"]
    assert {name: months[-1][name] for name in ("orders", "low", "high")} == pytest.approx(
        {"orders": year["mean"], "low": year["low"], "high": year["high"]}
    )
    assert {name: months[-1][f"revenue{name}"] for name in ("", "_low", "_high")} == pytest.approx(
        {"" if name == "mean" else f"_{name}": value for name, value in model["expected_revenue"].items()}
    )
    for name in months[0].keys() - {"until"}:
        grown = [one[name] for one in months]
        assert grown[0] > 0
        assert grown == sorted(grown)
    assert all(one["low"] <= one["orders"] <= one["high"] for one in months)
    gains = [later["orders"] - one["orders"] for one, later in pairwise(months)]
    assert gains[0] > gains[-1], "today's customers leave, so each month brings less"


def test_without_order_values_orders_are_foretold_and_revenue_is_not() -> None:
    free = [Order(one.customer, one.day, Decimal(0)) for one in cdnow()]
    with lake(free) as moment:
        known = predictions.known(moment, LAST_DAY)
        found = predictions.forecast(predictions.fitted(known), known)
    assert set(found["months"][0]) == {"until", "orders", "low", "high"}


@pytest.mark.parametrize("orders", [[], [Order(1, BEGIN)], [Order(GUEST, BEGIN)]], ids=["none", "one", "a guest"])
def test_thin_data_give_no_forecast_but_reasons(orders: list[Order]) -> None:
    with lake(orders) as moment:
        known = predictions.known(moment, BEGIN + timedelta(days=9))
        found = predictions.forecast(predictions.fitted(known), known)
        assert found["reasons"] == predictions.value_model(known)["reasons"]
    assert found["months"] == []
    assert len(found["reasons"]) == 3
    assert all(reason.strip() for reason in found["reasons"])
