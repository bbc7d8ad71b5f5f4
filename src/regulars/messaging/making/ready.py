"""Compiled templates, kept in this process for as long as neither the live version nor the brand changes."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.db.models import F

from regulars.core.answers.cache import Once
from regulars.messaging import templates
from regulars.messaging.making import brands, written
from regulars.messaging.making.letterheads import Letterhead
from regulars.messaging.making.storing import NoSuchTemplate
from regulars.messaging.models import TemplateVersion
from regulars.messaging.templates import Compiled, Refused, starters

KEPT = 128
_compiled = Once(KEPT)


@dataclass(frozen=True)
class Ready:
    """Live templates by name, each compiled, or the sentence why it cannot be; with the letterhead that they wear."""

    letterhead: Letterhead
    templates: Mapping[str, Compiled | str]


def compiled(name: str) -> Compiled:
    """Return a template's live version, compiled with the brand of now; raise Refused."""
    found = ready([name]).templates[name]
    if isinstance(found, str):
        raise Refused(found)
    return found


def ready(names: Iterable[str]) -> Ready:
    """Return the live versions of these templates; two questions of the database, however many there are."""
    wanted = dict.fromkeys(names)
    brand = brands.newest_text()
    letterhead = brands.letterhead_of(brand)
    live = dict(
        TemplateVersion.objects.filter(template__name__in=wanted, number=F("template__live")).values_list(
            "template__name", "document"
        )
    )
    return Ready(letterhead, {name: _ready(name, live.get(name), letterhead) for name in wanted})


def _ready(name: str, text: str | None, letterhead: Letterhead) -> Compiled | str:
    if text is None and name not in starters():
        return str(NoSuchTemplate(f"the template {name} is not live; make one of its versions live"))
    try:
        if text is None:  # a shop that has not taken the starter set thanks and confirms with it all the same
            return _compiled.get_or_make(
                (name, letterhead.theme), lambda: templates.compile(starters()[name].document, letterhead.theme)
            )
        # The texts themselves are the key: whatever changes them, in this process or another, is seen at once.
        return _compiled.get_or_make(
            (text, letterhead.theme), lambda: templates.compile(written.read_document(text), letterhead.theme)
        )
    except Refused as wrong:
        return f"the template {name} cannot be used: {wrong}"
