"""Do customers come back: the windows side by side, and the curve over time."""

from dataclasses import dataclass

from django.utils.safestring import SafeString

from regulars.core.reading import Report, amount, block, number, rows, text
from regulars.measurement.page.charts import lines, strips
from regulars.measurement.page.charts.frame import Tick
from regulars.measurement.page.charts.scale import day_marks, ticks
from regulars.measurement.page.model import Chapter, Columns, Figure, Given, Table
from regulars.measurement.page.sections import rates

NAMES = {
    "bounded_week_8": "In week eight exactly",
    "within_56_days": "Within eight weeks",
    "unbounded_day_56": "Eight weeks on, or later",
}
FEW_AT_RISK = 30  # the curve's tail rests on fewer buyers than this: said below the chart


@dataclass(frozen=True)
class Window:
    """One retention figure as a card."""

    name: str
    is_headline: bool
    figure: str
    counted: str
    interval: str
    strip: SafeString
    definition: str


def chapter(given: Given) -> Chapter:
    """Return the chapter about coming back."""
    return Chapter(
        "retention",
        "Do customers come back?",
        (windows(given), curve(given), rates.sequence(given), rates.quarters(given)),
    )


def windows(given: Given) -> Figure:
    """Return the retention windows side by side, so that no one takes one for another."""
    found = rows(given.report, "retention")
    measured = [given.write.share(row["rate"]) for row in found[:3] if number(row.get("rate")) is not None]
    definition = given.definition("retention")
    if not measured:
        return Figure(
            "windows",
            "No retention rate yet",
            definition,
            empty="No first buyer has been watched for eight weeks. Import older orders, or read this page later.",
        )
    shown = tuple(_window(given, row, found) for row in found)
    return Figure(
        "windows",
        f"One shop, {_answers(measured)}",
        definition,
        lead="The same buyers asked three different questions. "
        "Only buyers whose window has ended count; compare a figure only with one of the same definition.",
        template="windows.html",
        shown={"windows": shown},
        tables=(_windows_table(given, found),),
    )


def _window(given: Given, row: Report, found: list[Report]) -> Window:
    write = given.write
    first, last = int(amount(row.get("from_day"))), number(row.get("to_day"))
    until = max(strips.last_day(int(amount(one.get("from_day"))), _whole(one.get("to_day"))) for one in found)
    stretch = f"Days {first} to {int(last)}" if last is not None else f"Day {first} and every day after"
    rate = number(row.get("rate"))
    of = f"{write.count(row.get('retained'))} of {write.count(row.get('eligible'))} buyers"
    return Window(
        name=_name(row),
        is_headline=row.get("name") == text(block(given.report, "headline").get("metric")),
        figure=write.share(rate),
        counted=of if rate is not None else "no window has ended yet",
        interval=f"95% interval: {given.interval(row.get('low'), row.get('high'))}" if rate is not None else "",
        strip=strips.window(first, _whole(last), until, f"{stretch} after the first order count"),
        definition=text(row.get("definition")) or f"{stretch} after the first order.",
    )


def _name(row: Report) -> str:
    known = NAMES.get(text(row.get("name")))
    if known:
        return known
    if number(row.get("to_day")) is None:
        return f"On day {int(amount(row.get('from_day')))} or later"
    return f"Between day {int(amount(row.get('from_day')))} and day {int(amount(row['to_day']))}"


def _windows_table(given: Given, found: list[Report]) -> Table:
    count, share = given.write.count, given.write.share
    columns: Columns = {
        "Window": _name,
        "From day": lambda row: count(row.get("from_day")),
        "To day": lambda row: "open" if row.get("to_day") is None else count(row["to_day"]),
        "Eligible": lambda row: count(row.get("eligible")),
        "Came back": lambda row: count(row.get("retained")),
        "Rate": lambda row: share(row.get("rate")),
        "Low": lambda row: share(row.get("low")),
        "High": lambda row: share(row.get("high")),
    }
    return Table.of("Retention by definition", found, columns)


def curve(given: Given) -> Figure:
    """Return the repurchase-time curve with its band."""
    found = [row for row in rows(given.report, "repurchase_curve") if number(row.get("share")) is not None]
    definition = given.definition("repurchase_curve")
    if len(found) < 2 or not amount(found[-1].get("share")):
        return Figure(
            "curve",
            "No second order yet",
            definition,
            empty="The curve starts with the first customer who orders again. Import more history to see it.",
        )
    top = max(amount(row.get("high") or row["share"]) for row in found)
    last = int(amount(found[-1]["day"]))
    chart = lines.LineChart(
        label=f"Curve: {_curve_title(given, found)}",
        lines=[
            lines.Line(
                "returning", [(amount(row["day"]), amount(row["share"])) for row in found], _ending(given, found)
            )
        ],
        x_ticks=[Tick(mark, given.write.count(mark)) for mark in day_marks(last)],
        y_ticks=[Tick(value, given.write.share(value, 0)) for value in ticks(0, top)],
        x_name="days after the first order",
        band=[
            (amount(row["day"]), amount(row["low"]), amount(row["high"]))
            for row in found
            if number(row.get("low")) is not None and number(row.get("high")) is not None
        ],
        marks=_curve_marks(given, found, last),
    )
    thin = next((row for row in found if 0 < amount(row.get("at_risk")) < FEW_AT_RISK), None)
    notes = (
        (f"From day {given.write.count(thin['day'])} on the curve rests on fewer than {FEW_AT_RISK} buyers.",)
        if thin
        else ()
    )
    return Figure(
        "curve",
        _curve_title(given, found),
        definition,
        chart=lines.draw(chart),
        tables=(_curve_table(given, found),),
        notes=notes,
    )


def _curve_title(given: Given, found: list[Report]) -> str:
    median = number(given.report.get("median_days_to_second"))
    if median is not None:
        return f"Half of all first buyers have ordered again after {given.write.count(median)} days"
    by_day = {int(amount(row["day"])): row for row in found}
    if 365 in by_day:
        return f"{given.write.share(by_day[365]['share'])} of first buyers order again within a year"
    return f"{_ending(given, found)} of first buyers order again within {given.write.count(found[-1]['day'])} days"


def _ending(given: Given, found: list[Report]) -> str:
    return given.write.share(found[-1]["share"])


def _curve_marks(given: Given, found: list[Report], last: int) -> list[lines.Mark]:
    by_day = {int(amount(row["day"])): row for row in found}
    marks: list[lines.Mark] = []
    for day, words in ((56, "after eight weeks"), (365, "after a year"), (180, "after half a year")):
        is_apart = all(abs(day - mark.at[0]) > 0.18 * last for mark in marks)
        if day in by_day and 0.08 * last < day < 0.86 * last and is_apart:
            share = by_day[day]["share"]
            marks.append(lines.Mark((day, amount(share)), f"{given.write.share(share)}\n{words}"))
    return marks


def _curve_table(given: Given, found: list[Report]) -> Table:
    count, share = given.write.count, given.write.share
    columns: Columns = {
        "Day": lambda row: count(row.get("day")),
        "Share": lambda row: share(row["share"]),
        "Low": lambda row: share(row.get("low")),
        "High": lambda row: share(row.get("high")),
        "Still watched": lambda row: count(row.get("at_risk")),
    }
    return Table.of("Share of first buyers who have ordered again", found, columns)


def _whole(value: object) -> int | None:
    found = number(value)
    return None if found is None else int(found)


def _answers(measured: list[str]) -> str:
    if len(measured) == 1:
        return f"one answer so far: {measured[0]}"
    count = "two" if len(measured) == 2 else "three"
    return f"{count} answers: {', '.join(measured[:-1])} or {measured[-1]}"
