"""Keeps shared blocks, makes their versions live, and forgets them; never at the price of a live template."""

import json
import re
from collections.abc import Mapping
from datetime import datetime

from django.db import transaction

from regulars.messaging.blocks import guarding
from regulars.messaging.blocks.rows import NoSuchBlock, keyed, live, lock
from regulars.messaging.models import Block, BlockVersion
from regulars.messaging.templates import BadTemplate, base_of

NAME = re.compile(r"[a-z][a-z0-9_-]{0,63}")
LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Z][a-z]{3})?(-([A-Z]{2}|\d{3}))?")
MOST_LANGUAGES = 60
# What mails are put together with: a template may have its own, but nothing changes them in all of them at once.
HOUSE = ("frame", "foot", "body", "preheader")


def save(name: str, texts: Mapping[str, str], by: str, now: datetime) -> int:
    """Keep a block's texts, by language and a blank for everybody else's, as its next version; return its number.

    The live version stays live. Raises Refused with a sentence, and the line, for what cannot be read: also where it names a
    block that there is not, or itself through others. Nothing is added when the newest version says the same already.
    """
    _well_named(name, texts)
    before = live()
    for one, finding in guarding.unread(name, before, {**_without(before, name), **keyed(name, texts)}):
        raise BadTemplate(_said(name, one, finding.sentence), finding.where)
    told = json.dumps(dict(sorted(texts.items())), ensure_ascii=False, separators=(",", ":"))
    with transaction.atomic():
        row = Block.objects.select_for_update().filter(name=name).first()
        row = row or Block.objects.create(name=name, made_at=now)
        newest = row.versions.order_by("-number").first()
        if newest is not None and newest.texts == told:
            return newest.number
        number = newest.number + 1 if newest else 1
        BlockVersion.objects.create(block=row, number=number, texts=told, made_at=now, made_by=by)
    return number


def publish(name: str, number: int, now: datetime) -> None:
    """Let every template that uses the block be written with this version from now on.

    Raises Refused, with the template and what would be wrong in it, when one that is live would break; all stays as it was.
    """
    with transaction.atomic():
        row = lock().get(name)
        version = row.versions.filter(number=number).first() if row else None
        if row is None or version is None:
            raise NoSuchBlock(f"there is no version {number} of the block {name}")
        before = live()
        _refuse_harm(name, before, {**_without(before, name), **keyed(name, json.loads(version.texts))}, now)
        row.live = number
        row.save(update_fields=["live"])


def drop(name: str, now: datetime) -> None:
    """Forget a block with its versions; raise Refused, with the template, while one that is live cannot do without it."""
    with transaction.atomic():
        row = lock().get(name)
        if row is None:
            raise NoSuchBlock(f"there is no shared block {name}; see the list of blocks")
        before = live()
        _refuse_harm(name, before, _without(before, name), now)
        row.delete()


def _well_named(name: str, texts: Mapping[str, str]) -> None:
    if not NAME.fullmatch(name):
        raise BadTemplate(
            f"the block's name is {name[:80]!r}; write small letters, digits, _ and - such as opening_hours, a letter first"
        )
    if name in HOUSE:
        raise BadTemplate(f"the name {name} is taken by what mails are put together with; choose another")
    if not texts.get("", "").strip():
        raise BadTemplate("the text for everybody is empty; write one")
    for language in texts:
        if language and not LANGUAGE.fullmatch(language):
            raise BadTemplate(f"{language[:20]!r} is no language; write one such as en, de or de-AT")
    if len(texts) > MOST_LANGUAGES:
        raise BadTemplate(f"a block has {MOST_LANGUAGES} languages at most; leave some out")


def _refuse_harm(name: str, before: Mapping[str, str], after: Mapping[str, str], now: datetime) -> None:
    for one, finding in guarding.harm(name, before, after, now):
        raise BadTemplate(_said(name, one, finding.sentence), finding.where)


def _said(name: str, one: str, sentence: str) -> str:
    return sentence if one == name else f"{one} would break: {sentence}"


def _without(shared: Mapping[str, str], name: str) -> dict[str, str]:
    return {key: text for key, text in shared.items() if base_of(key) != name}
