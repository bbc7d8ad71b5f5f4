"""What marketing mail must carry by law and by the rules of mailboxes: a way out, and who the sender is.

RFC 8058 wants an https link, both headers, and both under the DKIM signature. Transactional messages carry none of it: there is
nothing to leave.
"""

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import urlsplit

import msgspec

from regulars.consent import api as consent
from regulars.messaging.models import Brand

# What a signer has to cover besides the usual headers.
SIGNED = ("List-Unsubscribe", "List-Unsubscribe-Post", "List-Id", "Feedback-ID")
_PLAIN_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9 .&'_-]{0,60}")


@dataclass(frozen=True, kw_only=True)
class Addressed:
    """A message with whom it goes to. base is what links begin with (core.settings.base_url), without a slash at the end;
    name says which message it is, as in Request; to is the address that it goes to."""

    key: str
    customer_id: int
    channel: str
    is_marketing: bool
    base: str
    topic: str = ""
    name: str = ""
    to: str = ""
    sender: str = ""
    sender_name: str = ""


@dataclass(frozen=True)
class Shop:
    """The shop as its customers know it; blank where nobody has said it yet."""

    name: str = ""
    postal_address: str = ""
    site_url: str = ""


def links_for(message: Addressed) -> Mapping[str, str]:
    """Return the links that a marketing message offers its template: unsubscribe_url and preferences_url."""
    if not message.is_marketing or not message.customer_id:
        return {}
    links = {"unsubscribe_url": _unsubscribe_url(message)}
    if message.to:
        links["preferences_url"] = f"{message.base}/p/{consent.preference_token(message.customer_id, message.to)}"
    return links


def headers_for(message: Addressed) -> Mapping[str, str]:
    """Return the headers of a marketing mail; for any other message there are none.

    Without https there is no List-Unsubscribe-Post: a mailbox must not be told of one-click where RFC 8058 is not kept.
    """
    if not message.is_marketing or message.channel != "email" or not message.customer_id:
        return {}
    about = (message.name, message.topic, sender_domain(message), message.sender_name)
    return headers_by(_unsubscribe_url(message), about)


def headers_by(unsubscribe_url: str, about: tuple[str, str, str, str]) -> dict[str, str]:
    """Return the headers of a marketing mail that has this way out; about are its name, its topic, the domain that answers for it,
    and its sender's name."""
    name, topic, domain, sender_name = about
    headers = {"List-Unsubscribe": f"<{unsubscribe_url}>"}
    if unsubscribe_url.startswith("https://"):
        headers["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    headers["List-Id"] = list_id(topic or "news", domain, sender_name)
    headers["Feedback-ID"] = feedback_id(name, topic, domain)
    return headers


def shop() -> Shop:
    """Return the shop as its brand tells it."""
    row = Brand.objects.order_by("-id").first()
    told = msgspec.json.decode(row.theme.encode(), type=dict[str, object]) if row else {}
    return Shop(*(str(told.get(name) or "") for name in ("sender_name", "postal_address", "site_url")))


def sender_domain(message: Addressed) -> str:
    """Return the domain that answers for a message: the sender's, else that of its links."""
    return message.sender.rpartition("@")[2].lower() or domain_of(message.base)


def domain_of(base: str) -> str:
    """Return the domain that links lead to."""
    return urlsplit(base).hostname or "localhost"


@lru_cache(maxsize=256)  # one for each topic
def list_id(label: str, domain: str, name: str) -> str:
    """Return a List-Id (RFC 2919), which stays the same for every message of a topic.

    >>> list_id("Tea news", "shop.example", "Kessel & Kraut"), list_id("news", "shop.example", "Bad\\r\\nBcc: x@y.z")
    ('"Kessel & Kraut" <tea-news.shop.example>', '<news.shop.example>')
    """
    place = f"<{_word(label)}.{domain}>"
    return f'"{name}" {place}' if _PLAIN_NAME.fullmatch(name) else place


@lru_cache(maxsize=256)  # one for each broadcast
def feedback_id(name: str, topic: str, domain: str) -> str:
    """Return a Feedback-ID as Gmail reads it: message, topic, class, and an id of the sender that never changes.

    >>> feedback_id("Tea: spring", "news", "shop.example")
    'tea-spring:news:marketing:rg8afc2e5e80'
    """
    sender = hashlib.blake2b(domain.encode(), digest_size=5).hexdigest()
    return ":".join((_word(name or "message"), _word(topic or "all"), "marketing", f"rg{sender}"))


def _unsubscribe_url(message: Addressed) -> str:
    token = consent.unsubscribe_token(message.customer_id, message.channel, message.topic, message.key)
    return f"{message.base}/u/{token}"


def _word(text: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-")[:60] or "x"
