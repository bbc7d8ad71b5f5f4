"""Puts Liquid aside while markup is translated, and back into its places afterwards."""

import re
from hashlib import sha256

from regulars.messaging.templates.language.scanning import Piece, line_of, pieces, replaced
from regulars.messaging.templates.refusals import BadTemplate

_MARKUP = re.compile(r"<!--.*?-->|<[^<>]*>", re.DOTALL)
# What stands in these is text to the parser, comments too.
_VERBATIM = re.compile(r"<(/?)(?:mj-title|title|mj-preview|mj-style|style)\b", re.IGNORECASE)


class Aside:
    """Holds the Liquid of one source. Tags between elements become comments, which may stand anywhere, also between the
    rows of a table; outputs, and whatever stands inside an element's own brackets, become words."""

    def __init__(self) -> None:
        self.kept: list[str] = []
        # A mark is letters and digits, which a translator carries through texts and attributes unchanged.
        self.word = ""
        self.marks = re.compile("")

    def put(self, source: str) -> str:
        """Return the source with its Liquid put aside."""
        # No text can hold its own digest, so none of its words is taken for a mark.
        self.word = f"lq{sha256(source.encode('utf-8', 'replace')).hexdigest()[:12]}x"
        self.marks = re.compile(rf"<!--{self.word}(\d+)z-->|{self.word}(\d+)z")
        tags: set[int] = set()

        def keep(piece: Piece) -> str:
            self.kept.append(piece.text)
            if piece.is_tag:
                tags.add(len(self.kept) - 1)
            return f"{self.word}{len(self.kept) - 1}z"

        marked = without_comments(replaced(source, keep))
        parts, at, is_verbatim = [], 0, False
        for element in _MARKUP.finditer(marked):
            between = marked[at : element.start()]
            parts += [between if is_verbatim else self._commented(between, tags), element[0]]
            at = element.end()
            if found := _VERBATIM.match(element[0]):
                is_verbatim = not found[1]
        return "".join([*parts, self._commented(marked[at:], tags)])

    def back(self, translated: str) -> str:
        """Return the translation with its Liquid in place again."""
        return self.marks.sub(lambda found: self.kept[int(found[1] or found[2])], translated)

    def tags_in(self, text: str) -> list[str]:
        """Return the marks of the tags in a text; outputs are left out."""
        return [
            found[0] for found in self.marks.finditer(text) if self.kept[int(found[1] or found[2])].startswith("{%")
        ]

    def _commented(self, text: str, tags: set[int]) -> str:
        return self.marks.sub(lambda found: f"<!--{found[0]}-->" if int(found[2]) in tags else found[0], text)


def without_comments(marked: str) -> str:
    """Return markup without its comments, but for those that only Outlook reads. Every other search relies on their ends.

    >>> without_comments("a<!-- b -->c<!--[if mso]>d<![endif]-->")
    'ac<!--[if mso]>d<![endif]-->'
    """
    parts, at = [], 0
    while (start := marked.find("<!--", at)) >= 0:
        end = marked.find("-->", start + 4)
        if end < 0:
            raise BadTemplate("<!-- is never closed by -->", line=line_of(marked, start))
        comment = marked[start : end + 3]
        is_kept = comment.startswith(("<!--[if", "<!--<![endif", "<!--lq"))
        parts += [marked[at:start], comment if is_kept else ""]
        at = end + 3
    return "".join([*parts, marked[at:]])


def guard_links(html: str) -> str:
    """Put `| link` behind every output that begins an address, so that data cannot make one that runs.

    >>> guard_links('<a href="{{ url }}">{{ url }}</a> <img src="https://x/{{ id }}.png">')
    '<a href="{{ url | link }}">{{ url }}</a> <img src="https://x/{{ id }}.png">'
    >>> guard_links('<a href="{% if a %}{{ b }}{% else %}{{ c }}/{{ d }}{% endif %}">')
    '<a href="{% if a %}{{ b | link }}{% else %}{{ c | link }}/{{ d }}{% endif %}">'
    """
    return _ADDRESS.sub(lambda found: found[1] + _guarded(found[2]), html)


_ADDRESS = re.compile(
    r'((?:href|src|background|action|srcset|poster)\s*=\s*")((?:\{\{.*?\}\}|\{%.*?%\}|[^"])*)',
    re.DOTALL | re.IGNORECASE,
)


def _guarded(address: str) -> str:
    told, at, begun = [], 0, False
    for piece in pieces(address):
        between = address[at : piece.start]
        begun = begun or bool(between.strip())
        at = piece.start + len(piece.text)
        if piece.is_tag:
            # Each branch begins the address anew.
            begun = begun and piece.name not in ("else", "elsif", "when")
            told += [between, piece.text]
        else:
            told += [between, piece.text if begun else f"{{{{ {piece.inner} | link }}}}"]
            begun = True
    return "".join([*told, address[at:]])
