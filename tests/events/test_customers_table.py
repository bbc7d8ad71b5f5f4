"""The derived table of customers: also those without an order, merges joined, the same on an overlay as after a rebuild."""

from datetime import timedelta
from decimal import Decimal
from random import Random
from typing import Any

import pytest

from regulars import loop
from regulars.events import api as events
from regulars.events.kinds.customers import CustomerUpdated
from tests.events.cast import ANN, BO, CLEO, DAY_0, GUEST, NOW, cancelled, placed, refunded, updated

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("home")]

NAMES = ("Ann", "Bo", "Zoë", None, "")
PHONES = [f"+49301234{place}" for place in range(10, 16)]


def told(people: dict[str, str], version: str, **attributes: Any) -> events.Told:
    """Tell attributes of a person."""
    fact = CustomerUpdated(version=version, **attributes)
    return events.Told(fact=fact, source="shop", event_id=f"told-{version}", occurred_at=DAY_0, people=people)


def tell(*facts: events.Told) -> None:
    events.append(list(facts), NOW)
    loop.run_once(NOW)


def customers() -> list[dict[str, Any]]:
    with events.reader(NOW) as moment:
        return moment.dicts("SELECT * FROM customers ORDER BY customer_id")


def test_nobody_is_a_customer_before_anything_is_told() -> None:
    assert customers() == []
    with events.reader(NOW) as moment:
        names = [row[0] for row in moment.rows("DESCRIBE customers")]
    assert names[0] == "customer_id"
    assert {"email", "accepts_email", "net"} <= set(names)


def test_a_shop_of_guests_has_no_customers() -> None:
    tell(placed("G1", GUEST), placed("G2", GUEST))
    assert customers() == []


def test_a_customer_without_an_order_is_there_with_nothing_spent() -> None:
    tell(told(ANN, "v1", first_name="Ann", accepts_email=True))
    (ann,) = customers()
    assert (ann["customer_id"], ann["reference"], ann["email"]) == (1, "c1", "ann@example.com")
    assert (ann["first_name"], ann["last_name"], ann["accepts_email"], ann["accepts_sms"]) == ("Ann", "", True, None)
    assert (ann["orders"], ann["days"], ann["gross"], ann["net"]) == (0, 0, 0, 0)
    assert (ann["first_day"], ann["last_day"]) == (None, None)


def test_a_customer_of_whom_nothing_but_an_order_was_told_has_blank_words_and_unknown_consent() -> None:
    tell(placed("A1", CLEO, total="7"), refunded("A1", "r1", "9"))
    (cleo,) = customers()
    assert (cleo["email"], cleo["reference"], cleo["phone"], cleo["country"]) == ("cleo@example.com", "", "", "")
    assert cleo["accepts_email"] is None
    assert (cleo["orders"], cleo["gross"], cleo["refunded"], cleo["net"]) == (1, Decimal(7), Decimal(9), Decimal(-2))


def test_the_last_telling_of_an_attribute_stands_and_silence_takes_nothing_away() -> None:
    tell(told(ANN, "v1", first_name="Ann", country="DE", accepts_email=True))
    assert customers()[0]["country"] == "DE"
    tell(told(ANN, "v2", country="AT", accepts_email=False), told(BO, "v3", city="Graz"))
    ann, bo = customers()
    assert (ann["first_name"], ann["country"], ann["accepts_email"]) == ("Ann", "AT", False)
    assert (bo["customer_id"], bo["city"]) == (2, "Graz")


def test_the_first_identifier_of_a_kind_is_the_contact() -> None:
    tell(placed("A1", ANN), placed("A2", {"id": "c1", "email": "ann@new.example", "phone": PHONES[0]}))
    (ann,) = customers()
    assert (ann["email"], ann["phone"]) == ("ann@example.com", PHONES[0])


def test_a_reference_that_holds_a_colon_is_kept_whole() -> None:
    tell(placed("A1", {"id": "crm:77"}))
    assert customers()[0]["reference"] == "crm:77"


def test_merged_people_are_one_row_on_top_of_a_base() -> None:
    tell(
        placed("A1", ANN, total="30"),
        placed("B1", BO, day=5, total="12"),
        told(BO, "v1", first_name="Bo", accepts_sms=True),
    )
    assert len(customers()) == 2
    tell(placed("A2", {"id": "c1", "email": "bo@example.com"}, day=9, total="8"))
    (one,) = found = customers()
    assert (one["customer_id"], one["orders"], one["net"]) == (1, 3, Decimal(50))
    assert (one["reference"], one["email"], one["first_name"], one["accepts_sms"]) == (
        "c1",
        "ann@example.com",
        "Bo",
        True,
    )
    loop.rebuild(NOW)
    assert customers() == found


def test_an_attribute_told_after_a_chain_of_merges_reaches_the_one_that_stands() -> None:
    tell(*(placed(f"O{place}", {"id": f"c{place}", "phone": PHONES[place]}) for place in range(3)))
    tell(placed("M1", {"id": "c1", "phone": PHONES[2]}))
    assert len(customers()) == 2
    tell(placed("M2", {"id": "c0", "phone": PHONES[1]}))
    assert len(customers()) == 1
    loop.rebuild(NOW)
    tell(told({"id": "c2"}, "v1", last_name="Last"))
    (one,) = found = customers()
    assert (one["customer_id"], one["last_name"], one["orders"]) == (1, "Last", 5)
    loop.rebuild(NOW)
    assert customers() == found


def person(random: Random) -> dict[str, str]:
    """Return some of the identifiers of a few people, so that they turn out to be one another now and then."""
    if random.random() < 0.1:
        return GUEST
    known = {"id": f"c{random.randrange(9)}", "email": f"p{random.randrange(9)}@example.com"}
    known["phone"] = random.choice(PHONES)
    return {name: value for name, value in known.items() if random.random() < 0.5}


def telling(random: Random, number: int, orders: list[str]) -> events.Told:
    chance = random.random()
    if chance < 0.35 or not orders:
        orders.append(f"O{number}")
        return placed(orders[-1], person(random), day=random.randrange(90), total=str(random.randrange(1, 99)))
    if chance < 0.65:
        names: Any = {"first_name": random.choice(NAMES), "country": random.choice(("DE", "AT", None))}
        return told(person(random), f"v{number}", accepts_email=random.choice((True, False, None)), **names)
    order = random.choice(orders)
    if chance < 0.8:
        return refunded(order, f"r{number}", str(random.randrange(1, 50)), day=random.randrange(90))
    if chance < 0.85:
        return cancelled(order)
    return updated(order, f"v{number}", str(random.randrange(1, 99)), minute=number)


@pytest.mark.parametrize("seed", range(3))
def test_a_base_with_an_overlay_is_what_a_rebuild_makes_of_the_same_tellings(seed: int) -> None:
    random, orders = Random(seed), list[str]()
    tell(*(telling(random, number, orders) for number in range(25)))
    customers()
    for step in range(1, 4):
        facts = [telling(random, 100 * step + number, orders) for number in range(random.randrange(1, 12))]
        events.append(facts, NOW)
        loop.run_once(NOW + timedelta(minutes=2 * step))
        found = customers()
        with events.reader(NOW) as moment:
            sums = moment.rows("SELECT customer_id, orders, gross, net FROM customer_sum ORDER BY customer_id")
        assert [(one["customer_id"], one["orders"], one["gross"], one["net"]) for one in found if one["orders"]] == sums
        if step != 2:  # the second overlay lies on an older base
            loop.rebuild(NOW)
            assert customers() == found
    assert len({one["customer_id"] for one in found}) == len(found) > 1


@pytest.mark.parametrize("seed", range(3))
def test_names_and_consent_are_what_was_told_last_of_whoever_is_the_same_person(seed: int) -> None:
    random, orders = Random(100 + seed), list[str]()
    for step in range(3):
        tell(*(telling(random, 100 * step + number, orders) for number in range(15)))
        customers()
    with events.reader(NOW) as moment:
        merges = dict(moment.rows("SELECT merged_id, customer_id FROM customer_merged"))
        rows = moment.rows(
            "SELECT customer_id, first_name, country, accepts_email FROM customer_updated WHERE customer_id > 0 ORDER BY seq"
        )
    last: dict[int, list[Any]] = {}
    for teller, *values in rows:
        standing = teller
        while standing in merges:
            standing = merges[standing]
        kept = last.setdefault(standing, ["", "", None])
        last[standing] = [new if new is not None else old for new, old in zip(values, kept, strict=True)]
    found = {one["customer_id"]: [one["first_name"], one["country"], one["accepts_email"]] for one in customers()}
    assert {customer: found[customer] for customer in last} == last
