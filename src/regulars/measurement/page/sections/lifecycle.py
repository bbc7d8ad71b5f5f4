"""Month by month: who is new, who returns, who fell silent, and whose money it is."""

from regulars.core.formats import counted
from regulars.core.reading import Report, amount, day, rows, text
from regulars.measurement.page.charts import bars
from regulars.measurement.page.charts.frame import Tick
from regulars.measurement.page.charts.scale import ticks
from regulars.measurement.page.model import Chapter, Columns, Figure, Given, Table
from regulars.measurement.page.sections import cohorts

SHOWN_MONTHS = 24
PEOPLE = (
    ("returning", "Returning"),
    ("resurrected", "Back after a pause"),
    ("new", "New"),
    ("dormant", "Fell silent"),
)


def chapter(given: Given) -> Chapter:
    """Return the chapter about months."""
    return Chapter("months", "Month by month", (cohorts.figure(given), people(given), revenue(given)))


def people(given: Given) -> Figure:
    """Return the customers of each month by where they come from."""
    found = rows(given.report, "lifecycle")
    definition = given.definition("lifecycle")
    if not any(amount(row.get(kind)) for row in found for kind, _ in PEOPLE):
        return Figure(
            "lifecycle",
            "No customers by month yet",
            definition,
            empty="Import orders of known customers to fill this chart.",
        )
    shown = found[-SHOWN_MONTHS:]
    parts = [
        bars.Part(kind, name, [amount(row.get(kind)) * (-1 if kind == "dormant" else 1) for row in shown])
        for kind, name in PEOPLE
    ]
    title = _people_title(given, found)
    return Figure(
        "lifecycle",
        title,
        definition,
        lead="Above the line: who ordered in the month. Below it: who had ordered in the month before and did not.",
        chart=bars.draw(_bar_chart(given, title, shown, parts, is_money=False)),
        template="key.html",
        shown={"key": PEOPLE},
        tables=(_people_table(given, found),),
        notes=_unfinished_note(given, found),
    )


def revenue(given: Given) -> Figure:
    """Return each month's revenue from first-time and from earlier customers."""
    found = rows(given.report, "lifecycle")
    definition = given.definition("lifecycle_revenue")
    if not any(amount(row.get("revenue_new")) or amount(row.get("revenue_returning")) for row in found):
        return Figure(
            "revenue",
            "No revenue by month yet",
            definition,
            empty="Import orders with their totals to fill this chart.",
        )
    shown = found[-SHOWN_MONTHS:]
    kinds = (("returning", "Earlier customers"), ("new", "New customers"))
    parts = [bars.Part(kind, name, [amount(row.get(f"revenue_{kind}")) for row in shown]) for kind, name in kinds]
    title = _revenue_title(given, found)
    return Figure(
        "revenue",
        title,
        definition,
        chart=bars.draw(_bar_chart(given, title, shown, parts, is_money=True)),
        template="key.html",
        shown={"key": kinds},
        tables=(_revenue_table(given, found),),
        notes=_unfinished_note(given, found),
    )


def _bar_chart(given: Given, title: str, shown: list[Report], parts: list[bars.Part], is_money: bool) -> bars.BarChart:
    low, high = bars.reach(parts)
    write = given.write.about if is_money else given.write.count
    feet = []
    for n, row in enumerate(shown):
        month = day(row.get("month"))
        said = ", ".join(f"{part.name} {write(abs(part.values[n]))}" for part in parts)
        name = given.write.month_name(month) if month else text(row.get("month"))
        feet.append(bars.Bar(month, name, bool(row.get("complete", True)), f"{_month(given, row)}: {said}"))
    return bars.BarChart(title, feet, parts, [Tick(value, write(abs(value))) for value in ticks(low, high)])


def _month(given: Given, row: Report) -> str:
    return given.write.month(row.get("month")) + ("" if row.get("complete", True) else " …")


def _last_ended(found: list[Report]) -> Report:
    return next((row for row in reversed(found) if row.get("complete", True)), found[-1])


def _people_title(given: Given, found: list[Report]) -> str:
    row, count = _last_ended(found), given.write.count
    new = counted(count(row.get("new")), "new customer")
    return (
        f"{given.write.month(row.get('month'))}: {new}, {count(row.get('returning'))} returned, "
        f"{count(row.get('resurrected'))} came back after a pause, {count(row.get('dormant'))} fell silent"
    )


def _share(found: list[Report]) -> float | None:
    earlier = sum(amount(row.get("revenue_returning")) for row in found)
    total = earlier + sum(amount(row.get("revenue_new")) for row in found)
    return earlier / total if total else None


def _revenue_title(given: Given, found: list[Report]) -> str:
    ended = [row for row in found if row.get("complete", True)][-12:] or found
    span = "the last twelve months’" if len(ended) == 12 else "the"
    share = _share(ended)
    return (
        "Revenue by month"
        if share is None
        else f"Earlier customers brought {given.write.share(share, 0)} of {span} revenue"
    )


def _unfinished_note(given: Given, found: list[Report]) -> tuple[str, ...]:
    if _last_ended(found) is found[-1]:
        return ()
    return (f"{given.write.month(found[-1].get('month'))} has not ended yet: its bar is drawn hollow.",)


def _people_table(given: Given, found: list[Report]) -> Table:
    count = given.write.count
    columns: Columns = {
        "Month": lambda row: _month(given, row),
        "New": lambda row: count(row.get("new")),
        "Returning": lambda row: count(row.get("returning")),
        "Back after a pause": lambda row: count(row.get("resurrected")),
        "Fell silent": lambda row: count(row.get("dormant")),
    }
    return Table.of("Customers by month", found, columns)


def _revenue_table(given: Given, found: list[Report]) -> Table:
    columns: Columns = {
        "Month": lambda row: _month(given, row),
        "New customers": lambda row: given.write.money(row.get("revenue_new")),
        "Earlier customers": lambda row: given.write.money(row.get("revenue_returning")),
        "Share of earlier customers": lambda row: given.write.share(_share([row])),
    }
    return Table.of("Revenue by month", found, columns)
