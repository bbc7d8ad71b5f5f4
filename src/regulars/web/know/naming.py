"""Names for customers: what a shopkeeper would call them, and the address of their page."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.urls import reverse
from django.utils.translation import gettext as _

from regulars.events import api as events
from regulars.profiles import api as profiles


def named(rows: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Return rows with the name and the address of the customer each is about."""
    listed = list(rows)
    called = profiles.called([row["customer_id"] for row in listed])
    return [
        {
            **row,
            "name": called.get(row["customer_id"]) or unnamed(row["customer_id"]),
            "address": address(row["customer_id"]),
        }
        for row in listed
    ]


def address(customer: int) -> str:
    """Return the address of a customer's page."""
    return reverse("customer", args=[customer])


def here(at: datetime | None) -> datetime | None:
    """Return an instant on the shop's clocks, with their zone."""
    return at and at.astimezone(ZoneInfo(events.timezone()))


def identifier(text: str) -> tuple[str, str]:
    """Return what kind of identifier this is, in words, and the identifier itself: `id:main:K7` is shop number K7."""
    kind, _colon, value = text.partition(":")
    words = {"email": _("E-mail"), "phone": _("Phone"), "id": _("Shop number"), "anonymous": _("Visitor number")}
    return words.get(kind) or kind, value.partition(":")[2] if kind == "id" else value


def unnamed(customer: int) -> str:
    """Return what to call a customer of whom nothing is known."""
    return _("Customer %(number)s") % {"number": customer}
