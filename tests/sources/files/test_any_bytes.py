"""Whatever bytes a file holds, it is either refused in a sentence or read record by record with true lines."""

import re
from datetime import UTC, datetime
from decimal import Decimal

from hypothesis import example, given, settings, strategies as st

from tests.sources.files.trial import HEADER, Refused, row_line, stage

PIECES = [
    b'"', b'""', b",", b";", b"\t", b"|", b"\n", b"\r\n", b"\r", b"\0", b"\xff", b"\xe4", b"\xef\xbf\xbd", b"\xef\xbb\xbf",
    b" ", b"a", b"1", b"-", b"@", "é".encode(), b"O1", b"2024-01-03", b"5.00", b"EUR", b"nan", b"infinity", b"99999-01-01",
    HEADER.encode(), b"O1,c1,a@x.de,2024-01-03T10:00:00Z,5.00,0,EUR", b'O2,"c\n1",,2024-01-03,5,,EUR', b"{", b"}", b"[1]",
    b'{"order_id": "1", "date": "2024-01-03", "total": 5}', b"PAR1", b"\x1f\x8b",
]  # fmt: skip
BYTES = st.lists(st.sampled_from(PIECES) | st.binary(max_size=3), max_size=40).map(b"".join)
WITH_HEADER = BYTES.map(lambda rest: HEADER.encode() + b"\n" + rest)
RECORDS = st.lists(st.sampled_from(PIECES), max_size=9).map(b",".join)
LINES = st.lists(RECORDS, max_size=12).map(lambda records: HEADER.encode() + b"\n" + b"\n".join(records))


@settings(max_examples=120, deadline=None)
@given(BYTES | WITH_HEADER | LINES)
@example(b"")
@example(b"\n" + HEADER.encode() + b"\nO1,c1,,2024-01-03,5,,EUR\n")
@example(HEADER.encode() + b'\nO1,"c1,,2024-01-03,5,,EUR\nO2,c1,,2024-01-03,5,,EUR\n')
@example(HEADER.encode() + b"\nO1,c1,,infinity,5,,EUR\n")
@example(HEADER.encode() + b"\nO1,c1,,1704276000,5,,EUR\nO1,c1,,nan,5,,EUR\n")
@example(HEADER.encode() + b"\nO1,c1,,1704276000,5,,EUR\nO1,c1,,9999999999,5,,EUR\n")
@example(b"order_id,date,total\n")
@example(b"[1, 2]\n[3]")
@example(b'{"a": {"b": 1}}\n{"a": ')
def test_any_bytes_are_refused_in_a_sentence_or_staged_record_by_record(data: bytes) -> None:
    outcome = stage(data)
    if isinstance(outcome, Refused):
        assert len(outcome.sentence) > 15, outcome.sentence
        assert "Traceback" not in outcome.sentence
        return
    lines = [row["line"] for row in outcome.rows]
    assert lines == sorted(set(lines))
    assert outcome.n_rows == len(lines)
    assert outcome.n_bad == sum(row["reason"] is not None for row in outcome.rows)
    assert [line for line, _ in outcome.raw] == lines
    assert all(isinstance(cell, str) for _, cells in outcome.raw for cell in cells)
    for row in outcome.rows:
        assert (row["reason"] is None) == (row["fix"] is None)
        if row["reason"] is None:
            assert row["ordered_at"] is not None
            assert datetime(1970, 1, 1, tzinfo=UTC) <= row["ordered_at"] <= datetime(2200, 1, 1, tzinfo=UTC)
            assert row["total"] is None or row["total"] >= Decimal(0) or row["is_refund"]


@settings(max_examples=50, deadline=None)
@given(WITH_HEADER | LINES)
def test_every_line_that_starts_no_record_is_blank_or_behind_an_open_quote(data: bytes) -> None:
    outcome = stage(data, encoding="latin-1", delimiter=",")
    if isinstance(outcome, Refused):
        return
    physical = re.split(r"\r\n|\r|\n", data.decode("latin-1"))
    starts = {row["line"] for row in outcome.rows}
    last_start = ""
    for number, text in enumerate(physical, start=1):
        if number in starts:
            assert text.strip("\0") != "" or "\0" in text
            last_start = text
        elif text.strip() and number > 1:
            assert '"' in last_start, (number, text)


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 9), st.sampled_from(["short", "long", "nul", "byte", "quote", "february", "words", "year"]))
def test_a_damaged_record_costs_only_itself(place: int, damage: str) -> None:
    good = [row_line(f"O{number}").encode() for number in range(10)]
    cells = row_line(f"O{place}").encode().split(b",")
    broken = {
        "short": b",".join(cells[:-2]),
        "long": b",".join([*cells, b"one more"]),
        "nul": b",".join([cells[0], b"c\0", *cells[2:]]),
        "byte": b",".join([cells[0], b"c\xff", *cells[2:]]),
        "quote": b",".join([*cells[:-1], b'"EUR']),
        "february": b",".join([*cells[:3], b"2024-02-30T10:00:00Z", *cells[4:]]),
        "words": b",".join([*cells[:4], b"five", *cells[5:]]),
        "year": b",".join([*cells[:3], b"0024-02-20", *cells[4:]]),
    }[damage]
    lines = [
        HEADER.encode(),
        *good[:place],
        broken,
        *good[place + 1 :],
        "O99,éééé,,2024-01-03T10:00:00Z,1,0,EUR".encode(),
    ]
    outcome = stage(b"\n".join(lines) + b"\n")
    assert not isinstance(outcome, Refused), outcome
    assert [row["line"] for row in outcome.rows if row["reason"] is not None] == [place + 2]
    expected = [f"O{number}" for number in range(10) if number != place] + ["O99"]
    assert [row["order_id"] for row in outcome.rows if row["reason"] is None] == expected
