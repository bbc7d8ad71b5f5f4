"""Customer histories as counts of distinct (frequency, recency, T) in whole days: what every model of buying needs."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Histories:
    """Distinct histories: frequency (order days after the first), recency (last minus first day), T (end minus first
    day), and how many customers have each. All arrays have the same length."""

    frequency: Ints
    recency: Ints
    T: Ints
    counts: Floats

    @property
    def n_customers(self) -> float:
        return float(self.counts.sum())


def counted(frequency: ArrayLike, recency: ArrayLike, T: ArrayLike, counts: ArrayLike | None = None) -> Histories:  # noqa: N803
    """Return the distinct histories of customers given one by one (or already counted); days must be whole.

    >>> counted([0, 1, 0], [0, 3, 0], [9, 9, 9])
    Histories(frequency=array([0, 1]), recency=array([0, 3]), T=array([9, 9]), counts=array([2., 1.]))
    """
    x, t_x, age = (np.asarray(column) for column in (frequency, recency, T))
    if x.size and (min(x.min(), t_x.min(), (age - t_x).min()) < 0):
        raise ValueError("a history needs 0 <= recency <= T and frequency >= 0")
    width, height = int(age.max(initial=0)) + 1, int(t_x.max(initial=0)) + 1
    keys = (x.astype(np.int64) * height + t_x) * width + age
    if counts is None:
        keys.sort()
        starts = np.flatnonzero(np.concatenate([[True], keys[1:] != keys[:-1]])) if keys.size else np.array([], np.int64)
        weights = np.diff(np.append(starts, keys.size)).astype(np.float64)
        distinct = keys[starts]
    else:
        distinct, places = np.unique(keys, return_inverse=True)
        weights = np.bincount(places, weights=np.asarray(counts, dtype=np.float64), minlength=distinct.size)
    rest, days = distinct // width, distinct % width
    return Histories(rest // height, rest % height, days, weights)
