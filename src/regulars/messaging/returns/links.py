"""Our own tracking of clicks and opens: links of a rendered message led through us, and a pixel where a shop wants one.

A link carries the signed id of a stored target and never the target, so nobody can make our address lead elsewhere.
"""

import html as entities
import re
from collections.abc import Callable, Sequence
from html.parser import HTMLParser
from urllib.parse import urlsplit

from regulars.core.sealing import BadSignature

# Attributes of a tag: a name, and perhaps a value in quotes or without.
_ATTRIBUTE = re.compile(r"""([^\s"'<>/=]+)(?:\s*=\s*("[^"]*"|'[^']*'|[^\s"'=<>`]+))?""")
_IN_TEXT = re.compile(r"""https?://[^\s<>"'`]+""", re.IGNORECASE)
_CLOSING = re.compile(r"</body\s*>", re.IGNORECASE)
# Signs behind an address that belong to the sentence.
_SENTENCE = ".,;:!?*_"
_PAIRS = {")": "(", "]": "[", "}": "{"}
FOLLOWED = ("a", "area")
# Marks a link that is left as it is.
LEFT_ALONE = "data-untracked"

Register = Callable[[str], str]  # stores a target for this message and returns its id
Sign = Callable[[str], str]  # makes of an id the address that counts and leads on


def track_links(html: str, text: str, register: Register, sign: Sign, kept: Sequence[str] = ()) -> tuple[str, str]:
    """Return a rendered message's HTML and text with their http(s) links led through us.

    Left alone are other schemes (mailto, tel), what begins with one of kept (the addresses to unsubscribe and of preferences),
    and links marked rel="unsubscribe" or data-untracked. Equal targets of one message share an id.
    """
    known: dict[str, str] = {}

    def led(url: str) -> str | None:
        if not is_tracked(url, kept):
            return None
        if url not in known:
            known[url] = sign(register(url))
        return known[url]

    return _in_html(html, led), _in_text(text, led)


def is_tracked(url: str, kept: Sequence[str] = ()) -> bool:
    """Say whether a link is led through us.

    >>> [is_tracked(url, ["https://shop.example/u/"]) for url in ("https://a.example/", "https://shop.example/u/1", "tel:1", "#top")]
    [True, False, False, False]
    """
    if any(url.startswith(one) for one in kept if one) or not url.isprintable() or " " in url:
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


def with_pixel(html: str, address: str) -> str:
    """Return HTML with a picture of one pixel at its end, that is fetched when a mail program shows pictures.

    >>> with_pixel("<body>Hello</body>", "https://shop.example/o/1")
    '<body>Hello<img src="https://shop.example/o/1" alt="" width="1" height="1" style="display:block;border:0"></body>'
    """
    style = "display:block;border:0"
    picture = f'<img src="{entities.escape(address)}" alt="" width="1" height="1" style="{style}">'
    last = next(reversed(list(_CLOSING.finditer(html))), None)
    return html + picture if last is None else html[: last.start()] + picture + html[last.start() :]


class _Anchors(HTMLParser):
    """Finds where the tags of links stand in a text; comments, styles and scripts are none."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[tuple[int, str]] = []
        self._lines = [0]
        for line in html.split("\n"):
            self._lines.append(self._lines[-1] + len(line) + 1)
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note where a link's tag begins, and the tag as it is written."""
        if tag in FOLLOWED:
            line, column = self.getpos()
            self.found.append((self._lines[line - 1] + column, self.get_starttag_text() or ""))


def _in_html(html: str, led: Callable[[str], str | None]) -> str:
    pieces, end = [], 0
    for start, tag in _Anchors(html).found:
        pieces += [html[end:start], _retagged(tag, led)]
        end = start + len(tag)
    return "".join([*pieces, html[end:]])


def _retagged(tag: str, led: Callable[[str], str | None]) -> str:
    """Return a link's tag with its target exchanged, everything else as it was written."""
    name = re.match(r"<\w+", tag)
    attributes = list(_ATTRIBUTE.finditer(tag, name.end() if name else 0))
    values = {found[1].lower(): _value(found[2]) for found in reversed(attributes)}
    if LEFT_ALONE in values or "unsubscribe" in values.get("rel", "").lower().split():
        return tag
    href = next((found for found in attributes if found[1].lower() == "href" and found[2]), None)
    address = led(_value(href[2])) if href else None
    if href is None or address is None:
        return tag
    return f'{tag[: href.start(2)]}"{entities.escape(address)}"{tag[href.end(2) :]}'


def _value(written: str | None) -> str:
    bare = written or ""
    return entities.unescape(bare[1:-1] if bare[:1] in ("'", '"') else bare).strip()


def _in_text(text: str, led: Callable[[str], str | None]) -> str:
    def exchanged(found: re.Match[str]) -> str:
        url = _without_sentence(found[0])
        address = led(url)
        return found[0] if address is None else address + found[0][len(url) :]

    return _IN_TEXT.sub(exchanged, text)


def _without_sentence(url: str) -> str:
    """Return an address without the signs behind it that belong to the sentence.

    >>> _without_sentence("https://a.example/x_(y)."), _without_sentence("https://a.example/x).")
    ('https://a.example/x_(y)', 'https://a.example/x')
    """
    while url and (url[-1] in _SENTENCE or (url[-1] in _PAIRS and url.count(url[-1]) > url.count(_PAIRS[url[-1]]))):
        url = url[:-1]
    return url
