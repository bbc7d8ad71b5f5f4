"""Templates' rows: versions are added and never changed; which one is live is said apart from them."""

import re
from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Max

from regulars.messaging import templates
from regulars.messaging.blocks import rows as blocks
from regulars.messaging.making import samples, written
from regulars.messaging.making.brands import brand
from regulars.messaging.models import Message, Template, TemplateVersion, Trigger
from regulars.messaging.templates import BadTemplate, Document, Refused, Severity

# A message that nobody can tell of may be sent again, and is written again then.
UNFINISHED = ("queued", "deferred", "leased", "dot", "unknown")
NAME = re.compile(r"[a-z][a-z0-9_]{0,63}")


class NoSuchTemplate(Refused):
    """There is no template, or no version, of this name and number."""


@dataclass(frozen=True)
class Kept:
    """A template as it stands: live is the number of the version in use, 0 for none; newest that of the last one."""

    name: str
    channel: str
    is_marketing: bool
    live: int
    newest: int
    changed_at: datetime


@dataclass(frozen=True)
class Version:
    """One version: who made it and when."""

    number: int
    made_at: datetime
    made_by: str
    is_live: bool


def listing() -> list[Kept]:
    """Return every template by its name."""
    rows = Template.objects.annotate(newest=Max("versions__number"), changed_at=Max("versions__made_at")).order_by(
        "name"
    )
    return [
        Kept(*row)
        for row in rows.values_list("name", "channel", "is_marketing", "live", "newest", "changed_at")
        if row[4]
    ]


def kept(name: str) -> Kept:
    """Return one template; raise NoSuchTemplate."""
    for one in listing():
        if one.name == name:
            return one
    raise NoSuchTemplate(f"there is no template {name}; see the list of templates")


def install_starters(now: datetime, only: Collection[str] | None = None) -> list[str]:
    """Add the shipped templates that are missing, all or some, each live as its version 1; return their names."""
    added = []
    with transaction.atomic():
        present = set(Template.objects.values_list("name", flat=True))
        for name, starter in templates.starters().items():
            if name not in present and (only is None or name in only):
                row = _made(starter.document, now, live=1)
                TemplateVersion.objects.create(
                    template=row, number=1, document=written.document_json(starter.document), made_at=now
                )
                added.append(name)
    return added


def save(name: str, document: Document, by: str, now: datetime) -> int:
    """Keep a document as a template's next version and return its number; the live one stays live.

    Raises Refused with a sentence, and the line, for what cannot be compiled. Nothing is added when the newest version says
    the same already.
    """
    if not NAME.fullmatch(name):
        raise BadTemplate(f"the name is {name!r}; write small letters, digits and _ such as thank_you, a letter first")
    document = replace(document, name=name)
    templates.compile(templates.joined(document, blocks.live()), brand().theme)
    text = written.document_json(document)
    with transaction.atomic():
        row = Template.objects.select_for_update().filter(name=name).first() or _made(document, now)
        if row.channel != document.channel:
            raise BadTemplate(f"{name} is for {row.channel} and stays so; make another template for {document.channel}")
        newest = row.versions.order_by("-number").first()
        if newest is not None and newest.document == text:
            return newest.number
        number = newest.number + 1 if newest else 1
        TemplateVersion.objects.create(template=row, number=number, document=text, made_at=now, made_by=by)
    return number


def publish(name: str, number: int) -> None:
    """Let messages be written with this version from now on.

    Raises Refused with the first thing to put right when the version, with the brand of today, would be refused or unlawful;
    the one that was live stays live.
    """
    with transaction.atomic():
        blocks.lock()
        row = Template.objects.select_for_update().filter(name=name).first()
        version = row.versions.filter(number=number).first() if row else None
        if row is None or version is None:
            raise NoSuchTemplate(f"there is no version {number} of {name}")
        document = written.read_document(version.document)
        joined = templates.joined(document, blocks.live())
        for finding in templates.check(joined, brand().theme, samples.sample_data(name, version.made_at)):
            if finding.severity == Severity.ERROR:
                raise BadTemplate(finding.sentence, finding.where)
        row.live, row.is_marketing = number, document.message_class == "marketing"
        row.save(update_fields=["live", "is_marketing"])


def drop(name: str) -> None:
    """Forget a template with its versions; raise Refused with a sentence while something still needs it.

    Of a shipped one the house's own words serve from then on.
    """
    with transaction.atomic():
        row = Template.objects.select_for_update().filter(name=name).first()
        if row is None:
            raise NoSuchTemplate(f"there is no template {name}; see the list of templates")
        triggers = sorted(Trigger.objects.filter(template=name).values_list("name", flat=True))
        if triggers:
            raise BadTemplate(f"it is used by the trigger {', '.join(triggers)}; change or drop that first")
        n_waiting = Message.objects.filter(template=name, state__in=UNFINISHED).count()
        if n_waiting:
            raise BadTemplate(
                f"{n_waiting} messages still wait to be written with it; let them go or decide on them first"
            )
        row.delete()


def versions(name: str) -> list[Version]:
    """Return a template's versions, newest first."""
    rows = TemplateVersion.objects.filter(template__name=name).order_by("-number")
    columns: tuple[Any, ...] = ("number", "made_at", "made_by", "template__live")
    return [Version(number, at, by, number == live) for number, at, by, live in rows.values_list(*columns)]


def document(name: str, number: int | None = None) -> Document:
    """Return a version's document, the newest one's when no number is given; raise NoSuchTemplate."""
    rows = TemplateVersion.objects.filter(template__name=name).order_by("-number")
    found = (rows if number is None else rows.filter(number=number)).values_list("document", flat=True).first()
    if found is None:
        raise NoSuchTemplate(f"there is no template {name}" if number is None else f"{name} has no version {number}")
    return written.read_document(found)


def _made(document: Document, now: datetime, live: int = 0) -> Template:
    return Template.objects.create(
        name=document.name,
        channel=document.channel,
        is_marketing=document.message_class == "marketing",
        live=live,
        made_at=now,
    )
