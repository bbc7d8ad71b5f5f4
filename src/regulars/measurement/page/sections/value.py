"""What customers are worth: the expectation with its interval, the test against hidden history, and who is late."""

from collections.abc import Callable
from dataclasses import dataclass, replace

from django.utils.safestring import SafeString

from regulars.core.formats import NONE, counted, span
from regulars.core.reading import Report, amount, block, items, number, rows, text
from regulars.measurement.page.charts import strips
from regulars.measurement.page.charts.scale import ticks
from regulars.measurement.page.model import Chapter, Columns, Figure, Given, Table
from regulars.measurement.page.sections import backtest, parameters

SHOWN_LATE = 10  # rows at once; the table behind the figure has all the report brings


@dataclass(frozen=True)
class Estimate:
    """An expected figure as a card with its interval."""

    name: str
    figure: str
    interval: str
    strip: SafeString | None


def chapter(given: Given) -> Chapter:
    """Return the chapter about the future."""
    return Chapter("value", "What customers are worth", (expectation(given), backtest.figure(given), late(given)))


def expectation(given: Given) -> Figure:
    """Return what today's customers are expected to order, or why the model would rather not say."""
    model = block(given.report, "value_model")
    definition = given.definition("value_model", "expected_revenue", "expected_orders")
    days = int(amount(model.get("horizon_days"))) or 365
    orders, revenue = block(model, "expected_orders"), block(model, "expected_revenue")
    if model.get("abstains", True) or number(orders.get("mean")) is None:
        return _abstention(model, definition)
    title = f"Expect about {given.write.count(orders['mean'])} orders in the next {span(days)}"
    if number(revenue.get("mean")) is not None:
        title += f", worth {given.write.about(revenue['mean'])}"
    cards = (
        _estimate(f"Orders in the next {span(days)}", orders, given.write.count),
        _estimate(f"Revenue in the next {span(days)}", revenue, given.write.about),
    )
    return Figure(
        "expectation",
        title,
        definition,
        lead="From the customers you have today; those you win from now on come on top.",
        template="estimates.html",
        shown={"estimates": tuple(card for card in cards if card is not None)},
        tables=(_expected_table(given, orders, revenue), *parameters.tables(given, model)),
    )


def _abstention(model: Report, definition: str) -> Figure:
    reasons = [text(reason) for reason in items(model, "reasons") if text(reason)]
    return Figure(
        "expectation",
        "No forecast: there is too little to go by",
        definition,
        lead="A guess would look like a figure. The model waits until it has something to say.",
        template="abstention.html",
        shown={
            "reasons": reasons or ["The order history is too short, or too few customers have ordered more than once."],
            "advice": "Import more of your order history, or read this page again after some more weeks of orders.",
        },
    )


def _estimate(name: str, found: Report, write: Callable[[object], str]) -> Estimate | None:
    mean, low, high = (number(found.get(key)) for key in ("mean", "low", "high"))
    if mean is None:
        return None
    if low is None or high is None:
        return Estimate(name, write(mean), "no interval", None)
    end = max(ticks(0, high)[-1], high)
    said = f"between {write(low)} and {write(high)}, with 95% confidence"
    return Estimate(
        name,
        write(mean),
        said,
        strips.estimate(strips.Range(f"{name}: {said}", mean, low, high, end, write(0), write(end))),
    )


def _expected_table(given: Given, orders: Report, revenue: Report) -> Table:
    written = [("Orders", *(given.write.decimal(orders.get(key), 1) for key in ("mean", "low", "high")))]
    if revenue:
        written.append(("Revenue", *(given.write.money(revenue.get(key)) for key in ("mean", "low", "high"))))
    return Table("Expectation", ("What", "Expected", "Low", "High"), tuple(written))


def late(given: Given) -> Figure:
    """Return the customers who are late by their own rhythm, most valuable first."""
    found = rows(given.report, "customers_late")
    total = block(given.report, "late_total")
    count = amount(total.get("count", total.get("customers"))) or len(found)
    definition = given.definition("customers_late")
    if not found:
        advice = "The list fills when customers with a rhythm of their own stay away for longer than it makes likely."
        return Figure("late", "Nobody is late by their own rhythm", definition, empty=advice)
    write = given.write
    title = f"{counted(write.count(count), 'customer is', 'customers are')} late by their own rhythm"
    if amount(total.get("value")):
        title += f"; together they are worth {write.about(total['value'])}"
    everyone = _late_table(given, found, is_all=count <= len(found))
    if len(found) <= SHOWN_LATE + 3:
        return Figure("late", title, definition, template="table.html", shown={"table": everyone})
    first = replace(everyone, caption=f"The {SHOWN_LATE} most valuable of them", rows=everyone.rows[:SHOWN_LATE])
    return Figure("late", title, definition, template="table.html", shown={"table": first}, tables=(everyone,))


def _late_table(given: Given, found: list[Report], is_all: bool) -> Table:
    write = given.write
    columns: Columns = {
        "Customer": lambda row: text(row.get("customer")) or text(row.get("customer_id")) or NONE,
        "Worth": lambda row: write.money(row.get("value")),
        "Silent for": lambda row: counted(write.count(row.get("days_since")), "day"),
        "Usual gap": lambda row: counted(write.count(row.get("usual_gap_days")), "day"),
        "Orders": lambda row: write.count(row.get("orders")),
        "Last order": lambda row: write.day(row.get("last_order_on")),
        "Probability": lambda row: write.share(row.get("probability"), 0),
    }
    caption = "Most valuable first" if is_all else f"The {len(found)} most valuable of them"
    return Table.of(caption, found, columns)
