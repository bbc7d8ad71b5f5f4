"""Where the links of a page are: found in any page by looking at all of it, and in a template once for all its letters."""

import html as entities
import re
from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache

from regulars.messaging.templates.language.alike import MARK, Target
from regulars.messaging.templates.language.scanning import Piece, pieces, replaced

# Attributes of a tag: a name, and perhaps a value in quotes or without.
_ATTRIBUTE = re.compile(r"""([^\s"'<>/=]+)(?:\s*=\s*("[^"]*"|'[^']*'|[^\s"'=<>`]+))?""")
# Where a link's tag may begin, or something begins that only looks as if it held links. One search and no parser, which takes
# thirty times as long: a broadcast waits for every letter.
_BEGINS = re.compile(
    r"<(?:!--|(?P<link>[aA](?:[rR][eE][aA])?[\s/])|(?P<mute>(?i:style|script|title|textarea|xmp|iframe|noembed|noframes))(?=[\s/>]))"
)
_TAG = re.compile(r"""<\w+(?:[^"'<>]++|"[^"]*+"|'[^']*+'){0,200}+>""")
_MUTE_ENDS = re.compile(r"</(\w+)")
# Marks a link that is left as it is.
LEFT_ALONE = "data-untracked"


class Pieces(tuple[str, ...]):
    """A page in pieces, most of which many pages have alike; its links' targets are among them, where it knows its links."""

    __slots__ = ()
    knows_links = True

    def led(self, led: Callable[[str], str | None]) -> "Pieces":
        """Return the page with what is led to in place of its targets, as they are written; None leaves one as it is."""
        return Pieces([(led(one) or one) if one.__class__ is Target else one for one in self])


class Unmarked(Pieces):
    """A page of which nobody told where its links are."""

    __slots__ = ()
    knows_links = False


class Page(str):
    """A page that is whole and knows its pieces."""

    __slots__ = ("pieces",)

    pieces: Pieces


class Whole:
    """An attribute that is a text, kept in pieces until somebody wants it whole: a mail is made of the pieces."""

    def __set_name__(self, owner: type, name: str) -> None:
        self._name = name

    def __get__(self, one: object, owner: type | None = None) -> str:
        found: str | Pieces = (
            "" if one is None else one.__dict__[self._name]
        )  # of the class: what a dataclass takes for none
        return found if isinstance(found, str) else "".join(found)

    def __set__(self, one: object, value: str | Pieces) -> None:
        one.__dict__[self._name] = value


def pieced(parts: Sequence[str], *, are_turns: bool) -> Pieces:
    """Return a page of its parts: its links' targets stand among them when they are turns, else there are marks around them if
    it knows its links."""
    if are_turns:
        return Pieces(parts)
    turns = "".join(parts).split(MARK)
    if len(turns) > 1:
        return Pieces([Target(turn) if number % 2 else turn for number, turn in enumerate(turns)])
    return Unmarked(parts)


def page(pieces: Pieces) -> str:
    """Return a page whole; one that knows its links goes on doing so."""
    if not pieces.knows_links:
        return "".join(pieces)
    made = Page("".join(pieces))
    made.pieces = pieces
    return made


def marked(source: str) -> str:
    """Put marks around the targets of a template's links; where not every link can be told from here, around none.

    >>> marked('<a href="{{ url }}">Tea</a>').replace(MARK, "|")
    '<a href="|{{ url }}|">Tea</a>'
    >>> marked('<a {% if a %}href="https://a.example"{% endif %}>Tea</a>').count(MARK)
    0
    """
    liquid = list(pieces(source))
    if any(piece.name == "capture" for piece in liquid):
        return source  # what is captured may be cut, with half of its marks
    told, at = [], 0
    # Liquid's own quotes and brackets are none of the page's.
    for start, tag in anchors(replaced(source, lambda piece: "x" * len(piece.text))):
        if not all(_is_in_a_value(tag, piece, start) for piece in liquid if 0 <= piece.start - start < len(tag)):
            return source
        before, target, behind = target_in(tag)
        if target:
            first, end = start + len(before), start + len(tag) - len(behind)
            if source[first] != '"':
                return source
            told += [source[at : first + 1], MARK, source[first + 1 : end - 1], MARK]
            at = end - 1
    return "".join([*told, source[at:]])


def _is_in_a_value(tag: str, piece: Piece, start: int) -> bool:
    """Say whether Liquid in a tag stands in a value that neither ends by it nor decides about the link."""
    at = piece.start - start
    return any(
        found[1].lower() != "rel" and (found[2] or "")[:1] in ("'", '"') and found.start(2) < at < found.end(2)
        for found in _ATTRIBUTE.finditer(tag)
    )


def anchors(html: str) -> Iterator[tuple[int, str]]:
    """Yield where each link's tag stands, and the tag; what stands in comments, styles and scripts is none."""
    end = 0
    for begin in _BEGINS.finditer(html):
        start = begin.start()
        if start < end:
            continue
        if begin["link"]:
            if tag := _TAG.match(html, start):
                end = tag.end()
                yield start, tag[0]
        else:
            end = _end_of_mute(html, begin["mute"], begin.end())


def _end_of_mute(html: str, name: str | None, start: int) -> int:
    """Return where a comment (no name) or an element without tags in it ends: at the end of all when nothing ends it."""
    if name is None:
        end = html.find("-->", start)
        return len(html) if end < 0 else end
    ends = (found.start() for found in _MUTE_ENDS.finditer(html, start) if found[1].lower() == name.lower())
    return next(ends, len(html))


@lru_cache(maxsize=4096)  # the letters of a broadcast have most of their links in common
def target_in(tag: str) -> tuple[str, str, str]:
    """Return what stands before a link's target, the target, and what stands behind it; no target of one left alone."""
    name = re.match(r"<\w+", tag)
    attributes = list(_ATTRIBUTE.finditer(tag, name.end() if name else 0))
    values = {found[1].lower(): _value(found[2]) for found in reversed(attributes)}
    href = next((found for found in attributes if found[1].lower() == "href" and found[2]), None)
    if href is None or LEFT_ALONE in values or "unsubscribe" in values.get("rel", "").lower().split():
        return tag, "", ""
    return tag[: href.start(2)], _value(href[2]), tag[href.end(2) :]


def _value(written: str | None) -> str:
    bare = written or ""
    return entities.unescape(bare[1:-1] if bare[:1] in ("'", '"') else bare).strip()
