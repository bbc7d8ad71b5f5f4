"""Blocks that many templates share: which of them a document reaches, and the document with them in it."""

from collections.abc import Mapping
from dataclasses import replace

from regulars.messaging.templates.compiling import FEET
from regulars.messaging.templates.documents import Document
from regulars.messaging.templates.language.blocks import named
from regulars.messaging.templates.markup.aside import Aside
from regulars.messaging.templates.markup.mjml import measure
from regulars.messaging.templates.refusals import BadTemplate
from regulars.messaging.templates.starter import shipped_blocks


def joined(document: Document, shared: Mapping[str, str]) -> Document:
    """Return the document with the shared blocks as if they were its own; what it calls by the same name stays its own.

    >>> from regulars.messaging.templates.documents import Variant
    >>> own = Document("hi", "sms", "transactional", {"en": Variant("{% render 'bye' %}")}, blocks={"bye": "Bye"})
    >>> joined(own, {"bye": "So long", "sign": "Kessel"}).blocks
    {'bye': 'Bye', 'sign': 'Kessel'}
    """
    return replace(document, blocks={**shared, **document.blocks}) if shared else document


def reached(document: Document, shared: Mapping[str, str]) -> dict[str, str]:
    """Return the shared blocks that a document's messages are made with, named by itself or by other blocks.

    >>> from regulars.messaging.templates.documents import Variant
    >>> text = Document("hi", "sms", "transactional", {"en": Variant("{% render 'bye' %}")})
    >>> reached(text, {"bye": "{% render 'sign' %}", "bye.de": "Ciao", "sign": "Kessel", "other": "x"})
    {'bye': "{% render 'sign' %}", 'bye.de': 'Ciao', 'sign': 'Kessel'}
    """
    blocks = {"foot": FEET[document.message_class], **shipped_blocks(), **shared, **document.blocks}
    names: set[str] = set()
    waiting = {"frame"} if document.channel == "email" else set()
    for one in document.variants.values():
        waiting |= named(one.subject) | named(one.preheader) | named(one.body)
    while waiting:
        names |= waiting
        texts = [text for key, text in blocks.items() if base_of(key) in waiting]
        waiting = {name for text in texts for name in named(text)} - names
    return {key: text for key, text in shared.items() if base_of(key) in names and key not in document.blocks}


def whole(key: str, text: str) -> None:
    """Refuse a block of mails in which something is not closed, with its line: it has to be so by itself."""
    try:
        measure(Aside().put(text))
    except BadTemplate as wrong:
        raise wrong.at(f"block {key}") from wrong


def base_of(key: str) -> str:
    """Return a block's name without its language.

    >>> base_of("greeting.de")
    'greeting'
    """
    return key.partition(".")[0]
