"""Cohorts as a heat map: of the customers who began together, who ordered in each later period."""

from dataclasses import dataclass

from regulars.core.reading import Report, amount, items, rows, text
from regulars.measurement.page.charts.scale import shade
from regulars.measurement.page.model import Figure, Given, Table

SOLID = 20  # customers a cohort needs before its rates set the scale of the shades
SHOWN = 24  # cohorts on the map
SHOWN_AGES = 18  # and their periods; the table behind it has all
LEAD = (
    "Each row holds the customers whose first order fell into that month. "
    "Read along it to see who still orders, in % of the row’s customers."
)
GRAINS = {"month": ("Month", "month", "the next month"), "week": ("Week", "week", "the next week")}


@dataclass(frozen=True)
class Cell:
    """One cell: its figure, its shade, and what it says to a reader who cannot see the shade."""

    figure: str = ""
    shade: str = ""
    is_complete: bool = True
    hint: str = ""


@dataclass(frozen=True)
class Row:
    """A cohort with its size and its cells."""

    name: str
    customers: str
    cells: tuple[Cell, ...]


@dataclass(frozen=True)
class HeatMap:
    """The whole map; average has the cells of the last row, over finished periods only."""

    grain: str
    label: str
    ages: tuple[str, ...]
    rows: tuple[Row, ...]
    average: tuple[Cell, ...]
    low: str
    high: str


def figure(given: Given) -> Figure:
    """Return the monthly map, with the weekly one and the counts behind both."""
    found = _cohorts(given, "cohorts")
    definition = given.definition("cohorts")
    if not any(len(items(row, "active")) > 1 for row in found):
        return Figure(
            "cohorts",
            "No cohorts to compare yet",
            definition,
            empty="The map begins when the first month after a first order begins.",
        )
    shown: dict[str, object] = {"map": heat_map(given, found, "month")}
    weekly = _cohorts(given, "weekly_cohorts")
    tables = [_table(given, found, "month")]
    if any(len(items(row, "active")) > 1 for row in weekly):
        shown["weekly"] = heat_map(given, weekly, "week")
        tables.append(_table(given, weekly, "week"))
    cut = len(found) > SHOWN or max(len(items(row, "active")) for row in found) > SHOWN_AGES + 1
    return Figure(
        "cohorts",
        _title(given, found),
        definition,
        lead=LEAD,
        template="heat.html",
        shown=shown,
        tables=tuple(tables),
        notes=(f"The map shows the last {SHOWN} cohorts and {SHOWN_AGES} months of each; the table has all.",)
        if cut
        else (),
    )


def heat_map(given: Given, found: list[Report], grain: str) -> HeatMap:
    """Return the map of the last cohorts; a period that has not ended is marked and takes no part in the average."""
    last = found[-SHOWN:]
    ages = min(max(len(items(row, "active")) for row in last) - 1, SHOWN_AGES)
    averages = [_average(last, age) for age in range(1, ages + 1)]
    scale = _scale(last, ages)
    return HeatMap(
        grain=GRAINS[grain][0],
        label=f"Cohorts by {grain}: share of customers who ordered in each {grain} after their first",
        ages=tuple(f"+{age}" for age in range(1, ages + 1)),
        rows=tuple(_row(given, row, ages, scale, grain) for row in last),
        average=tuple(
            Cell()
            if rate is None
            else Cell(given.write.points(rate), str(shade(rate, *scale)), hint="finished periods only")
            for rate in averages
        ),
        low=given.write.share(scale[1]),
        high=given.write.share(scale[0]),
    )


def _cohorts(given: Given, key: str) -> list[Report]:
    return [row for row in rows(given.report, key, "rows") if amount(row.get("customers"))]


def _rate(row: Report, age: int) -> float | None:
    active = items(row, "active")
    return amount(active[age]) / amount(row["customers"]) if age < len(active) else None


def _ended(row: Report, age: int) -> bool:
    complete = items(row, "complete")
    return bool(complete[age]) if age < len(complete) else True


def _average(found: list[Report], age: int) -> float | None:
    counted = [row for row in found if _rate(row, age) is not None and _ended(row, age)]
    customers = sum(amount(row["customers"]) for row in counted)
    return sum(amount(items(row, "active")[age]) for row in counted) / customers if customers else None


def _scale(found: list[Report], ages: int) -> tuple[float, float]:
    """Return the rates of the darkest and the lightest shade, from cells of 20 customers or more if there are any."""
    cells = [
        (amount(row["customers"]), rate)
        for row in found
        for age in range(1, ages + 1)
        if (rate := _rate(row, age)) is not None and _ended(row, age)
    ]
    counted = [rate for size, rate in cells if rate and size >= SOLID] or [rate for _, rate in cells if rate] or [0.0]
    return max(counted), min(counted)


def _row(given: Given, row: Report, ages: int, scale: tuple[float, float], grain: str) -> Row:
    cells = tuple(_cell(given, row, age, scale, grain) for age in range(1, ages + 1))
    return Row(_name(given, row, grain), given.write.count(row["customers"]), cells)


def _cell(given: Given, row: Report, age: int, scale: tuple[float, float], grain: str) -> Cell:
    rate = _rate(row, age)
    if rate is None:
        return Cell()
    hint = f"{given.write.count(items(row, 'active')[age])} of {given.write.count(row['customers'])}"
    if not _ended(row, age):
        return Cell(given.write.points(rate), "", is_complete=False, hint=f"{hint}, this {grain} has not ended")
    return Cell(given.write.points(rate), str(shade(rate, *scale)), hint=hint)


def _name(given: Given, row: Report, grain: str) -> str:
    return given.write.month(row.get("cohort")) if grain == "month" else given.write.day(row.get("cohort"))


def _title(given: Given, found: list[Report]) -> str:
    first = _average(found, 1)
    if first is None:
        return "Month by month: the first full month is still to come"
    title = f"{given.write.share(first)} of a month’s new customers order again in the next month"
    later = [(age, rate) for age in (12, 6, 3) if (rate := _average(found, age)) is not None]
    return f"{title}, {given.write.share(later[0][1])} in month {later[0][0]}" if later else title


def _table(given: Given, found: list[Report], grain: str) -> Table:
    ages = max(len(items(row, "active")) for row in found)
    columns = (GRAINS[grain][0], "Customers", "Revenue", *(f"+{age}" for age in range(1, ages)))
    written = tuple(
        (
            _name(given, row, grain),
            given.write.count(row["customers"]),
            given.write.money(row.get("revenue")),
            *(_counted(given, row, age) for age in range(1, ages)),
        )
        for row in found
    )
    return Table(
        f"Customers who ordered, by {grain} of their first order",
        columns,
        written,
        note=f"Counts, with the share in brackets; … marks a {grain} that has not ended.",
    )


def _counted(given: Given, row: Report, age: int) -> str:
    rate = _rate(row, age)
    if rate is None:
        return ""
    mark = "" if _ended(row, age) else " …"
    return f"{given.write.count(text(items(row, 'active')[age]))} ({given.write.points(rate)}){mark}"
