"""The door of profiles: resolve people, keep their rows up to date, rebuild them."""

from collections.abc import Sequence

from regulars.profiles.models import Customer
from regulars.profiles.people import Resolver
from regulars.profiles.projection import reset, run_once as project

people = Resolver()


def names(customers: Sequence[int]) -> dict[int, str]:
    """Return how the shop calls these customers: their reference, else their e-mail, else their phone."""
    rows = Customer.objects.filter(id__in=customers).values_list("id", "reference", "email", "phone")
    return {number: reference or email or phone for number, reference, email, phone in rows}


def called(customers: Sequence[int]) -> dict[int, str]:
    """Return the names of people for people: first and last name, else e-mail, else reference, else phone."""
    rows = Customer.objects.filter(id__in=customers).values_list(
        "id", "first_name", "last_name", "email", "reference", "phone"
    )
    return {
        number: f"{first} {last}".strip() or email or reference or phone
        for number, first, last, email, reference, phone in rows
    }


__all__ = ["Resolver", "called", "names", "people", "project", "reset"]
