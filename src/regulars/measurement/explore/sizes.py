"""How many customers there are of each kind of first order: what a reader can choose from."""

from typing import Any

from regulars.measurement.explore.look import DIMENSIONS, Look


def group_sizes(look: Look, most: int) -> dict[str, list[dict[str, Any]]]:
    """Return, for each dimension, its values with the most customers, the largest first; months newest first."""
    if look.day is None:
        return {dimension: [] for dimension in DIMENSIONS}
    return {dimension: _sizes(look, dimension, most) for dimension in DIMENSIONS}


def _sizes(look: Look, dimension: str, most: int) -> list[dict[str, Any]]:
    found = [
        {"value": "" if value is None else str(value), "customers": int(n)}
        for value, n in look.ask("label_sizes", {"label": dimension})
    ]
    return (
        sorted(found, key=lambda one: str(one["value"]), reverse=True)[:most] if dimension == "month" else found[:most]
    )
