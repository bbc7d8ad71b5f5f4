"""Records of a text file with their true lines, whatever the quoting: a broken record costs itself only."""

import csv
import json
from collections import deque
from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple, TextIO

from regulars.sources.files.encodings import broken_byte

LONGEST_LINES = 1_000
LONGEST_TEXT = 1_000_000
csv.field_size_limit(max(csv.field_size_limit(), 4 * LONGEST_TEXT))
UNCLOSED = "a quote is opened and not closed"
TOO_LONG = f"this line is longer than {LONGEST_TEXT:,} characters"


class Record(NamedTuple):
    """One record: the physical line where it starts, its cells, and what is wrong with it as a whole (None: nothing)."""

    line: int
    cells: list[str]
    fault: str | None = None


def lines_of(handle: TextIO) -> Iterator[str]:
    """Yield physical lines; of one that is too long only its beginning, so that memory stays bounded."""
    while text := handle.readline(LONGEST_TEXT + 2):
        if len(text) > LONGEST_TEXT:
            rest = text
            while rest and not rest.endswith(("\n", "\r")):
                rest = handle.readline(LONGEST_TEXT)
        yield text


def records_of(lines: Iterable[str], delimiter: str) -> Iterator[Record]:
    """Yield the records of physical lines; blank lines are passed over. A blank delimiter splits at white space."""
    ahead = _Ahead(iter(lines), delimiter)
    number = 0
    while (line := ahead.take()) is not None:
        number += 1
        if not line.strip():
            continue
        if len(line) > LONGEST_TEXT:
            yield Record(number, [line[:200]], TOO_LONG)
        elif '"' not in line or delimiter == " " or not stays_open(line, delimiter, in_quotes=False):
            yield Record(number, cells_of([line], delimiter), fault_of(line))
        elif (n_more := ahead.until_closed()) is None:
            yield Record(number, line.rstrip("\r\n").split(delimiter), UNCLOSED)
        else:
            taken = [line, *(ahead.take() or "" for _ in range(n_more))]
            yield Record(number, cells_of(taken, delimiter), fault_of("".join(taken)))
            number += n_more


def json_records(lines: Iterable[str], columns: tuple[str, ...]) -> Iterator[Record]:
    """Yield one record per line of JSON; nested objects are columns with dotted names."""
    for number, line in enumerate(lines, start=1):
        if len(line) > LONGEST_TEXT:
            yield Record(number, [line[:200]], TOO_LONG)
        elif line.strip():
            told = told_by(line)
            if isinstance(told, str):
                yield Record(number, [line.strip()], fault_of(line) or told)
            else:
                cells = [told.get(name, "") for name in columns]
                yield Record(number, cells, fault_of(line) or fault_of("".join(cells)))


def told_by(line: str) -> dict[str, str] | str:
    """Return the columns of a line of JSON, numbers as they are written; or say why it has none."""
    try:
        told = json.loads(line, parse_float=str, parse_int=str)
        return flattened(told) if isinstance(told, dict) else "this line is not a JSON object"
    except (ValueError, RecursionError):
        return "this line is not valid JSON"


def flattened(told: dict[str, Any], prefix: str = "") -> dict[str, str]:
    """Return a JSON object's values as text, nested objects under dotted names, lists as JSON.

    >>> flattened({"id": "1", "customer": {"email": "a@x.de"}, "tags": None, "paid": True})
    {'id': '1', 'customer.email': 'a@x.de', 'tags': '', 'paid': 'true'}
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


def cells_of(lines: list[str], delimiter: str) -> list[str]:
    """Return the cells of one whole record; blanks between a separator and a quote do not count.

    >>> cells_of(['1, "a, b",c'], ",")
    ['1', 'a, b', 'c']
    """
    if delimiter == " ":
        return lines[0].split()
    if len(lines) == 1 and '"' not in lines[0]:
        return lines[0].rstrip("\r\n").split(delimiter)
    return next(csv.reader(lines, delimiter=delimiter, skipinitialspace=True))


def stays_open(line: str, delimiter: str, *, in_quotes: bool) -> bool:
    """Tell whether a quoted cell goes on behind this line; a quote inside a bare cell is a letter like others.

    >>> stays_open('1,"a', ",", in_quotes=False), stays_open('5" pipe', ",", in_quotes=False)
    (True, False)
    """
    position = 0
    while True:
        if not in_quotes:
            while line.startswith(" ", position):
                position += 1
            if not line.startswith('"', position):
                position = line.find(delimiter, position) + 1
                if position == 0:
                    return False
                continue
            position += 1
        position = line.find('"', position)
        while position >= 0 and line.startswith('""', position):
            position = line.find('"', position + 2)
        if position < 0:
            return True
        position = line.find(delimiter, position) + 1
        if position == 0:
            return False
        in_quotes = False


def fault_of(text: str) -> str | None:
    """Say what no cell may hold: a NUL, or a byte that the file's encoding does not have."""
    if "\0" in text:
        return "a NUL byte stands in this row"
    byte = broken_byte(text)
    return None if byte is None else f"the byte {byte} does not belong to the file's encoding"


class _Ahead:
    """Lines read ahead in search of a closing quote. What is known to stay open is not searched again, so that a file
    full of unclosed quotes is still read in linear time."""

    def __init__(self, lines: Iterator[str], delimiter: str) -> None:
        self._lines, self._delimiter = lines, delimiter
        self._waiting: deque[str] = deque()
        self._size = self._n_open = 0

    def take(self) -> str | None:
        """Return the next line, None behind the last."""
        if not self._waiting:
            return next(self._lines, None)
        line = self._waiting.popleft()
        self._size -= len(line)
        self._n_open = max(0, self._n_open - 1)
        return line

    def until_closed(self) -> int | None:
        """Return how many further lines an open quote takes, None when it does not close within the limits."""
        while self._n_open < LONGEST_LINES and self._size <= LONGEST_TEXT:
            if self._n_open == len(self._waiting):
                more = next(self._lines, None)
                if more is None:
                    return None
                self._waiting.append(more)
                self._size += len(more)
            if self._size > LONGEST_TEXT:
                return None
            if not stays_open(self._waiting[self._n_open], self._delimiter, in_quotes=True):
                return self._n_open + 1
            self._n_open += 1
        return None
