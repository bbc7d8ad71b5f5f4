"""What every figure of the report means, in a sentence or two."""

from typing import Final

DEFINITIONS: Final[dict[str, str]] = {
    "orders": "Orders that stand up to the as-of day: cancelled and test orders are none, refunded and free orders are.",
    "revenue": "What these orders came to before refunds, in the shop's currency; gift cards count when they are spent.",
    "refunds": "Money given back up to the as-of day, by the day of the refund; the order's day where none is known.",
    "net_revenue": "Revenue minus refunds.",
    "customers": "Identified people with at least one order. Guests' orders are sales, but guests are not customers.",
    "repeat_customers": "Customers with two orders or more, also on the same day.",
    "repeat_rate": "Customers with two orders or more, divided by all customers, whether or not they had time for two.",
    "orders_per_customer": "Orders of identified customers divided by customers.",
    "average_order_value": "Revenue before refunds divided by all orders, guests' and free orders included.",
    "guests_orders": "Orders of people whom nothing identifies.",
    "free_orders": "Orders of customers on days on which they paid nothing.",
    "refund_share": "Refunds divided by revenue before refunds.",
    "top_10_percent_revenue_share": (
        "Share of the customers' revenue that the biggest spenders bring: a tenth of the customers, rounded down."
    ),
    "top_20_percent_revenue_share": (
        "Share of the customers' revenue that the biggest spenders bring: a fifth of the customers, rounded down."
    ),
    "retention": (
        "A window of days after a customer's first order, day 0 being the day of that order. Only customers whose window "
        "has closed by the as-of day count. Intervals are Wilson intervals of 95%."
    ),
    "sequence": (
        "Of the customers with an n-th order day, the share with a next one so far; several orders on one day are one "
        "visit. Recent customers had less time, so the final rates are higher."
    ),
    "repurchase_curve": (
        "The share of customers with a second order day by so many days after the first: one minus Kaplan–Meier, so that "
        "customers who could be watched only for a while count for that while. Band: 95%, Greenwood, log-log."
    ),
    "median_days_to_second": "The first day on which the repurchase curve reaches one half; none while it stays below.",
    "cohorts": (
        "Customers by the month (or the week, beginning on Monday) of their first order, and how many of them ordered in "
        "each later one. A period that has not ended by the as-of day is marked as incomplete."
    ),
    "lifecycle": (
        "Buyers of each month. New: first order in it. Returning: bought in it and in the month before. Resurrected: "
        "bought in it, not in the month before, but earlier. Dormant: bought in the month before, not in it."
    ),
    "lifecycle_revenue": "Revenue before refunds of identified customers in the month of their first order, and in later ones.",
    "period_retention": (
        "Of the customers active in a quarter, the share active in the next: (end − new) / start, where new are the "
        "next quarter's customers who were not active in the one before, whether first-time or back after a pause."
    ),
    "concentration": "Customers in order of what they spent, biggest first, against the share of the customers' revenue.",
    "rfm": (
        "Customers by two marks from 1 to 5, for how recent their last order day is and for how many order days they "
        "have, on a grid of ten segments; the same figures always get the same mark."
    ),
    "value_model": (
        "Days with an order that today's customers are expected to have in the coming year (BG/NBD) and what these are "
        "worth before refunds (Gamma-Gamma, on days that were paid for). New customers come on top. Interval: 95%."
    ),
    "backtest": (
        "The same model fitted on the history up to the calibration end and asked about the time after it. Counted are "
        "days with an order of customers known by then; correlation and mean absolute error are per customer."
    ),
    "customers_late": (
        "Customers with three order days or more who have been silent for so long that, buying on at their own rhythm, "
        "90 of 100 would have ordered again by now (the probability); from 995 of 1,000 on they count as lost. The value "
        "is what they spent so far."
    ),
    "benchmarks": "Published figures with source, year and what they count; only one of the same definition can be compared.",
    "imports": "What became of the rows of all imported files: accepted, rejected or known already.",
}
