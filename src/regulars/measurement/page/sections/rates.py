"""Rates in rows: from one order to the next, and from one quarter to the next."""

import re

from regulars.core.formats import NONE, ordinal
from regulars.core.reading import Report, amount, day, number, rows, text
from regulars.measurement.page.charts import rows as rate_rows
from regulars.measurement.page.charts.frame import Tick
from regulars.measurement.page.charts.scale import ticks
from regulars.measurement.page.model import Columns, Figure, Given, Table

SOLID = 30  # customers a step needs before it enters the title
SHOWN_ORDERS = 8  # rows in the chart of the order sequence; the table has all
SHOWN_PERIODS = 8


def sequence(given: Given) -> Figure:
    """Return how many go on from one order to the next."""
    found = [
        row
        for row in rows(given.report, "sequence")
        if amount(row.get("customers")) and number(row.get("rate")) is not None
    ]
    definition = given.definition("sequence")
    if not found:
        return Figure(
            "sequence",
            "No order sequence yet",
            definition,
            empty="Import orders of known customers to see who goes on to a next one.",
        )
    title = f"{given.write.share(found[0]['rate'])} of first buyers order a second time"
    if len(found) > 1 and amount(found[1]["customers"]) >= SOLID:
        title += f"; of those, {given.write.share(found[1]['rate'])} a third"
    top = max(amount(row.get("high") or row["rate"]) for row in found[:SHOWN_ORDERS])
    chart = rate_rows.RateChart(
        label=title,
        rates=[_step(given, row) for row in found[:SHOWN_ORDERS]],
        ticks=[Tick(value, given.write.share(value, 0)) for value in ticks(0, top)],
    )
    table = _sequence_table(given, found)
    return Figure("sequence", title, definition, chart=rate_rows.draw(chart), tables=(table,))


def _sequence_table(given: Given, found: list[Report]) -> Table:
    count, share = given.write.count, given.write.share
    columns: Columns = {
        "Step": _step_name,
        "Customers": lambda row: count(row["customers"]),
        "Went on": lambda row: count(row.get("next_customers")),
        "Rate": lambda row: share(row["rate"]),
        "Low": lambda row: share(row.get("low")),
        "High": lambda row: share(row.get("high")),
    }
    return Table.of("From one order to the next", found, columns)


def _step(given: Given, row: Report) -> rate_rows.Rate:
    of = f"{given.write.count(row.get('next_customers'))} of {given.write.count(row['customers'])}"
    return rate_rows.Rate(
        _step_name(row),
        of,
        amount(row["rate"]),
        number(row.get("low")),
        number(row.get("high")),
        given.write.share(row["rate"]),
    )


def _step_name(row: Report) -> str:
    n = int(amount(row.get("order_number")))
    return f"{ordinal(n)} → {ordinal(n + 1)}"


def quarters(given: Given) -> Figure:
    """Return the share of each quarter's customers who stayed active in the next."""
    found = [row for row in rows(given.report, "period_retention") if amount(row.get("start_customers"))]
    measured = [row for row in found if number(row.get("rate")) is not None]
    definition = given.definition("period_retention")
    if not measured:
        return Figure(
            "quarters",
            "No two quarters to compare yet",
            definition,
            empty="This figure needs orders from two quarters in a row.",
        )
    ended = [row for row in measured if row.get("complete", True)] or measured
    kept, period = given.write.share(ended[-1]["rate"]), quarter(ended[-1].get("period"))
    title = f"{kept} of the customers of the quarter before ordered again in {period}"
    shown = measured[-SHOWN_PERIODS:]
    chart = rate_rows.RateChart(
        label=title,
        rates=[_quarter_rate(given, row) for row in shown],
        ticks=[
            Tick(value, given.write.share(value, 0))
            for value in ticks(0, max(amount(row.get("high") or row["rate"]) for row in shown))
        ],
    )
    notes = (
        ()
        if all(row.get("complete", True) for row in shown)
        else ("The quarter marked … has not ended: its rate will still rise.",)
    )
    return Figure(
        "quarters", title, definition, chart=rate_rows.draw(chart), tables=(_quarters_table(given, found),), notes=notes
    )


def quarter(period: object) -> str:
    """Write a period's name; anything but a quarter stays as it is.

    >>> quarter("1997-Q4"), quarter("1997-10-01"), quarter("autumn"), quarter(None)
    ('Q4 1997', 'Q4 1997', 'autumn', '–')
    """
    parts = re.fullmatch(r"(\d{4})-?[Qq]([1-4])", text(period))
    if parts:
        return f"Q{parts[2]} {parts[1]}"
    first = day(period)
    return f"Q{(first.month + 2) // 3} {first.year}" if first else text(period) or NONE


def _quarter_rate(given: Given, row: Report) -> rate_rows.Rate:
    is_complete = bool(row.get("complete", True))
    return rate_rows.Rate(
        name=quarter(row.get("period")) + ("" if is_complete else " …"),
        remark=f"{given.write.count(row.get('retained'))} of {given.write.count(row['start_customers'])}",
        rate=amount(row["rate"]),
        low=number(row.get("low")),
        high=number(row.get("high")),
        figure=given.write.share(row["rate"]),
        is_complete=is_complete,
    )


def _quarters_table(given: Given, found: list[Report]) -> Table:
    count, share = given.write.count, given.write.share
    columns: Columns = {
        "Quarter": lambda row: quarter(row.get("period")) + ("" if row.get("complete", True) else " …"),
        "Active before": lambda row: count(row["start_customers"]),
        "Active in it": lambda row: count(row.get("end_customers")),
        "Of these new": lambda row: count(row.get("new")),
        "Kept": lambda row: count(row.get("retained")),
        "Rate": lambda row: share(row.get("rate")),
        "Low": lambda row: share(row.get("low")),
        "High": lambda row: share(row.get("high")),
    }
    return Table.of("Customers kept from quarter to quarter", found, columns)
