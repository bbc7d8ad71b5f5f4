"""The shop's own gate as sending builds it, before a provider that takes everything."""

from datetime import UTC, datetime, timedelta

from django.db import transaction

from regulars.consent import api as consent
from regulars.messaging import api as messaging
from regulars.messaging.models import Message
from regulars.messaging.outbox.delivering import Delivery, run_once
from regulars.messaging.sending import delivery as of_the_shop
from regulars.profiles.models import Customer
from tests.consent.people import FORM
from tests.messaging.outbox.cast import Clock, Provider, Writer

NOON = datetime(2024, 6, 3, 12, tzinfo=UTC)  # a Monday
BY = "ann@shop.example"


def people(n: int, willing: int = 10, **more: str) -> list[int]:
    """Make customers with an e-mail in Germany, the first of whom said yes to mails."""
    numbers = list(range(1, n + 1))
    told = {"country": "DE", **more}
    Customer.objects.bulk_create(Customer(id=one, email=f"customer{one}@example.com", **told) for one in numbers)
    for one in numbers[:willing]:
        consent.give(one, FORM, NOON - timedelta(days=1))
    return numbers


def ask(*customers: int, name: str = "news", **more: object) -> None:
    told = {"occurrence": "june", "channel": "email", "template": "news"} | more
    with transaction.atomic():
        messaging.request([messaging.Request(customer_id=one, name=name, **told) for one in customers], NOON)  # type: ignore[arg-type]


def run(clock: Clock, provider: Provider | None = None) -> Provider:
    """Hand over what is due, by the gate that the shop has at this moment."""
    taking = provider or Provider()
    shop = of_the_shop(clock)
    run_once(clock(), Delivery({taking.channel: taking}, shop.gate, Writer(), clock))
    return taking


def found(name: str = "news") -> list[tuple[str, str]]:
    """Return state and reason of the messages of a name, by customer."""
    return list(Message.objects.filter(name=name).order_by("customer_id").values_list("state", "reason"))


def due(name: str = "news") -> set[datetime]:
    """Return when the deferred messages of a name ask again."""
    return set(Message.objects.filter(name=name, state="deferred").values_list("due_at", flat=True))
