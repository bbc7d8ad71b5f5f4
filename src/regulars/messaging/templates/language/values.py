"""Plain data: the only values that a template sees, and how they are written."""

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from markupsafe import Markup

from regulars.messaging.templates.refusals import BadData, TooMuch

LARGEST = 10**18
DEEPEST = 12
MOST_VALUES = 20_000
MOST_TEXT = 1_000_000
NUMBERS = (int, float, Decimal)
LISTS = (list, tuple)
TEXTS = {str}
# Control signs but for tab and line end, and halves of pairs, which nobody can write or send.
_UNSOUND = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff]+")


def sound(text: str) -> str:
    """Return a text without the signs that nobody can write or send.

    >>> sound("a\\x00b\\r\\nc")
    'ab\\nc'
    """
    return text if text.isprintable() else _UNSOUND.sub("", text)


@dataclass(frozen=True, slots=True)
class Copied:
    """The plain copy of a list or dict, with how many values and signs it has. original is kept so that no other takes its place."""

    original: object
    copy: Any
    values: int
    text: int


def plain(data: Mapping[str, Any], known: dict[int, Copied] | None = None) -> dict[str, Any]:
    """Return a copy of the data that consists of dicts, lists, texts, numbers, booleans, dates and None only.

    A subclass (a text marked as safe HTML, an enumeration) becomes the plain value it holds. Anything else is refused with
    its path, for a template must not reach an object. A list that several messages share is copied once when its copies are known.

    >>> plain({"customer": {"name": "Ann", "tags": ("tea",)}})
    {'customer': {'name': 'Ann', 'tags': ['tea']}}
    """
    copied = _Copy()
    if known is None:
        return {copied.key(key, "the data"): copied.value(value, str(key), 1) for key, value in data.items()}
    return {copied.key(key, "the data"): copied.shared(value, str(key), known) for key, value in data.items()}


class _Copy:
    __slots__ = ("text", "values")

    def __init__(self) -> None:
        self.values, self.text = MOST_VALUES, MOST_TEXT

    def shared(self, value: Any, path: str, known: dict[int, Copied]) -> Any:
        """Return the copy of a value, of a list or dict the one that is known."""
        kind = type(value)
        if kind is str:
            return self.counted(value)
        if kind is int and -LARGEST <= value <= LARGEST:
            return value
        if kind is not list and kind is not dict:
            return self.value(value, path, 1)
        if kind is dict and self.values and {*map(type, value), *map(type, value.values())} == TEXTS:
            return self.texts(value)
        found = known.get(id(value))
        if found is None or found.values > self.values or found.text > self.text:
            values, text = self.values, self.text
            copy = self.value(value, path, 1)
            known[id(value)] = Copied(value, copy, values - self.values, text - self.text)
            return copy
        self.values -= found.values
        self.text -= found.text
        return found.copy

    def texts(self, value: dict[str, str]) -> dict[str, str]:
        """Return the copy of a dict of texts."""
        whole = "".join(value.values())
        self.values -= 1
        self.counted(whole)
        return value.copy() if whole.isprintable() else {key: sound(one) for key, one in value.items()}

    def key(self, key: object, path: str) -> str:
        if not isinstance(key, str):
            raise BadData(f"{path} has the key {str(key)[:40]!r}; keys are texts")
        return key if type(key) is str else str.__str__(key)

    def value(self, value: Any, path: str, depth: int) -> Any:
        kind = type(value)
        if kind is str:
            return self.counted(value)
        if kind is bool or value is None:
            return value
        if isinstance(value, NUMBERS):
            return _number(value, path)
        self.values -= 1
        if self.values < 0 or depth > DEEPEST:
            raise TooMuch(f"the data for this template is too large at {path}: give it less")
        if isinstance(value, Mapping):
            return {
                self.key(key, path): self.counted(one)
                if type(one) is str
                else self.value(one, f"{path}.{key}", depth + 1)
                for key, one in list(value.items())
            }
        if isinstance(value, LISTS):
            self.values -= len(value)
            if self.values < 0:
                raise TooMuch(f"the data for this template is too large at {path}: give it less")
            return [self.value(one, path, depth + 1) for one in value]
        return self.rare(value, path)

    def counted(self, text: str) -> str:
        self.text -= len(text)
        if self.text < 0:
            raise TooMuch("the texts in the data for this template are too long: give it less")
        return text if text.isprintable() else sound(text)

    def rare(self, value: Any, path: str) -> Any:
        if isinstance(value, str):
            return self.counted(str.__str__(value))
        if isinstance(value, datetime):
            return value if type(value) is datetime else datetime.fromisoformat(value.isoformat())
        if isinstance(value, date):
            return value if type(value) is date else date(value.year, value.month, value.day)
        raise BadData(f"{path} is a {type(value).__name__}; templates take texts, numbers, dates, lists and dicts")


def _number(value: float | Decimal, path: str) -> Any:
    if isinstance(value, int):
        value = int(value)
    elif isinstance(value, float):
        value = float(value)
        if not math.isfinite(value):
            return None
    elif not value.is_finite():
        return None
    if not is_sized(value):
        raise BadData(f"{path} is a number that no shop has; leave it out")
    return value


def is_sized(value: float | Decimal) -> bool:
    """Say whether a number is of a size that can be reckoned with and written in a line.

    >>> is_sized(10**18), is_sized(10**19), is_sized(Decimal("1e-999999")), is_sized(0.1)
    (True, False, False, True)
    """
    if isinstance(value, Decimal):
        return value.is_finite() and (not value or -30 < value.adjusted() <= 18) and value.as_tuple().exponent > -60  # type: ignore[operator]  # finite
    return -LARGEST <= value <= LARGEST


def written(value: Any) -> str:
    """Write a value as it stands in a message: nothing for None and for dicts, lists one item after the other.

    >>> written(True), written(None), written(3), written(2.50), written(Decimal("1E+3")), written({"a": 1}), written(["a", 1])
    ('true', '', '3', '2.5', '1000', '', 'a1')
    >>> written(date(2026, 3, 1)), written(range(1, 4))
    ('2026-03-01', '123')
    """
    if isinstance(value, str):
        return value.unescape() if isinstance(value, Markup) else value
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Decimal):
        return f"{value:f}" if is_sized(value) else ""
    if isinstance(value, int | float):
        return str(value) if is_sized(value) else ""
    if isinstance(value, datetime):
        return value.isoformat(" ", "minutes")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, list | range):
        return "".join(written(one) for one in value if not isinstance(one, list))
    return ""
