"""A shop with a letterhead, four people with languages, and messages to them."""

from datetime import UTC, datetime
from typing import Any

from regulars.messaging.making import brands
from regulars.messaging.making.letterheads import Letterhead
from regulars.messaging.making.writing import Writer
from regulars.messaging.outbox.holding import Held
from regulars.messaging.templates import Document, Theme, Variant
from regulars.profiles.models import Customer

NOW = datetime(2024, 6, 1, 12, tzinfo=UTC)
ANN, BO, CLEO, DOV = 1, 2, 3, 4
THEME = Theme("Kessel & Kraut", postal_address="Speicherstr. 12, 20457 Hamburg", site_url="https://shop.example")
SHOP = Letterhead(THEME, "help@shop.example")


def people() -> None:
    """Put up the shop's letterhead, and Ann (English), Bo (German), Cleo (no address) and Dov (merged into Ann)."""
    brands.put_brand(SHOP, NOW)
    rows = (
        Customer(
            id=ANN, email="ann@example.com", phone="+15550100001", first_name="Ann", last_name="Abel", language="en"
        ),
        Customer(id=BO, email="bo@example.com", phone="+4915100000002", first_name="Bo", language="de-AT"),
        Customer(id=CLEO, first_name="Cleo", language="fr"),
        Customer(id=DOV, merged_into=ANN, email="dov@example.com", first_name="Dov"),
    )
    Customer.objects.bulk_create(rows)


def mail(inner: str = "Hi {{ customer.first_name }}", message_class: str = "transactional", **more: Any) -> Document:
    """Return a mail in English and German."""
    variants = {
        "en": Variant(column(inner), "Hello {{ customer.first_name }}", "Look"),
        "de": Variant(column(inner.replace("Hi", "Hallo")), "Hallo {{ customer.first_name }}", "Schau"),
    }
    return Document("hello", "email", message_class, variants, **more)


def column(inner: str) -> str:
    """Return MJML with this text in it."""
    return f"<mj-section>\n<mj-column>\n<mj-text>{inner}</mj-text>\n</mj-column>\n</mj-section>"


def held(customer: int, template: str = "hello", **more: Any) -> Held:
    """Return a message in hand."""
    told: dict[str, Any] = {
        "id": customer, "key": f"{customer:032x}", "customer_id": customer, "name": "hello", "occurrence": "june", "channel": "email",
        "is_marketing": False, "topic": "", "template": template, "data": {}, "strength": 50, "created_at": NOW, "good_until": None,
        "attempts": 0, "fence": 1, "to": "",
    }  # fmt: skip
    return Held(**{**told, **more})


def writer() -> Writer:
    """Return a Writer whose links and headers say whom they are for."""
    return Writer(
        lambda one, to: f"https://us.example/u/{one.key}",
        lambda one, to: f"https://us.example/p/{one.customer_id}",
        lambda one, to: {"X-For": to} if one.is_marketing else {},
    )
