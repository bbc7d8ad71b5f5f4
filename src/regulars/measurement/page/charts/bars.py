"""Stacked bars over time: parts above and below the base line, their names beside the last bar."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.safestring import SafeString

from regulars.measurement.page.charts import svg
from regulars.measurement.page.charts.frame import LINE, Frame, Size, Tick, twice
from regulars.measurement.page.charts.scale import CHARACTER, LARGE, Linear, every, fitting, spread


@dataclass(frozen=True)
class Part:
    """One colour of the bars: its class, its name, its value in each bar; negative values hang below the base."""

    kind: str
    name: str
    values: Sequence[float]


@dataclass(frozen=True)
class Bar:
    """One bar's foot: the month, its name, whether it has ended, and what a pointer reads."""

    month: date | None
    name: str
    is_complete: bool
    hint: str


@dataclass(frozen=True)
class BarChart:
    """Everything a stacked bar chart shows."""

    label: str
    bars: Sequence[Bar]
    parts: Sequence[Part]
    y_ticks: Sequence[Tick]


def reach(parts: Sequence[Part]) -> tuple[float, float]:
    """Return the lowest and highest end of any bar.

    >>> reach([Part("new", "New", [3, 1]), Part("returning", "Back", [2, 1]), Part("dormant", "Silent", [-1, -4])])
    (-4, 5)
    """
    columns = list(zip(*(part.values for part in parts), strict=True))
    return (
        min((sum(value for value in column if value < 0) for column in columns), default=0),
        max((sum(value for value in column if value > 0) for column in columns), default=0),
    )


def draw(chart: BarChart) -> SafeString:
    """Draw stacked bars for wide and narrow pages."""
    return twice(lambda size: _draw(chart, size), height=320, narrow_height=280)


def _draw(chart: BarChart, size: Size) -> SafeString:
    names = 0 if size.narrow else 38 + LARGE * max((len(part.name) for part in chart.parts), default=0)
    left = 16 + CHARACTER * max(len(tick.label) for tick in chart.y_ticks)
    frame = Frame(size, left=left, right=max(6.0, names), bottom=44)
    y = frame.upward(chart.y_ticks[0].value, chart.y_ticks[-1].value)
    pitch = (frame.x1 - frame.x0) / max(len(chart.bars), 6)
    columns = [_column(chart, n, frame.x0 + pitch * n, pitch, y) for n in range(len(chart.bars))]
    return svg.picture(
        size.width,
        size.height,
        chart.label,
        frame.rules(y, chart.y_ticks),
        *columns,
        _feet(chart, frame, pitch),
        _names(chart, frame, pitch, y) if names else svg.joined(()),
        class_=size.name,
    )


def _column(chart: BarChart, n: int, left: float, pitch: float, y: Linear) -> SafeString:
    width = min(pitch * 0.72, 44.0)
    up = down = 0.0
    drawn = [svg.element("title", chart.bars[n].hint)]
    for part in chart.parts:
        value = part.values[n]
        if not value:
            continue
        start = up if value > 0 else down
        top, foot = sorted((y(start), y(start + value)))
        gap = 1 if foot - top > 2 else 0  # a sliver of background between parts, so that hue is not alone
        drawn.append(
            svg.element(
                "rect",
                x=left + (pitch - width) / 2,
                y=top,
                width=width,
                height=max(foot - top - gap, 0.6),
                class_=f"part {part.kind}",
            )
        )
        up, down = (start + value, down) if value > 0 else (up, start + value)
    return svg.element("g", *drawn, class_="bar" if chart.bars[n].is_complete else "bar unfinished")


def _feet(chart: BarChart, frame: Frame, pitch: float) -> SafeString:
    widest = CHARACTER * max((len(bar.name) for bar in chart.bars), default=1) + 6
    by = every(len(chart.bars), frame.x1 - frame.x0, max(widest, 24))
    texts: list[SafeString] = []
    years: dict[float, str] = {}
    for n, bar in enumerate(chart.bars):
        at = frame.x0 + pitch * (n + 0.5)
        month = bar.month.month if bar.month else n + 1
        if (month - 1) % by == 0:
            texts.append(svg.element("text", bar.name, x=at, y=frame.y0 + 18, class_="tick middle"))
        if bar.month and texts and (month == 1 or not years):
            years[at] = str(bar.month.year)
    places = list(years)
    for n in fitting(places, list(years.values())):
        at, year = places[n], years[places[n]]
        texts.append(svg.element("text", year, x=at, y=frame.y0 + 18 + LINE, class_="tick middle strong"))
    return svg.joined(texts)


def _names(chart: BarChart, frame: Frame, pitch: float, y: Linear) -> SafeString:
    up = down = 0.0
    middles: list[float] = []
    for part in chart.parts:
        value = part.values[-1] if part.values else 0.0
        start = up if value >= 0 and part.kind != "dormant" else down
        middles.append(y(start + value / 2))
        up, down = (start + value, down) if start is up else (up, start + value)
    at = spread(middles, LINE * 1.15, frame.top, frame.y0)
    left = frame.x0 + pitch * max(len(chart.bars), 1) + 8
    drawn = []
    for part, top in zip(chart.parts, at, strict=True):
        drawn.append(svg.element("rect", x=left, y=top - 5, width=10, height=10, rx=2, class_=f"part {part.kind}"))
        drawn.append(svg.element("text", part.name, x=left + 16, y=top + 4, class_="ending"))
    return svg.joined(drawn)
