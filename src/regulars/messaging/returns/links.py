"""Our own tracking of clicks and opens: links of a rendered message led through us, and a pixel where a shop wants one.

A link carries the signed id of a stored target and never the target, so nobody can make our address lead elsewhere.
"""

import html as entities
import re
from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache
from urllib.parse import urlsplit

from regulars.core.sealing import BadSignature

# Attributes of a tag: a name, and perhaps a value in quotes or without.
_ATTRIBUTE = re.compile(r"""([^\s"'<>/=]+)(?:\s*=\s*("[^"]*"|'[^']*'|[^\s"'=<>`]+))?""")
_IN_TEXT = re.compile(r"""https?://[^\s<>"'`]+""", re.IGNORECASE)
_CLOSING = re.compile(r"</body\s*>", re.IGNORECASE)
# Where a link's tag may begin, or something begins that only looks as if it held links. One search and no parser, which takes
# thirty times as long: a broadcast waits for every letter.
_BEGINS = re.compile(
    r"<(?:!--|(?P<link>[aA](?:[rR][eE][aA])?[\s/])|(?P<mute>(?i:style|script|title|textarea|xmp|iframe|noembed|noframes))(?=[\s/>]))"
)
_TAG = re.compile(r"""<\w+(?:[^"'<>]++|"[^"]*+"|'[^']*+'){0,200}+>""")
_MUTE_ENDS = re.compile(r"</(\w+)")
# Signs behind an address that belong to the sentence.
_SENTENCE = ".,;:!?*_"
_PAIRS = {")": "(", "]": "[", "}": "{"}
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


def _in_html(html: str, led: Callable[[str], str | None]) -> str:
    pieces, copied = [], 0
    for start, tag in _links(html):
        pieces += [html[copied:start], _retagged(tag, led)]
        copied = start + len(tag)
    return "".join([*pieces, html[copied:]])


def _links(html: str) -> Iterator[tuple[int, str]]:
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


def _retagged(tag: str, led: Callable[[str], str | None]) -> str:
    """Return a link's tag with its target exchanged, everything else as it was written."""
    before, target, behind = _taken_apart(tag)
    address = led(target) if target else None
    return tag if address is None else f'{before}"{entities.escape(address)}"{behind}'


@lru_cache(maxsize=4096)  # the letters of a broadcast have most of their links in common
def _taken_apart(tag: str) -> tuple[str, str, str]:
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
