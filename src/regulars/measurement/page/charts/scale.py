"""The geometry of charts: scales, ticks, and labels that do not collide."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

CHARACTER = 7.4  # width in pixels of a character at the charts' 12 px, in the widest of the usual fonts (DejaVu Sans)
LARGE = 8.1  # and at the 13 px of names and figures


@dataclass(frozen=True)
class Linear:
    """A straight map from data (low..high) to pixels (start..end).

    >>> scale = Linear(0, 10, 100, 0)
    >>> scale(0), scale(5), scale(10)
    (100.0, 50.0, 0.0)
    >>> Linear(3, 3, 0, 100)(3)
    0.0
    """

    low: float
    high: float
    start: float
    end: float

    def __call__(self, value: float) -> float:
        """Return the pixel of a value."""
        if self.high == self.low:
            return float(self.start)
        return self.start + (value - self.low) / (self.high - self.low) * (self.end - self.start)


def step(extent: float, count: int) -> float:
    """Return the round step (1, 2, 2.5 or 5 times a power of ten) that cuts an extent into about count parts.

    >>> step(100, 5), step(0.43, 4), step(2357, 4), step(0, 4)
    (20.0, 0.1, 500.0, 1.0)
    """
    if extent <= 0:
        return 1.0
    rough = extent / count
    power = 10.0 ** math.floor(math.log10(rough))
    nearest = min((1, 2, 2.5, 5, 10), key=lambda times: abs(math.log(times * power / rough)))
    return float(f"{nearest * power:.6g}")


def ticks(low: float, high: float, count: int = 4) -> tuple[float, ...]:
    """Return round values that cover low..high, zero among them when the extent spans it.

    >>> ticks(0, 0.43), ticks(-120, 800), ticks(0, 0)
    ((0.0, 0.1, 0.2, 0.3, 0.4, 0.5), (-250.0, 0.0, 250.0, 500.0, 750.0, 1000.0), (0.0, 1.0))
    """
    by = step(high - low, count)
    first, last = math.floor(low / by + 1e-9), math.ceil(high / by - 1e-9)
    return tuple(float(f"{by * n:.10g}") for n in range(first, max(last, first + 1) + 1))


def spread(wanted: Sequence[float], gap: float, low: float, high: float) -> list[float]:
    """Return label positions near the wanted ones, in the same order, at least a gap apart and inside low..high.

    >>> spread([10, 12, 50], 14, 0, 100)
    [10.0, 24.0, 50.0]
    >>> spread([90, 95], 14, 0, 100)
    [86.0, 100.0]
    >>> spread([12, 10], 14, 0, 100)
    [24.0, 10.0]
    """
    order = sorted(range(len(wanted)), key=lambda i: wanted[i])
    placed: list[float] = []
    for i in order:
        placed.append(max(float(wanted[i]), low, placed[-1] + gap if placed else low))
    ceiling = float(high)
    for n in range(len(placed) - 1, -1, -1):
        placed[n] = min(placed[n], ceiling)
        ceiling = placed[n] - gap
    found = [0.0] * len(wanted)
    for n, i in enumerate(order):
        found[i] = placed[n]
    return found


def fitting(positions: Sequence[float], labels: Sequence[str], gap: float = 8) -> list[int]:
    """Return which centred labels can be written without touching, taken from the left.

    >>> fitting([0, 20, 40, 80], ["Jan", "Feb", "Mar", "May"])
    [0, 2, 3]
    """
    kept: list[int] = []
    edge = -math.inf
    for n, (at, label) in enumerate(zip(positions, labels, strict=True)):
        half = len(label) * CHARACTER / 2
        if at - half >= edge + gap or not kept:
            kept.append(n)
            edge = at + half
    return kept


def every(count: int, room: float, width: float) -> int:
    """Return n so that every n-th of count labels of a width fits into the room; n is 1, 2, 3, 6 or 12, then 12s.

    >>> every(18, 800, 30), every(18, 300, 30), every(60, 300, 30)
    (1, 2, 6)
    """
    for n in (1, 2, 3, 6, 12):
        if math.ceil(count / n) * width <= room:
            return n
    return 12 * math.ceil(count * width / room / 12)


def shade(rate: float, top: float, low: float = 0.0, shades: int = 8) -> int:
    """Return the shade of a rate on a scale from low (1) to top (the darkest); nothing at all is 0.

    >>> shade(0, 0.3), shade(0.001, 0.3), shade(0.15, 0.3), shade(0.3, 0.3), shade(0.9, 0.3), shade(0.1, 0)
    (0, 1, 4, 7, 7, 0)
    >>> shade(0.07, 0.16, 0.07), shade(0.12, 0.16, 0.07), shade(0.2, 0.2, 0.2)
    (1, 4, 7)
    """
    if rate <= 0 or top <= 0:
        return 0
    part = (rate - low) / (top - low) if top > low else 1.0
    return min(shades - 1, 1 + int((shades - 1) * min(max(part, 0.0), 1.0) - 1e-9))


def day_marks(last: int) -> tuple[int, ...]:
    """Return the days to write under an axis that starts at day 0: round numbers of months for a long one.

    >>> day_marks(60), day_marks(400), day_marks(545), day_marks(1500)
    ((0, 14, 28, 42, 56), (0, 90, 180, 270, 365), (0, 90, 180, 270, 365, 455, 545), (0, 365, 730, 1095, 1460))
    """
    if last <= 100:
        return tuple(range(0, last + 1, 14 if last > 28 else 7))
    if last <= 800:
        return tuple(mark for mark in (0, 90, 180, 270, 365, 455, 545, 635, 730) if mark <= last)
    years = range(0, last // 365 + 1, max(1, last // 365 // 6))
    return tuple(365 * year for year in years)
