"""Money: Decimal amounts with an ISO 4217 currency, rounded half even to the currency's minor unit."""

from decimal import ROUND_HALF_EVEN, Decimal
from functools import cache

STORED_PLACES = 4  # DECIMAL(18,4) in the lake: enough for every ISO minor unit, and an int64 inside


@cache
def minor_digits(currency: str) -> int:
    """Return the number of decimal places of a currency (ISO 4217 minor unit).

    >>> minor_digits("EUR"), minor_digits("JPY"), minor_digits("KWD")
    (2, 0, 3)
    """
    from babel.numbers import get_currency_precision

    return int(get_currency_precision(currency))


@cache
def currencies() -> frozenset[str]:
    """Return every ISO 4217 code that is known, current or historic."""
    from babel.numbers import list_currencies

    return frozenset(list_currencies())


def rounded(amount: Decimal, currency: str) -> Decimal:
    """Round half even to the currency's minor unit.

    >>> rounded(Decimal("43.575"), "EUR"), rounded(Decimal("2.5"), "JPY")
    (Decimal('43.58'), Decimal('2'))
    """
    return amount.quantize(Decimal(1).scaleb(-minor_digits(currency)), rounding=ROUND_HALF_EVEN)


def to_text(amount: Decimal, currency: str) -> str:
    """Write an amount as a plain decimal string in the currency's minor unit.

    >>> to_text(Decimal("435.7500"), "EUR")
    '435.75'
    """
    return format(rounded(amount, currency), "f")
