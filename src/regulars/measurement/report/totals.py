"""Sums of the shop: orders, money, customers, and how the money is spread among them."""

from decimal import Decimal
from typing import Any

from regulars.measurement.report.asked import Ground, Setting

STEPS = 20  # points of the concentration curve: every 5 % of the customers


def totals(ground: Ground, spent: list[Decimal]) -> dict[str, Any]:
    """Return the totals; spent is what the biggest spenders spent, by twentieths of the customers."""
    days = ground.days()
    sold = [one.day for one in days if one.orders]
    first, last = min(sold, default=None), max(sold, default=None)
    orders, identified = sum(one.orders for one in days), sum(one.identified for one in days)
    revenue, refunds = sum((one.gross for one in days), Decimal(0)), sum((one.refunded for one in days), Decimal(0))
    customers, repeat, gross = ground.ask("customers")[0]
    money = ground.setting.money
    return {
        "orders": orders,
        "revenue": money(revenue),
        "refunds": money(refunds),
        "net_revenue": money(revenue - refunds),
        "customers": customers,
        "repeat_customers": repeat,
        "repeat_rate": share(repeat, customers),
        "orders_per_customer": share(identified, customers),
        "average_order_value": money(revenue / orders) if orders else None,
        "top_10_percent_revenue_share": share(spent[1], gross) if spent else None,
        "top_20_percent_revenue_share": share(spent[3], gross) if spent else None,
        "first_order_on": iso(first),
        "last_order_on": iso(last),
        "guests_orders": orders - identified,
        "free_orders": ground.sums("free_orders", 0)[0][0],
        "refund_share": share(refunds, revenue),
    }


def nothing(setting: Setting) -> dict[str, Any]:
    """Return the totals of a shop without orders."""
    none = setting.money(Decimal(0))
    counts = dict.fromkeys(("orders", "customers", "repeat_customers", "guests_orders", "free_orders"), 0)
    unknown = (
        *("repeat_rate", "orders_per_customer", "average_order_value", "top_10_percent_revenue_share"),
        *("top_20_percent_revenue_share", "first_order_on", "last_order_on", "refund_share"),
    )
    return {**counts, "revenue": none, "refunds": none, "net_revenue": none, **dict.fromkeys(unknown)}


def spenders(ground: Ground) -> list[Decimal]:
    """Return what the biggest spenders spent: 5 %, 10 %, … 100 % of the customers; empty without customers."""
    known = {int(step): spent for step, spent in ground.ask("spenders")}
    if not known:
        return []
    reached, found = Decimal(0), []
    for step in range(1, STEPS + 1):
        reached = known.get(step, reached)
        found.append(reached)
    return found


def concentration(spent: list[Decimal]) -> list[dict[str, float]]:
    """Return the curve of the revenue's spread, biggest spenders first; empty where nothing was spent."""
    if not spent or spent[-1] <= 0:
        return []
    points = [{"customer_share": 0.0, "revenue_share": 0.0}]
    for step, reached in enumerate(spent, 1):
        points.append({"customer_share": step / STEPS, "revenue_share": float(reached / spent[-1])})
    return points


def share(part: int | Decimal, whole: int | Decimal) -> float | None:
    """Return a quotient, None where there is nothing to divide by."""
    return float(part / whole) if whole else None


def iso(day: Any) -> str | None:
    """Return a day as ISO text."""
    return None if day is None else str(day.isoformat())
