"""Filters that go through a list, which is at most as long as the meter allows."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from regulars.messaging.templates.language.context import Context
from regulars.messaging.templates.language.filters.numbers import number, result
from regulars.messaging.templates.language.filters.texts import text
from regulars.messaging.templates.language.values import written


def items(context: Context, value: Any) -> list[Any]:
    """Return a value as a list, counted: nothing is an empty one, any other value one of its own."""
    if isinstance(value, list | range):
        context.meter.gather(len(value))
        return list(value)
    return [] if value is None or not written(value) else [value]


def of(item: Any, key: str) -> Any:
    """Return what an item holds under a key, None when it holds nothing."""
    return item.get(key) if isinstance(item, dict) else None


def join(context: Context, value: Any, separator: Any = " ") -> str:
    parts = [text(context, item) for item in items(context, value)]
    between = text(context, separator)
    context.meter.make(sum(map(len, parts)) + len(between) * len(parts))
    return between.join(parts)


def _order(fold: bool, key: Any) -> Callable[[Any], tuple[int, Any]]:
    def place(item: Any) -> tuple[int, Any]:
        value = of(item, written(key)) if key else item
        if isinstance(value, int | float | Decimal):
            return (0, value)
        found = written(value)
        return (1 if found else 2, found.casefold() if fold else found)

    return place


def sort(context: Context, value: Any, key: Any = "") -> list[Any]:
    return sorted(items(context, value), key=_order(False, key))


def sort_natural(context: Context, value: Any, key: Any = "") -> list[Any]:
    return sorted(items(context, value), key=_order(True, key))


def uniq(context: Context, value: Any, key: Any = "") -> list[Any]:
    """Keep the first of those that are written alike; lists and dicts without a key are all different."""
    seen: dict[object, Any] = {}
    for item in items(context, value):
        value = of(item, written(key)) if key else item
        seen.setdefault(id(item) if isinstance(value, list | dict) else text(context, value), item)
    return list(seen.values())


def where(context: Context, value: Any, key: Any, wanted: Any = None) -> list[Any]:
    name, sought = written(key), written(wanted)
    found = items(context, value)
    if wanted is None:
        return [item for item in found if of(item, name) not in (None, False)]
    return [item for item in found if isinstance(item, dict) and written(of(item, name)) == sought]


def concat(context: Context, value: Any, other: Any = None) -> list[Any]:
    first, second = items(context, value), items(context, other)
    context.meter.gather(len(first) + len(second))
    return first + second


def total(context: Context, value: Any, key: Any = "") -> Any:
    found = [of(item, written(key)) if key else item for item in items(context, value)]
    return result(sum((number(item) for item in found), Decimal(0)))


def size(context: Context, value: Any) -> int:
    return len(value) if isinstance(value, str | list | dict | range) else 0


def _end(context: Context, value: Any, at: int) -> Any:
    return value[at] if isinstance(value, list | range) and len(value) else None


FILTERS: dict[str, Callable[..., Any]] = {
    "join": join,
    "first": lambda context, value: _end(context, value, 0),
    "last": lambda context, value: _end(context, value, -1),
    "reverse": lambda context, value: items(context, value)[::-1],
    "sort": sort,
    "sort_natural": sort_natural,
    "uniq": uniq,
    "where": where,
    "map": lambda context, value, key: [of(item, written(key)) for item in items(context, value)],
    "compact": lambda context, value: [item for item in items(context, value) if item is not None],
    "concat": concat,
    "sum": total,
    "size": size,
}
