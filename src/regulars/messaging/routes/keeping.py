"""Keeping routes: set up, changed, made the active one of their channel, dropped; every change stands in the audit log."""

import logging
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from regulars.access import api as access
from regulars.core import sealing
from regulars.messaging.channels.drawer import Drawer
from regulars.messaging.channels.http_lane import BadRoute
from regulars.messaging.channels.push.encryption import packed, private, public
from regulars.messaging.letters import Channel
from regulars.messaging.models import Route
from regulars.messaging.routes import building
from regulars.messaging.routes.kinds import Kind, kind as kind_of, kinds

# Without a route of their own, letters of these reach nobody and can be looked at.
KEPT_IN_THE_DRAWER = ("email", "sms", "push", "whatsapp")
log = logging.getLogger("regulars.messaging")


@dataclass(frozen=True)
class Shown:
    """A route as people see it: settings without secrets, kept names those of secrets that are there.

    fault is a sentence where the route cannot be used.
    """

    name: str
    kind: Kind
    channel: str
    is_active: bool
    settings: Mapping[str, str]
    kept: frozenset[str]
    hook: str
    made_at: datetime
    fault: str = ""


def put(name: str, kind: str, settings: Mapping[str, str], by: str, now: datetime) -> None:
    """Set a route up or change it; raise BadRoute with a sentence for what cannot work. A blank secret keeps the one there is.

    A new one is not active yet. Where it leads somewhere else than before, its secrets must be told again.
    """
    of, name = kind_of(kind), name.strip()
    if not name or len(name) > 64 or not name.isprintable():
        raise BadRoute("Give the route a name of up to 64 characters.")
    with transaction.atomic():
        row = Route.objects.select_for_update().filter(name=name).first()
        if row is not None and row.kind != kind:
            raise BadRoute(f"There is a route called '{name}' of another kind; choose another name.")
        told = of.read({**settings, **(_secrets(of, row, settings) if row else {})})
        building.build(kind, told)
        channel = of.channel or told["channel"]
        if row is not None and row.is_active and row.channel != channel:
            raise BadRoute("This route is in use; deactivate it before it gets another channel.")
        kept = {"channel": channel, "kind": kind, "settings": building.sealed(told)}
        if row is None:
            Route.objects.create(name=name, hook=secrets.token_urlsafe(32), made_at=now, **kept)
        else:
            Route.objects.filter(id=row.id).update(**kept)
        access.note(by, "route.changed" if row else "route.added", name, {"kind": kind, "channel": channel}, now)


def activate(name: str, by: str, now: datetime) -> None:
    """Send a channel's letters by this route from now on, in place of the one before."""
    with transaction.atomic():
        row = _row(name)
        try:
            building.built(row.kind, row.settings)
        except sealing.BadSeal as problem:
            raise BadRoute(_unopened(problem)) from None
        Route.objects.filter(channel=row.channel, is_active=True).update(is_active=False)
        Route.objects.filter(id=row.id).update(is_active=True)
        access.note(by, "route.activated", name, {"channel": row.channel}, now)


def deactivate(name: str, by: str, now: datetime) -> None:
    """Send nothing by this route any more; its channel's letters go to the drawer."""
    with transaction.atomic():
        row = _row(name)
        Route.objects.filter(id=row.id).update(is_active=False)
        access.note(by, "route.deactivated", name, {"channel": row.channel}, now)


def drop(name: str, by: str, now: datetime) -> None:
    """Forget a route with its secrets; one that is in use is refused."""
    with transaction.atomic():
        row = _row(name)
        if row.is_active:
            raise BadRoute("This route is in use; deactivate it first.")
        row.delete()
        access.note(by, "route.dropped", name, {"channel": row.channel}, now)


def routes() -> list[Shown]:
    """Return the routes, those of one channel together, the active one first."""
    rows = Route.objects.order_by("channel", "-is_active", "name")
    known = kinds()
    return [_shown(row, known[row.kind]) for row in rows if row.kind in known]


def channels() -> dict[str, Channel]:
    """Return the channel that each kind of letter goes by: that of its active route, else the drawer.

    A channel whose active route cannot be used is left out, so that its letters wait instead of going where nobody wants them.
    """
    found: dict[str, Channel] = {name: Drawer(name) for name in KEPT_IN_THE_DRAWER}
    for row in Route.objects.filter(is_active=True):
        found.pop(row.channel, None)
        try:
            found[row.channel] = building.built(row.kind, row.settings)
        except (BadRoute, sealing.BadSeal) as problem:
            log.warning("the route of %s cannot be used, its letters wait: %s", row.channel, type(problem).__name__)
    return found


def push_key() -> str:
    """Return the public half of the key by which notifications go, as browsers want it; blank where none go."""
    row = Route.objects.filter(kind="webpush", is_active=True).first()
    if row is None:
        return ""
    try:
        return packed(public(private(building.opened(row.settings)["key"])))
    except (sealing.BadSeal, ValueError):
        return ""


def _row(name: str) -> Route:
    row = Route.objects.select_for_update().filter(name=name).first()
    if row is None:
        raise BadRoute(f"There is no route called '{name}' any more.")
    return row


def _secrets(of: Kind, row: Route, settings: Mapping[str, str]) -> dict[str, str]:
    """Return the secrets that stay: those kept and not told again, unless the route leads somewhere else now."""
    try:
        before = building.opened(row.settings)
    except sealing.BadSeal:
        return {}
    told = {field.name: (settings.get(field.name) or "").strip() for field in of.fields}
    kept = {field.name: before.get(field.name, "") for field in of.fields if field.is_secret and not told[field.name]}
    kept = {name: value for name, value in kept.items() if value}
    moved = [
        one.label for one in of.fields if one.is_target and (told[one.name] or one.default) != before.get(one.name)
    ]
    if kept and moved:
        labels = ", ".join(one.label for one in of.fields if one.name in kept)
        raise BadRoute(f"The route leads somewhere else now ({', '.join(moved)}), so type its secrets again: {labels}.")
    return kept


def _shown(row: Route, of: Kind) -> Shown:
    settings, kept, fault = {}, set(), ""
    try:
        told = building.opened(row.settings)
        building.built(row.kind, row.settings)
    except sealing.BadSeal as problem:
        told, fault = {}, _unopened(problem)
    except BadRoute as problem:
        fault = str(problem)
    for field in of.fields:
        if not field.is_secret:
            settings[field.name] = told.get(field.name, "")
        elif told.get(field.name):
            kept.add(field.name)
    return Shown(row.name, of, row.channel, row.is_active, settings, frozenset(kept), row.hook, row.made_at, fault)


def _unopened(problem: Exception) -> str:
    return f"The secrets of this route cannot be read: {problem}. Set the route up anew."
