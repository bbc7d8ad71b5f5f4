"""The top of the page: the headline in words, its interval, and the key figures."""

from dataclasses import dataclass

from regulars.core.reading import Report, amount, block, number, rows, text
from regulars.measurement.page.model import Given

FEW = 100  # below this many buyers the headline says that it is a first hint only
START = "Import your order history (regulars import orders FILE), then write this report again."


@dataclass(frozen=True)
class Card:
    """One key figure."""

    name: str
    figure: str
    remark: str
    definition: str


@dataclass(frozen=True)
class Opening:
    """The headline and what stands below it."""

    title: str
    lede: str
    cards: tuple[Card, ...]


def opening(given: Given) -> Opening:
    """Return the top of the page."""
    totals = block(given.report, "totals")
    title = text(block(given.report, "headline").get("text")).strip()
    if not amount(totals.get("orders")):
        return Opening(title or "No orders yet", START, ())
    row = _headline_row(given.report)
    return Opening(title or _title(given, row), _lede(given, row), _cards(given, totals))


def _headline_row(report: Report) -> Report:
    wanted = text(block(report, "headline").get("metric")) or "within_56_days"
    return next((row for row in rows(report, "retention") if row.get("name") == wanted), {})


def _title(given: Given, row: Report) -> str:
    if not amount(row.get("eligible")):
        return f"{given.write.count(block(given.report, 'totals').get('customers'))} customers so far"
    return f"{given.write.count(row.get('retained'))} of {given.write.count(row['eligible'])} first buyers came back"


def _lede(given: Given, row: Report) -> str:
    write = given.write
    if number(row.get("rate")) is None:
        return (
            "Nobody's window has ended yet, so there is no rate to show: come back when the first eight weeks are over."
        )
    hint = " These are few buyers: read it as a first hint." if amount(row.get("eligible")) < FEW else ""
    if number(row.get("low")) is None:
        return f"That is {write.share(row['rate'])}.{hint}"
    low, high = write.share(row["low"]), write.share(row["high"])
    return (
        f"That is {write.share(row['rate'])}. Judging by {write.count(row['eligible'])} buyers, the true rate lies "
        f"between {low} and {high}, with 95% confidence.{hint}"
    )


def _cards(given: Given, totals: Report) -> tuple[Card, ...]:
    write = given.write
    return (
        Card(
            "Net revenue",
            write.about(totals.get("net_revenue")),
            _revenue_remark(given, totals),
            given.definition("net_revenue"),
        ),
        Card("Customers", write.count(totals.get("customers")), _guests(given, totals), given.definition("customers")),
        Card(
            "Repeat rate",
            write.share(totals.get("repeat_rate")),
            f"{write.count(totals.get('repeat_customers'))} customers ordered twice or more",
            given.definition("repeat_rate"),
        ),
        Card(
            "Orders per customer",
            write.decimal(totals.get("orders_per_customer")),
            f"{write.count(totals.get('orders'))} orders in all",
            given.definition("orders_per_customer"),
        ),
        Card(
            "Average order",
            write.money(totals.get("average_order_value")),
            _free(given, totals),
            given.definition("average_order_value"),
        ),
    )


def _revenue_remark(given: Given, totals: Report) -> str:
    if not amount(totals.get("refunds")):
        return "no refunds"
    return f"{given.write.about(totals.get('revenue'))} less {given.write.about(totals['refunds'])} refunds"


def _guests(given: Given, totals: Report) -> str:
    guests = amount(totals.get("guests_orders"))
    return f"and {given.write.count(guests)} guest orders" if guests else "no guest orders"


def _free(given: Given, totals: Report) -> str:
    free = amount(totals.get("free_orders"))
    return f"{given.write.count(free)} free orders included" if free else "before refunds"
