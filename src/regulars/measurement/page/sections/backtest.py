"""The test of the model on history that was hidden from it."""

from regulars.core.formats import NONE, span
from regulars.core.reading import Report, amount, block, number, rows
from regulars.measurement.page.charts import lines
from regulars.measurement.page.charts.frame import Tick
from regulars.measurement.page.charts.scale import ticks
from regulars.measurement.page.model import NOTHING, Columns, Figure, Given, Table
from regulars.measurement.page.sections import parameters


def figure(given: Given) -> Figure:
    """Return what the model predicted for the hidden time, beside what came."""
    test = block(given.report, "value_model", "backtest")
    expected, actual = number(test.get("expected")), number(test.get("actual"))
    definition = given.definition("backtest")
    if expected is None or actual is None:
        advice = "The test hides the last part of the history: import older orders, then write this report again."
        return Figure("backtest", "The model has not been tested on your past yet", definition, empty=advice)
    days = int(amount(test.get("days")))
    hidden = f"the last {span(days)}" if days else "the last part of the history"
    title = f"We hid {hidden}: predicted {given.write.count(expected)} orders, came {given.write.count(actual)}"
    weekly = [row for row in rows(test, "weekly") if number(row.get("expected_cumulative")) is not None]
    return Figure(
        "backtest",
        title,
        definition,
        lead=_verdict(given, test, expected, actual),
        chart=lines.draw(_chart(given, test, weekly, title)) if len(weekly) > 1 else NOTHING,
        tables=(_weekly_table(given, weekly), _table(given, test), *parameters.tables(given, test)),
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
    verdict = (
        "what came lies inside it"
        if is_inside
        else "what came lies outside it, so trust the forecast above less than its interval says"
    )
    return f"{said} Its 95% interval went from {given.write.count(low)} to {given.write.count(high)}: {verdict}."


def _chart(given: Given, test: Report, weekly: list[Report], title: str) -> lines.LineChart:
    count = given.write.count
    weeks = [(float(n + 1), row) for n, row in enumerate(weekly)]
    came = [
        (at, amount(row["actual_cumulative"])) for at, row in weeks if number(row.get("actual_cumulative")) is not None
    ]
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
            lines.Line(
                "returning dashed",
                [(0.0, 0.0), *((at, amount(row["expected_cumulative"])) for at, row in weeks)],
                f"predicted\n{count(weekly[-1]['expected_cumulative'])}",
            ),
            lines.Line("came", [(0.0, 0.0), *came], f"came\n{count(came[-1][1])}" if came else ""),
        ],
        x_ticks=[
            Tick(week, str(week)) for week in range(0, int(last) + 1, 13 if last >= 39 else max(1, round(last / 8)))
        ],
        y_ticks=[Tick(value, count(value)) for value in ticks(0, top)],
        x_name="weeks after the day the model last saw",
        band=[(0.0, 0.0, 0.0), *band] if band else (),
        whisker=None if low is None or high is None else (last, low, high),
    )


def _table(given: Given, test: Report) -> Table:
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
    return Table(
        "The test in figures",
        ("What", "Figure"),
        tuple((name, said) for name, said in written if not said.startswith(NONE)),
    )


def _weekly_table(given: Given, weekly: list[Report]) -> Table:
    count = given.write.count
    columns: Columns = {
        "Week": lambda row: (
            count(row["week"]) if number(row.get("week")) is not None else given.write.day(row.get("week"))
        ),
        "Predicted": lambda row: count(row["expected_cumulative"]),
        "Came": lambda row: count(row.get("actual_cumulative")),
    }
    return Table.of("Orders of the hidden time, added up", weekly, columns)
