"""A template's test by a real route: one letter to an address of one's own, past the outbox, so that nothing counts it."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from regulars.access import api as access
from regulars.messaging.browsers import keeping as browsers
from regulars.messaging.channels.http_lane import BadRoute
from regulars.messaging.letters import Outcome
from regulars.messaging.making.trying import Look, send_test
from regulars.messaging.models import Route
from regulars.messaging.routes.trying import address, opened_for_test
from regulars.messaging.templates import Document
from regulars.profiles import api as profiles

ACTION = "template.rehearsed"
MOST, WITHIN = 20, timedelta(hours=1)
IDENTIFIER = {"email": "email", "sms": "phone", "whatsapp": "phone"}


@dataclass(frozen=True)
class Rehearsal:
    """Who wants to see a template, by which route, at which address, written for whom."""

    route: str
    to: str
    by: str
    look: Look


def rehearse(document: Document, wanted: Rehearsal, now: datetime) -> Outcome:
    """Send one letter of a document by a real route and return what became of it; raise BadRoute or Refused for what may not be.

    Not to customers, for they would get a message past the gate; and 20 an hour at most, so that nobody mails a list like this.
    """
    row = Route.objects.filter(name=wanted.route).first()
    if row is None or row.channel != document.channel:
        raise BadRoute(f"There is no route called '{wanted.route}' for this channel; choose another.")
    to = address(row.channel, wanted.to)
    _is_own(row.channel, to, wanted.by)
    channel = opened_for_test(wanted.route)
    recent = [one for one in access.deeds(None, MOST, ACTION) if one["at"] > now - WITHIN]
    if len(recent) >= MOST:
        raise BadRoute(f"There were {MOST} tests by real routes within an hour; use the drawer, or wait a little.")
    access.note(wanted.by, ACTION, document.name, {"route": wanted.route}, now)
    outcome = send_test(document, to, wanted.look, channel, now)
    browsers.heard([(to, outcome.state, outcome.code)], now)
    return outcome


def _is_own(channel: str, to: str, by: str) -> None:
    """Refuse an address of a customer, unless it is that of whoever asks."""
    if channel == "push":
        is_strange = browsers.owner(to) not in {0, *profiles.known({"email": by})}
    else:
        identifier = IDENTIFIER.get(channel)
        is_strange = bool(identifier) and to != by.strip().lower() and bool(profiles.known({identifier or "": to}))
    if is_strange:
        raise BadRoute("This address is a customer's, and a test would pass the gate by; send it to one of your own.")
