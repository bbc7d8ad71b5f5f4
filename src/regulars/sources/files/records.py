"""Records of a text file with their true lines, whatever the quoting: a broken record costs itself only."""

import csv
import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

LONGEST_LINES = 1_000
LONGEST_TEXT = 1 << 20
csv.field_size_limit(max(csv.field_size_limit(), 2 * LONGEST_TEXT))
UNCLOSED = "a quote is opened and not closed"


@dataclass(frozen=True)
class Record:
    """One record: the physical line where it starts, its cells, and what is wrong with it as a whole (None: nothing)."""

    line: int
    cells: list[str]
    fault: str | None = None


def records_of(lines: Iterator[str], delimiter: str) -> Iterator[Record]:
    """Yield the records of physical lines; blank lines are passed over. A blank delimiter splits at white space."""
    waiting: list[str] = []
    number = 0
    while True:
        line = waiting.pop() if waiting else next(lines, None)
        if line is None:
            return
        number += 1
        if not line.strip():
            continue
        if delimiter == " ":
            yield Record(number, line.split(), _fault(line))
        elif '"' not in line:
            yield Record(number, line.rstrip("\r\n").split(delimiter), _fault(line))
        else:
            record, taken = _quoted(line, lines, waiting, delimiter, number)
            yield record
            number += taken


def json_records(lines: Iterator[str], columns: tuple[str, ...]) -> Iterator[Record]:
    """Yield one record per line of JSON; nested objects are columns with dotted names."""
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            told = json.loads(line)
        except (ValueError, RecursionError):
            yield Record(number, [line.strip()[:200]], "this line is not valid JSON")
            continue
        if not isinstance(told, dict):
            yield Record(number, [line.strip()[:200]], "this line is not a JSON object")
            continue
        flat = flattened(told)
        yield Record(number, [flat.get(name, "") for name in columns], _fault("".join(flat.values())))


def flattened(told: dict[str, Any], prefix: str = "") -> dict[str, str]:
    """Return a JSON object's values as text, nested objects under dotted names, lists as JSON.

    >>> flattened({"id": 1, "customer": {"email": "a@x.de"}, "tags": None})
    {'id': '1', 'customer.email': 'a@x.de', 'tags': ''}
    """
    flat: dict[str, str] = {}
    for name, value in told.items():
        if isinstance(value, dict) and prefix.count(".") < 8:
            flat.update(flattened(value, f"{prefix}{name}."))
        elif isinstance(value, str):
            flat[prefix + name] = value
        else:
            flat[prefix + name] = "" if value is None else json.dumps(value)
    return flat


def _quoted(first: str, lines: Iterator[str], waiting: list[str], delimiter: str, number: int) -> tuple[Record, int]:
    """Read a record that has quotes, taking further lines while one is open; give them back when it never closes."""
    taken, size = [first], len(first)
    is_open = _stays_open(first, delimiter, False)
    while is_open:
        more = waiting.pop() if waiting else next(lines, None)
        if more is not None:
            taken.append(more)
            size += len(more)
            is_open = _stays_open(more, delimiter, True)
        if more is None or len(taken) > LONGEST_LINES or size > LONGEST_TEXT:
            waiting.extend(reversed(taken[1:]))
            return Record(number, first.rstrip("\r\n").split(delimiter), UNCLOSED), 0
    cells = next(csv.reader(taken, delimiter=delimiter))
    return Record(number, cells, _fault("".join(taken))), len(taken) - 1


def _stays_open(line: str, delimiter: str, in_quotes: bool) -> bool:
    """Tell whether a quoted cell goes on behind this line, as Python's csv module sees quotes."""
    at_start, position, end = not in_quotes, 0, len(line)
    while position < end:
        letter = line[position]
        if in_quotes and letter == '"':
            if line[position + 1 : position + 2] == '"':
                position += 1
            else:
                in_quotes = False
        elif letter == '"' and at_start:
            in_quotes = True
        at_start = not in_quotes and letter == delimiter
        position += 1
    return in_quotes


def _fault(text: str) -> str | None:
    if "\0" in text:
        return "a NUL byte stands in this row"
    if "\ufffd" in text:
        return "bytes that the file's encoding does not have stand in this row"
    return None
