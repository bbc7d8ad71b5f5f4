"""CSV for spreadsheets: raw values under plain headings, and no cell that a spreadsheet takes for a formula."""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from django.http import HttpResponseBase, StreamingHttpResponse

from regulars.web.shell.figures import Column, Row, Table

RISKY = ("=", "+", "-", "@", "\t", "\r")


def table_csv(table: Table) -> HttpResponseBase:
    """Answer with a table's rows as a file."""
    return rows_csv(table.key, table.columns, table.rows)


def rows_csv(name: str, columns: Sequence[Column], rows: Iterable[Row]) -> HttpResponseBase:
    """Answer with rows as a file, written as they come."""
    response = StreamingHttpResponse(_lines(columns, rows), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    return response


def _lines(columns: Sequence[Column], rows: Iterable[Row]) -> Iterator[str]:
    buffer = io.StringIO()
    writer = csv.writer(buffer)
    writer.writerow([column.label for column in columns])
    for count, row in enumerate(rows, 1):
        writer.writerow([guarded(row.get(column.key)) for column in columns])
        if count % 500 == 0:
            yield buffer.getvalue()
            buffer.seek(0)
            buffer.truncate()
    yield buffer.getvalue()


def guarded(value: Any) -> str:
    """Return a cell that no spreadsheet takes for a formula; numbers stay numbers.

    >>> guarded("=1+1"), guarded(-5.5), guarded("-5.00"), guarded("+49 30 123"), guarded(None), guarded("@x")
    ("'=1+1", '-5.5', '-5.00', "'+49 30 123", '', "'@x")
    """
    text = "" if value is None else str(value)
    if not text.startswith(RISKY) or _is_number(text):
        return text
    return "'" + text


def _is_number(text: str) -> bool:
    return text[0] in "+-" and text[1:].replace(".", "", 1).isdigit()
