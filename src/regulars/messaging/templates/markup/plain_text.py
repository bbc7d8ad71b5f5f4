"""The plain-text part of a mail, made from its HTML once; the Liquid in it goes along."""

import re
from html.parser import HTMLParser

from regulars.messaging.templates.language.scanning import pieces
from regulars.messaging.templates.markup.aside import Aside
from regulars.messaging.templates.markup.mjml import VOID

_SKIPPED = {"head", "style", "script", "title", "noscript"}
_PARAGRAPHS = {"p", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "table", "blockquote", "section"}
_LINES = {"div", "li", "tr", "br", "hr", "article", "center"}
_SPACE = re.compile(r"[ \t\r\n]+")
_LINES_END = re.compile(r"[ \t]*\n[ \t\n]*")
_HIDDEN = re.compile(r"display\s*:\s*none")


def text_of(html: str) -> str:
    """Return a page as plain text: links as `text (address)`, list items with a dash, a table's rows as lines.

    >>> tidy(text_of("<h1>Hi {{ name }}</h1><p>Look <a href='{{ url }}'>here</a></p><ul><li>one</li><li>two</li></ul>"))
    'Hi {{ name }}\\n\\nLook here ({{ url }})\\n\\n- one\\n- two'
    >>> tidy(text_of("<table>{% for l in lines %}<tr><td>{{ l }}</td><td>1</td></tr>{% endfor %}</table>"))
    '{% for l in lines %}\\n{{ l }}  1{% endfor %}'
    """
    aside = Aside()
    marked = aside.put(html)
    reader = _Reader(aside)
    reader.feed(marked)
    reader.close()
    return aside.back("".join(reader.parts))


def tidy(text: str) -> str:
    """Take out the blanks at line ends and all but one blank line in a row.

    >>> tidy(" a  \\n\\n \\n\\n b\\n")
    'a\\n\\nb'
    """
    text = "\n".join([line.strip() for line in text.split("\n")])
    while "\n\n\n" in text:
        text = text.replace("\n\n\n", "\n\n")
    return text.strip()


def tidied(source: str) -> str:
    """Tidy a template's own texts, so that there is less to do for each letter; its letters are the same.

    >>> tidied(" a  \\n\\n \\n\\n {{ b }} \\n c")
    ' a\\n\\n{{ b }}\\nc'
    """
    liquid = list(pieces(source))
    if any(piece.name == "capture" for piece in liquid):
        return source  # what is captured may be counted or compared
    told, at = [], 0
    for piece in liquid:
        told += [_shortened(source[at : piece.start]), piece.text]
        at = piece.start + len(piece.text)
    return "".join([*told, _shortened(source[at:])])


def _shortened(text: str) -> str:
    return _LINES_END.sub(lambda found: "\n" * min(found[0].count("\n"), 2), text)


class _Reader(HTMLParser):
    def __init__(self, aside: Aside) -> None:
        super().__init__(convert_charrefs=True)
        self.aside = aside
        self.parts: list[str] = []
        self.skipped: list[str] = []  # the elements open since one that is not shown began
        self.tables: list[bool] = []  # for each open table, whether it holds data
        self.links: list[tuple[str, int]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if self.skipped or tag in _SKIPPED or _HIDDEN.search(given.get("style", "")):
            if tag not in VOID:
                self.skipped.append(tag)
            return
        if tag == "a":
            self.links.append((given.get("href", ""), len(self.parts)))
        elif tag == "img" and self.links and given.get("alt"):
            self.handle_data(given["alt"])
        elif tag in ("td", "th") and self.is_data:
            self.parts.append("  ")
        elif tag == "hr":
            self.parts.append("\n\n---\n\n")
        self._break(tag)
        if tag == "table":
            self.tables.append(given.get("role") != "presentation")
        elif tag == "li":
            self.parts.append("- ")

    def handle_endtag(self, tag: str) -> None:
        if self.skipped:
            if tag in self.skipped:
                del self.skipped[len(self.skipped) - 1 - self.skipped[::-1].index(tag) :]
            return
        if tag == "a" and self.links:
            self._end_link(*self.links.pop())
        if tag == "table" and self.tables:
            self.tables.pop()
        if tag not in ("br", "li", "tr"):
            self._break(tag)

    def handle_data(self, data: str) -> None:
        if not self.skipped:
            self.parts.append(_SPACE.sub(" ", data))

    def handle_comment(self, data: str) -> None:
        # A loop may begin in one comment for Outlook and end in another; its tags take no room.
        self.parts += [f"<!--{mark}-->" for mark in self.aside.tags_in(data)]

    @property
    def is_data(self) -> bool:
        return bool(self.tables) and self.tables[-1]

    def _break(self, tag: str) -> None:
        if tag in _PARAGRAPHS or (tag == "tr" and not self.is_data):
            self.parts.append("\n\n")
        elif tag in _LINES:
            self.parts.append("\n")

    def _end_link(self, address: str, start: int) -> None:
        shown = "".join(self.parts[start:]).strip()
        if address and not address.startswith("#") and address.removeprefix("mailto:") != shown and shown:
            self.parts[start:] = [shown, f" ({address})"]
