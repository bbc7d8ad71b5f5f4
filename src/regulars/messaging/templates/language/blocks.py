"""Blocks: named pieces of templates, put in place of `{% render 'name' %}` before anything is translated."""

import re
from collections.abc import Mapping
from contextlib import suppress
from difflib import get_close_matches
from functools import lru_cache

from regulars.messaging.templates.language.scanning import Piece, line_of, pieces
from regulars.messaging.templates.refusals import BadTemplate

LONGEST = 400_000
DEEPEST = 8
_RENDER = re.compile(
    r"render\s+(['\"])(?P<name>[\w-]+)\1"
    r"(?:\s+(?P<how>with|for)\s+(?P<what>[\w.\[\]-]+)(?:\s+as\s+(?P<alias>\w+))?)?"
    r"(?:\s*,\s*(?P<given>.+))?",
    re.DOTALL,
)


def expanded(source: str, blocks: Mapping[str, str]) -> str:
    """Put the blocks in their places.

    A block sees what its surroundings see and what it is given by name; the loop of `for` runs around it.

    >>> expanded("{% render 'hi', name: 'Ann' %}!", {"hi": "Hi {{ name }}"})
    "{% with name: 'Ann' %}Hi {{ name }}{% endwith %}!"
    >>> expanded("{% render 'row' for lines as line %}", {"row": "{{ line }}"})
    '{% for line in lines %}{{ line }}{% endfor %}'
    """
    return _expanded(source, blocks, ())


@lru_cache(maxsize=1024)
def named(source: str) -> frozenset[str]:
    """Return the names of the blocks that a text renders itself; of one that cannot be read, those before that place.

    >>> sorted(named("{% render 'hi', name: 'Ann' %}{% render 'row' for lines %}{% render"))
    ['hi', 'row']
    """
    found = set()
    with suppress(BadTemplate):
        for piece in pieces(source):
            asked = _RENDER.fullmatch(piece.inner) if piece.name == "render" else None
            if asked:
                found.add(asked["name"])
    return frozenset(found)


def _expanded(source: str, blocks: Mapping[str, str], above: tuple[str, ...]) -> str:
    parts, at, total = [], 0, 0
    for piece in pieces(source):
        if piece.name != "render":
            continue
        try:
            block = _in_place(piece, blocks, above)
        except BadTemplate as wrong:
            raise BadTemplate(wrong.sentence, line=line_of(source, piece.start)) from wrong
        parts += [source[at : piece.start], block]
        at = piece.start + len(piece.text)
        total += len(block)
        if total > LONGEST:
            raise BadTemplate(f"with its blocks it is longer than {LONGEST:,} characters; use fewer or shorter ones")
    return "".join([*parts, source[at:]])


def _in_place(piece: Piece, blocks: Mapping[str, str], above: tuple[str, ...]) -> str:
    asked = _RENDER.fullmatch(piece.inner)
    if not asked:
        raise BadTemplate("name the block in quotes, as in {% render 'header' %}")
    name = asked["name"]
    if name not in blocks:
        near = get_close_matches(name, blocks, 1)
        raise BadTemplate(f"there is no block {name!r}" + (f"; did you mean {near[0]!r}?" if near else ""))
    if name in above or len(above) >= DEEPEST:
        raise BadTemplate(f"the block {name!r} contains itself or lies too deep; take it out")
    found = _expanded(blocks[name], blocks, (*above, name))
    alias = asked["alias"] or name.replace("-", "_")
    given = [asked["given"]] if asked["given"] else []
    if asked["how"] == "for":
        found = f"{{% for {alias} in {asked['what']} %}}{found}{{% endfor %}}"
    elif asked["how"]:
        given.insert(0, f"{alias}: {asked['what']}")
    return f"{{% with {', '.join(given)} %}}{found}{{% endwith %}}" if given else found
