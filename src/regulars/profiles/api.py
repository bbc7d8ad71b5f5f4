"""The door of profiles: resolve people, keep their rows up to date, rebuild them."""

from collections.abc import Sequence

from regulars.profiles.contacts import (
    Attributes,
    Contact,
    attributes,
    contacts,
    found,
    heir,
    known,
    merged_into,
    newcomers,
)
from regulars.profiles.models import Customer
from regulars.profiles.people import Resolver
from regulars.profiles.projection import reset, run_once as project
from regulars.profiles.rules import international
from regulars.profiles.search import called, identities, search, standing

people = Resolver()


def names(customers: Sequence[int]) -> dict[int, str]:
    """Return how the shop calls these customers: their reference, else their e-mail, else their phone."""
    rows = Customer.objects.filter(id__in=customers).values_list("id", "reference", "email", "phone")
    return {number: reference or email or phone for number, reference, email, phone in rows}


__all__ = [
    "Attributes",
    "Contact",
    "Resolver",
    "attributes",
    "called",
    "contacts",
    "found",
    "heir",
    "identities",
    "international",
    "known",
    "merged_into",
    "names",
    "newcomers",
    "people",
    "project",
    "reset",
    "search",
    "standing",
]
