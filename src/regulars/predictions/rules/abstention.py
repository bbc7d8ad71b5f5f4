"""When the value model refuses: thin data give confident nonsense, so it says why instead."""

from dataclasses import dataclass

CUSTOMERS, HISTORY_DAYS, REGULARS = 500, 180, 10


@dataclass(frozen=True)
class Evidence:
    """What there is to learn from: customers with an order, those with two order days, with three, and days of history."""

    customers: int
    repeaters: int
    regulars: int
    history_days: int


def reasons(evidence: Evidence) -> list[str]:
    """Return why the model must abstain, in words for the shop; an empty list lets it speak.

    The gate is the one that the field uses (500 customers with an order, 180 days of history, some with three orders).

    >>> reasons(Evidence(5, 3, 1, 78))[0]
    'only 5 customers have ordered so far; predictions need about 500'
    >>> reasons(Evidence(2357, 1125, 600, 545))
    []
    """
    found = []
    if evidence.customers < CUSTOMERS:
        found.append(f"only {evidence.customers:,} customers have ordered so far; predictions need about {CUSTOMERS}")
    if evidence.history_days < HISTORY_DAYS:
        found.append(f"the history is {evidence.history_days} days long; predictions need about {HISTORY_DAYS}")
    if evidence.regulars < REGULARS:
        found.append(
            f"only {evidence.regulars:,} customers have ordered on three days or more; predictions need about {REGULARS}"
        )
    return found
