"""Who brings the money: concentration among customers, and the ten RFM segments on their grid."""

import re
from dataclasses import dataclass

from regulars.core.formats import NONE
from regulars.core.reading import Report, amount, block, number, rows, text
from regulars.measurement.page.charts import lines
from regulars.measurement.page.charts.frame import Tick
from regulars.measurement.page.charts.scale import shade
from regulars.measurement.page.model import Chapter, Figure, Given, Table

# Where a segment lies on the grid: first and last recency mark, first and last frequency mark.
PLACES = {
    "hibernating": (1, 2, 1, 2),
    "atrisk": (1, 2, 3, 4),
    "cantlose": (1, 2, 5, 5),
    "abouttosleep": (3, 3, 1, 2),
    "needattention": (3, 3, 3, 3),
    "loyal": (3, 4, 4, 5),
    "promising": (4, 4, 1, 1),
    "new": (5, 5, 1, 1),
    "potentialloyalist": (4, 5, 2, 3),
    "champion": (5, 5, 4, 5),
}


@dataclass(frozen=True)
class Tile:
    """A segment on the grid: its place as CSS grid lines (rows count from the top, frequency 5), and what it says."""

    name: str
    customers: str
    revenue: str
    share: str
    shade: str
    columns: str
    rows: str
    is_small: bool


def chapter(given: Given) -> Chapter:
    """Return the chapter about whose money it is."""
    return Chapter("money", "Who brings the money", (concentration(given), segments(given)))


def lorenz(points: list[tuple[float, float]]) -> list[tuple[float, float]]:
    """Return the curve with the best customers first, from (0, 0) to (1, 1), whichever end it was counted from.

    >>> lorenz([(0.5, 0.2), (1.0, 1.0)]), lorenz([(0.5, 0.8)])
    ([(0.0, 0.0), (0.5, 0.8), (1.0, 1.0)], [(0.0, 0.0), (0.5, 0.8), (1.0, 1.0)])
    """
    inner = sorted(point for point in points if 0 < point[0] < 1)
    if inner and sum(share - at for at, share in inner) < 0:
        inner = sorted((round(1 - at, 9), round(1 - share, 9)) for at, share in inner)
    return [(0.0, 0.0), *inner, (1.0, 1.0)]


def place(segment: str) -> tuple[int, int, int, int] | None:
    """Return a segment's place on the grid, None for a name that is not one of the ten.

    >>> place("Can't Lose"), place("cant_lose_them"), place("Potential Loyalists"), place("New customers"), place("VIP")
    ((1, 2, 5, 5), (1, 2, 5, 5), (4, 5, 2, 3), (5, 5, 1, 1), None)
    """
    key = re.sub(r"(them|customers?)$", "", re.sub("[^a-z]", "", segment.lower()))
    return PLACES.get(key) or PLACES.get(key.removesuffix("s"))


def concentration(given: Given) -> Figure:
    """Return how much of the revenue the best customers bring."""
    found = [
        (amount(row["customer_share"]), amount(row.get("revenue_share")))
        for row in rows(given.report, "concentration")
        if number(row.get("customer_share")) is not None
    ]
    definition = given.definition("concentration")
    if len(found) < 2:
        return Figure(
            "concentration",
            "No revenue to share out yet",
            definition,
            empty="Import orders with their totals to see who brings the revenue.",
        )
    curve = lorenz(found)
    share = given.write.share
    top = number(block(given.report, "totals").get("top_20_percent_revenue_share"))
    at_20 = top if top is not None else dict(curve).get(0.2)
    title = f"The best 20% of customers bring {share(at_20, 0)} of the revenue" if at_20 else "Who brings the revenue"
    marks = [
        lines.Mark((at, reached), f"best {share(at, 0)}: {share(reached)}")
        for at, reached in curve
        if at in (0.1, 0.2, 0.5)
    ]
    chart = lines.LineChart(
        label=title,
        lines=[lines.Line("even", [(0, 0), (1, 1)]), lines.Line("returning", curve)],
        x_ticks=[Tick(value / 100, share(value / 100, 0)) for value in range(0, 101, 20)],
        y_ticks=[Tick(value / 100, share(value / 100, 0)) for value in range(0, 101, 25)],
        x_name="of customers, best first",
        marks=marks,
    )
    table = Table(
        "Share of revenue by share of customers, best first",
        ("Customers", "Revenue"),
        tuple((share(at), share(reached)) for at, reached in curve),
    )
    lead = "The straight line is a shop in which everyone spends the same."
    return Figure("concentration", title, definition, lead=lead, chart=lines.draw(chart), tables=(table,))


def segments(given: Given) -> Figure:
    """Return the RFM segments on their grid."""
    found = rows(given.report, "rfm")
    customers = sum(amount(row.get("customers")) for row in found)
    definition = given.definition("rfm")
    if not customers:
        return Figure(
            "rfm", "No segments yet", definition, empty="Import orders of known customers to place them on the grid."
        )
    revenue = sum(amount(row.get("revenue")) for row in found)
    top = max(amount(row.get("revenue")) for row in found)
    tiles = tuple(tile for row in found if (tile := _tile(given, row, revenue, top)) is not None)
    others = [text(row.get("segment")) for row in found if place(text(row.get("segment"))) is None]
    table = Table(
        "Segments",
        ("Segment", "Recency", "Orders", "Customers", "Share of customers", "Revenue", "Share of revenue"),
        tuple(
            (
                text(row.get("segment")),
                *_marks(text(row.get("segment"))),
                given.write.count(row.get("customers")),
                given.write.share(amount(row.get("customers")) / customers),
                given.write.money(row.get("revenue")),
                given.write.share(amount(row.get("revenue")) / revenue if revenue else None),
            )
            for row in found
        ),
    )
    return Figure(
        "rfm",
        _segments_title(given, found, customers, revenue),
        definition,
        lead="Rightwards: ordered more recently. Upwards: ordered more often. Stronger colour: more revenue.",
        template="segments.html",
        shown={
            "tiles": tiles,
            "label": "; ".join(f"{tile.name}: {tile.customers} customers, {tile.revenue}" for tile in tiles),
        },
        tables=(table,),
        notes=(f"Not on the grid, but in the table: {', '.join(others)}.",) if others else (),
    )


def _tile(given: Given, row: Report, revenue: float, top: float) -> Tile | None:
    at = place(text(row.get("segment")))
    if at is None:
        return None
    first_recency, last_recency, first_frequency, last_frequency = at
    mine = amount(row.get("revenue"))
    return Tile(
        name=text(row.get("segment")),
        customers=given.write.count(row.get("customers")),
        revenue=given.write.about(row.get("revenue")),
        share=given.write.share(mine / revenue, 0) if revenue else "",
        shade=str(shade(mine, top)),
        columns=f"{first_recency} / {last_recency + 1}",
        rows=f"{6 - last_frequency} / {7 - first_frequency}",
        is_small=last_recency == first_recency and last_frequency == first_frequency,
    )


def _marks(segment: str) -> tuple[str, str]:
    at = place(segment)
    if at is None:
        return NONE, NONE
    return _marked(*at[:2]), _marked(*at[2:])


def _marked(low: int, high: int) -> str:
    return str(low) if low == high else f"{low}–{high}"


def _segments_title(given: Given, found: list[Report], customers: float, revenue: float) -> str:
    best = max(found, key=lambda row: amount(row.get("revenue")))
    if not revenue:
        return "Ten segments by how recent and how many their orders are"
    return (
        f"{text(best.get('segment'))}: {given.write.share(amount(best.get('customers')) / customers, 0)} of customers, "
        f"{given.write.share(amount(best.get('revenue')) / revenue, 0)} of revenue"
    )
