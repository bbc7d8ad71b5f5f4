"""Ann, Bo and Cleo of the consent tests, their links, a browser without cookies, and every row there is."""

import re
from typing import Any

from django.apps import apps
from django.test import Client

from regulars.consent import api as consent
from regulars.core import clock
from regulars.profiles import api as profiles
from tests.consent import people
from tests.events.cast import NOW

HERE = {"REMOTE_ADDR": "203.0.113.9", "HTTP_HOST": "127.0.0.1:8300", "HTTP_ACCEPT_LANGUAGE": "de-AT"}
ORIGIN = {"HTTP_ORIGIN": "http://127.0.0.1:8300"}
FORM = consent.FormOffered(
    slug="tea", title="Tea letters", text="Yes, send me news about tea.", origins=("https://www.shop.example",)
)


def shop() -> dict[str, int]:
    """Let Ann, Bo and Cleo buy once and agree to e-mail."""
    numbers = people.shop()
    for number in numbers.values():
        consent.give(number, people.FORM, NOW)
    return numbers


def topics() -> None:
    consent.put_topic(consent.TopicOffered(key="news", name="News", channels=("email", "sms"), order=0))
    consent.put_topic(consent.TopicOffered(key="tips", name="Tips", is_default=False, order=1))


def anybody() -> Client:
    """Return a client that checks CSRF tokens as a browser's requests are checked."""
    return Client(enforce_csrf_checks=True, **HERE)  # type: ignore[arg-type]


def way_out(customer: int, topic: str = "", channel: str = "email") -> str:
    return f"/u/{consent.unsubscribe_token(customer, channel, topic, 'ab' * 16)}"


def choices(customer: int, email: str) -> str:
    return f"/p/{consent.preference_token(customer, email)}"


def may(customer: int, channel: str = "email", topic: str = "") -> bool:
    return consent.standings([customer], channel, topic, clock.utc_now())[customer].allowed


def tick() -> None:
    people.tick(clock.utc_now())


def number_of(email: str) -> int:
    return profiles.known({"email": email})[0]


def everything() -> dict[str, list[dict[str, Any]]]:
    """Return every row of every table, sessions too."""
    return {
        model._meta.db_table: sorted(model.objects.values(), key=str)
        for model in apps.get_models(include_auto_created=True)
    }


def links(text: str) -> set[str]:
    """Return the paths of our own links in a text."""
    return set(re.findall(r"https?://127\.0\.0\.1:8300(/[^\s\"'<>)\]]*)", text))
