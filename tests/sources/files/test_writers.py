"""Files written by Python's csv module in any dialect and encoding come back cell by cell, with their true lines."""

import csv
import io
import re
from typing import Any

from hypothesis import given, settings, strategies as st

from regulars.sources.mapping.compile import NOBODY
from tests.sources.files.trial import HEADER, Refused, stage

LETTERS = st.characters(blacklist_categories=("Cs",), blacklist_characters="\0")
AWKWARD = st.sampled_from(list("\",;|\t\n\r '\\éß€\u00a0\ufffd\u2028\x0b\x1c\x85x7"))
CELLS = st.text(st.one_of(AWKWARD, LETTERS), max_size=12)
NO_RETURNS = re.compile(r"\r(?!\n)")  # csv.writer leaves a lone carriage return unquoted (Python 3.11)
WHOLE = re.compile(r"^(\d+)\.0$", re.ASCII)
LATIN = st.text(st.sampled_from(list('",;|\t\n aébüßñ')), max_size=12)
DIALECTS = st.fixed_dictionaries(
    {
        "delimiter": st.sampled_from(",;\t|"),
        "quoting": st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL, csv.QUOTE_NONNUMERIC]),
        "lineterminator": st.sampled_from(["\n", "\r\n"]),
    }
)


def written(pairs: list[tuple[str, str]], dialect: dict[str, Any]) -> tuple[str, list[int]]:
    """Return the text of a file of orders and the physical line at which each record starts."""
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer, **dialect)
    writer.writerow(HEADER.split(","))
    lines = []
    for number, (customer, channel) in enumerate(pairs):
        lines.append(1 + len(re.findall(r"\r\n|\r|\n", buffer.getvalue())))
        writer.writerow([f"O{number}", customer, channel, "2024-01-03T10:00:00Z", "12.50", "0", "EUR"])
    return buffer.getvalue(), lines


def check(pairs: list[tuple[str, str]], dialect: dict[str, Any], encoding: str, **options: Any) -> None:
    if dialect["quoting"] == csv.QUOTE_MINIMAL:
        pairs = [(NO_RETURNS.sub("", customer), channel) for customer, channel in pairs]
    text, lines = written(pairs, dialect)
    outcome = stage(text.encode(encoding), **options)
    assert not isinstance(outcome, Refused), outcome
    assert [row["line"] for row in outcome.rows] == lines
    assert [cells[1].strip(" ") for _, cells in outcome.raw] == [customer.strip(" ") for customer, _ in pairs]
    assert [row["order_id"] for row in outcome.rows] == [f"O{number}" for number in range(len(pairs))]
    stripped = [(row["customer_ref"] or "").strip() for row in outcome.rows]
    assert stripped == [reference(customer.strip()) for customer, _ in pairs]


def reference(cell: str) -> str:
    """Return the customer id that a cell means: words for "no value" are nobody, and 12.0 is 12."""
    return "" if cell.lower() in NOBODY else WHOLE.sub(r"\1", cell)


@settings(max_examples=50, deadline=None)
@given(
    st.lists(st.tuples(CELLS, st.just("")), min_size=1, max_size=8),
    DIALECTS,
    st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]),
)
def test_any_dialect_comes_back_cell_by_cell(
    pairs: list[tuple[str, str]], dialect: dict[str, Any], encoding: str
) -> None:
    check(pairs, dialect, encoding)


@settings(max_examples=25, deadline=None)
@given(
    st.lists(st.tuples(LATIN, st.just("")), min_size=1, max_size=8), DIALECTS, st.sampled_from(["latin-1", "cp1252"])
)
def test_one_byte_encodings_are_recognised(
    pairs: list[tuple[str, str]], dialect: dict[str, Any], encoding: str
) -> None:
    check([*pairs, ("Zoé", "")], dialect, encoding)
