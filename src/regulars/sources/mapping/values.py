"""How dates and numbers are written in a file: found out from a sample, or refused when it cannot be told."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from zoneinfo import available_timezones

from regulars.core.lake.engine import literal
from regulars.sources.files.options import CannotRead

ISO = "iso"
TIMES = ("", " %H:%M", " %H:%M:%S", " %I:%M %p", " %I:%M:%S %p", ", %H:%M", ", %H:%M:%S", "T%H:%M:%S")
# Two-digit years first: %Y takes 24 for the year 24, while %y never takes 2024.
DAY_FIRST = ("%d/%m/%y", "%d.%m.%y", "%d-%m-%y", "%d/%m/%Y", "%d.%m.%Y", "%d-%m-%Y")
MONTH_FIRST = ("%m/%d/%y", "%m-%d-%y", "%m/%d/%Y", "%m-%d-%Y")
OTHERS = (
    "%Y%m%d", "%Y/%m/%d", "%Y.%m.%d", "%d %b %Y", "%d %B %Y", "%b %d, %Y", "%B %d, %Y", "%b %d %Y", "%d-%b-%y", "%d-%b-%Y",
)  # fmt: skip
SPELLED = {"epoch seconds": (r"\d{10}(\.\d+)?", 1), "epoch milliseconds": (r"\d{13}", 1000)}

_COMMA = re.compile(r"\d(?:[.\s'’\u00a0\u202f]\d{3})*,\d{1,2}(?!\d)|\d{1,3}(?:\.\d{3})+,\d+|\d,\d{4,}")
_POINT = re.compile(r"\d\.\d{1,2}(?!\d)|\d,\d{3}\.\d|\d\.\d{4,}")
# What may stand around a number: currency signs, blanks, apostrophes between thousands, and a short word before or behind.
_AROUND = r"[\p{Sc}\s\x{00A0}\x{202F}\x{2009}'’]|^\p{L}{1,4}\.?|\p{L}{1,4}\.?$"
_ZONE = r"([Zz]|[+-]\d\d:?\d\d)$"


@dataclass(frozen=True)
class DateWay:
    """A way of writing dates: its family's name, and the patterns of it that the file was seen to use."""

    family: str
    likely: tuple[str, ...] = ()


@dataclass(frozen=True)
class Writing:
    """How a file writes its values: each date field's way, and the decimal mark."""

    dates: Mapping[str, DateWay]
    decimal: str


def decimal_of(samples: Sequence[str], told: str | None) -> str:
    """Return the decimal mark.

    >>> decimal_of(["12.50", "3"], None), decimal_of(["1.234,50", "€ 3,00"], None), decimal_of(["$1,234.50"], None)
    ('.', ',', '.')
    """
    if told not in (None, ".", ","):
        raise CannotRead(f"the decimal mark is '{told}'; write . or ,")
    if told:
        return told
    commas = sum(bool(_COMMA.search(text)) for text in samples)
    points = sum(bool(_POINT.search(text)) for text in samples)
    return "," if commas > points else "."


def families(told: str | None) -> Mapping[str, tuple[str, ...]]:
    """Return the families of date patterns to try, by name; a told one alone."""
    every: dict[str, tuple[str, ...]] = {
        ISO: (),
        "day-first": _with_times(DAY_FIRST),
        "month-first": _with_times(MONTH_FIRST),
        **{pattern: _with_times((pattern,)) for pattern in OTHERS},
        **dict.fromkeys(SPELLED, ()),
    }
    if told is None:
        return every
    if told in every:
        return {told: every[told]}
    if "%" in told:
        return {told: (told,)}
    raise CannotRead(f"the dates are said to be '{told}'; write day-first, month-first, iso or a pattern like %Y%m%d")


def date_sql(text: str, way: DateWay) -> str:
    """Return SQL that reads a text as an instant in the session's time zone; NULL when it is none."""
    if way.family == ISO:
        return _iso_sql(text)
    if way.family in SPELLED:
        pattern, divisor = SPELLED[way.family]
        number = f"CASE WHEN regexp_full_match({text}, '{pattern}') THEN {text} END"
        return f"to_timestamp(TRY_CAST({number} AS DOUBLE) / {divisor})"
    every = families(way.family)[way.family]
    tries = [f"TRY_STRPTIME({text}, [{', '.join(map(literal, listed))}])" for listed in (way.likely, every) if listed]
    return f"coalesce({', '.join(tries)})::TIMESTAMPTZ"


def _iso_sql(text: str) -> str:
    """Return SQL that reads ISO 8601 and its relatives.

    DuckDB's cast wants no blank before the offset, and seconds where there is one. What stands behind a blank behind the
    time it looks up as the name of a zone; a lookup that finds nothing costs a thousand times as much as a cast, so only
    true names get there.
    """
    joined = rf"regexp_replace({text}, '\s+{_ZONE}', '\1')"
    whole = rf"upper(regexp_replace({joined}, '([Tt ]\d\d:\d\d){_ZONE}', '\1:00\2'))"
    plain = f"coalesce(TRY_CAST({text} AS TIMESTAMPTZ), TRY_CAST({whole} AS TIMESTAMPTZ))"
    offset = rf"CASE WHEN NOT regexp_matches({whole}, ':\d.*\s') THEN TRY_CAST({whole} AS TIMESTAMPTZ) END"
    names = f"[{', '.join(literal(name.lower()) for name in sorted(available_timezones()))}]"
    is_named = rf"list_contains({names}, lower(regexp_extract({text}, '\s(\S+)$', 1)))"
    named = rf"CASE WHEN {is_named} THEN TRY_CAST(regexp_replace({text}, '\s+', ' ', 'g') AS TIMESTAMPTZ) END"
    is_plain = f"NOT contains({text}, ' ') OR NOT contains(substr({text}, 12), ' ')"
    return f"CASE WHEN {is_plain} THEN {plain} ELSE coalesce({offset}, {named}) END"


def number_sql(text: str, decimal: str, type_name: str) -> str:
    """Return SQL that reads a text as a decimal number; NULL when it is none.

    Plain numbers are cast at once. Others may have a currency, a sign behind, parentheses for minus, and thousands in
    groups; a mark that groups nothing is no number, so that 12,50 is never taken for 1250.
    """
    other = "." if decimal == "," else ","
    quick = f"TRY_CAST({text} AS {type_name})"
    if decimal == ",":
        quick = f"CASE WHEN NOT contains({text}, '.') THEN TRY_CAST(replace({text}, ',', '.') AS {type_name}) END"
    bare = f"replace(regexp_replace({text}, {literal(_AROUND)}, '', 'g'), '−', '-')"
    grouped = rf"\d{{1,3}}(?:[{other}]\d{{2,3}})*[{other}]\d{{3}}"
    grammar = rf"[+-]?\(?[+-]?(?:\d+|{grouped})?(?:[{decimal}]\d*)?\)?-?"
    minus = f"CASE WHEN contains({bare}, '-') OR contains({bare}, '(') THEN '-' ELSE '' END"
    digits = f"replace(replace(regexp_replace({bare}, '[()+-]', '', 'g'), '{other}', ''), '{decimal}', '.')"
    cleaned = f"CASE WHEN regexp_full_match({bare}, '{grammar}') THEN TRY_CAST({minus} || {digits} AS {type_name}) END"
    return f"coalesce({quick}, {cleaned})"


def _with_times(patterns: Sequence[str]) -> tuple[str, ...]:
    return tuple(pattern + time for pattern in patterns for time in TIMES)
