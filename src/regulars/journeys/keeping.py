"""Journeys kept, switched on and off, and changed; every change is a line in the audit log."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from regulars.access import api as access
from regulars.events import api as events
from regulars.journeys import files
from regulars.journeys.engine import instants, migrating, plans
from regulars.journeys.models import Enrolment, Journey, Version
from regulars.journeys.rules import steps
from regulars.journeys.rules.nodes import Node
from regulars.journeys.rules.steps import Branch, OnSegment, Send
from regulars.messaging import api as messaging
from regulars.segments import api as segments


class CannotSwitch(ValueError):
    """A journey that cannot be switched so; the message is a sentence that says what to do."""


def put(text: str, by: str, now: datetime) -> tuple[str, int]:
    """Keep a journey's document as its newest version; return its name and the version's number. Raise BadJourney.

    A journey that is on lets people in by the new version from now on; those inside walk theirs to its end.
    """
    document, nodes = files.read(text)
    with transaction.atomic():
        row = Journey.objects.select_for_update().filter(name=document.name).first()
        values = {"title": document.title, "priority": document.priority, "group": document.group, "changed_at": now}
        if row is None:
            row = Journey.objects.create(name=document.name, created_at=now, **values)
        newest = Version.objects.filter(journey=row).order_by("-number").first()
        if newest is not None and newest.text == text:
            return row.name, newest.number
        if row.state in ("active", "draining", "paused"):
            check_parts(document, nodes)
        number = 1 if newest is None else newest.number + 1
        Version.objects.create(journey=row, number=number, text=text, made_by=by, made_at=now)
        Journey.objects.filter(id=row.id).update(version=number, **values)
        access.note(by, "journey.added" if newest is None else "journey.changed", row.name, {"version": number}, now)
    return row.name, number


def activate(name: str, by: str, now: datetime) -> None:
    """Let people in by facts that come from now on; one that was paused goes on. Raise CannotSwitch."""
    with transaction.atomic():
        row = _row(name)
        if row.state == "active":
            return
        plan = plans.newest(row)
        check_parts(plan.document, plan.nodes)
        newest = events.newest()
        seq = row.seq if row.state in ("paused", "draining") else newest
        _switch(row, "active", by, now, seq=seq, entries_seq=newest)


def pause(name: str, by: str, now: datetime) -> None:
    """Let nobody in and move nobody until it is switched on again; what was told meanwhile is heard then."""
    _from_to(name, ("active", "draining"), "paused", by, now)


def drain(name: str, by: str, now: datetime) -> None:
    """Let nobody in any more; those inside walk to the end, then it is off."""
    _from_to(name, ("active", "paused"), "draining", by, now)


def stop(name: str, by: str, now: datetime) -> int:
    """Switch a journey off and end every run; return how many were ended. Messages asked for stay asked for."""
    with transaction.atomic():
        row = _row(name)
        _switch(row, "off", by, now)
        inside = Enrolment.objects.filter(journey=row, is_active=True)
        return inside.update(is_active=False, ended=instants.of(now), reason="the journey was switched off")


def moves(name: str) -> list[migrating.Change]:
    """Return where everybody inside an older version of a journey would stand in the newest. Raise CannotSwitch."""
    with transaction.atomic():
        return migrating.changes(_row(name))


def move(name: str, by: str, now: datetime) -> int:
    """Move those inside older versions over to the newest, where it has their step; return how many. Raise CannotSwitch."""
    with transaction.atomic():
        row = _row(name)
        if not row.version:
            return 0
        return migrating.move(row, by, now)


def drop(name: str, by: str, now: datetime) -> None:
    """Forget a journey that was never switched on. Raise CannotSwitch."""
    with transaction.atomic():
        row = _row(name)
        if row.state != "draft":
            raise CannotSwitch(f"Journey '{name}' was on: what happened in it stays known. Switch it off instead.")
        row.delete()
        access.note(by, "journey.dropped", name, {}, now)


def _from_to(name: str, states: Sequence[str], state: str, by: str, now: datetime) -> None:
    with transaction.atomic():
        row = _row(name)
        if row.state not in states:
            raise CannotSwitch(
                f"Journey '{name}' is {row.state}; only one that is {' or '.join(states)} can be {state}."
            )
        _switch(row, state, by, now)


def _switch(row: Journey, state: str, by: str, now: datetime, **more: int) -> None:
    Journey.objects.filter(id=row.id).update(state=state, changed_at=now, problem="", **more)
    access.note(by, f"journey.{state}", row.name, {"version": row.version}, now)


def _row(name: str) -> Journey:
    row = Journey.objects.select_for_update().filter(name=name).first()
    if row is None:
        raise CannotSwitch(f"There is no journey called '{name}'.")
    return row


def check_parts(document: steps.Journey, nodes: Sequence[Node]) -> None:
    """Raise CannotSwitch for a journey whose templates or segments are not there."""
    for node in nodes:
        if isinstance(node.doing, Send):
            for channel in node.doing.channels:
                try:
                    messaging.template_for(node.doing.template, channel)
                except messaging.NoSuchTemplate as problem:
                    raise CannotSwitch(f"{node.place}: {problem}.") from None
    rules = [
        way.rule for node in nodes if isinstance(node.doing, Branch) for way in node.doing.ways if way.rule is not None
    ]
    try:
        for rule in [*rules, *([document.audience] if document.audience is not None else [])]:
            segments.compiled(segments.read(rule))
    except segments.NoSuchSegment as problem:
        raise CannotSwitch(f"{problem}.") from None
    trigger = document.trigger
    if isinstance(trigger, OnSegment) and segments.one(trigger.segment) is None:
        raise CannotSwitch(f"There is no segment '{trigger.segment}', which leads people in; make it first.")
