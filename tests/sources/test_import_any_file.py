"""Whatever a file holds, an import never breaks: every row is accepted, rejected or a duplicate, and again changes nothing."""

import csv
import io
import json
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings, strategies as st

from regulars.events import api as events
from regulars.profiles import api as profiles
from regulars.sources import api as sources

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("home")]

NOW = datetime(2024, 6, 1, 12, tzinfo=UTC)
QUIET = settings(deadline=None, max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
HEADER = ["order_id", "customer_id", "email", "ordered_at", "total", "refunded", "currency"]

HEADERS = {"orders": HEADER, "events": ["event", "occurred_at", "user_id", "event_id", "item", 'a "b"\'s']}

names = st.sampled_from(["page.seen", "quiz.done", "order.place", "order.placed", "", " ", "Ü", "a\nb"])
event_ids = st.sampled_from(["", "1", "2", "x y"])
properties = st.one_of(st.sampled_from(["", " ", "null", "{}", "'", "1,5"]), st.text(max_size=5))
ids = st.sampled_from(["A1", "A2", "A3", "B1", "", " A1 ", 'q"1', "Ü,1", "x\ny"])
people = st.sampled_from(["c1", "c2", "", "c1@x.de"])
days = st.sampled_from(["2024-01-03", "2024-02-30", "2024-01-04T10:00:00Z", "", "soon"])
amounts = st.sampled_from(["10.00", "0", "5.5", "-3", "x", "", "1e3"])
row = st.tuples(
    ids, people, people, days, amounts, st.sampled_from(["0", "2", ""]), st.sampled_from(["EUR", "eur", "", "XX"])
)


def bring(path: Path, target: str = "orders", **hints: Any) -> sources.Result | None:
    try:
        return sources.import_file(target, sources.Request(path, profiles.people, NOW), sources.options(**hints))
    except (sources.CannotRead, sources.CannotImport) as sentence:
        assert str(sentence)
        return None


def check(path: Path, **hints: Any) -> sources.Result | None:
    result = bring(path, **hints)
    if result is not None:
        assert result.accepted + result.rejected + result.duplicates == result.rows
        assert min(result.accepted, result.rejected, result.duplicates, result.merged) >= 0
        seq = events.newest()
        again = bring(path, **hints)
        assert again is not None
        assert (again.rows, again.accepted, again.rejected) == (result.rows, 0, result.rejected)
        assert events.newest() == seq
        if result.rejected:
            assert result.rejects_file is not None
            with Path(result.rejects_file).open(newline="") as handle:
                assert len(list(csv.reader(handle))) == result.rejected + 1
    return result


@pytest.mark.parametrize("target", HEADERS)
@given(data=st.binary(max_size=300), with_header=st.booleans())
@QUIET
def test_any_bytes(tmp_path: Path, data: bytes, with_header: bool, target: str) -> None:
    path = tmp_path / "any.csv"
    path.write_bytes((",".join(HEADERS[target]).encode() + b"\n" if with_header else b"") + data)
    check(path, target=target, currency="EUR")


@given(
    rows=st.lists(st.tuples(names, days, people, event_ids, properties, properties), max_size=12),
    delimiter=st.sampled_from(",;\t|"),
)
@QUIET
def test_any_events_in_any_dialect(tmp_path: Path, rows: list[tuple[str, ...]], delimiter: str) -> None:
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=delimiter).writerows([HEADERS["events"], *rows])
    path = tmp_path / "rows.csv"
    path.write_text(text.getvalue(), newline="")
    result = check(path, target="events", delimiter=delimiter)
    assert result is not None
    assert result.rows == len(rows)
    with events.reader(NOW) as moment:
        assert all(
            isinstance(json.loads(text), dict) for (text,) in moment.rows("SELECT properties FROM custom_tracked")
        )


@given(
    rows=st.lists(row, max_size=12),
    delimiter=st.sampled_from(",;\t|"),
    quoting=st.sampled_from([csv.QUOTE_ALL, csv.QUOTE_MINIMAL]),
)
@QUIET
def test_any_rows_in_any_dialect(tmp_path: Path, rows: list[tuple[str, ...]], delimiter: str, quoting: Any) -> None:
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=delimiter, quoting=quoting).writerows([HEADER, *rows])
    path = tmp_path / "rows.csv"
    path.write_text(text.getvalue(), newline="")
    result = check(path, currency="EUR", delimiter=delimiter)
    assert result is not None
    assert result.rows == len(rows)


@given(
    rows=st.lists(st.tuples(st.sampled_from("abc"), st.integers(1, 4), st.integers(1, 3)), min_size=1, max_size=15),
    cut=st.integers(0, 15),
)
@QUIET
def test_overlapping_files_of_lines_end_in_the_union(
    tmp_path: Path, rows: list[tuple[str, int, int]], cut: int
) -> None:
    mapping = tmp_path / "map.toml"
    mapping.write_text(
        '[file]\nheader = false\n[columns]\ncustomer_id = 1\nordered_at = 2\namount = 3\ncurrency = {constant = "EUR"}\n'
    )
    run = events.newest()  # a person of their own for each example, so that examples do not meet
    lines = [(f"{who}-{run}", f"2024-01-0{day}", f"{amount}.00") for who, day, amount in rows]
    parts = [lines[: cut + 3], lines[cut:]]
    wanted = Counter[tuple[str, ...]]()
    for number, part in enumerate(parts):
        if part:
            path = tmp_path / f"part{number}.csv"
            path.write_text("".join(",".join(line) + "\n" for line in part))
            check(path, map=mapping)
            wanted |= Counter(part)
    with events.reader(NOW) as moment:
        found = moment.rows(
            "SELECT i.identifier, o.day, l.amount FROM (SELECT order_id, unnest(lines) AS l FROM orders) "
            "JOIN orders AS o USING (order_id) JOIN customer_identified AS i ON i.customer_id = o.customer_id "
            "WHERE i.identifier LIKE $mine",
            mine=f"%-{run}",
        )
    told = Counter((who.removeprefix("id:main:"), day.isoformat(), f"{amount:.2f}") for who, day, amount in found)
    assert told == wanted
