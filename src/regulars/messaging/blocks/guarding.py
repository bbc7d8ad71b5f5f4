"""Who uses a shared block, and what of it would break with other texts: asked before those become live."""

import re
from collections.abc import Iterator, Mapping
from datetime import datetime

from django.db.models import F

from regulars.messaging import templates
from regulars.messaging.making import samples, written
from regulars.messaging.making.brands import brand
from regulars.messaging.models import TemplateVersion
from regulars.messaging.templates import BadTemplate, Document, Finding, Severity, Variant, base_of, joined, reached

# Which element a mail has around the first one of a block.
WITHIN_BODY = ("mj-section", "mj-wrapper", "mj-hero", "mj-raw")
WITHIN_SECTION = ("mj-column", "mj-group")
_ELEMENT = re.compile(r"<(/?[a-zA-Z][\w-]*)")


def users(name: str, shared: Mapping[str, str]) -> list[str]:
    """Return the names of the live templates whose messages are made with this block, by themselves or through another."""
    return sorted(one for one, document in live_templates().items() if uses(document, name, shared))


def uses(document: Document, name: str, shared: Mapping[str, str]) -> bool:
    """Say whether a document's messages are made with this shared block."""
    return name in map(base_of, reached(document, shared))


def live_templates() -> dict[str, Document]:
    """Return the documents that messages are written with by name; shipped ones where the shop has none of its own."""
    rows = TemplateVersion.objects.filter(number=F("template__live")).values_list("template__name", "document")
    found = {name: written.read_document(text) for name, text in rows}
    return {**{name: one.document for name, one in templates.starters().items()}, **found}


def harm(
    name: str, before: Mapping[str, str], after: Mapping[str, str], now: datetime
) -> Iterator[tuple[str, Finding]]:
    """Yield what would be wrong with `after` as the shared blocks in place of `before`, which differ in this block alone.

    Each comes with the name of the block or template where it would be; what is wrong there already is left out.
    """
    yield from unread(name, before, after)
    for one, document in live_templates().items():
        if uses(document, name, {**after, **before}):
            known = set(_errors(document, before, now))
            yield from ((one, finding) for finding in _errors(document, after, now) if finding not in known)


def unread(name: str, before: Mapping[str, str], after: Mapping[str, str]) -> Iterator[tuple[str, Finding]]:
    """Yield what could not be read in this block, and then in those that render it."""
    for one in sorted(set(map(base_of, after)), key=lambda one: (one != name, one)):
        alone = by_itself(one, after)
        if uses(alone, name, {**after, **before}):
            yield from ((one, finding) for finding in _unread(alone, after))


def by_itself(name: str, shared: Mapping[str, str]) -> Document:
    """Return a message that holds nothing but this block, in each of its languages: a text, or a mail with what must be
    around it.

    >>> by_itself("rest", {"rest": "<mj-text>Have a rest</mj-text>"}).variants["en"].body
    "<mj-section><mj-column>{% render 'rest' %}</mj-column></mj-section>"
    """
    languages = [key.partition(".")[2] or "en" for key in shared if base_of(key) == name]
    shown, body = f"{{% render '{name}' %}}", ""
    found = _ELEMENT.search(_flat(name, shared, ()))
    if found is None:
        return Document(
            name, "sms", "transactional", {"en": Variant(shown), **dict.fromkeys(languages, Variant(shown))}
        )
    if found[1] in WITHIN_BODY:
        body = shown
    elif found[1] in WITHIN_SECTION:
        body = f"<mj-section>{shown}</mj-section>"
    else:
        inner = shown if found[1].startswith("mj-") else f"<mj-text>{shown}</mj-text>"
        body = f"<mj-section><mj-column>{inner}</mj-column></mj-section>"
    variant = Variant(body, name)
    return Document(name, "email", "transactional", {"en": variant, **dict.fromkeys(languages, variant)})


def _flat(name: str, shared: Mapping[str, str], above: tuple[str, ...]) -> str:
    """Return a block's words behind those of the blocks that it renders: whichever element is the first, all lie alike."""
    text = shared.get(name) or next((one for key, one in shared.items() if base_of(key) == name), "")
    text = text or templates.shipped_blocks().get(name, "")
    first = _ELEMENT.search(text)
    begun = text[: first.start()] if first else text
    inner = [_flat(one, shared, (*above, name)) for one in sorted(templates.named(begun)) if one not in (*above, name)]
    return "".join([*inner, text])


def _unread(document: Document, shared: Mapping[str, str]) -> Iterator[Finding]:
    try:
        for key, text in shared.items():
            if base_of(key) == document.name and document.channel == "email":
                templates.whole(key, text)
        templates.compile(joined(document, shared), brand().theme)
    except BadTemplate as wrong:
        place = f"{wrong.where}, line {wrong.line}" if wrong.line else wrong.where
        yield Finding(Severity.ERROR, place, templates.ended(wrong.sentence))


def _errors(document: Document, shared: Mapping[str, str], now: datetime) -> Iterator[Finding]:
    sample = samples.sample_data(document.name, now)
    for finding in templates.check(joined(document, shared), brand().theme, sample):
        if finding.severity == Severity.ERROR:
            yield finding
