"""One test letter through the real channel of a route, whether it is the active one or not."""

import json
import re
import secrets
from datetime import datetime

from regulars.core import sealing
from regulars.events import api as events
from regulars.messaging.browsers import keeping as browsers
from regulars.messaging.channels.http_lane import BadRoute
from regulars.messaging.channels.push.channel import SUBSCRIPTION
from regulars.messaging.letters import Channel, Letter, Outcome, State
from regulars.messaging.models import Route
from regulars.messaging.routes import building

PATIENCE = 15.0  # somebody stands and waits for the page
TEXT = "This is a test from Regulars. If you can read it, the channel works."
EMAIL = re.compile(r"[^\s@,;<>\"]+@[^\s@,;<>\"]+\.[^\s@,;<>\"]+")
PHONE = re.compile(r"\+[1-9][0-9]{6,14}")


def test(route: str, to: str, now: datetime) -> Outcome:
    """Send one test letter by a route to an address and return what became of it; raise BadRoute for what cannot be sent."""
    channel = opened_for_test(route)
    letter = _letter(channel.channel, to, now)
    outcomes = dict(channel.deliver([letter], frozenset))
    outcome = outcomes.get(letter.key, Outcome(State.UNKNOWN, "The channel said nothing of the letter."))
    browsers.heard([(letter.to, outcome.state, outcome.code)], now)
    return outcome


def opened_for_test(route: str) -> Channel:
    """Return a route's real channel for somebody who waits; raise BadRoute where nothing may be sent by it."""
    if events.is_fenced():
        raise BadRoute("This home was restored and is fenced: nothing is sent until somebody runs: regulars release")
    row = Route.objects.filter(name=route).first()
    if row is None:
        raise BadRoute(f"There is no route called '{route}' any more.")
    try:
        settings = building.opened(row.settings)
    except sealing.BadSeal as problem:
        raise BadRoute(f"The secrets of this route cannot be read: {problem}. Set the route up anew.") from None
    return building.build(row.kind, settings, PATIENCE)


def _letter(channel: str, to: str, now: datetime) -> Letter:
    key = secrets.token_hex(16)
    text = json.dumps({"type": "test", "timestamp": now.isoformat(), "data": {"text": TEXT}})
    return Letter(
        key=key, channel=channel, is_marketing=False, to=address(channel, to), subject="A test from Regulars", text=text if channel == "webhook" else TEXT,
        html=f"<p>{TEXT}</p>" if channel == "email" else "", headers=beside(channel, to), created_at=now,
    )  # fmt: skip


def address(channel: str, told: str) -> str:
    """Return an address as the channel takes it; raise BadRoute for one that is none."""
    to = told.strip()
    if channel == "email":
        if not EMAIL.fullmatch(to):
            raise BadRoute("Write one e-mail address, like ann@example.com.")
        return to.lower()
    if channel in ("sms", "whatsapp"):
        number = re.sub(r"[\s()./-]", "", to)
        if not PHONE.fullmatch(number):
            raise BadRoute("Write one phone number with its country, like +4915112345678.")
        return number
    return to


def beside(channel: str, to: str) -> dict[str, str]:
    """Return what a letter to this address carries beside its words: the subscription behind a browser's. Raise BadRoute."""
    if channel != "push":
        return {}
    behind = browsers.opened([to.strip()])
    if not behind:
        raise BadRoute("This browser is not here, or no longer; choose one that has joined.")
    return {SUBSCRIPTION: behind[to.strip()]}
