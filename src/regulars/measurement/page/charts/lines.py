"""Line charts: curves with a band, marks on them, and their names written at their ends."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.safestring import SafeString

from regulars.measurement.page.charts import svg
from regulars.measurement.page.charts.frame import LINE, Frame, Size, Tick, twice
from regulars.measurement.page.charts.scale import CHARACTER, LARGE, Linear, spread

Point = tuple[float, float]


@dataclass(frozen=True)
class Line:
    """A curve: its class in the style sheet, its points and what is written at its end."""

    kind: str
    points: Sequence[Point]
    ending: str = ""


@dataclass(frozen=True)
class Mark:
    """A point worth a sentence."""

    at: Point
    label: str


@dataclass(frozen=True)
class LineChart:
    """Everything a line chart shows; the band is (x, low, high)."""

    label: str
    lines: Sequence[Line]
    x_ticks: Sequence[Tick]
    y_ticks: Sequence[Tick]
    x_name: str = ""
    band: Sequence[tuple[float, float, float]] = ()
    marks: Sequence[Mark] = ()
    whisker: tuple[float, float, float] | None = None


def draw(chart: LineChart) -> SafeString:
    """Draw a line chart for wide and narrow pages."""
    return twice(lambda size: _draw(chart, size), height=320, narrow_height=280)


def _draw(chart: LineChart, size: Size) -> SafeString:
    frame = Frame(size, left=_room_left(chart), right=_room_right(chart, size), bottom=46 if chart.x_name else 28)
    every_x = [x for line in chart.lines for x, _ in line.points]
    x = frame.across(min([*every_x, 0.0]), max([*every_x, 1.0]))
    y = frame.upward(chart.y_ticks[0].value, chart.y_ticks[-1].value)
    return svg.picture(
        size.width,
        size.height,
        chart.label,
        frame.rules(y, chart.y_ticks),
        frame.feet(x, chart.x_ticks),
        svg.element("text", chart.x_name, x=frame.x1, y=size.height - 4, class_="tick end")
        if chart.x_name
        else _none(),
        _band(chart, x, y),
        svg.joined(_curve(line, x, y) for line in chart.lines),
        _whisker(chart, x, y),
        svg.joined(_mark(mark, frame, x, y) for mark in chart.marks),
        _endings(chart, frame, x, y),
        class_=size.name,
    )


def _room_left(chart: LineChart) -> float:
    return 16 + CHARACTER * max(len(tick.label) for tick in chart.y_ticks)


def _room_right(chart: LineChart, size: Size) -> float:
    words = [part for line in chart.lines for part in line.ending.split("\n")]
    return max(
        14.0, LARGE * max(map(len, words), default=0) + (24 if size.narrow else 30)
    )  # names at the ends are bold


def _none() -> SafeString:
    return svg.joined(())


def _band(chart: LineChart, x: Linear, y: Linear) -> SafeString:
    if len(chart.band) < 2:
        return _none()
    low = [(x(at), y(bottom)) for at, bottom, _ in chart.band]
    high = [(x(at), y(top)) for at, _, top in reversed(chart.band)]
    return svg.element("path", d=svg.path([*low, *high], closed=True), class_="band")


def _curve(line: Line, x: Linear, y: Linear) -> SafeString:
    points = [(x(at), y(value)) for at, value in line.points]
    if not points:
        return _none()
    dot = svg.element("circle", cx=points[-1][0], cy=points[-1][1], r=3.5, class_=f"dot {line.kind}")
    return svg.joined([svg.element("path", d=svg.path(points), class_=f"line {line.kind}"), dot])


def _whisker(chart: LineChart, x: Linear, y: Linear) -> SafeString:
    if chart.whisker is None:
        return _none()
    at, low, high = x(chart.whisker[0]) + 7, y(chart.whisker[1]), y(chart.whisker[2])
    caps = (svg.element("line", x1=at - 4, x2=at + 4, y1=end, y2=end, class_="whisker") for end in (low, high))
    return svg.joined([svg.element("line", x1=at, x2=at, y1=low, y2=high, class_="whisker"), *caps])


def _mark(mark: Mark, frame: Frame, x: Linear, y: Linear) -> SafeString:
    at, value = x(mark.at[0]), y(mark.at[1])
    words = mark.label.split("\n")
    overflows = at + 8 + LARGE * max(map(len, words)) > frame.size.width
    left, kind = (at - 8, "mark end") if overflows else (at + 8, "mark")
    texts = (svg.element("text", word, x=left, y=value + 19 + LINE * n, class_=kind) for n, word in enumerate(words))
    return svg.joined([svg.element("circle", cx=at, cy=value, r=4, class_="dot marked"), *texts])


def _endings(chart: LineChart, frame: Frame, x: Linear, y: Linear) -> SafeString:
    named = [line for line in chart.lines if line.ending and line.points]
    heights = [LINE * line.ending.count("\n") for line in named]
    wanted = [y(line.points[-1][1]) for line in named]
    at = spread(wanted, LINE * 1.2 + max(heights, default=0), frame.top, frame.y0)
    texts = []
    for line, top in zip(named, at, strict=True):
        left = x(line.points[-1][0]) + (14 if chart.whisker is None else 18)
        for n, word in enumerate(line.ending.split("\n")):
            texts.append(svg.element("text", word, x=left, y=top + 4 + LINE * n, class_=f"ending {line.kind}"))
    return svg.joined(texts)
