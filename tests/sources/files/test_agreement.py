"""The fast and the careful way of reading agree: a quoted newline at the end of a file changes nothing before it."""

from pathlib import Path

from hypothesis import example, given, settings, strategies as st

from regulars.core.lake.engine import Limits, connect
from regulars.sources import reading
from regulars.sources.files.options import Options
from tests.sources.files.trial import HEADER, Refused, stage

SNIPPETS = [
    "a", "", " ", "a b", '"a"', '""', '"a""b"', ' "a"', '"a" ', 'a"b', 'a""b', '"a,b"', ' "a,b"', '""""', "'a'", "a\0b",
    "\ufffd", "é", "NULL", "#a", "\\", '\\"', "=1+1", "\ufeff", "a\u00a0", "\t", "\x1a", "1_000", "12.34567", " 5 ", "+5",
    "infinity", "2024-02-30", "0001-01-01", "1e400", "\u2028", "x" * 300,
]  # fmt: skip
CELL = st.sampled_from(SNIPPETS)
NUMBER = st.sampled_from(["5.00", "0", '"7.25"', " 5 "]) | CELL
DATE = st.sampled_from(["2024-01-03T10:00:00Z", "2024-01-03", '"2024-01-03 10:00:00"']) | CELL
ROW = st.tuples(CELL, CELL, CELL, DATE, NUMBER, NUMBER, st.sampled_from(["EUR", "eur", " usd "]) | CELL).map(",".join)
GOOD = "O1,c1,,2024-01-03,5,0,EUR"


def bare(raw: list[tuple[int, list[str]]]) -> list[tuple[int, list[str]]]:
    """Return raw rows without the blanks around their cells, which may be lost beside quotes."""
    return [(line, [cell.strip(" ") for cell in cells]) for line, cells in raw]


@settings(max_examples=60, deadline=None)
@given(st.lists(ROW, max_size=6), st.sampled_from(["\n", "\r\n"]))
@example(['O2, "c,1",,2024-01-03,5,0,EUR'], "\n")
@example(["O2,c\0,,2024-01-03,5,0,EUR"], "\n")
@example(["O2,c\ufffd,,2024-01-03,5,0,EUR"], "\n")
def test_a_quoted_newline_at_the_end_changes_nothing_before_it(rows: list[str], end: str) -> None:
    lines = [HEADER, GOOD, *rows]
    plain = stage((end.join(lines) + end).encode(), delimiter=",", decimal=".", dates="iso")
    other = stage(
        (end.join([*lines, f'O9,"two{end}lines",,2024-01-03,5,0,EUR']) + end).encode(),
        delimiter=",",
        decimal=".",
        dates="iso",
    )
    assert not isinstance(plain, Refused), plain
    assert not isinstance(other, Refused), other
    assert other.rows[: len(plain.rows)] == plain.rows
    assert bare(other.raw[: len(plain.raw)]) == bare(plain.raw)
    assert len(other.rows) == len(plain.rows) + 1


@settings(max_examples=60, deadline=None)
@given(st.lists(st.sampled_from(["a@x.de", "", " ", '""', "b@x.de", "nobody"]), max_size=6))
def test_a_file_of_one_column_reads_alike_both_ways(cells: list[str]) -> None:
    lines = ["email", "ann@x.de", *cells]
    plain = stage(("\n".join(lines) + "\n").encode(), "c.csv", "customers", delimiter=",")
    other = stage(("\n".join([*lines, '"b\nc"']) + "\n").encode(), "c.csv", "customers", delimiter=",")
    assert not isinstance(plain, Refused), plain
    assert not isinstance(other, Refused), other
    assert other.rows[: len(plain.rows)] == plain.rows


def test_a_long_file_is_staged_in_its_order_by_several_threads(tmp_path: Path) -> None:
    path = tmp_path / "long.csv"
    con = connect(Limits(memory="1GB", threads=3, spill=tmp_path))
    con.execute(
        "COPY (SELECT 'O' || (i + 2) AS order_id, 'c' || i % 999 AS customer_id, 'ann' || i % 999 || '@example.com' AS email, "
        "'2024-01-03T10:00:00Z' AS ordered_at, i % 90 AS total, 0 AS refunded, 'EUR' AS currency, repeat('x', 90) AS note "
        f"FROM range(700_000) t(i)) TO '{path}' (HEADER)"
    )
    staged = reading.Staged(con, reading.inspect(path, "orders", Options(), tmp_path), None)
    wrong = con.execute("SELECT count(*) FROM rows WHERE order_id <> 'O' || line").fetchone()
    assert (staged.n_rows, staged.n_bad, wrong) == (700_000, 0, (0,))
