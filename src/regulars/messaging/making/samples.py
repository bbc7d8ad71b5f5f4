"""The data that a template gets: whom it is to, the shop, and in place of a message's own data a sample of it."""

from collections.abc import Mapping, Sequence
from copy import deepcopy
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from regulars.events import api as events
from regulars.messaging.making.brands import brand
from regulars.messaging.making.letterheads import Letterhead
from regulars.messaging.templates import starters
from regulars.profiles import api as profiles

SAMPLE_URLS = {
    "unsubscribe_url": "https://shop.example/unsubscribe/sample",
    "preferences_url": "https://shop.example/preferences/sample",
}
SAMPLE_PERSON = {
    "first_name": "Ann", "last_name": "Abel", "name": "Ann Abel", "email": "ann@shop.example", "phone": "+4915112345678",
    "reference": "K1001", "country": "DE", "city": "Hamburg", "postcode": "20457", "language": "en", "timezone": "Europe/Berlin",
}  # fmt: skip
KNOWN = profiles.Attributes._fields[1:]


def person_data(person: profiles.Attributes) -> dict[str, Any]:
    """Return a person as templates see them, as `customer.…`; what is not known is blank."""
    told: dict[str, Any] = dict(zip(KNOWN, person[1:], strict=True))
    told["name"] = f"{person.first_name} {person.last_name}".strip()
    return told


def people_data(customers: Sequence[int]) -> dict[int, dict[str, Any]]:
    """Return what templates may say of many people, by number; asked of the database at once."""
    return {number: person_data(one) for number, one in profiles.attributes(customers).items()}


def shop_data(letterhead: Letterhead, now: datetime) -> dict[str, Any]:
    """Return what templates may say of the shop: `shop.name`, `shop.url`, `currency`, and the day that it is there."""
    return {
        "shop": {"name": letterhead.theme.sender_name, "url": letterhead.theme.site_url},
        "today": now.astimezone(ZoneInfo(events.timezone())).date(),
        "currency": events.currency() or "EUR",
    }


def sample_data(name: str, now: datetime, customer: int | None = None) -> dict[str, Any]:
    """Return data to try a template with: its starter's own sample, for another template one that has a bit of everything;
    the shop is the real one, and so is the customer when one is given."""
    shop = shop_data(brand(), now)
    shop["shop"]["url"] = shop["shop"]["url"] or "https://shop.example"
    known = people_data([customer]).get(customer) if customer is not None else None
    return {**shop, **_sample(name), "shop": shop["shop"], **SAMPLE_URLS, "customer": known or dict(SAMPLE_PERSON)}


def _sample(name: str) -> Mapping[str, Any]:
    if name in starters():
        return deepcopy(dict(starters()[name].sample))
    found: dict[str, Any] = {}
    for starter in starters().values():
        found |= starter.sample
    return deepcopy(found)
