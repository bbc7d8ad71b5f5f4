"""Puts Liquid aside while markup is translated, and back into its places afterwards."""

import re

from regulars.messaging.templates.language.scanning import Piece, pieces, replaced

# Letters and digits only: a translator carries them through texts and attributes unchanged.
_TOKEN = re.compile(r"<!--lq(\d+)z-->|lq(\d+)z")
_MARKUP = re.compile(r"<!--.*?-->|<(title|mj-title|mj-preview|mj-style|style)\b[^>]*>.*?</\1>|<[^<>]*>", re.DOTALL)


class Aside:
    """Holds the Liquid of one source. Tags between elements become comments, which may stand anywhere, also between the
    rows of a table; outputs, and whatever stands inside an element's own brackets, become words."""

    def __init__(self) -> None:
        self.kept: list[str] = []

    def put(self, source: str) -> str:
        """Return the source with its Liquid put aside."""
        # A word in the text that looks like one of ours would be taken for one.
        source = re.sub(r"(?i)lq(?=\d+z)", "l&#113;", source)
        tags: set[int] = set()

        def keep(piece: Piece) -> str:
            self.kept.append(piece.text)
            if piece.is_tag:
                tags.add(len(self.kept) - 1)
            return f"lq{len(self.kept) - 1}z"

        marked = replaced(source, keep)
        parts, at = [], 0
        for element in _MARKUP.finditer(marked):
            parts += [self._commented(marked[at : element.start()], tags), element[0]]
            at = element.end()
        return "".join([*parts, self._commented(marked[at:], tags)])

    def back(self, translated: str) -> str:
        """Return the translation with its Liquid in place again."""
        return _TOKEN.sub(lambda found: self.kept[int(found[1] or found[2])], translated)

    def _commented(self, text: str, tags: set[int]) -> str:
        return _TOKEN.sub(lambda found: f"<!--{found[0]}-->" if int(found[2]) in tags else found[0], text)


def guard_links(html: str) -> str:
    """Put `| link` behind every output that begins an address, so that data cannot make one that runs.

    >>> guard_links('<a href="{{ url }}">{{ url }}</a> <img src="https://x/{{ id }}.png">')
    '<a href="{{ url | link }}">{{ url }}</a> <img src="https://x/{{ id }}.png">'
    >>> guard_links('<a href="{% if a %}{{ b }}{% else %}{{ c }}/{{ d }}{% endif %}">')
    '<a href="{% if a %}{{ b | link }}{% else %}{{ c | link }}/{{ d }}{% endif %}">'
    """
    return _ADDRESS.sub(lambda found: found[1] + _guarded(found[2]), html)


_ADDRESS = re.compile(r'((?:href|src|background|action|srcset|poster)\s*=\s*")((?:\{\{.*?\}\}|\{%.*?%\}|[^"])*)', re.DOTALL | re.IGNORECASE)


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
