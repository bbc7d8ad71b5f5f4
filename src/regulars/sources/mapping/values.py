"""How dates and numbers are written in a file: found out from a sample, or refused when it cannot be told."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from regulars.sources.files.options import CannotRead

ISO = "iso"
ISO_SPACED = "iso with a blank before the offset"  # Shopify's, which DuckDB's cast does not take
TIMES = ("", " %H:%M", " %H:%M:%S", " %I:%M %p", " %I:%M:%S %p", ", %H:%M", "T%H:%M:%S")
DAY_FIRST = ("%d/%m/%Y", "%d.%m.%Y", "%d-%m-%Y", "%d/%m/%y", "%d.%m.%y")
MONTH_FIRST = ("%m/%d/%Y", "%m-%d-%Y", "%m/%d/%y")
OTHERS = ("%Y%m%d", "%Y/%m/%d", "%Y.%m.%d", "%d %b %Y", "%d %B %Y", "%b %d, %Y", "%B %d, %Y", "%b %d %Y", "%d-%b-%Y", "%d-%b-%y")
SPELLED = {"epoch seconds": r"\d{10}", "epoch milliseconds": r"\d{13}"}

_NUMBER = re.compile(r"[+-]?\d+(\.\d+)?([eE][+-]?\d+)?")
_COMMA = re.compile(r"\d(?:[.\s'’\u00a0\u202f]\d{3})*,\d{1,2}(?!\d)|\d{1,3}(?:\.\d{3})+,\d+|\d,\d{4,}")
_POINT = re.compile(r"\d\.\d{1,2}(?!\d)|\d,\d{3}\.\d|\d\.\d{4,}")


@dataclass(frozen=True)
class Writing:
    """How a file writes its values: a date pattern family per column, and whether numbers need cleaning."""

    dates: Mapping[str, str]
    decimal: str
    is_plain: bool


def decimal_of(samples: Sequence[str], told: str | None) -> tuple[str, bool]:
    """Return the decimal mark and whether every number is plain digits with a point.

    >>> decimal_of(["12.50", "3"], None), decimal_of(["1.234,50", "€ 3,00"], None), decimal_of(["$1,234.50"], None)
    (('.', True), (',', False), ('.', False))
    """
    if told not in (None, ".", ","):
        raise CannotRead(f"the decimal mark is '{told}'; write . or ,")
    plain = all(_NUMBER.fullmatch(text) for text in samples)
    if told:
        return told, plain and told == "."
    commas = sum(bool(_COMMA.search(text)) for text in samples)
    points = sum(bool(_POINT.search(text)) for text in samples)
    return ("," if commas > points else "."), plain


def families(told: str | None) -> Mapping[str, tuple[str, ...]]:
    """Return the families of date patterns to try, by name; a told one alone."""
    every = {
        ISO: (),
        ISO_SPACED: (),
        "day-first": _with_times(DAY_FIRST),
        "month-first": _with_times(MONTH_FIRST),
        **{pattern: _with_times((pattern,)) for pattern in OTHERS},
        **{name: () for name in SPELLED},
    }
    if told is None:
        return every
    if told in every:
        return {told: every[told]}
    if "%" in told:
        return {told: (told,)}
    raise CannotRead(f"--dates is '{told}'; write day-first, month-first or a pattern like %Y%m%d")


def date_sql(text: str, family: str, patterns: Sequence[str]) -> str:
    """Return SQL that reads a text as an instant in the session's time zone; NULL when it is none."""
    if family == ISO:
        return f"TRY_CAST({text} AS TIMESTAMPTZ)"
    if family == ISO_SPACED:
        return f"TRY_CAST(regexp_replace({text}, ' ([+-]\\d\\d):?(\\d\\d)$', '\\1:\\2') AS TIMESTAMPTZ)"
    if family in SPELLED:
        divisor = 1 if family == "epoch seconds" else 1000
        return f"to_timestamp(TRY_CAST({text} AS DOUBLE) / {divisor})"
    listed = ", ".join("'" + pattern + "'" for pattern in patterns)
    return f"TRY_STRPTIME({text}, [{listed}])::TIMESTAMPTZ"


def number_sql(text: str, writing: Writing, type_name: str) -> str:
    """Return SQL that reads a text as a decimal number; NULL when it is none."""
    if writing.is_plain:
        return f"TRY_CAST({text} AS {type_name})"
    kept = f"regexp_replace({text}, '[^0-9,.()+-]', '', 'g')"
    other = "." if writing.decimal == "," else ","
    plain = f"replace(replace({kept}, '{other}', ''), '{writing.decimal}', '.')"
    negative = f"CASE WHEN {plain} LIKE '(%)' OR {plain} LIKE '%-' THEN '-' ELSE '' END"
    cleaned = f"{negative} || regexp_replace({plain}, '[()]|-$', '', 'g')"
    guarded = f"CASE WHEN regexp_matches({text}, '[A-Za-z].*[0-9].*[A-Za-z]|[0-9][A-Za-z][0-9]') THEN NULL ELSE {cleaned} END"
    return f"TRY_CAST({guarded} AS {type_name})"


def _with_times(patterns: Sequence[str]) -> tuple[str, ...]:
    return tuple(pattern + time for pattern in patterns for time in TIMES)
