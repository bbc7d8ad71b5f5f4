"""Small random shops, and what a plain loop over their orders knows of each customer's first order."""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from hypothesis import strategies as st

from tests.measurement.stand_in import GUEST, Order

BEGIN = date(2023, 11, 20)

near_or_far = st.integers(0, 8) | st.integers(0, 8) | st.integers(0, 200)  # near, so that edges are met often
lines = st.lists(
    st.tuples(st.sampled_from(["tea", "pot", "cup"]), st.sampled_from([Decimal(5), Decimal(9)])), max_size=3
)
orders = st.lists(
    st.builds(
        Order,
        customer=st.integers(GUEST, 7),
        day=near_or_far.map(lambda n: BEGIN + timedelta(days=n)),
        gross=st.decimals(0, 500, places=2),
        country=st.sampled_from(["DE", "AT", None]),
        channel=st.sampled_from(["web", "mail"]),
        has_discount=st.booleans(),
        products=lines.map(tuple),
    ),
    max_size=40,
)
stops = st.none() | (st.integers(-5, 12) | st.integers(-5, 250)).map(lambda n: BEGIN + timedelta(days=n))


@dataclass(frozen=True)
class Person:
    """A customer by the as-of day: order days, orders, and what the first order was like."""

    customer: int
    days: list[date]
    orders: list[Order]
    labels: dict[str, str]

    @property
    def first(self) -> date:
        return self.days[0]

    def ages(self) -> list[int]:
        """Return the days from the first order to each order day."""
        return [(day - self.first).days for day in self.days]


def as_of(made: list[Order], stop: date | None) -> date | None:
    return stop or max((order.day for order in made), default=None)


def people(made: list[Order], until: date | None) -> list[Person]:
    """Return the customers with an order up to a day."""
    found: dict[int, list[Order]] = {}
    for order in sorted(made, key=lambda order: order.day):  # stable: of two on a day the first told is first
        if order.customer != GUEST and until is not None and order.day <= until:
            found.setdefault(order.customer, []).append(order)
    return [
        Person(customer, sorted({order.day for order in known}), known, labels(known[0]))
        for customer, known in found.items()
    ]


def labels(first: Order) -> dict[str, str]:
    """Return the value of each dimension for a first order."""
    largest = sorted(first.products, key=lambda line: (-line[1], line[0]))
    return {
        "product": largest[0][0] if largest else "",
        "category": "",
        "country": first.country or "",
        "channel": first.channel or "",
        "discount": "yes" if first.has_discount else "no",
        "month": f"{first.day:%Y-%m}",
    }


def came(person: Person, from_day: int, to_day: int | None) -> bool:
    return any(age >= from_day and (to_day is None or age <= to_day) for age in person.ages())


def judged(person: Person, closes_after: int, until: date | None) -> bool:
    return until is not None and person.first + timedelta(days=closes_after) <= until
