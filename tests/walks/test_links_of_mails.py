"""A thousand newsletters leave, and programs that look for bad links fetch every link in them: nobody has left, joined or bought."""

import html
import os
import re
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import transaction
from django.test import Client

from regulars import loop
from regulars.consent import api as consent
from regulars.core import clock
from regulars.events import api as events
from regulars.messaging import api as messaging
from regulars.messaging.models import Drawn, Message
from regulars.profiles import api as profiles
from tests.consent import people
from tests.events.cast import placed
from tests.messaging.making.cast import SHOP
from tests.web.shopper.ground import everything

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("home"), pytest.mark.slow]

MAILS = 100 if os.environ.get("REGULARS_TEST_DATABASE_URL") else 1_000  # nothing here depends on the database
BODY = """<mj-section><mj-column><mj-text>Hello {{ customer.first_name }},
<a href="https://shop.example/tea?for={{ customer.reference }}">the new tea</a> and <a href="https://shop.example/pots">pots</a>.
<a href="{{ preferences_url }}">Choose</a> or <a href="{{ unsubscribe_url }}">leave</a>.</mj-text></mj-column></mj-section>"""
# What a click leaves behind is a note about a click; it may wait for its judgement, be told, and be carried to the lake.
NOTES = {"regulars_touch", "messaging_touch", "events_inbox", "events_inboxkey", "events_log", "events_mark"}


def noon() -> datetime:
    """Return the last noon: at night no advertising leaves, at whatever hour this is tried."""
    now = clock.utc_now()
    return now.replace(hour=12, minute=0) - timedelta(days=int(now.hour < 12))


def readers() -> list[int]:
    """Let a thousand people buy once and agree to letters; return their numbers."""
    now = noon()
    who = [{"id": f"c{n}", "email": f"reader{n}@example.com"} for n in range(MAILS)]
    events.append([placed(f"A{n}", one) for n, one in enumerate(who)], now)
    loop.run_once(now)
    numbers = [profiles.known(one)[0] for one in who]
    for number in numbers:
        consent.give(number, people.FORM, now)
    loop.run_once(now)
    return numbers


def written() -> list[Drawn]:
    """Send a newsletter to everybody and return the letters that left."""
    now = noon()
    messaging.put_brand(SHOP, now)
    document = messaging.Document("news", "email", "marketing", {"en": messaging.Variant(BODY, "News")})
    messaging.publish("news", messaging.save("news", document, "", now))
    messaging.put_route("drawer", "drawer", {"channel": "email"}, "walk", now)
    messaging.activate_route("drawer", "walk", now)
    asked = [
        messaging.Request(
            customer_id=one, name="news", occurrence="june", channel="email", template="news", is_marketing=True
        )
        for one in readers()
    ]
    with transaction.atomic():
        messaging.request(asked, now)
    while messaging.send(now, lambda: now):
        pass
    return list(Drawn.objects.order_by("key"))


def links(letter: Drawn) -> set[str]:
    """Return every link of a letter that leads to us, those of its headers too."""
    text = html.unescape(letter.html) + " " + letter.text + " " + letter.headers
    return set(re.findall(r"https?://[^/\s\"'<>]+(/(?:u|p|c|o|confirm)/[^\s\"'<>)\]]*)", text))


def state() -> dict[str, list[dict[str, Any]]]:
    """Return every row of every table that is no note about a click."""
    return {table: rows for table, rows in everything().items() if table not in NOTES}


def test_fetching_every_link_of_a_thousand_mails_changes_nothing() -> None:
    letters = written()
    assert set(Message.objects.values_list("state", flat=True)) == {"sent"}
    assert len(letters) == MAILS
    found = [place for letter in letters for place in sorted(links(letter))]
    assert {place.split("/")[1] for place in found} == {"u", "p", "c"}
    assert len(found) >= 4 * MAILS
    before, client = state(), Client(HTTP_USER_AGENT="Mozilla/5.0 (scanner)")
    for place in found:
        for method in ("head", "get"):
            assert getattr(client, method)(place).status_code in (200, 302), place
    assert state() == before
    numbers = list(Message.objects.values_list("customer_id", flat=True))
    assert all(one.allowed for one in consent.standings(numbers, "email", "", clock.utc_now()).values())
