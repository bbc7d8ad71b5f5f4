"""What customers are worth: the expectation with its interval, the test against hidden history, who is late."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.safestring import SafeString

from regulars.measurement.page.charts import lines, strips
from regulars.measurement.page.charts.frame import Tick
from regulars.measurement.page.charts.scale import ticks
from regulars.measurement.page.formats import NONE, counted, span
from regulars.measurement.page.model import Chapter, Figure, Given, Table
from regulars.measurement.page.reading import Report, amount, block, items, number, rows, text


@dataclass(frozen=True)
class Estimate:
    """An expected figure as a card with its interval."""

    name: str
    figure: str
    interval: str
    strip: SafeString | None


def chapter(given: Given) -> Chapter:
    """Return the chapter about the future."""
    return Chapter("value", "What customers are worth", (expectation(given), backtest(given), late(given)))


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
        tables=(_expected_table(given, orders, revenue), *_parameter_tables(given, model)),
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


def _estimate(name: str, found: Report, write: object) -> Estimate | None:
    mean, low, high = (number(found.get(key)) for key in ("mean", "low", "high"))
    if mean is None or not callable(write):
        return None
    if low is None or high is None:
        return Estimate(name, write(mean), "no interval", None)
    end = max(ticks(0, high)[-1], high)
    said = f"between {write(low)} and {write(high)}, with 95% confidence"
    return Estimate(name, write(mean), said, strips.estimate(strips.Range(f"{name}: {said}", mean, low, high, end, write(0), write(end))))


def _expected_table(given: Given, orders: Report, revenue: Report) -> Table:
    written = [("Orders", *(given.write.decimal(orders.get(key), 1) for key in ("mean", "low", "high")))]
    if revenue:
        written.append(("Revenue", *(given.write.money(revenue.get(key)) for key in ("mean", "low", "high"))))
    return Table("Expectation", ("What", "Expected", "Low", "High"), tuple(written))


def _parameter_tables(given: Given, model: Report) -> tuple[Table, ...]:
    fitted = _parameters(given, model, text(model.get("model")) or "BG/NBD", f"time in {text(model.get('unit')) or 'week'}s")
    spending = block(model, "gamma_gamma")
    return tuple(table for table in (fitted, _spending(given, spending)) if table.rows)


def _parameters(given: Given, model: Report, name: str, note: str) -> Table:
    intervals = block(model, "intervals")
    written = [
        (text(key), given.write.decimal(value, 4), _bounds(given, intervals.get(key)))
        for key, value in block(model, "parameters").items()
    ]
    if number(model.get("log_likelihood")) is not None:
        written.append(("log-likelihood", given.write.decimal(model["log_likelihood"], 3), ""))
    return Table(f"Model {name}", ("Parameter", "Estimate", "95% interval"), tuple(written), note=note)


def _bounds(given: Given, found: object) -> str:
    if isinstance(found, Mapping):
        found = [found.get("low"), found.get("high")]
    if not isinstance(found, list | tuple) or len(found) != 2:
        return ""
    return given.write.between(given.write.decimal(found[0], 4), given.write.decimal(found[1], 4))


def _spending(given: Given, spending: Report) -> Table:
    names = {"p": "p", "q": "q", "v": "v", "log_likelihood": "log-likelihood", "correlation": "correlation of orders and value"}
    written = [
        (name, given.write.decimal(spending[key], 4)) for key, name in names.items() if number(spending.get(key)) is not None
    ]
    if number(spending.get("population_mean")) is not None:
        written.append(("mean value of an order", given.write.money(round(amount(spending["population_mean"]), 2))))
    warning = "Order value rises or falls with the number of orders: read the revenue with care."
    return Table(
        "Model Gamma-Gamma", ("Parameter", "Estimate"), tuple(written), note=warning if spending.get("independent") is False else ""
    )


def backtest(given: Given) -> Figure:
    """Return the test of the model on history that was hidden from it."""
    test = block(given.report, "value_model", "backtest")
    expected, actual = number(test.get("expected")), number(test.get("actual"))
    definition = given.definition("backtest")
    if expected is None or actual is None:
        return Figure(
            "backtest",
            "The model has not been tested on your past yet",
            definition,
            empty="The test needs enough history to hide its last part; import older orders, then write this report again.",
        )
    days = int(amount(test.get("days")))
    title = (
        f"We hid the last {span(days) if days else 'part of the history'}: "
        f"predicted {given.write.count(expected)} orders, came {given.write.count(actual)}"
    )
    weekly = [row for row in rows(test, "weekly") if number(row.get("expected_cumulative")) is not None]
    return Figure(
        "backtest",
        title,
        definition,
        lead=_verdict(given, test, expected, actual),
        chart=lines.draw(_backtest_chart(given, test, weekly, title)) if len(weekly) > 1 else SafeString(""),
        tables=(_backtest_table(given, test), *_weekly_table(given, weekly), *_tested_parameters(given, test)),
    )


def _verdict(given: Given, test: Report, expected: float, actual: float) -> str:
    low, high = number(test.get("low")), number(test.get("high"))
    miss = abs(expected - actual) / actual if actual else 0.0
    said = f"The prediction was {given.write.share(miss)} too {'low' if expected < actual else 'high'}."
    if round(expected) == round(actual):
        said = "The prediction was right."
    if low is None or high is None:
        return said
    is_inside = low <= actual <= high
    verdict = "what came lies inside it" if is_inside else "what came lies outside it, so trust the forecast above less than its interval says"
    return f"{said} Its 95% interval went from {given.write.count(low)} to {given.write.count(high)}: {verdict}."


def _backtest_chart(given: Given, test: Report, weekly: list[Report], title: str) -> lines.LineChart:
    count = given.write.count
    weeks = [(float(n + 1), row) for n, row in enumerate(weekly)]
    came = [(at, amount(row["actual_cumulative"])) for at, row in weeks if number(row.get("actual_cumulative")) is not None]
    band = [
        (at, amount(row["low"]), amount(row["high"]))
        for at, row in weeks
        if number(row.get("low")) is not None and number(row.get("high")) is not None
    ]
    low, high = number(test.get("low")), number(test.get("high"))
    last = weeks[-1][0]
    top = max([high or 0, *(amount(row["expected_cumulative"]) for row in weekly), *(value for _, value in came)])
    return lines.LineChart(
        label=title,
        lines=[
            lines.Line("returning dashed", [(0.0, 0.0), *((at, amount(row["expected_cumulative"])) for at, row in weeks)], f"predicted\n{count(weekly[-1]['expected_cumulative'])}"),
            lines.Line("came", [(0.0, 0.0), *came], f"came\n{count(came[-1][1])}" if came else ""),
        ],
        x_ticks=[Tick(week, str(week)) for week in range(0, int(last) + 1, max(1, round(last / 8)))],
        y_ticks=[Tick(value, count(value)) for value in ticks(0, top)],
        x_name="weeks after the day the model last saw",
        band=[(0.0, 0.0, 0.0), *band] if band else (),
        whisker=None if low is None or high is None else (last, low, high),
    )


def _backtest_table(given: Given, test: Report) -> Table:
    write = given.write
    written = [
        ("Model last saw", write.day(test.get("calibration_end"))),
        ("Tested until", write.day(test.get("holdout_end"))),
        ("Orders predicted", write.decimal(test.get("expected"), 1)),
        ("95% interval", write.between(write.count(test.get("low")), write.count(test.get("high")))),
        ("Orders that came", write.count(test.get("actual"))),
        ("Correlation per customer", write.decimal(test.get("correlation"), 4)),
        ("Mean absolute error per customer", write.decimal(test.get("mae"), 4)),
    ]
    return Table("The test in figures", ("What", "Figure"), tuple((name, said) for name, said in written if not said.startswith(NONE)))


def _weekly_table(given: Given, weekly: list[Report]) -> tuple[Table, ...]:
    written = tuple(
        (
            given.write.count(row.get("week") if number(row.get("week")) is not None else n + 1),
            given.write.count(row["expected_cumulative"]),
            given.write.count(row.get("actual_cumulative")),
        )
        for n, row in enumerate(weekly)
    )
    return (Table("Orders since then, added up", ("Week", "Predicted", "Came"), written),) if written else ()


def _tested_parameters(given: Given, test: Report) -> tuple[Table, ...]:
    table = _parameters(given, test, "BG/NBD as fitted for the test", "Fitted only on what the model was shown.")
    return tuple(found for found in (table, _spending(given, block(test, "gamma_gamma"))) if found.rows)


def late(given: Given) -> Figure:
    """Return the customers who are late by their own rhythm, most valuable first."""
    found = rows(given.report, "customers_late")
    total = block(given.report, "late_total")
    count = amount(total.get("count", total.get("customers"))) or len(found)
    definition = given.definition("customers_late")
    if not found:
        return Figure(
            "late",
            "Nobody is late by their own rhythm",
            definition,
            empty="This list fills when a customer with a rhythm of her own, three order days or more, falls silent for too long.",
        )
    write = given.write
    title = f"{counted(write.count(count), 'customer is', 'customers are')} late by their own rhythm"
    if amount(total.get("value")):
        title += f"; together they are worth {write.about(total['value'])}"
    table = Table(
        f"The {len(found)} most valuable of them" if count > len(found) else "Most valuable first",
        ("Customer", "Worth", "Orders", "Last order", "Usual gap", "Silent for", "Chance of an order"),
        tuple(
            (
                text(row.get("customer_id")) or NONE,
                write.money(row.get("value")),
                write.count(row.get("orders")),
                write.day(row.get("last_order_on")),
                counted(write.count(row.get("usual_gap_days")), "day"),
                counted(write.count(row.get("days_since")), "day"),
                write.share(row.get("probability"), 0),
            )
            for row in found
        ),
    )
    return Figure("late", title, definition, template="table.html", shown={"table": table})
