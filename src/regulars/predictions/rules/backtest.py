"""What a model predicted for the hidden part of a shop's past against what came."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from regulars.predictions.rules.histories import Floats


@dataclass(frozen=True)
class Comparison:
    """Predicted and actual orders of all customers; correlation and mean absolute error are per customer.

    correlation is None where one side is the same for everybody, error is None where nothing came.
    """

    expected: float
    actual: float
    correlation: float | None
    mae: float

    @property
    def error(self) -> float | None:
        """Return the share of the actual total by which the prediction was above (+) or below (-)."""
        return (self.expected - self.actual) / self.actual if self.actual else None


def compare(expected: ArrayLike, actual: ArrayLike, counts: ArrayLike | None = None) -> Comparison:
    """Compare customer by customer, or rows that stand for `counts` customers each.

    >>> compare([1.0, 2.0], [1, 3]).error, compare([1.0, 2.0], [1, 3], [3, 1]).mae
    (-0.25, 0.25)
    """
    predicted, came = np.asarray(expected, dtype=np.float64), np.asarray(actual, dtype=np.float64)
    w = np.ones(predicted.size) if counts is None else np.asarray(counts, dtype=np.float64)
    return Comparison(
        expected=float(predicted @ w),
        actual=float(came @ w),
        correlation=correlation(predicted, came, w),
        mae=float(np.abs(predicted - came) @ w / w.sum()) if w.sum() else 0.0,
    )


def correlation(left: Floats, right: Floats, weights: Floats) -> float | None:
    """Return Pearson's correlation of weighted rows; None where one side does not vary.

    >>> correlation(np.array([1.0, 2.0, 3.0]), np.array([2.0, 4.0, 6.0]), np.ones(3))
    1.0
    """
    total = weights.sum()
    if not total:
        return None
    x, y = left - (left @ weights) / total, right - (right @ weights) / total
    spread = float(np.sqrt(((x * x) @ weights) * ((y * y) @ weights)))
    return min(1.0, max(-1.0, float((x * y) @ weights) / spread)) if spread else None
