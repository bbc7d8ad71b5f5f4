"""Programmes that come with the house: journeys as files beside this module, added with the segments and templates they need."""

from dataclasses import dataclass
from datetime import datetime
from functools import cache
from importlib import resources

from django.db import transaction

from regulars.journeys import files, keeping
from regulars.journeys.models import Journey
from regulars.journeys.rules.steps import Branch, OnSegment, Send
from regulars.messaging import api as messaging
from regulars.segments import api as segments

ENDING = ".yaml"


@dataclass(frozen=True)
class Programme:
    """A ready-made journey: what it is for in plain words, its document, and the segments and templates that it needs."""

    name: str
    title: str
    purpose: str
    text: str
    segments: tuple[str, ...]
    templates: tuple[str, ...]


@dataclass(frozen=True)
class Installed:
    """What was added; is_new is False where a journey of this name was there already, which stays as it is."""

    name: str
    is_new: bool
    segments: tuple[str, ...]
    templates: tuple[str, ...]


@cache
def ready_made() -> tuple[Programme, ...]:
    """Return the ready-made programmes, in the order in which a customer's life goes."""
    found = sorted(entry.name for entry in resources.files(__name__).iterdir() if entry.name.endswith(ENDING))
    return tuple(_read((resources.files(__name__) / name).read_text(encoding="utf-8")) for name in found)


def install(name: str, by: str, now: datetime) -> Installed:
    """Add a ready-made programme as a draft, with what it needs and is not there yet. Raise keeping.CannotSwitch.

    Nothing is switched on, and what is there already stays as it is.
    """
    programme = next((one for one in ready_made() if one.name == name), None)
    if programme is None:
        names = ", ".join(one.name for one in ready_made())
        raise keeping.CannotSwitch(f"There is no ready-made programme '{name}'; there are {names}.")
    with transaction.atomic():
        there = {one.name for one in segments.listed()}
        drafts = [one for one in segments.ready_made() if one.name in programme.segments and one.name not in there]
        for draft in drafts:
            segments.put(draft, by, now)
        added = messaging.install_starters(now, programme.templates)
        is_new = not Journey.objects.filter(name=name).exists()
        if is_new:
            keeping.put(programme.text, by, now)
    return Installed(name, is_new, tuple(draft.name for draft in drafts), tuple(added))


def _read(text: str) -> Programme:
    document, nodes = files.read(text)
    rules = [way.rule for node in nodes if isinstance(node.doing, Branch) for way in node.doing.ways if way.rule]
    asked = segments.named([*rules, *([document.audience] if document.audience else [])])
    led_in_by = {document.trigger.segment} if isinstance(document.trigger, OnSegment) else set()
    sends = [node.doing for node in nodes if isinstance(node.doing, Send)]
    return Programme(
        name=document.name,
        title=document.title,
        purpose=_comment(text),
        text=text,
        segments=tuple(sorted(asked | led_in_by)),
        templates=tuple(sorted({messaging.shipped_for(one.template, way) for one in sends for way in one.channels})),
    )


def _comment(text: str) -> str:
    """Return the sentence that a file begins with.

    >>> _comment("# Thanks for every order.\\n# More.\\nname: thanks")
    'Thanks for every order.'
    """
    return text.partition("\n")[0].removeprefix("#").strip()
