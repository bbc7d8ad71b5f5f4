"""Reads a rendered mail as a mail program would: its links, pictures, and texts with their colours."""

import re
from dataclasses import dataclass, field
from html.parser import HTMLParser

from regulars.messaging.templates.checking.colours import Colour, colour
from regulars.messaging.templates.markup.mjml import VOID

_DECLARATION = re.compile(r"([\w-]+)\s*:\s*([^;]+)")
UNWELCOME = {"script", "iframe", "form", "object", "embed", "video"}
_UNSEEN = {"head", "style", "script", "title"}


@dataclass(frozen=True)
class Shown:
    """A piece of text with its colours; no background where that is a picture."""

    text: str
    colour: Colour | None
    background: Colour | None


@dataclass
class Page:
    """What a mail consists of."""

    links: list[tuple[str, str]] = field(default_factory=list)  # address, text
    without_alt: list[str] = field(default_factory=list)  # sources of pictures
    shown: list[Shown] = field(default_factory=list)
    unwelcome: list[str] = field(default_factory=list)

    @property
    def words(self) -> str:
        """All text, with single blanks."""
        return " ".join(" ".join(piece.text for piece in self.shown).split())


def look(html: str) -> Page:
    """Read a mail."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    return reader.page


@dataclass(frozen=True)
class _Style:
    tag: str
    colour: Colour | None = (0, 0, 0)
    background: Colour | None = (255, 255, 255)
    is_hidden: bool = False


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.page = Page()
        self.styles = [_Style("")]
        self.link: list[str] | None = None
        self.address = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag in UNWELCOME:
            self.page.unwelcome.append(tag)
        if tag == "a" and "href" in given:
            self.link, self.address = [], given["href"].strip()
        elif tag == "img":
            self._picture(given)
        if tag not in VOID:
            self.styles.append(_below(self.styles[-1], tag, given))

    def handle_endtag(self, tag: str) -> None:
        if tag == "a" and self.link is not None:
            self.page.links.append((self.address, " ".join(" ".join(self.link).split())))
            self.link = None
        for at in range(len(self.styles) - 1, 0, -1):
            if self.styles[at].tag == tag:
                del self.styles[at:]
                break

    def handle_data(self, data: str) -> None:
        style = self.styles[-1]
        if not data.strip() or style.is_hidden:
            return
        if self.link is not None:
            self.link.append(data)
        self.page.shown.append(Shown(data.strip(), style.colour, style.background))

    def _picture(self, given: dict[str, str]) -> None:
        # A blank alt says that a picture only decorates, but not when it is the link.
        if "alt" not in given or (self.link is not None and not given["alt"].strip()):
            self.page.without_alt.append(given.get("src", ""))
        elif self.link is not None:
            self.link.append(given["alt"])


def _below(above: _Style, tag: str, given: dict[str, str]) -> _Style:
    rules = {name.lower(): value for name, value in _DECLARATION.findall(given.get("style", ""))}
    front, behind = above.colour, above.background
    if "color" in rules:
        front = colour(rules["color"])
    for name in ("background", "background-color"):
        if name in rules and rules[name].strip() not in ("none", "transparent"):
            behind = colour(rules[name]) if "url(" not in rules[name] else None
    if "bgcolor" in given and not {"background", "background-color"} & rules.keys():
        behind = colour(given["bgcolor"])
    hidden = above.is_hidden or tag in _UNSEEN or rules.get("display", "").strip().startswith("none")
    return _Style(tag, front, behind, hidden)
