"""Where people can be reached, and which customer stands for whom: for those who write to them."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from django.db import connection

from regulars.core import bulk
from regulars.profiles import rules
from regulars.profiles.models import Customer
from regulars.profiles.people import known_among

AT_ONCE = 10_000  # numbers in one question
TABLE = Customer._meta.db_table


class Contact(NamedTuple):
    """How the customer who stands for a number is reached; country is as the shop told it, blank where it did not."""

    customer: int
    email: str
    phone: str
    country: str


class Attributes(NamedTuple):
    """What the shop told of the customer who stands for a number, blank where it told nothing. language is written as the
    shop writes it, country too."""

    customer: int
    email: str
    phone: str
    country: str
    reference: str
    first_name: str
    last_name: str
    city: str
    postcode: str
    language: str
    timezone: str


def contacts(customers: Sequence[int]) -> dict[int, Contact]:
    """Return the contact of each known number, merged ones by who stands for them; a few questions for thousands."""
    return {number: Contact._make(row) for number, row in _standing(customers, Contact._fields).items()}


def attributes(customers: Sequence[int]) -> dict[int, Attributes]:
    """Return what is known of each known number, merged ones by who stands for them; a few questions for thousands."""
    return {number: Attributes._make(row) for number, row in _standing(customers, Attributes._fields).items()}


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


def _standing(customers: Sequence[int], fields: Sequence[str]) -> dict[int, Sequence[Any]]:
    """Return these fields, the first of which is the customer's number, of whoever stands for each known number."""
    rows = {row[1]: row for row in _rows(customers, fields)}
    heirs = {row[0] for row in rows.values() if row[0] is not None} - rows.keys()
    everybody = rows | {row[1]: row for row in _rows(sorted(heirs), fields)} if heirs else rows
    return {
        number: everybody[row[0] or number][1:] for number, row in rows.items() if row[0] is None or row[0] in everybody
    }


def _rows(customers: Sequence[int], fields: Sequence[str]) -> Iterator[Sequence[Any]]:
    """Yield into whom each of these customers was merged, with these fields. Plain SQL: every letter asks several times."""
    for start in range(0, len(customers), AT_ONCE):
        listed, among = ", ".join(fields[1:]), bulk.among(customers[start : start + AT_ONCE])
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT merged_into, id, {listed} FROM {TABLE} WHERE id {among[0]}", [among[1]])
            yield from cursor.fetchall()
