"""Documents for tests, and the shop that sends them."""

from regulars.messaging.templates import Document, Theme, Variant

SHOP = Theme("Kessel & Kraut", postal_address="Speicherstr. 12, 20457 Hamburg", site_url="https://shop.example")


def column(inner: str) -> str:
    """Return elements in a column in a section."""
    return f"<mj-section><mj-column>{inner}</mj-column></mj-section>"


def mail(inner: str, subject: str = "Hello", message_class: str = "transactional") -> Document:
    """Return an English mail of these elements."""
    return Document("test", "email", message_class, {"en": Variant(column(inner), subject, "Look inside")})


def sms(text: str, message_class: str = "transactional") -> Document:
    """Return an English SMS."""
    return Document("test", "sms", message_class, {"en": Variant(text)})
