"""Where people can be reached, and which customer stands for whom: for those who write to them."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from regulars.profiles import rules
from regulars.profiles.models import Customer
from regulars.profiles.people import known_among

AT_ONCE = 10_000  # numbers in one question, below SQLite's limit of parameters


@dataclass(frozen=True)
class Contact:
    """How the customer who stands for a number is reached; country is as the shop told it, blank where it did not."""

    customer: int
    email: str
    phone: str
    country: str


@dataclass(frozen=True)
class Attributes:
    """What the shop told of the customer who stands for a number, blank where it told nothing. language is written as the
    shop writes it, country too."""

    customer: int
    email: str
    phone: str
    reference: str
    first_name: str
    last_name: str
    country: str
    city: str
    postcode: str
    language: str
    timezone: str


def contacts(customers: Sequence[int]) -> dict[int, Contact]:
    """Return the contact of each known number, merged ones by who stands for them; a few questions for thousands."""
    return {number: Contact(*row) for number, row in _standing(customers, ("id", "email", "phone", "country")).items()}


def attributes(customers: Sequence[int]) -> dict[int, Attributes]:
    """Return what is known of each known number, merged ones by who stands for them; a few questions for thousands."""
    columns = (
        "id", "email", "phone", "reference", "first_name", "last_name", "country", "city", "postcode", "language", "timezone",
    )  # fmt: skip
    return {number: Attributes(*row) for number, row in _standing(customers, columns).items()}


def newcomers(limit: int) -> list[int]:
    """Return the customers who came last and have an e-mail, newest first."""
    some = Customer.objects.filter(merged_into=None).exclude(email="").order_by("-id")
    return list(some.values_list("id", flat=True)[:limit])


def heir(customer: int) -> int | None:
    """Return who stands for a customer and hold the row for the rest of the transaction, so that no merge comes between;
    None for nobody known."""
    row = Customer.objects.select_for_update().filter(id=customer).values_list("id", "merged_into").first()
    return None if row is None else row[1] or row[0]


def merged_into(customer: int) -> list[int]:
    """Return the customers that this one stands for; looks at every row."""
    return list(Customer.objects.filter(merged_into=customer).values_list("id", flat=True))


def known(people: Mapping[str, str]) -> list[int]:
    """Return the customers that these identifiers lead to today: none for somebody new, several who will be merged."""
    return sorted(set(known_among(set(rules.identifiers(people))).values()))


def found(texts: Sequence[str]) -> dict[str, int]:
    """Return the customer that each text leads to today: an e-mail, the shop's own number, or a phone; unknown ones are left out."""
    wanted = {
        text: rules.identifiers({"email": text} if "@" in text else {"id": text, "phone": text}) for text in texts
    }
    leads = known_among({one for listed in wanted.values() for one in listed})
    return {text: leads[one] for text, listed in wanted.items() for one in reversed(listed) if one in leads}


def _standing(customers: Sequence[int], columns: Sequence[str]) -> dict[int, tuple[Any, ...]]:
    """Return these columns, the first of which is the id, of whoever stands for each known number."""
    rows = dict(_rows(customers, columns))
    heirs = {into for _, into in rows.values() if into is not None} - rows.keys()
    everybody = rows | dict(_rows(sorted(heirs), columns))
    return {number: everybody[into or number][0] for number, (_, into) in rows.items() if (into or number) in everybody}


def _rows(customers: Sequence[int], columns: Sequence[str]) -> Iterator[tuple[int, tuple[tuple[Any, ...], int | None]]]:
    for start in range(0, len(customers), AT_ONCE):
        some = Customer.objects.filter(id__in=customers[start : start + AT_ONCE])
        for into, *row in some.values_list("merged_into", *columns):
            yield row[0], (tuple(row), into)
