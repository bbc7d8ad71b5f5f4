"""Our own tracking of clicks and opens: links of a rendered message led through us, and a pixel where a shop wants one.

A link carries the signed id of a stored target and never the target, so nobody can make our address lead elsewhere.
"""

import html as entities
import re
from collections.abc import Callable, Sequence
from functools import lru_cache
from urllib.parse import urlsplit

from regulars.core.sealing import BadSignature
from regulars.messaging.templates.language.alike import Fixed
from regulars.messaging.templates.markup.anchors import Page, Pieces, anchors, target_in

_IN_TEXT = re.compile(r"""[hH][tT][tT][pP][sS]?://[^\s<>"'`]+""")
_SPECIAL = re.compile("[&<>'\"]").search
_CLOSING = re.compile(r"</body\s*>", re.IGNORECASE)
# Signs behind an address that belong to the sentence.
_SENTENCE = ".,;:!?*_"
_PAIRS = {")": "(", "]": "[", "}": "{"}
Register = Callable[[str], str]  # stores a target and returns its id
Sign = Callable[[str], str]  # makes of an id the address that counts and leads on


class Leading:
    """Which links are led through us, and by which id: decided once for all letters of a batch.

    Left alone are other schemes (mailto, tel), what begins with one of kept (the addresses to unsubscribe and of preferences),
    and links marked rel="unsubscribe" or data-untracked.
    """

    def __init__(self, register: Register, kept: Sequence[str] = ()) -> None:
        self._register, self._kept = register, tuple(one for one in kept if one)
        self._ids: dict[str, str | None] = {}
        self._targets: dict[str, str] = {}  # the addresses in attributes, by what is written there
        self._words: dict[str, str] = {}  # and those in the text

    def tracked(self, html: str | Pieces, text: str, sign: Sign) -> tuple[str | Pieces, str]:
        """Return a rendered message's HTML and text with their http(s) links led through us; equal ones share an address."""
        known: dict[str, str] = {}

        def led(url: str) -> str | None:
            if url not in known:
                if url.startswith(self._kept) or (found := self._id(url)) is None:
                    return None
                known[url] = sign(found)
            return known[url]

        return self._in_html(html, led), self._in_text(text, led)

    def _id(self, url: str) -> str | None:
        if url not in self._ids:
            self._ids[url] = self._register(url) if is_tracked(url) else None
        return self._ids[url]

    def _in_html(self, html: str | Pieces, led: Callable[[str], str | None]) -> str | Pieces:
        known = html.pieces if isinstance(html, Page) else html
        if isinstance(known, Pieces) and known.knows_links:
            return known.led(lambda target: None if target.startswith(self._kept) else self._rewritten(target, led))
        html = "".join(html)
        pieces, copied = [], 0
        for start, tag in anchors(html):
            pieces += [html[copied:start], _retagged(tag, led)]
            copied = start + len(tag)
        return "".join([*pieces, html[copied:]])

    def _rewritten(self, target: str, led: Callable[[str], str | None]) -> str | None:
        """Return what to write into an attribute in place of a target as it stands there."""
        url = self._targets.get(target)
        if url is None:
            url = self._targets[target] = entities.unescape(target).strip()
        address = led(url) if url else None
        return entities.escape(address) if address and _SPECIAL(address) else address

    def _in_text(self, text: str, led: Callable[[str], str | None]) -> str:
        def exchanged(found: re.Match[str]) -> str:
            word = found[0]
            if word.startswith(self._kept):
                return word
            url = self._words.get(word)
            if url is None:
                url = self._words[word] = _without_sentence(word)
            address = led(url)
            return word if address is None else address + word[len(url) :]

        return _IN_TEXT.sub(exchanged, text)


def track_links(html: str, text: str, register: Register, sign: Sign, kept: Sequence[str] = ()) -> tuple[str, str]:
    """Return one rendered message's HTML and text with their http(s) links led through us."""
    led, text = Leading(register, kept).tracked(html, text, sign)
    return "".join(led), text


def is_tracked(url: str) -> bool:
    """Say whether a link can be led through us.

    >>> [is_tracked(url) for url in ("https://a.example/", "tel:1", "#top", "https://a b.example")]
    [True, False, False, False]
    """
    if not url.isprintable() or " " in url:
        return False
    try:
        parts = urlsplit(url)
        return parts.scheme in ("http", "https") and bool(parts.hostname)
    except ValueError:
        return False


def target_of(token: str, unsign: Callable[[str], str], stored: Callable[[str], str | None]) -> str | None:
    """Return the stored target of a token from an address, None alike for one that is not ours and one that is not there."""
    try:
        target = stored(unsign(token))
    except BadSignature:
        return None
    return target if target is not None and is_tracked(target) else None


def with_pixel(html: str | Pieces, address: str) -> str | Pieces:
    """Return HTML with a picture of one pixel at its end, that is fetched when a mail program shows pictures.

    >>> with_pixel("<body>Hello</body>", "https://shop.example/o/1")
    '<body>Hello<img src="https://shop.example/o/1" alt="" width="1" height="1" style="display:block;border:0"></body>'
    """
    style = "display:block;border:0"
    picture = f'<img src="{entities.escape(address)}" alt="" width="1" height="1" style="{style}">'
    if isinstance(html, Pieces):
        parts = _parted(html[-1])
        if parts is not None:
            return Pieces((*html[:-1], parts[0], picture, parts[1]))
        html = "".join(html)
    last = next(reversed(list(_CLOSING.finditer(html))), None)
    return html + picture if last is None else html[: last.start()] + picture + html[last.start() :]


@lru_cache(maxsize=256)  # the letters of a broadcast have their end in common
def _parted(text: str) -> tuple[str, str] | None:
    """Return what stands before the last end of a body, and the rest; None where there is none in the text."""
    last = next(reversed(list(_CLOSING.finditer(text))), None)
    return None if last is None else (Fixed(text[: last.start()]), Fixed(text[last.start() :]))


def _retagged(tag: str, led: Callable[[str], str | None]) -> str:
    """Return a link's tag with its target exchanged, everything else as it was written."""
    before, target, behind = target_in(tag)
    address = led(target) if target else None
    return tag if address is None else f'{before}"{entities.escape(address)}"{behind}'


def _without_sentence(url: str) -> str:
    """Return an address without the signs behind it that belong to the sentence.

    >>> _without_sentence("https://a.example/x_(y)."), _without_sentence("https://a.example/x).")
    ('https://a.example/x_(y)', 'https://a.example/x')
    """
    while url and (url[-1] in _SENTENCE or (url[-1] in _PAIRS and url.count(url[-1]) > url.count(_PAIRS[url[-1]]))):
        url = url[:-1]
    return url
