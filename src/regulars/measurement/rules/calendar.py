"""Months and quarters as whole numbers, so that the next one is one more."""

from datetime import date, timedelta


def month_number(day: date) -> int:
    """Return a month's number: years times twelve, plus months since January.

    >>> month_number(date(2024, 1, 31)), month_number(date(2024, 2, 1))
    (24288, 24289)
    """
    return day.year * 12 + day.month - 1


def month_name(number: int) -> str:
    """Write a month as ISO 8601 does.

    >>> month_name(24288)
    '2024-01'
    """
    return f"{number // 12:04d}-{number % 12 + 1:02d}"


def quarter_name(number: int) -> str:
    """Write a quarter; its number is the month's divided by three.

    >>> quarter_name(24288 // 3), quarter_name(24299 // 3)
    ('2024-Q1', '2024-Q4')
    """
    return f"{number // 4:04d}-Q{number % 4 + 1}"


def ends_on(month: int) -> date:
    """Return the last day of a month.

    >>> ends_on(24289), ends_on(24299)
    (datetime.date(2024, 2, 29), datetime.date(2024, 12, 31))
    """
    following = month + 1
    return date(following // 12, following % 12 + 1, 1) - timedelta(days=1)


def monday(day: date) -> date:
    """Return the Monday that begins a day's week.

    >>> monday(date(2024, 3, 21))
    datetime.date(2024, 3, 18)
    """
    return day - timedelta(days=day.weekday())
