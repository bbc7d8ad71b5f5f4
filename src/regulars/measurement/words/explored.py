"""What the figures of the pages about retention and products mean."""

from typing import Final

_COHORT = (
    "Customers by the month (or the week, beginning on Monday) of their first order. Period 0 is that month or week "
    "itself. A period that has not ended by the as-of day is not mature: its figure will still rise."
)
COHORTS: Final[dict[str, str]] = {
    "active": f"The share of the cohort that ordered in the period. {_COHORT} Intervals are Wilson intervals of 95%.",
    "returned": (
        "The share of the cohort that had ordered on a second day by the end of the period. "
        f"{_COHORT} Intervals are Wilson intervals of 95%."
    ),
    "revenue": f"What the cohort spent in the period, before refunds. {_COHORT}",
    "cumulative": f"What the cohort had spent by the end of the period, before refunds, per customer. {_COHORT}",
}
_CURVE = (
    "Of the customers whose window has closed by the as-of day, by what their first order was like. Day 0 is the day of "
    "that order. Later points rest on older customers only. Intervals are Wilson intervals of 95%; below 30 customers a "
    "rate says little."
)
CURVES: Final[dict[str, str]] = {
    "within": f"The share that had ordered again by the end of the period. {_CURVE}",
    "bounded": f"The share that ordered in the period. {_CURVE}",
    "unbounded": f"The share that ordered on the last day of the period or later. {_CURVE}",
}
PRODUCTS: Final[dict[str, str]] = {
    "customers": "Customers whose first order contained the product.",
    "windows": (
        "Of these, the share that ordered anything again within so many days, among those whose first order is at least "
        "that long ago, with the Wilson interval of 95%. A product stands out when its interval leaves out the shop's average "
        "even when it is made so wide that, of all products judged together, one stands out by chance in five shops of a "
        "hundred (Bonferroni)."
    ),
    "again": (
        "Of all who ever bought the product, the share that bought it again on a later day within 365 days, among those "
        "whose first purchase of it is at least that long ago."
    ),
    "quarter_days": "The day after the first purchase of the product by which a quarter had bought it again (Kaplan–Meier).",
    "median_days": (
        "The day after the first purchase of the product by which half had bought it again (Kaplan–Meier: who has not yet "
        "bought again counts for the time he was watched); none while the curve stays below."
    ),
    "revenue": "What all customers paid on lines of the product, before refunds, in the shop's currency.",
}
_MOVED = (
    "The last 28 complete days beside the 28 before, the as-of day included; the change is a share of what was before. It "
    "is more than noise when its interval of 95% leaves out no change"
)
_POISSON = (
    f"{_MOVED}, given how much the days of one weekday differ by themselves. Seasons and campaigns are not noise."
)
MOVEMENT: Final[dict[str, str]] = {
    "orders": f"Orders that stand, guests' included. {_POISSON}",
    "revenue": f"Revenue before refunds, guests' included. {_POISSON}",
    "new_customers": f"Customers by the day of their first order. {_POISSON}",
    "returning_orders": f"Orders of customers on later days than that of their first order. {_POISSON}",
    "repeat_rate": (
        "The share that ordered again within 56 days, of the customers who began in the newest 28 days for which these "
        "56 days are over, beside those who began in the 28 days before; the change is in points. It is more than noise "
        "when Newcombe's interval of 95% for the difference leaves out zero."
    ),
}
COMPARED: Final[dict[str, str]] = {
    "definition": (
        "The share of each group that came back in the window, of the customers whose window has closed; customers who "
        "are in both groups are left out. Wilson intervals, and Newcombe's for the difference, of 95%."
    ),
    "warning": (
        "This compares two groups of different customers. It does not say that what they differ in is the reason: only "
        "an experiment with a held-out group can."
    ),
}


def verdict_of(bounds: tuple[float, float] | None, is_few: bool) -> dict[str, str]:
    """Say what the interval of a difference allows to say; below 30 customers nothing.

    >>> verdict_of((0.01, 0.05), False)["name"], verdict_of((-0.01, 0.05), False)["name"], verdict_of(None, True)["name"]
    ('differs', 'cannot_tell', 'too_few')
    """
    if bounds is None or is_few:
        return {"name": "too_few", "sentence": "One of the groups has fewer than 30 customers who can be judged."}
    if bounds[0] > 0 or bounds[1] < 0:
        more = "more" if bounds[0] > 0 else "less"
        return {"name": "differs", "sentence": f"The first group came back {more} often than the second."}
    return {
        "name": "cannot_tell",
        "sentence": "One cannot tell the two groups apart: chance alone can explain the difference.",
    }
