"""Filters that reckon: exact in decimals, and refused beyond what a shop can have."""

import math
from collections.abc import Callable
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from regulars.messaging.templates.language.context import Context
from regulars.messaging.templates.language.filters.texts import whole
from regulars.messaging.templates.language.values import is_sized
from regulars.messaging.templates.refusals import TooMuch

Number = int | Decimal


def number(value: Any) -> Decimal:
    """Return a number or a text that is one as a decimal, zero for anything else.

    >>> number("12.50"), number(3), number(0.1), number("many"), number("1e99")
    (Decimal('12.50'), Decimal('3'), Decimal('0.1'), Decimal('0'), Decimal('0'))
    """
    if isinstance(value, str) and len(value) > 40:
        return Decimal(0)
    if isinstance(value, bool) or not isinstance(value, str | int | float | Decimal):
        return Decimal(0)
    if isinstance(value, int) and not is_sized(value):
        raise TooMuch("this template reckons with a number that is too large")
    try:
        found = Decimal(str(value).strip())
    except ArithmeticError:
        return Decimal(0)
    return found if is_sized(found) else Decimal(0)


def result(value: Decimal) -> Number:
    """Return a result, whole where it has no fraction; refuse one that is too large.

    >>> result(Decimal("3")), result(Decimal("2.50"))
    (3, Decimal('2.50'))
    """
    if not is_sized(value):
        raise TooMuch("this template reckons with a number that is too large")
    return int(value) if value == value.to_integral_value() else value


def divided_by(context: Context, value: Any, other: Any) -> Number:
    """Divide; whole numbers by whole numbers stay whole, and nothing can be divided by zero: that is zero."""
    by = number(other)
    if not by:
        return 0
    if isinstance(value, int) and isinstance(other, int):
        return value // other if is_sized(value) and is_sized(other) else 0
    return result(_short(number(value) / by))


def modulo(context: Context, value: Any, other: Any) -> Number:
    by = number(other)
    return result(_short(number(value) - by * math.floor(number(value) / by))) if by else 0


def rounded(context: Context, value: Any, places: Any = 0) -> Number:
    """Round half up, as a shop does."""
    unit = Decimal(1).scaleb(-max(0, min(8, whole(places, 0))))
    return result(number(value).quantize(unit, ROUND_HALF_UP))


def _short(value: Decimal) -> Decimal:
    is_long = is_sized(value) and value.as_tuple().exponent < -12  # type: ignore[operator]  # finite
    return round(value, 12) if is_long else value


FILTERS: dict[str, Callable[..., Any]] = {
    "plus": lambda context, value, other: result(_short(number(value) + number(other))),
    "minus": lambda context, value, other: result(_short(number(value) - number(other))),
    "times": lambda context, value, other: result(_short(number(value) * number(other))),
    "divided_by": divided_by,
    "modulo": modulo,
    "round": rounded,
    "ceil": lambda context, value: math.ceil(number(value)),
    "floor": lambda context, value: math.floor(number(value)),
    "abs": lambda context, value: result(abs(number(value))),
    "at_least": lambda context, value, other: result(max(number(value), number(other))),
    "at_most": lambda context, value, other: result(min(number(value), number(other))),
}
