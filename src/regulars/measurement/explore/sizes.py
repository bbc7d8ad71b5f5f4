"""How many customers there are of each kind of first order: what a reader can choose from."""

from typing import Any

from regulars.measurement.explore.look import DIMENSIONS, Look


def group_sizes(look: Look, most: int) -> dict[str, list[dict[str, Any]]]:
    """Return, for each dimension, its values with the most customers, the largest first; months newest first."""
    if look.day is None:
        return {dimension: [] for dimension in DIMENSIONS}
    return {dimension: _sizes(look, dimension, most) for dimension in DIMENSIONS}


def label_sizes(look: Look, dimension: str) -> list[tuple[str, int]]:
    """Return how many customers have each value of a dimension, the largest first."""
    found = look.sums("label_sizes", 1, {"label": dimension})
    return sorted(((value, int(n)) for value, n in found), key=lambda one: (-one[1], one[0]))


def _sizes(look: Look, dimension: str, most: int) -> list[dict[str, Any]]:
    found = [
        {"value": "" if value is None else str(value), "customers": int(n)} for value, n in label_sizes(look, dimension)
    ]
    return (
        sorted(found, key=lambda one: str(one["value"]), reverse=True)[:most] if dimension == "month" else found[:most]
    )
