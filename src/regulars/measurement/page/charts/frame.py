"""The frame every chart with axes shares: one plot area, light horizontal lines, labels that fit."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from django.utils.safestring import SafeString

from regulars.measurement.page.charts import svg
from regulars.measurement.page.charts.scale import Linear, fitting

LINE = 15  # height in pixels of a line of label text


@dataclass(frozen=True)
class Size:
    """The pixels of one drawing of a chart; it is drawn for a wide and for a narrow page."""

    width: int
    height: int
    name: str

    @property
    def narrow(self) -> bool:
        """Say whether this is the drawing for a telephone."""
        return self.width < 500


WIDE = Size(860, 300, "wide")
NARROW = Size(340, 260, "narrow")


@dataclass(frozen=True)
class Tick:
    """A value on an axis and how it is written; a second line may hold the year."""

    value: float
    label: str
    below: str = ""


@dataclass(frozen=True)
class Frame:
    """The plot area inside a size."""

    size: Size
    left: float
    right: float
    top: float = 14
    bottom: float = 28

    @property
    def x0(self) -> float:
        """The left edge of the plot."""
        return self.left

    @property
    def x1(self) -> float:
        """The right edge of the plot."""
        return self.size.width - self.right

    @property
    def y0(self) -> float:
        """The foot of the plot."""
        return self.size.height - self.bottom

    def across(self, low: float, high: float) -> Linear:
        """Return the scale from left to right."""
        return Linear(low, high, self.x0, self.x1)

    def upward(self, low: float, high: float) -> Linear:
        """Return the scale from the foot to the top."""
        return Linear(low, high, self.y0, self.top)

    def rules(self, y: Linear, ticks: Sequence[Tick]) -> SafeString:
        """Draw the horizontal lines with their values; the line at zero is the base."""
        return svg.joined(self._rule(y(tick.value), tick) for tick in ticks)

    def _rule(self, at: float, tick: Tick) -> SafeString:
        kind = "base" if tick.value == 0 else "rule"
        line = svg.element("line", x1=self.x0, x2=self.x1, y1=at, y2=at, class_=kind)
        return svg.joined([line, svg.element("text", tick.label, x=self.x0 - 8, y=at + 4, class_="tick end")])

    def feet(self, x: Linear, ticks: Sequence[Tick]) -> SafeString:
        """Write the values under the plot, leaving out those that would touch."""
        kept = fitting([x(tick.value) for tick in ticks], [tick.label for tick in ticks])
        return svg.joined(self._foot(x(ticks[n].value), ticks[n]) for n in kept)

    def _foot(self, at: float, tick: Tick) -> SafeString:
        foot = self.y0 + 18
        words = [svg.element("text", tick.label, x=at, y=foot, class_="tick middle")]
        if tick.below:
            words.append(svg.element("text", tick.below, x=at, y=foot + LINE, class_="tick middle strong"))
        return svg.joined(words)


def twice(draw: Callable[[Size], SafeString], height: int = 300, narrow_height: int = 260) -> SafeString:
    """Draw a chart for wide and for narrow pages; the style sheet shows the one that fits."""
    sizes = (Size(WIDE.width, height, "wide"), Size(NARROW.width, narrow_height, "narrow"))
    return svg.joined(draw(size) for size in sizes)
