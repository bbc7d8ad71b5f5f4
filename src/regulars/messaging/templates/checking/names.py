"""Names that a template uses and its data does not have."""

from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from typing import Any

from regulars.messaging.templates.language.programs import Program

_OF_LISTS = ("size", "first", "last")


def unknown(program: Program, data: Mapping[str, Any]) -> list[str]:
    """Return the paths that lead nowhere in the data, also those in branches that were not taken."""
    found = dict[str, None]()
    for variables in program.template.analyze(include_partials=False).globals.values():
        for variable in variables:
            path = [segment for segment in variable.segments if not isinstance(segment, list)]
            if len(path) == len(variable.segments) and not _leads(path, data):
                found[".".join(map(str, path))] = None
    return list(found)


def _leads(path: list[str | int], data: Any) -> bool:
    for at, key in enumerate(path):
        if isinstance(data, Mapping) and key in data:
            data = data[key]
        elif isinstance(data, list | tuple | str) and key in _OF_LISTS and at:
            data = data[0] if isinstance(data, list | tuple) and key != "size" and data else 0
        elif isinstance(data, list | tuple) and isinstance(key, int) and -len(data) <= key < len(data):
            data = data[key]
        else:
            return False
    return True


def suggestion(path: str, data: Mapping[str, Any]) -> str:
    """Return the name in the data that a path was perhaps meant to be, blank for none.

    >>> suggestion("customer.frist_name", {"customer": {"first_name": "Ann"}})
    'customer.first_name'
    """
    near = get_close_matches(path, list(_paths(data)), 1, 0.75)
    return near[0] if near else ""


def _paths(data: Mapping[str, Any], above: str = "") -> Iterator[str]:
    for key, value in data.items():
        yield f"{above}{key}"
        if isinstance(value, Mapping):
            yield from _paths(value, f"{above}{key}.")
