"""Filters for what a shop writes: money, counts, shares and days in the reader's language."""

from collections.abc import Callable
from datetime import date, datetime
from functools import lru_cache
from typing import Any

from babel.dates import format_date, format_datetime

from regulars.core.formats import Formats
from regulars.core.reading import day as day_of
from regulars.messaging.templates.language.context import Context
from regulars.messaging.templates.language.filters.numbers import number
from regulars.messaging.templates.language.filters.texts import text, whole
from regulars.messaging.templates.language.values import NUMBERS, written
from regulars.messaging.templates.refusals import BadData, BadTemplate

# The directives of `date` and the patterns of the locale's calendar that stand for them.
_DIRECTIVES = {
    "d": "dd", "e": "d", "m": "MM", "B": "LLLL", "b": "LLL", "y": "yy", "Y": "yyyy",
    "A": "EEEE", "a": "EEE", "H": "HH", "M": "mm", "j": "DDD",
}  # fmt: skip


@lru_cache(maxsize=512)
def _formats(locale: str, currency: str) -> Formats:
    return Formats(locale, currency or None)


@lru_cache(maxsize=20_000)
def _money(amount: Any, currency: str, locale: str) -> str:
    return _formats(locale, currency).money(number(amount))


@lru_cache(maxsize=20_000)
def _day(on: date, pattern: str, locale: str) -> str:
    writer = format_datetime if isinstance(on, datetime) else format_date
    return writer(on, pattern, locale=locale.replace("-", "_"))


def money(context: Context, value: Any, currency: Any = "") -> str:
    """Write an amount in a currency: the one given, else the shop's, in the reader's way."""
    if not isinstance(value, (str, *NUMBERS)) or value == "":
        return ""
    named = written(currency) or written(context.get(["currency"], token=None))
    if not (len(named) == 3 and named.isascii() and named.isalpha()):
        raise BadTemplate("money needs a currency of three letters, as in {{ total | money: 'EUR' }}")
    return _money(value, named.upper(), context.locale)


def count(context: Context, value: Any, places: Any = 0) -> str:
    """Write a number with the reader's separators."""
    written_with = _formats(context.locale, "").decimal
    return written_with(number(value), max(0, min(8, whole(places, 0))))


def percent(context: Context, value: Any, places: Any = 0) -> str:
    """Write a rate between 0 and 1 as a percentage."""
    return _formats(context.locale, "").share(number(value), max(0, min(8, whole(places, 0))))


def _date(value: Any) -> date | None:
    return value if isinstance(value, date) else day_of(written(value)[:40])


def day(context: Context, value: Any, length: Any = "long") -> str:
    """Write a day: short, medium, long or full; a text that is none stays as it is."""
    found = _date(value)
    if found is None:
        return text(context, value)
    named = written(length)
    on = found.date() if isinstance(found, datetime) else found
    return _day(on, named if named in ("short", "medium", "long", "full") else "long", context.locale)


def dated(context: Context, value: Any, pattern: Any = "%d.%m.%Y") -> str:
    """Write a date or instant by a pattern of %d %e %m %B %b %y %Y %A %a %H %M %j; other signs stay."""
    found = _date(value)
    if found is None:
        return text(context, value)
    pieces = written(pattern)[:100].split("%")
    told = [pieces[0]]
    for piece in pieces[1:]:
        name = piece.lstrip("-")[:1]
        if name not in _DIRECTIVES:
            told.append(piece)
            continue
        shown = (
            _day(found, _DIRECTIVES[name], context.locale) if name not in "HM" or isinstance(found, datetime) else "00"
        )
        told.append(shown + piece.lstrip("-")[1:])
    return "".join(told)


def days_until(context: Context, value: Any, today: Any = None) -> int | str:
    """Return the days from today (the data's, unless one is given) to a day, negative when it is over."""
    found, start = _date(value), _date(today if today is not None else context.get(["today"], token=None))
    if found is None:
        return ""
    if start is None:
        raise BadData("days_until counts from today; put today into the data")
    return date(found.year, found.month, found.day).toordinal() - date(start.year, start.month, start.day).toordinal()


def days_since(context: Context, value: Any, today: Any = None) -> int | str:
    days = days_until(context, value, today)
    return -days if isinstance(days, int) else days


def plural(context: Context, value: Any, one: Any, many: Any) -> Any:
    """Return the word for one or for many."""
    return one if number(value) == 1 else many


FILTERS: dict[str, Callable[..., Any]] = {
    "money": money,
    "number": count,
    "percent": percent,
    "day": day,
    "date": dated,
    "days_until": days_until,
    "days_since": days_since,
    "plural": plural,
}
