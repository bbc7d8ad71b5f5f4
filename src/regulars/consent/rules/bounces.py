"""When an address is given a rest, and which reason to keep from it weighs most."""

from collections.abc import Iterable
from datetime import date, timedelta
from enum import StrEnum

DAYS, WITHIN, REST = 3, timedelta(days=30), timedelta(days=90)


class Cause(StrEnum):
    """Why an address gets nothing, the weightiest first."""

    ERASED = "erased"
    COMPLAINT = "complaint"
    UNSUBSCRIBED_ALL = "unsubscribed_all"
    MANUAL = "manual"
    HARD_BOUNCE = "hard_bounce"
    SOFT_BOUNCES = "soft_bounces"


def rest_until(bounced_on: Iterable[date], today: date) -> date | None:
    """Return the last day of an address's rest: 90 days after soft bounces on three different days of the last 30.

    A full mailbox bounces every letter of a day, and that says it once; a letter that arrives wipes the days out.
    >>> days = [date(2024, 5, 1), date(2024, 5, 9), date(2024, 5, 9)]
    >>> rest_until(days, date(2024, 5, 9)) is None, str(rest_until([*days, date(2024, 5, 20)], date(2024, 5, 20)))
    (True, '2024-08-18')
    >>> rest_until([date(2024, 1, 1), *days], date(2024, 5, 9)) is None
    True
    """
    recent = {day for day in bounced_on if today - WITHIN < day <= today}
    return today + REST if len(recent) >= DAYS else None


def weight(reason: str) -> int:
    """Return a reason's place among the reasons, 0 for the weightiest; one that nobody knows weighs least.

    >>> weight("erased") < weight("hard_bounce") < weight("who knows")
    True
    """
    known = list(Cause)
    return known.index(Cause(reason)) if reason in known else len(known)
