"""Rates with intervals, one row each: a bar of the rate, a whisker for its interval, the figure at the right."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.safestring import SafeString

from regulars.measurement.page.charts import svg
from regulars.measurement.page.charts.frame import Frame, Size, Tick, twice
from regulars.measurement.page.charts.scale import CHARACTER, LARGE, Linear

PITCH = 34


@dataclass(frozen=True)
class Rate:
    """One row: its name, a remark in small letters, the rate with its interval, and how it is written."""

    name: str
    remark: str
    rate: float
    low: float | None
    high: float | None
    figure: str
    is_complete: bool = True


@dataclass(frozen=True)
class RateChart:
    """Everything a chart of rates shows."""

    label: str
    rates: Sequence[Rate]
    ticks: Sequence[Tick]


def draw(chart: RateChart) -> SafeString:
    """Draw rows of rates for wide and narrow pages."""
    height = PITCH * len(chart.rates) + 34
    return twice(lambda size: _draw(chart, size), height=height, narrow_height=height + 12 * len(chart.rates))


def _draw(chart: RateChart, size: Size) -> SafeString:
    names = LARGE * max((len(rate.name) for rate in chart.rates), default=0) + 14
    remarks = 0.0 if size.narrow else CHARACTER * max((len(rate.remark) for rate in chart.rates), default=0) + 18
    figures = LARGE * max((len(rate.figure) for rate in chart.rates), default=0) + 18
    frame = Frame(size, left=names, right=figures + remarks, top=6)
    x = frame.across(chart.ticks[0].value, chart.ticks[-1].value)
    pitch = (frame.y0 - frame.top) / max(len(chart.rates), 1)
    drawn = [_row(rate, frame, x, frame.top + pitch * n, pitch) for n, rate in enumerate(chart.rates)]
    return svg.picture(
        size.width,
        size.height,
        chart.label,
        _grid(chart, frame, x),
        frame.feet(x, chart.ticks),
        *drawn,
        class_=size.name,
    )


def _grid(chart: RateChart, frame: Frame, x: Linear) -> SafeString:
    return svg.joined(
        svg.element(
            "line",
            x1=x(tick.value),
            x2=x(tick.value),
            y1=frame.top,
            y2=frame.y0,
            class_="rule" if tick.value else "base",
        )
        for tick in chart.ticks
    )


def _row(rate: Rate, frame: Frame, x: Linear, top: float, pitch: float) -> SafeString:
    middle = top + pitch / 2 - (6 if frame.size.narrow else 0)
    drawn = [
        svg.element("text", rate.name, x=frame.x0 - 10, y=middle + 4, class_="name end"),
        svg.element("rect", x=x(0), y=middle - 8, width=max(x(rate.rate) - x(0), 1), height=16, class_="band"),
        _whisker(rate, x, middle),
        svg.element("circle", cx=x(rate.rate), cy=middle, r=4.5, class_="dot returning"),
        svg.element("text", rate.figure, x=frame.x1 + 10, y=middle + 4, class_="value"),
    ]
    remark_x = frame.x0 if frame.size.narrow else frame.size.width
    drawn.append(
        svg.element(
            "text",
            rate.remark,
            x=remark_x,
            y=middle + (21 if frame.size.narrow else 4),
            class_="tick" if frame.size.narrow else "tick end",
        )
    )
    return svg.element("g", *drawn, class_="" if rate.is_complete else "unfinished")


def _whisker(rate: Rate, x: Linear, middle: float) -> SafeString:
    if rate.low is None or rate.high is None:
        return svg.joined(())
    low, high = x(rate.low), x(rate.high)
    ends = (svg.element("line", x1=end, x2=end, y1=middle - 4, y2=middle + 4, class_="whisker") for end in (low, high))
    return svg.joined([svg.element("line", x1=low, x2=high, y1=middle, y2=middle, class_="whisker"), *ends])
