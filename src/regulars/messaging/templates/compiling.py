"""Compiles a document once and renders it for one reader after the other."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from regulars.messaging.templates.documents import Document, Theme, Variant, fallback, reader_locale
from regulars.messaging.templates.language.alike import Passages
from regulars.messaging.templates.language.blocks import expanded
from regulars.messaging.templates.language.meter import LIMITS, Limits, Meter
from regulars.messaging.templates.language.programs import Program, View, inspect, read
from regulars.messaging.templates.language.values import Copied, plain
from regulars.messaging.templates.markup.anchors import Pieces, Whole, marked, page, pieced
from regulars.messaging.templates.markup.aside import Aside
from regulars.messaging.templates.markup.mjml import html_of, measure, themed
from regulars.messaging.templates.markup.plain_text import text_of, tidied, tidy
from regulars.messaging.templates.refusals import BadTemplate
from regulars.messaging.templates.starter import shipped_blocks

_CONTROL = re.compile(r"[\x00-\x1f\x7f\x85\u2028\u2029]+")

# What the frame ends with.
FEET = {"marketing": "{% render 'unsubscribe_footer' %}", "transactional": "{% render 'footer' %}"}


@dataclass(frozen=True)
class Rendered:
    """A message's words: subject and html are blank for an SMS. locale is the language it was written in.

    beside is a notification's link, or the language that a WhatsApp template has there; of such a template, whose name is the
    subject, the text has one parameter on each line.
    """

    subject: str
    text: str
    html: Whole = Whole()  # noqa: RUF009  # a descriptor: dataclasses know it
    locale: str = ""
    beside: str = ""

    @property
    def page(self) -> str | Pieces:
        """Its HTML, in pieces when it was written at a desk."""
        found: str | Pieces = self.__dict__["html"]
        return found


@dataclass(frozen=True)
class Parts:
    """One language's programs."""

    subject: Program
    text: Program
    html: Program | None = None
    beside: Program | None = None
    lines: Sequence[Program] = ()  # in place of the text: each is one line, whatever its values hold

    @property
    def programs(self) -> list[Program]:
        return [one for one in (self.subject, self.text, self.html, self.beside, *self.lines) if one]


@dataclass(frozen=True)
class Compiled:
    """A document with everything done that does not depend on the reader; render() may run in many threads."""

    document: Document
    theme: Theme
    parts: Mapping[str, Parts]

    @cached_property
    def _mentioned(self) -> dict[str, bool]:
        return {}

    @cached_property
    def _theme_data(self) -> Mapping[str, Any]:
        return self.theme.data()

    def render(self, data: Mapping[str, Any], locale: str = "", limits: Limits = LIMITS) -> Rendered:
        """Write the message for one reader, in their language or the nearest there is.

        data holds plain values by name; `theme` is added. Raises Refused, with a sentence, for data that is not plain and
        for a template that asks for too much.
        """
        return self.watched(data, locale, limits, None)

    def retitled(self, subject: str) -> "Compiled":
        """Return the same message under another subject, which may hold values like the template's own; raise BadTemplate."""
        inspect(subject, "subject")
        words = read(subject, "subject", is_html=False)
        return replace(self, parts={locale: replace(part, subject=words) for locale, part in self.parts.items()})

    def watched(self, data: Mapping[str, Any], locale: str, limits: Limits, missing: set[str] | None) -> Rendered:
        """Render, noting the names that led nowhere."""
        tongue = self._tongue(locale)  # first, so that what is done once is on no message's clock
        return self._written(plain(data), tongue, View(Meter(limits), "", missing), page)

    def mentions(self, name: str) -> bool:
        """Say whether the document may read a name of the data anywhere."""
        found = self._mentioned.get(name)
        if found is None:
            programs = (program for part in self.parts.values() for program in part.programs)
            found = self._mentioned[name] = any(program.mentions(name) for program in programs)
        return found

    def desk(self, shared: Mapping[str, Any]) -> "Desk":
        """Return where a batch of messages is written, with the data that all of them share."""
        return Desk(self, shared)

    def _tongue(self, locale: str) -> tuple[str, str]:
        """Return the language that a reader's message is written in, made ready, and the locale of its money and days."""
        language = fallback(locale, self.parts, self.document.default_locale)
        for program in self.parts[language].programs:
            program.make_ready()
        return language, reader_locale(locale, language)

    def _written(
        self, given: dict[str, Any], tongue: tuple[str, str], view: View, bound: Callable[[Pieces], str | Pieces]
    ) -> Rendered:
        language, view.locale = tongue
        given["theme"] = self._theme_data
        part = self.parts[language]
        return Rendered(
            subject=one_line(part.subject.run(given, view)),
            text="\n".join(one_line(line.run(given, view)) for line in part.lines) or tidy(part.text.run(given, view)),
            html=bound(pieced(part.html.parts(given, view), are_turns=part.html.tells_links)) if part.html else "",
            locale=language,
            beside=one_line(part.beside.run(given, view)) if part.beside else "",
        )


class Desk:
    """A template while a batch of messages is written by it, one after the other: what several of them have in common is seen to
    once. It stays in one thread, and what it was given is changed by nobody as long as it is used."""

    def __init__(self, compiled: Compiled, shared: Mapping[str, Any]) -> None:
        self._compiled, self._shared = compiled, plain(shared)
        self._known: dict[int, Copied] = {}
        self._passages = Passages()
        self._tongues: dict[str, tuple[str, str]] = {}

    def render(self, data: Mapping[str, Any], locale: str = "") -> Rendered:
        """Write a message, as Compiled.render does; of a name in both, what this message brings counts."""
        tongue = self._tongues.get(locale)
        if tongue is None:
            tongue = self._tongues[locale] = self._compiled._tongue(locale)
        view = View(Meter(LIMITS), "", None, self._passages)
        return self._compiled._written({**self._shared, **plain(data, self._known)}, tongue, view, _loose)


def _loose(pieces: Pieces) -> Pieces:
    return pieces


def compile(document: Document, theme: Theme) -> Compiled:  # noqa: A001  # read as templates.compile
    """Compile a document in every language it has; raise BadTemplate with the place where it cannot be read."""
    blocks = {**shipped_blocks(), **document.blocks}
    for name, source in document.blocks.items():
        inspect(source, f"block {name}")
    blocks.setdefault("foot", FEET[document.message_class])
    write = WRITERS[document.channel]
    parts = {}
    for locale, variant in document.variants.items():
        parts[locale] = write(variant, _Place(locale, for_locale(blocks, locale), theme))
    return Compiled(document, theme, parts)


@dataclass(frozen=True)
class _Place:
    locale: str
    blocks: Mapping[str, str]
    theme: Theme

    def named(self, part: str) -> str:
        return f"{part} ({self.locale})"


def _mail(variant: Variant, place: _Place) -> Parts:
    subject = _words(variant.subject, place.named("subject"), place)
    inspect(variant.preheader, place.named("preheader"))
    inspect(variant.body, place.named("body"))
    try:
        # By itself first, for a line that its author can find.
        measure(Aside().put(variant.body))
        body = expanded(variant.body, place.blocks)
        if "<mjml" not in variant.body:
            framed = {**place.blocks, "body": variant.body, "preheader": variant.preheader}
            body = expanded("{% render 'frame' %}", framed)
        html = html_of(themed(body, place.theme), place.locale)
        text = text_of(html)
    except BadTemplate as wrong:
        raise wrong.at(place.named("body")) from wrong
    return Parts(
        subject,
        read(text, place.named("text"), is_html=False, prepared=tidied),
        read(html, place.named("body"), is_html=True, prepared=marked),
    )


def _short(variant: Variant, place: _Place) -> Parts:
    return Parts(
        read("", place.named("subject"), is_html=False),
        _words(variant.body, place.named("text"), place),
    )


def _notice(variant: Variant, place: _Place) -> Parts:
    return Parts(
        _words(variant.subject, place.named("subject"), place),
        _words(variant.body, place.named("text"), place),
        beside=_words(variant.preheader, place.named("preheader"), place),
    )


def _whatsapp(variant: Variant, place: _Place) -> Parts:
    if not variant.subject.strip():
        return _short(variant, place)
    lines = [line for line in variant.body.splitlines() if line.strip()]
    return Parts(
        _words(variant.subject, place.named("subject"), place),
        read("", place.named("text"), is_html=False),
        beside=_words(variant.preheader or place.locale.replace("-", "_"), place.named("preheader"), place),
        lines=[_words(line, place.named("text"), place) for line in lines],
    )


WRITERS: Mapping[str, Callable[[Variant, _Place], Parts]] = {
    "email": _mail,
    "push": _notice,
    "sms": _short,
    "whatsapp": _whatsapp,
}


def _words(source: str, where: str, place: _Place) -> Program:
    inspect(source, where)
    try:
        whole = expanded(source, place.blocks)
    except BadTemplate as wrong:
        raise wrong.at(where) from wrong
    return read(whole, where, is_html=False)


def for_locale(blocks: Mapping[str, str], locale: str) -> dict[str, str]:
    """Return the blocks of a language: `footer.de` stands in for `footer` in German.

    >>> for_locale({"hi": "Hi", "hi.de": "Hallo", "bye": "Bye"}, "de-AT")
    {'hi': 'Hallo', 'bye': 'Bye'}
    """
    names = dict.fromkeys(name.partition(".")[0] for name in blocks)
    chosen = {}
    for name in names:
        present = {key.partition(".")[2]: key for key in blocks if key.partition(".")[0] == name}
        chosen[name] = blocks[present[fallback(locale, present, "" if "" in present else next(iter(present)))]]
    return chosen


def one_line(text: str) -> str:
    """Return a text that fits a header: line ends and control signs become blanks.

    >>> one_line("Hi\\r\\nBcc: all@example.com")
    'Hi Bcc: all@example.com'
    """
    return (text if text.isprintable() else _CONTROL.sub(" ", text)).strip()
