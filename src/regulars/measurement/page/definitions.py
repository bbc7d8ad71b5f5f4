"""The page's own words for a figure, used where the report brings no definition of its own."""

from typing import Final

DEFINITIONS: Final[dict[str, str]] = {
    "net_revenue": "All orders up to the as-of day, minus refunds. Cancelled and test orders do not count.",
    "customers": "People with at least one order. Guest orders are sales, but they are not customers.",
    "repeat_rate": "Customers with two orders or more, divided by all customers.",
    "orders_per_customer": "Orders of known customers divided by customers; guest orders are left out.",
    "average_order_value": "Revenue before refunds divided by all orders, guest orders included.",
    "retention": (
        "Day 0 is the day of a customer's first order. A window counts only customers whose window has ended at the "
        "as-of day. Intervals are Wilson intervals at 95%."
    ),
    "repurchase_curve": (
        "Share of first buyers who have ordered again by a given day (one minus Kaplan–Meier): buyers who could not "
        "be watched for that long yet count for as long as they were watched. The band is the 95% interval."
    ),
    "sequence": (
        "Of the customers with an n-th order day, the share with a next one. Several orders on one day are one visit. "
        "Recent customers have had less time, so the true rates are somewhat higher."
    ),
    "cohorts": (
        "A cohort is everyone whose first order fell into the same period. A cell is the share of them who ordered "
        "in the k-th period after it. Hatched cells are periods that have not ended yet."
    ),
    "lifecycle": (
        "New: first order in this month. Returning: ordered in this month and in the one before. Back after a pause: "
        "ordered in this month, not in the one before, but earlier. Fell silent: ordered in the month before, not in "
        "this one."
    ),
    "lifecycle_revenue": "Revenue before refunds, by whether the month holds the customer's first order.",
    "period_retention": (
        "Of the customers active in one quarter, the share also active in the next: (end − new) / start. "
        "The whisker is the 95% Wilson interval."
    ),
    "concentration": (
        "Customers sorted by what they spent, best first; the curve shows the share of all revenue that the best "
        "x% bring. The straight line is a shop where everyone spends the same."
    ),
    "rfm": (
        "Every customer gets two marks from 1 to 5: how recent the last order is, and how many orders there were. "
        "The pair picks one of ten segments; equal customers always get equal marks."
    ),
    "value_model": (
        "What the customers of today are expected to order in the coming days (BG/NBD for the number of orders, "
        "Gamma-Gamma for their value). New customers come on top. The interval holds 95% of the simulated outcomes."
    ),
    "backtest": (
        "The model is fitted on the history up to a day, then asked about the time after it, which it has not seen. "
        "Counted are days with an order of customers who had already bought before that day."
    ),
    "customers_late": (
        "Customers who have been silent for longer than their own usual gap between orders makes likely, "
        "most valuable first."
    ),
    "benchmarks": "Published figures, each with its source, year and what it counted.",
    "imports": "What became of every row of the files that were read.",
}
