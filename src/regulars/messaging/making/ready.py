"""Compiled templates, kept in this process for as long as neither the live version, the blocks it uses nor the brand changes."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.db.models import F

from regulars.core.answers.cache import Once
from regulars.messaging import templates
from regulars.messaging.blocks import rows as blocks
from regulars.messaging.making import brands, written
from regulars.messaging.making.letterheads import Letterhead
from regulars.messaging.making.storing import NoSuchTemplate
from regulars.messaging.models import TemplateVersion
from regulars.messaging.templates import Compiled, Document, Refused, starters

KEPT = 128
_compiled, _reached = Once(KEPT), Once(KEPT)


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
    """Return the live versions of these templates; three questions of the database, however many there are."""
    wanted = dict.fromkeys(names)
    brand = brands.newest_text()
    letterhead = brands.letterhead_of(brand)
    live = dict(
        TemplateVersion.objects.filter(template__name__in=wanted, number=F("template__live")).values_list(
            "template__name", "document"
        )
    )
    wearing = _Wearing(letterhead, tuple(blocks.live().items()))
    return Ready(letterhead, {name: _ready(name, live.get(name), wearing) for name in wanted})


@dataclass(frozen=True)
class _Wearing:
    """What stands around every template's own words: the letterhead, and the live shared blocks."""

    letterhead: Letterhead
    shared: tuple[tuple[str, str], ...]


def _ready(name: str, text: str | None, wearing: _Wearing) -> Compiled | str:
    if text is None and name not in starters():
        return str(NoSuchTemplate(f"the template {name} is not live; make one of its versions live"))

    def read() -> Document:
        # A shop that has not taken the starter set thanks and confirms with it all the same.
        return starters()[name].document if text is None else written.read_document(text)

    try:
        # The texts themselves are the keys: whatever changes them, in this process or another, is seen at once, and a block
        # that is made live concerns the templates that use it alone.
        own, theme = text or name, wearing.letterhead.theme
        used = _reached.get_or_make(
            (own, wearing.shared), lambda: tuple(templates.reached(read(), dict(wearing.shared)).items())
        )
        return _compiled.get_or_make(
            (own, theme, used), lambda: templates.compile(templates.joined(read(), dict(used)), theme)
        )
    except Refused as wrong:
        return f"the template {name} cannot be used: {wrong}"
