"""The rejects file: the bad rows as they stood, each with its line, field, reason and what to do.

It is itself a file to import: correct the cells, import it again; the added columns are passed over.
"""

import csv
from collections.abc import Iterable, Sequence
from pathlib import Path

ADDED = ("reject_line", "reject_field", "reject_reason", "reject_fix")
RISKY = ("=", "+", "-", "@", "\t", "\r")


def write(path: Path, header: Sequence[str], rows: Iterable[tuple[Sequence[str], tuple[int, str, str, str]]]) -> int:
    """Write bad rows (cells, why) to a new file beside `path`, then put it in place; return how many."""
    partial = path.with_name(f".{path.name}.partial")
    count = 0
    with partial.open("w", newline="", encoding="utf-8") as handle:
        writer = csv.writer(handle)
        writer.writerow([*header, *ADDED])
        for cells, why in rows:
            padded = [*cells, *[""] * (len(header) - len(cells))][: max(len(header), 1)]
            writer.writerow([guarded(str(cell)) for cell in (*padded, *why)])
            count += 1
    partial.replace(path)
    return count


def guarded(cell: str) -> str:
    """Return a cell that no spreadsheet takes for a formula; numbers stay as they are.

    >>> guarded("=1+1"), guarded("-5.00"), guarded("-x")
    ("'=1+1", '-5.00', "'-x")
    """
    if not cell.startswith(RISKY) or _is_number(cell):
        return cell
    return "'" + cell


def _is_number(cell: str) -> bool:
    return cell[1:].replace(".", "", 1).replace(",", "").isdigit() and cell[0] in "+-"
