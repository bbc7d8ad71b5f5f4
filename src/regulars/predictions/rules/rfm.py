"""RFM: recency, frequency, monetary value in fifths, and the ten segments of the R × F grid (each of 25 cells in one)."""

from collections.abc import Mapping

import numpy as np
from numpy.typing import ArrayLike, NDArray

SEGMENTS = (
    "Champions",
    "Loyal",
    "Potential Loyalists",
    "New",
    "Promising",
    "Need Attention",
    "About to Sleep",
    "At Risk",
    "Can't Lose",
    "Hibernating",
)


def segment(r: int, f: int) -> str:
    """Return the segment of a recency and a frequency score, 1 (low) to 5 (high).

    >>> segment(5, 5), segment(1, 5), segment(3, 3), segment(5, 1)
    ('Champions', "Can't Lose", 'Need Attention', 'New')
    """
    if r <= 2:
        return "Hibernating" if f <= 2 else "At Risk" if f <= 4 else "Can't Lose"
    if r == 3:
        return "About to Sleep" if f <= 2 else "Need Attention" if f == 3 else "Loyal"
    if f == 1:
        return "Promising" if r == 4 else "New"
    if f <= 3:
        return "Potential Loyalists"
    return "Champions" if r == 5 else "Loyal"


GRID: Mapping[tuple[int, int], str] = {(r, f): segment(r, f) for r in range(1, 6) for f in range(1, 6)}


VALUE_TIERS = ("low", "middle", "middle", "middle", "high")  # by monetary score, 1 to 5; it never changes the segment


def value_tier(m: int) -> str:
    """Return the value tier of a monetary score, 1 (low) to 5 (high).

    >>> value_tier(1), value_tier(3), value_tier(5)
    ('low', 'middle', 'high')
    """
    return VALUE_TIERS[m - 1]


def grid_values() -> str:
    """Return the grid as rows for SQL: JOIN (VALUES ...) AS grid(r, f, segment) USING (r, f).

    >>> grid_values()[:43], grid_values().count("(")
    ("(1, 1, 'Hibernating'), (1, 2, 'Hibernating'", 25)
    """
    cells = ((r, f, name.replace("'", "''")) for (r, f), name in GRID.items())
    return ", ".join(f"({r}, {f}, '{name}')" for r, f, name in cells)


def fifths(values: ArrayLike) -> NDArray[np.int64]:
    """Score values 1 to 5 by the share of customers strictly below: floor(5 * share) + 1.

    Equal values always have equal scores, so ties never depend on the order of rows. A value that most customers share takes
    the score of the lower end of its tie: where half of the customers ordered once, they score 1 in frequency, not 3.
    In SQL: floor(5 * (rank() OVER (ORDER BY value) - 1) / count(*) OVER ()) + 1.

    >>> fifths([1, 1, 1, 2, 9]).tolist()
    [1, 1, 1, 4, 5]
    """
    column = np.asarray(values)
    below = np.searchsorted(np.sort(column), column, side="left")
    return np.asarray(5 * below // max(column.size, 1) + 1, dtype=np.int64)
