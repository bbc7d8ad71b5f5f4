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

    A customer who never came back has recency 0, so T alone tells such histories apart.

    >>> counted([0, 1, 0], [0, 3, 0], [9, 9, 9])
    Histories(frequency=array([0, 1]), recency=array([0, 3]), T=array([9, 9]), counts=array([2., 1.]))
    """
    x, t_x, age = (np.ascontiguousarray(column, dtype=np.int64) for column in (frequency, recency, T))
    if x.size and (min(int(x.min()), int(t_x.min())) < 0 or bool((t_x > age).any())):
        raise ValueError("a history needs 0 <= recency <= T and frequency >= 0")
    weights = None if counts is None else np.asarray(counts, dtype=np.float64)
    back = np.flatnonzero(x > 0)
    never = np.bincount(age, weights=weights).astype(np.float64)
    never -= np.bincount(age[back], weights=None if weights is None else weights[back], minlength=never.size)
    ages = np.flatnonzero(never > 0)
    keys, sums = _distinct(x[back], t_x[back], age[back], None if weights is None else weights[back])
    blank = np.zeros(ages.size, np.int64)
    return Histories(
        np.concatenate([blank, keys[0]]),
        np.concatenate([blank, keys[1]]),
        np.concatenate([ages, keys[2]]),
        np.concatenate([never[ages], sums]),
    )


def _distinct(x: Ints, t_x: Ints, age: Ints, weights: Floats | None) -> tuple[tuple[Ints, Ints, Ints], Floats]:
    """Return the distinct triples and their sums of weights, by sorting one packed number per customer."""
    width, height = int(age.max(initial=0)) + 1, int(t_x.max(initial=0)) + 1
    keys = (x * height + t_x) * width + age
    if weights is None:
        keys.sort()
    else:
        order = np.argsort(keys, kind="stable")
        keys, weights = keys[order], weights[order]
    starts = np.flatnonzero(np.concatenate([[True], keys[1:] != keys[:-1]])) if keys.size else np.zeros(0, np.int64)
    if weights is None:
        sums = np.diff(np.append(starts, keys.size)).astype(np.float64)
    else:
        sums = np.add.reduceat(weights, starts) if starts.size else np.zeros(0)
    rest, days = np.divmod(keys[starts], width)
    times, last = np.divmod(rest, height)
    return (times, last, days), sums
