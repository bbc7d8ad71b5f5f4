"""Finds the Liquid in a text, in linear time, before any parser sees it."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from regulars.messaging.templates.refusals import BadTemplate

LONGEST_SOURCE = 200_000
MOST_PIECES = 4_000
# A tag is looked at by regular expressions that may go back over it; this keeps their worst case short.
LONGEST_PIECE = 1_000
_MANY_BLANKS = re.compile(r"\s{60}")
_OPENING = re.compile(r"\{[{%]")
_NAME = re.compile(r"\{%-?\s*(#|\w+)")
# The tokenizer searches for their ends across the whole text, again for each beginning.
UNOFFERED = {"raw", "doc"}
BLOCKS = {"if", "unless", "case", "for", "capture", "comment", "with"}


@dataclass(frozen=True)
class Piece:
    """An output `{{ … }}` or a tag `{% … %}`, whose name is blank for outputs."""

    text: str
    start: int
    name: str

    @property
    def is_tag(self) -> bool:
        return self.text.startswith("{%")

    @property
    def inner(self) -> str:
        """The text between the braces, without the signs that cut white space."""
        return self.text[2:-2].removeprefix("-").removesuffix("-").strip()


def line_of(source: str, position: int) -> int:
    """Return the number of the line that a position is on."""
    return source.count("\n", 0, position) + 1


def pieces(source: str) -> Iterator[Piece]:
    """Yield each output and tag.

    >>> [(piece.name, piece.inner) for piece in pieces("{% if a %}{{- b -}}{% endif %}")]
    [('if', 'if a'), ('', 'b'), ('endif', 'endif')]
    """
    if len(source) > LONGEST_SOURCE:
        raise BadTemplate(f"is longer than {LONGEST_SOURCE:,} characters; make it shorter")
    at = n = 0
    while opening := _OPENING.search(source, at):
        n += 1
        if n > MOST_PIECES:
            raise BadTemplate(f"has more than {MOST_PIECES:,} outputs and tags; use fewer")
        start = opening.start()
        ending = "}}" if opening[0] == "{{" else "%}"
        end = source.find(ending, start + 2, start + LONGEST_PIECE)
        if end < 0:
            raise BadTemplate(
                f"{opening[0]} is not closed by {ending} within {LONGEST_PIECE:,} characters",
                line=line_of(source, start),
            )
        at = end + 2
        text = source[start:at]
        if _MANY_BLANKS.search(text):
            raise BadTemplate(f"{text[:2]} has too many blanks in a row; take some out", line=line_of(source, start))
        name = _NAME.match(text) if ending == "%}" else None
        if name and name[1] in UNOFFERED:
            raise BadTemplate(f"there is no tag {name[1]!r}; leave it out", line=line_of(source, start))
        yield Piece(text, start, name[1] if name else "")


def replaced(source: str, change: Callable[[Piece], str]) -> str:
    """Return the text with each piece changed.

    >>> replaced("a {{ b }} c", lambda piece: piece.inner.upper())
    'a B c'
    """
    parts, at = [], 0
    for piece in pieces(source):
        parts += [source[at : piece.start], change(piece)]
        at = piece.start + len(piece.text)
    return "".join([*parts, source[at:]])


def balance(source: str) -> None:
    """Refuse a text in which a tag that spans others is not closed, or closed twice, with the line."""
    opened: list[Piece] = []
    for piece in pieces(source):
        if piece.name in BLOCKS:
            opened.append(piece)
        elif piece.name.startswith("end"):
            expected = opened.pop().name if opened else ""
            if piece.name != f"end{expected}":
                wanted = f"; {{% end{expected} %}} comes first" if expected else "; it closes nothing"
                raise BadTemplate(f"{{% {piece.name} %}} does not fit{wanted}", line=line_of(source, piece.start))
    if opened:
        name, start = opened[-1].name, opened[-1].start
        raise BadTemplate(f"{{% {name} %}} is never closed by {{% end{name} %}}", line=line_of(source, start))
