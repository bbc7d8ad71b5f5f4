"""Browsers to choose one of for a test, by what people know of them."""

import json
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit

from regulars.messaging.browsers.keeping import PREFIX, opened
from regulars.messaging.models import Subscription
from regulars.profiles import api as profiles

MOST = 100
# By the end of a push service's name, the program that has its subscriptions there; others are called by that name.
PROGRAMS = {
    "push.services.mozilla.com": "Firefox",
    "push.apple.com": "Safari",
    "notify.windows.com": "Edge",
    "fcm.googleapis.com": "Chrome",
}


@dataclass(frozen=True)
class Choice:
    """A browser: our address of it, the program, whose it is (both blank for nobody's), and since when."""

    address: str
    program: str
    person: str
    email: str
    joined_at: datetime


def newest(most: int = MOST) -> list[Choice]:
    """Return the browsers that can be written to, the newest first."""
    rows = list(Subscription.objects.filter(gone_at=None).order_by("-joined_at", "-id")[:most])
    told = opened(f"{PREFIX}{one.key}" for one in rows)
    people = profiles.attributes(sorted({one.customer_id for one in rows if one.customer_id}))
    found = []
    for one in rows:
        address, person = f"{PREFIX}{one.key}", people.get(one.customer_id)
        if address in told:
            name = f"{person.first_name} {person.last_name}".strip() if person else ""
            email = person.email if person else ""
            number = f"customer {person.customer}" if person else ""
            found.append(Choice(address, program(told[address]), name or email or number, email, one.joined_at))
    return found


def program(subscription: str) -> str:
    """Return which program's browser a subscription is, by where it leads.

    >>> program('{"endpoint": "https://updates.push.services.mozilla.com/wpush/v2/x"}')
    'Firefox'
    >>> program('{"endpoint": "https://push.example/x"}')
    'push.example'
    """
    host = urlsplit(json.loads(subscription)["endpoint"]).hostname or ""
    return next((name for end, name in PROGRAMS.items() if f".{host}".endswith(f".{end}")), host)
