"""Small strips inside cards: which days a window counts, and an estimate with its interval."""

from dataclasses import dataclass

from django.utils.safestring import SafeString

from regulars.measurement.page.charts import svg
from regulars.measurement.page.charts.scale import CHARACTER, Linear

WIDTH = 260
ORIGIN_WORDS = 78  # pixels that "first order" takes under the strip's start


@dataclass(frozen=True)
class Range:
    """An estimate with its interval on a scale of its own, and how the ends of that scale are written."""

    label: str
    mean: float
    low: float
    high: float
    end: float
    start_text: str
    end_text: str


def last_day(from_day: int, to_day: int | None) -> int:
    """Return the last day a window strip draws: a week beyond the window, a month beyond an open one.

    >>> last_day(1, 56), last_day(56, None), last_day(350, 378)
    (70, 84, 472)
    """
    if to_day is None:
        return from_day + max(28, from_day // 4)
    return max(to_day + to_day // 4, 7)


def window(from_day: int, to_day: int | None, until: int, label: str) -> SafeString:
    """Draw the days after the first order and shade those that count; an open window ends in an arrow."""
    x = Linear(0, until, 8, WIDTH - 12)
    stop = x(until) + 4 if to_day is None else max(x(to_day), x(from_day) + 3)
    days = [f"day {from_day}", "…" if to_day is None else f"day {to_day}"]
    start_at, stop_at = _label_places(x(from_day), stop, days)
    shapes = [
        svg.element("line", x1=x(0), x2=x(until), y1=20, y2=20, class_="rule thick"),
        svg.element("circle", cx=x(0), cy=20, r=4, class_="dot origin"),
        svg.element("rect", x=x(from_day), y=14, width=stop - x(from_day), height=12, rx=2, class_="part returning"),
    ]
    if to_day is None:
        shapes.append(
            svg.element("path", d=svg.path([(stop, 11), (stop + 8, 20), (stop, 29)], True), class_="part returning")
        )
    texts = [svg.element("text", days[0], x=start_at, y=44, class_="tick middle")]
    if to_day is not None:
        texts.append(svg.element("text", days[1], x=stop_at, y=44, class_="tick middle"))
    if start_at - len(days[0]) * CHARACTER / 2 > ORIGIN_WORDS:
        texts.append(svg.element("text", "first order", x=4, y=44, class_="tick"))
    return svg.picture(WIDTH, 50, label, *shapes, *texts, class_="strip")


def estimate(given: Range) -> SafeString:
    """Draw an estimate as a dot on its interval, from zero on."""
    x = Linear(0, given.end, 4, WIDTH - 4)
    shapes = [
        svg.element("line", x1=x(0), x2=x(given.end), y1=14, y2=14, class_="rule thick"),
        svg.element(
            "rect", x=x(given.low), y=9, width=max(x(given.high) - x(given.low), 2), height=10, rx=5, class_="band"
        ),
        svg.element("circle", cx=x(given.mean), cy=14, r=5, class_="dot returning"),
        svg.element("text", given.start_text, x=4, y=38, class_="tick"),
        svg.element("text", given.end_text, x=WIDTH - 4, y=38, class_="tick end"),
    ]
    return svg.picture(WIDTH, 44, given.label, *shapes, class_="strip")


def _label_places(start: float, stop: float, labels: list[str]) -> tuple[float, float]:
    halves = [len(label) * CHARACTER / 2 for label in labels]
    first = max(start, halves[0] + 2)
    last = min(stop, WIDTH - halves[1] - 2)
    if last - first >= halves[0] + halves[1] + 8:
        return first, last
    middle = min(max((start + stop) / 2, sum(halves) + 6), WIDTH - sum(halves) - 6)
    return middle - halves[1] - 4, middle + halves[0] + 4
