"""Figures as the reader writes them: counts, shares, money and dates in a locale."""

import copy
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import cached_property

from babel import Locale, UnknownLocaleError
from babel.dates import format_date, format_skeleton
from babel.numbers import NumberPattern, format_compact_currency, format_currency, format_decimal

from regulars.core.reading import day, number, text

NONE = "–"  # what stands where there is no figure
COMPACT_FROM = 1_000_000  # money above this is shortened on charts and cards; tables keep every digit


def ordinal(n: int) -> str:
    """Write an English ordinal.

    >>> [ordinal(n) for n in (1, 2, 3, 4, 11, 12, 13, 21, 102, 111)]
    ['1st', '2nd', '3rd', '4th', '11th', '12th', '13th', '21st', '102nd', '111th']
    """
    ending = "th" if 10 <= n % 100 <= 20 else {1: "st", 2: "nd", 3: "rd"}.get(n % 10, "th")
    return f"{n}{ending}"


def counted(count: str, one: str, many: str = "") -> str:
    """Write a count with its noun in the right number.

    >>> counted("1", "customer"), counted("1,200", "customer"), counted("2", "day is", "days are")
    ('1 customer', '1,200 customers', '2 days are')
    """
    return f"{count} {one if count == '1' else many or one + 's'}"


def span(days: int) -> str:
    """Write a number of days as a person would say it.

    >>> span(365), span(273), span(91), span(28), span(10), span(1)
    ('year', '39 weeks', 'quarter', '4 weeks', '10 days', 'day')
    """
    if days in (365, 366):
        return "year"
    if 89 <= days <= 92:
        return "quarter"
    if days >= 14 and days % 7 == 0:
        return f"{days // 7} weeks"
    return "day" if days == 1 else f"{days} days"


@dataclass(frozen=True)
class Formats:
    """Writes figures for one locale and currency; whatever is missing becomes a dash."""

    locale: str = "en"
    currency: str | None = None

    @cached_property
    def _locale(self) -> Locale:
        try:
            return Locale.parse(self.locale.replace("-", "_"))
        except (UnknownLocaleError, ValueError) as wrong:
            raise ValueError(f"locale {self.locale!r} is not known; use one such as en, de or pt-BR") from wrong

    def count(self, value: object) -> str:
        """Write a whole number."""
        found = number(value)
        return NONE if found is None else format_decimal(round(found), locale=self._locale)

    def decimal(self, value: object, places: int = 2) -> str:
        """Write a number with a fixed number of decimal places."""
        found = number(value)
        if found is None:
            return NONE
        return str(_with_places(self._locale.decimal_formats[None], places).apply(found, self._locale))

    def share(self, rate: object, places: int = 1) -> str:
        """Write a rate between 0 and 1 as a percentage; 0 and 1 stay bare."""
        found = number(rate)
        if found is None:
            return NONE
        places = 0 if found in (0.0, 1.0) else places
        return str(_with_places(self._locale.percent_formats[None], places).apply(found, self._locale))

    def points(self, rate: object) -> str:
        """Write a rate as percentage points without the sign, as a table's cell under a % heading."""
        found = number(rate)
        if found is None:
            return NONE
        return self.decimal(found * 100, 0 if found == 0 or found >= 0.9995 else 1)

    def money(self, value: object) -> str:
        """Write an amount to the last minor unit."""
        if number(value) is None:
            return NONE
        exact = Decimal(str(value))
        if not self.currency:
            return self.decimal(exact, 2)
        return format_currency(exact, self.currency, locale=self._locale)

    def about(self, value: object) -> str:
        """Write an amount for the eye: whole units where that loses little, shortened from a million on."""
        found = number(value)
        if found is None or (abs(found) < 1_000 and found != int(found)):
            return self.money(value)
        if not self.currency:
            return self.count(found)
        if abs(found) < COMPACT_FROM:
            pattern = _with_places(self._locale.currency_formats["standard"], 0)
            return str(pattern.apply(round(found), self._locale, currency=self.currency, currency_digits=False))
        return format_compact_currency(found, self.currency, locale=self._locale, fraction_digits=1)

    def day(self, value: object) -> str:
        """Write a date; a text that is none stays as it is."""
        found = day(value)
        return format_date(found, "medium", self._locale) if found else text(value) or NONE

    def moment(self, value: object) -> str:
        """Write an instant to the minute with its offset; a text that is none stays as it is."""
        try:
            at = datetime.fromisoformat(text(value))
        except ValueError:
            return text(value) or NONE
        return f"{format_date(at.date(), 'medium', self._locale)}, {at:%H:%M} {at.tzname() or ''}".strip()

    def month(self, value: object) -> str:
        """Write the month of a date with its year."""
        found = day(value)
        return format_skeleton("yMMM", found, locale=self._locale) if found else text(value) or NONE

    def month_name(self, value: date) -> str:
        """Write the month of a date without its year."""
        return format_date(value, "LLL", self._locale)

    def between(self, low: str, high: str) -> str:
        """Write a range of two written figures."""
        return f"{low} – {high}"


def _with_places(pattern: NumberPattern, places: int) -> NumberPattern:
    changed = copy.copy(pattern)
    changed.frac_prec = (places, places)
    return changed
