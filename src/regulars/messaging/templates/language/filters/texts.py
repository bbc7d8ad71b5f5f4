"""Filters that change a text. What they return is plain, so it is escaped where it is written into HTML."""

import re
from collections.abc import Callable
from typing import Any
from urllib.parse import quote_plus

from liquid.undefined import Undefined
from markupsafe import Markup, escape

from regulars.messaging.templates.language.context import Context
from regulars.messaging.templates.language.values import written

_TAG = re.compile(r"<[^<>]*>")
_SPACE = re.compile(r"\s+")
_SAFE = re.compile(r"(?:https?://|mailto:|tel:|#)", re.IGNORECASE)


def text(context: Context, value: Any) -> str:
    """Return a value as plain text, counted."""
    found = written(value)
    context.meter.make(len(found))
    return found


def whole(value: Any, default: int) -> int:
    """Return a whole number within what a text can have."""
    try:
        found = int(written(value) or default)
    except ValueError:
        return default
    return max(-1_000_000, min(1_000_000, found))


def append(context: Context, value: Any, other: Any = "") -> str:
    first, second = text(context, value), text(context, other)
    context.meter.make(len(first) + len(second))
    return first + second


def prepend(context: Context, value: Any, other: Any = "") -> str:
    return append(context, other, value)


def strip(context: Context, value: Any) -> str:
    # A captured piece of HTML stays one; white space is no part of its markup.
    return value.strip() if isinstance(value, Markup) else text(context, value).strip()


def replace(context: Context, value: Any, old: Any = "", new: Any = "", count: int = -1) -> str:
    source, old, new = text(context, value), text(context, old), text(context, new)
    n = source.count(old) if count < 0 else min(count, source.count(old))
    context.meter.make(len(source) + n * max(0, len(new) - len(old)))
    return source.replace(old, new, count)


def replace_first(context: Context, value: Any, old: Any = "", new: Any = "") -> str:
    return replace(context, value, old, new, 1)


def remove(context: Context, value: Any, old: Any = "") -> str:
    return replace(context, value, old, "")


def split(context: Context, value: Any, separator: Any = " ") -> list[str]:
    source, by = text(context, value), written(separator)
    context.meter.gather(len(source) if not by else source.count(by) + 1)
    if not source:
        return []
    return (source.split() if by == " " else source.split(by)) if by else list(source)


def truncate(context: Context, value: Any, length: Any = 50, end: Any = "…") -> str:
    source, tail = text(context, value), text(context, end)
    limit = max(0, whole(length, 50))
    return source if len(source) <= limit else (source[: max(0, limit - len(tail))] + tail)


def truncatewords(context: Context, value: Any, count: Any = 15, end: Any = "…") -> str:
    source, tail = text(context, value), text(context, end)
    words = source.split(maxsplit=max(1, whole(count, 15)))
    context.meter.gather(len(words))
    limit = max(1, whole(count, 15))
    return " ".join(words) if len(words) <= limit else " ".join(words[:limit]) + tail


def part(context: Context, value: Any, start: Any = 0, length: Any = 1) -> Any:
    """Return characters of a text or items of a list from start on; a negative start counts from the end."""
    found = list(value) if isinstance(value, list | range) else text(context, value)
    begin = whole(start, 0)
    begin = max(0, len(found) + begin) if begin < 0 else begin
    return found[begin : begin + max(0, whole(length, 1))]


def strip_html(context: Context, value: Any) -> str:
    return _TAG.sub("", text(context, value))


def newline_to_br(context: Context, value: Any) -> str:
    source = text(context, value).replace("\r\n", "\n")
    if not context.autoescape:
        return source
    context.meter.make(len(source) + 5 * source.count("\n"))
    return Markup("<br>").join(escape(line) for line in source.split("\n"))


def default(context: Context, value: Any, other: Any = "", *, allow_false: Any = False) -> Any:
    """Return the other value in place of nothing: None, a blank text, an empty list, and false unless that is allowed."""
    if value is False:
        return value if allow_false else other
    return other if value is None or isinstance(value, Undefined) or value in ("", [], {}) else value


def link(context: Context, value: Any) -> str:
    """Return an address that a reader can follow: https, http, mailto or tel; nothing in place of any other.

    The compiler puts this behind every output that begins an address in HTML.
    """
    found = text(context, value).strip()
    return found if _SAFE.match(found) else ""


def title(context: Context, value: Any) -> str:
    return " ".join(word[:1].upper() + word[1:] for word in text(context, value).split(" "))


def squish(context: Context, value: Any) -> str:
    return _SPACE.sub(" ", text(context, value)).strip()


FILTERS: dict[str, Callable[..., Any]] = {
    "append": append,
    "prepend": prepend,
    "capitalize": lambda context, value: text(context, value).capitalize(),
    "downcase": lambda context, value: text(context, value).lower(),
    "upcase": lambda context, value: text(context, value).upper(),
    "title": title,
    "strip": strip,
    "lstrip": lambda context, value: text(context, value).lstrip(),
    "rstrip": lambda context, value: text(context, value).rstrip(),
    "squish": squish,
    "strip_html": strip_html,
    "strip_newlines": lambda context, value: replace(context, replace(context, value, "\r"), "\n"),
    "newline_to_br": newline_to_br,
    "replace": replace,
    "replace_first": replace_first,
    "remove": remove,
    "remove_first": replace_first,
    "split": split,
    "slice": part,
    "truncate": truncate,
    "truncatewords": truncatewords,
    "escape": text,
    "url_encode": lambda context, value: quote_plus(text(context, value)),
    "default": default,
    "link": link,
}
