"""Comparisons: what each kind of value can be compared with, and the SQL of it with every value bound.

What is not known compares with nothing: only `known: false` and the comparisons that deny (is_not, none_of, lacks) hold for it.
"""

import contextlib
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Any


class Kind(StrEnum):
    """What a field holds."""

    TEXT, NUMBER, DATE, FLAG, TAGS = "text", "number", "date", "yes or no", "tags"


class Unfit(ValueError):
    """A value that a comparison cannot take; the message says what it must be."""


@dataclass(frozen=True)
class Comparison:
    """An operator of a kind of value, with what is compared with."""

    kind: Kind
    op: str
    value: Any

    @property
    def turns(self) -> bool:
        """Say whether a new day alone can change the answer."""
        return "{today}" in OPERATORS[self.kind][self.op].sql

    def sql(self, expression: str, bind: Callable[[Any, str], str], today: str) -> str:
        """Return the condition; bind(value, type) gives the parameter to write, today is the SQL of the day."""
        operator = OPERATORS[self.kind][self.op]
        values = self.value if operator.is_pair else (self.value,)
        written = {f"v{n}": bind(value, operator.type) for n, value in enumerate(values)} if operator.type else {}
        text = operator.sql.format(x=expression, today=today, **written)
        if self.op == "known":
            return text if self.value else f"NOT ({text})"
        return f"NOT coalesce({text}, false)" if operator.denies else f"coalesce({text}, false)"


@dataclass(frozen=True)
class Operator:
    """One comparison: how its value is read, and its SQL, in which {x} is compared with {v0}, and {v1} of a pair."""

    reads: Callable[[Any], Any]
    type: str
    sql: str
    denies: bool = False
    is_pair: bool = False


LONGEST, MOST_VALUES, MOST_DAYS = 500, 1_000, 36_500
BEYOND = Decimal(10) ** 15
DAY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)


def text(value: Any) -> str:
    """Read a text.

    >>> text("DE"), text(12)
    ('DE', '12')
    """
    if isinstance(value, bool) or not isinstance(value, str | int | Decimal | float) or not str(value).strip():
        raise Unfit("a text must stand here")
    if len(str(value)) > LONGEST or "\x00" in str(value):
        raise Unfit(f"a text of at most {LONGEST} characters must stand here")
    return str(value)


def texts(value: Any) -> list[str]:
    if not isinstance(value, list) or not value or len(value) > MOST_VALUES:
        raise Unfit(f"a list of one to {MOST_VALUES:,} texts must stand here")
    return [text(one) for one in value]


def number(value: Any) -> Decimal:
    """Read a number.

    >>> number(2), number("19.90")
    (Decimal('2'), Decimal('19.90'))
    """
    try:
        found = Decimal("nan") if isinstance(value, bool) else Decimal(str(value).strip())
    except ArithmeticError:
        found = Decimal("nan")
    if not found.is_finite() or abs(found) >= BEYOND or found != round(found, 9):
        raise Unfit("a number must stand here, as 3 or 19.90")
    return found


def numbers(value: Any) -> tuple[Decimal, Decimal]:
    if not isinstance(value, list) or len(value) != 2 or number(value[0]) > number(value[1]):
        raise Unfit("two numbers must stand here, the smaller first, as [10, 50]")
    return number(value[0]), number(value[1])


def day(value: Any) -> date:
    """Read a day.

    >>> day("2024-02-29")
    datetime.date(2024, 2, 29)
    """
    if isinstance(value, date):
        return value
    if isinstance(value, str) and DAY.fullmatch(value):
        with contextlib.suppress(ValueError):
            return date.fromisoformat(value)
    raise Unfit("a day must stand here, as 2024-12-31")


def days(value: Any) -> tuple[date, date]:
    if not isinstance(value, list) or len(value) != 2 or day(value[0]) > day(value[1]):
        raise Unfit('two days must stand here, the earlier first, as ["2024-01-01", "2024-06-30"]')
    return day(value[0]), day(value[1])


def count(value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not 1 <= value <= MOST_DAYS:
        raise Unfit(f"a whole number of days from 1 to {MOST_DAYS:,} must stand here")
    return value


def flag(value: Any) -> bool:
    if not isinstance(value, bool):
        raise Unfit("true or false must stand here")
    return value


NUMBER, DAYS = "DECIMAL(38, 9)", "INTEGER"
# The next time that day and month of a day come round, from today on; 29 February comes on 28 February in other years.
NEXT_YEAR = "{x} + to_years((year({today}) - year({x}))::INTEGER)"
ANNIVERSARY = (
    f"CAST(CASE WHEN CAST({NEXT_YEAR} AS DATE) >= {{today}} THEN {NEXT_YEAR} "
    "ELSE {x} + to_years((year({today}) - year({x}) + 1)::INTEGER) END AS DATE)"
)
OPERATORS: Mapping[Kind, Mapping[str, Operator]] = {
    Kind.TEXT: {
        "is": Operator(text, "VARCHAR", "lower({x}) = lower({v0})"),
        "is_not": Operator(text, "VARCHAR", "lower({x}) = lower({v0})", denies=True),
        "one_of": Operator(texts, "VARCHAR[]", "list_contains(list_transform({v0}, lambda v: lower(v)), lower({x}))"),
        "none_of": Operator(
            texts, "VARCHAR[]", "list_contains(list_transform({v0}, lambda v: lower(v)), lower({x}))", denies=True
        ),
        "contains": Operator(text, "VARCHAR", "contains(lower({x}), lower({v0}))"),
        "starts_with": Operator(text, "VARCHAR", "starts_with(lower({x}), lower({v0}))"),
        "ends_with": Operator(text, "VARCHAR", "suffix(lower({x}), lower({v0}))"),
        "known": Operator(flag, "", "coalesce({x}, '') <> ''"),
    },
    Kind.NUMBER: {
        "is": Operator(number, NUMBER, "{x} = {v0}"),
        "is_not": Operator(number, NUMBER, "{x} = {v0}", denies=True),
        "at_least": Operator(number, NUMBER, "{x} >= {v0}"),
        "at_most": Operator(number, NUMBER, "{x} <= {v0}"),
        "more_than": Operator(number, NUMBER, "{x} > {v0}"),
        "less_than": Operator(number, NUMBER, "{x} < {v0}"),
        "between": Operator(numbers, NUMBER, "{x} BETWEEN {v0} AND {v1}", is_pair=True),
        "known": Operator(flag, "", "{x} IS NOT NULL"),
    },
    Kind.DATE: {
        "on": Operator(day, "DATE", "{x} = {v0}"),
        "before": Operator(day, "DATE", "{x} < {v0}"),
        "after": Operator(day, "DATE", "{x} > {v0}"),
        "between": Operator(days, "DATE", "{x} BETWEEN {v0} AND {v1}", is_pair=True),
        "within_days": Operator(count, DAYS, "{x} > {today} - {v0} AND {x} <= {today}"),
        "at_least_days_ago": Operator(count, DAYS, "{x} <= {today} - {v0}"),
        "in_next_days": Operator(count, DAYS, "{x} >= {today} AND {x} < {today} + {v0}"),
        "anniversary_in_days": Operator(count, DAYS, f"{ANNIVERSARY} < {{today}} + {{v0}}"),
        "known": Operator(flag, "", "{x} IS NOT NULL"),
    },
    Kind.FLAG: {
        "is": Operator(flag, "BOOLEAN", "{x} = {v0}"),
        "known": Operator(flag, "", "{x} IS NOT NULL"),
    },
    Kind.TAGS: {
        "has": Operator(text, "VARCHAR", "list_contains({x}, lower(trim({v0})))"),
        "lacks": Operator(text, "VARCHAR", "list_contains({x}, lower(trim({v0})))", denies=True),
        "known": Operator(flag, "", "len({x}) > 0"),
    },
}


def read(kind: Kind, op: str, value: Any) -> Comparison:
    """Return a comparison; raise Unfit with a sentence for an operator or a value that does not go with this kind.

    >>> read(Kind.NUMBER, "at_least", 3)
    Comparison(kind=<Kind.NUMBER: 'number'>, op='at_least', value=Decimal('3'))
    >>> read(Kind.FLAG, "contains", "x")
    Traceback (most recent call last):
    regulars.segments.rules.comparing.Unfit: 'contains' does not go with a yes or no; it can be compared by is, known
    """
    operator = OPERATORS[kind].get(op)
    if operator is None:
        listed = ", ".join(OPERATORS[kind])
        raise Unfit(
            f"{op!r} does not go with {'a ' if kind != Kind.TAGS else ''}{kind}; it can be compared by {listed}"
        )
    return Comparison(kind, op, operator.reads(value))


def holds_for_nothing(comparison: Comparison) -> bool:
    """Say whether a comparison of numbers holds for 0, which is what there is of facts where nothing happened.

    >>> holds_for_nothing(read(Kind.NUMBER, "at_most", 2)), holds_for_nothing(read(Kind.NUMBER, "between", [1, 2]))
    (True, False)
    """
    value, nothing = comparison.value, Decimal(0)
    if comparison.op == "between":
        return bool(value[0] <= nothing <= value[1])
    answers = {
        "is": value == nothing,
        "is_not": value != nothing,
        "at_least": nothing >= value,
        "at_most": nothing <= value,
        "more_than": nothing > value,
        "less_than": nothing < value,
        "known": value is True,
    }
    return bool(answers[comparison.op])
