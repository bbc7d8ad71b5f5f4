"""When the value model refuses: thin data give confident nonsense, so it says why instead, in words for the shop."""

from collections.abc import Mapping
from dataclasses import dataclass

CUSTOMERS, HISTORY_DAYS, REGULARS = 500, 180, 10
SMALLEST, LARGEST = 1e-3, 1e4  # of a parameter (alpha in weeks); Fader and Hardie's data sets lie between .1 and 15


@dataclass(frozen=True)
class Evidence:
    """What there is to learn from: customers with an order, those with two order days, with three, and days of history."""

    customers: int
    repeaters: int
    regulars: int
    history_days: int


def reasons(evidence: Evidence) -> list[str]:
    """Return why the data are too thin; an empty list lets the model speak.

    The gate is the one that the field uses: 500 customers with an order, 180 days of history, some with three orders.

    >>> reasons(Evidence(5, 3, 1, 78))[0]
    'only 5 customers have ordered so far; predictions need about 500'
    >>> reasons(Evidence(2357, 1125, 600, 545))
    []
    """
    found = []
    if evidence.customers < CUSTOMERS:
        found.append(f"only {evidence.customers:,} customers have ordered so far; predictions need about {CUSTOMERS}")
    if evidence.history_days < HISTORY_DAYS:
        found.append(f"the history is {evidence.history_days:,} days long; predictions need about {HISTORY_DAYS}")
    if evidence.regulars < REGULARS:
        found.append(
            f"only {evidence.regulars:,} customers have ordered on three days or more; predictions need about {REGULARS}"
        )
    return found


def reasons_of_model(parameters: Mapping[str, float]) -> list[str]:
    """Return why fitted parameters (alpha in weeks) must not be used: at the model's edge any value fits as well.

    >>> reasons_of_model({"r": 0.243, "alpha": 4.414, "a": 0.793, "b": 2.426})
    []
    >>> reasons_of_model({"r": 0.243, "alpha": 4.414, "a": 3e-9, "b": 2.426})
    ['the orders do not tell when customers leave: the model runs to its edge (a = 3e-09)']
    """
    return [
        f"the orders do not tell {what}: the model runs to its edge ({name} = {parameters[name]:.2g})"
        for name, what in _TELLS.items()
        if not SMALLEST <= parameters[name] <= LARGEST
    ]


_TELLS = {
    "r": "how customers differ in pace",
    "alpha": "how customers differ in pace",
    "a": "when customers leave",
    "b": "when customers leave",
}
