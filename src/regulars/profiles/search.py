"""Finding people: by what identifies them, by an order's number, by a part of their name."""

import re
from typing import Any

from django.db import connection
from django.db.models import QuerySet

from regulars.core import sql
from regulars.core.lake.moment import Moment
from regulars.profiles.models import Customer, Identity

SHORTEST_NAME, SHORTEST_PHONE = 2, 4  # letters, digits
_PHONE = re.compile(r"[\d\s()./+-]+", re.ASCII)


def search(text: str, limit: int, moment: Moment) -> list[dict[str, Any]]:
    """Return the people that a text finds, the surest first: customer_id, label, about (why it was found).

    An order's number is looked up whole, e-mail, phone and the shop's reference by their beginning, a name by any part.
    """
    wanted = text.replace("\0", "").strip()  # PostgreSQL takes no NUL
    if not wanted:
        return []
    found: dict[int, str] = {}
    for customer, why in (
        *_ordered(wanted, limit, moment),
        *_identified(wanted, limit),
        *_called(wanted, limit, moment),
    ):
        found.setdefault(customer, why)
    some = dict(list(found.items())[:limit])
    labels = called(list(some))
    return [
        {"customer_id": customer, "label": labels.get(customer) or f"#{customer}", "about": why}
        for customer, why in some.items()
    ]


def called(customers: list[int]) -> dict[int, str]:
    """Return the names of people for people: first and last name, else e-mail, else reference, else phone."""
    columns = ("id", "first_name", "last_name", "email", "reference", "phone")
    return {
        number: f"{first} {last}".strip() or email or reference or phone
        for number, first, last, email, reference, phone in Customer.objects.filter(id__in=customers).values_list(
            *columns
        )
    }


def identities(moment: Moment, customer: int) -> list[str]:
    """Return every identifier that leads to a customer, merged ones too, oldest first."""
    return [row[0] for row in moment.rows(sql.load("regulars.profiles")["identifiers_of"], customer=customer)]


def standing(customer: int) -> int | None:
    """Return the customer that stands for this one after merges, None for nobody known."""
    row = Customer.objects.filter(id=customer).values_list("id", "merged_into").first()
    return None if row is None else row[1] or row[0]


def _identified(text: str, limit: int) -> list[tuple[int, str]]:
    starts = [(f"email:{text.lower()}", "e-mail"), (f"id:main:{text}", "reference")]
    if phone := _phone(text):
        starts.append((f"phone:{phone}", "phone"))
    found = [
        (customer, why)
        for start, why in starts
        for customer in _beginning(start).order_by("identifier").values_list("customer_id", flat=True)[:limit]
    ]
    heirs = dict(
        Customer.objects.filter(id__in=[customer for customer, _ in found], merged_into__isnull=False).values_list(
            "id", "merged_into"
        )
    )
    return [(heirs.get(customer) or customer, why) for customer, why in found]


def _phone(text: str) -> str:
    """Return the beginning of a phone number as identifiers have it, or nothing for what is none.

    >>> _phone("0049 (30) 12"), _phone("49.30.12"), _phone("#1001"), _phone("+1")
    ('+493012', '+493012', '', '')
    """
    digits = "".join(sign for sign in text if sign.isdigit()) if _PHONE.fullmatch(text) else ""
    digits = digits.removeprefix("00")
    return f"+{digits}" if len(digits) >= SHORTEST_PHONE else ""


def _beginning(start: str) -> QuerySet[Identity]:
    """Select the identifiers that begin so, by the index of the primary key."""
    if connection.vendor == "sqlite":  # its LIKE knows no case and no index; U+10FFFF sorts behind every letter
        return Identity.objects.filter(identifier__gte=start, identifier__lt=start + "\U0010ffff")
    return Identity.objects.filter(identifier__startswith=start)  # a range would follow the server's language


def _ordered(text: str, limit: int, moment: Moment) -> list[tuple[int, str]]:
    rows = moment.rows(sql.load("regulars.profiles")["customers_of_order"], order=text, limit=limit)
    return [(int(customer), f"order {order}") for customer, order in rows]


def _called(text: str, limit: int, moment: Moment) -> list[tuple[int, str]]:
    if len(text) < SHORTEST_NAME:
        return []
    rows = moment.rows(sql.load("regulars.profiles")["customers_called"], text=text, limit=limit)
    return [(int(row[0]), "name") for row in rows]
