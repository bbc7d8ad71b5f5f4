"""A shop whose messages are on their way: routes with hooks, messages to Ann and Bo, and requests through the real address."""

import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from django.test import Client

from regulars.consent import api as consent
from regulars.consent.models import Consent, SoftBounce, Suppression
from regulars.core import sealing
from regulars.events import api as events
from regulars.events.models import Inbox, InboxKey
from regulars.messaging.models import Message, Route
from regulars.messaging.outbox.asking import Request, request as ask
from regulars.messaging.returns import RawRequest
from regulars.profiles import api as profiles
from tests.events.cast import placed
from tests.messaging.returns.cast import KEY, NOW, URL, proven, secret_of

ANN = {"id": "c1", "email": "ann@example.com", "phone": "+15551234567"}
BO = {"id": "c2", "email": "bo@example.com", "phone": "+15557654321"}
HERE = {"REMOTE_ADDR": "127.0.0.1", "HTTP_HOST": "127.0.0.1:8300"}
BASE = "http://127.0.0.1:8300"


def people() -> dict[str, int]:
    """Let Ann and Bo buy once; return their numbers."""
    events.append([placed("A1", ANN), placed("B1", BO)], NOW)
    events.sequence(NOW, profiles.people)
    profiles.project(NOW)
    return {name: profiles.known(who)[0] for name, who in (("ann", ANN), ("bo", BO))}


def route(provider: str, channel: str = "email", **settings: str) -> str:
    """Set a route up and return its hook's token."""
    told = {"hook_secret": secret_of(provider), **settings}
    token = f"hook-of-{provider}-{channel}-0123456789abcdef"
    sealed = sealing.seal(json.dumps(told), "route")
    Route.objects.create(
        name=f"{provider}-{channel}", channel=channel, kind=provider, settings=sealed, hook=token, made_at=NOW
    )
    return token


def sent(customer: int, to: str, key: str = KEY, channel: str = "email", **more: Any) -> Message:
    """Keep a message as it stands after it was sent, or as more says."""
    ask([Request(customer_id=customer, name="news", occurrence=key, channel=channel, template="newsletter")], NOW)
    values = {"key": key, "to": to, "state": "sent", "dot_at": NOW, "finished_at": NOW, "is_told": True, **more}
    Message.objects.filter(occurrence=key).update(**values)
    return Message.objects.get(key=key)


def place(provider: str, token: str, query: str = "") -> str:
    return f"/hooks/{provider}/{token}{'?' + query if query else ''}"


def post(asked: RawRequest, path: str, client: Client | None = None) -> Any:
    """Send a request to an address as its provider would."""
    headers = {name: value for name, value in asked.headers.items() if name.lower() != "content-type"}
    kind = next((value for name, value in asked.headers.items() if name.lower() == "content-type"), "")
    whole = {f"HTTP_{name.upper().replace('-', '_')}": value for name, value in headers.items()}
    client = client or Client(**HERE, enforce_csrf_checks=True, raise_request_exception=False)
    return client.generic("POST", path, asked.body, content_type=kind, **whole)


def call(provider: str, token: str, asked: RawRequest, query: str | None = None) -> Any:
    """Prove a request for the address that it goes to, and send it."""
    path = place(provider, token, urlsplit(URL).query if query is None else query)
    there = RawRequest(url=BASE + path, headers=asked.headers, body=asked.body, received_at=NOW)
    return post(proven(provider, there), path)


def facts() -> list[tuple[str, dict[str, Any]]]:
    """Return what waits in the log's inbox, by kind and fields."""
    return [(row.kind, json.loads(row.fields)) for row in Inbox.objects.order_by("id")]


def kinds() -> list[str]:
    return sorted(kind for kind, _ in facts())


def standing(customer: int, channel: str) -> str:
    """Return where a customer stands with a channel, blank where nothing was said."""
    found = [one for one in consent.choices_of(customer) if (one.channel, one.topic) == (channel, "")]
    return found[0].state.value if found else ""


def state() -> Mapping[str, Any]:
    """Return everything that may follow from what comes back, without the names and numbers that each run gives anew."""
    marks = ("key", "state", "heard", "delivered_at", "name", "to")
    return {
        "facts": sorted(json.dumps([kind, {**fields, "fingerprint": ""}], sort_keys=True) for kind, fields in facts()),
        "messages": sorted(Message.objects.exclude(name__startswith="sms_").values_list(*marks), key=str),
        "consents": sorted(
            Consent.objects.values_list("customer_id", "channel", "topic", "is_withdrawn", "since", "method")
        ),
        "suppressed": sorted(Suppression.objects.values_list("channel", "reason", "is_standing")),
        "soft": sorted(SoftBounce.objects.values_list("channel", "bounced_on")),
    }


def wipe() -> None:
    """Forget what came back, so that the same can come back in another order."""
    for model in (Message, Consent, Suppression, SoftBounce, Inbox, Route):
        model.objects.all().delete()
    InboxKey.objects.all().delete()
