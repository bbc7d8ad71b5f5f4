"""What a file is taken for before it is imported: every column, what is missing, what would be rejected."""

import csv
import gzip
import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from regulars.events import api as events
from regulars.profiles import api as profiles
from regulars.sources import api as sources, describing
from regulars.sources.models import Import

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("home")]

NOW = datetime(2024, 6, 1, 12, tzinfo=UTC)
GENERIC = ["order_id", "customer_id", "email", "ordered_at", "total", "refunded", "currency"]
GOOD = ["A1", "c1", "ann@example.com", "2024-01-31", "10.00", "0", "EUR"]
ODD = ["Beleg", "Wer", "Wann", "Wieviel", "Was"]
ODD_ROW = ["7", "ann", "31.01.2024", "12,50", "=Tisch"]
ODD_MAP = {"order_id": "Beleg", "customer_id": "Wer", "ordered_at": "Wann", "total": "Wieviel"}


def write(path: Path, rows: list[list[Any]], header: list[str] | None = None) -> Path:
    with path.open("w", newline="") as handle:
        csv.writer(handle).writerows([GENERIC if header is None else header, *rows])
    return path


def look(path: Path, target: str = "orders", **hints: Any) -> dict[str, Any]:
    told = sources.describe(target, path, sources.options(**hints))
    json.dumps(told)
    assert told["ready"] == (not told["sentence"])
    assert Import.objects.count() == events.newest() == 0
    return told


def fields(told: dict[str, Any]) -> dict[str, str | None]:
    return {column["header"]: column["field"] for column in told["columns"]}


def test_a_file_that_explains_itself_is_ready_and_every_column_is_named(tmp_path: Path) -> None:
    told = look(write(tmp_path / "o.csv", [GOOD, ["A2", *GOOD[1:]]]))
    assert (told["ready"], told["rows"], told["bad"], told["layout"]) == (True, 2, 0, "generic")
    assert told["header"] == GENERIC
    assert told["first_rows"][0] == GOOD
    assert fields(told) == {name: name for name in GENERIC}
    assert told["columns"][0]["samples"] == ["A1", "A2"]
    known = {field["name"]: field for field in told["fields"]}
    assert known["ordered_at"] == {"name": "ordered_at", "meaning": "when it was ordered", "required": True}


@pytest.mark.parametrize("target", sources.TARGETS)
def test_a_file_with_strange_columns_is_shown_with_what_is_missing(tmp_path: Path, target: str) -> None:
    path = write(tmp_path / "odd.csv", [ODD_ROW] * 30, ODD)
    told = look(path, target)
    assert (told["ready"], told["rows"], len(told["first_rows"])) == (False, 30, 20)
    assert told["missing"]
    assert told["sentence"].startswith("Choose the column that says")
    assert set(fields(told)) == set(ODD)
    assert told["columns"][3]["samples"] == ["12,50"]
    assert set(told["missing"]) <= {field["name"] for field in told["fields"]}


def test_columns_named_by_clicking_make_it_ready_and_the_import_reads_it_so(tmp_path: Path) -> None:
    path = write(tmp_path / "odd.csv", [ODD_ROW], ODD)
    some = look(path, map={"columns": {"order_id": "Beleg", "ordered_at": "Wann"}}, currency="EUR")
    assert (some["ready"], some["missing"]) == (False, ["total"])
    assert fields(some) == {"Beleg": "order_id", "Wer": None, "Wann": "ordered_at", "Wieviel": None, "Was": None}
    lacking = look(path, map={"columns": ODD_MAP})
    assert (lacking["ready"], lacking["missing"]) == (False, ["currency"])
    wanted = {"columns": {**ODD_MAP, "currency": {"constant": "EUR"}}}
    told = look(path, map=wanted)
    assert (told["ready"], told["bad"]) == (True, 0)
    assert told["understood"][0]["total"] == "12.5000"
    request = sources.Request(path, profiles.people, NOW)
    assert sources.import_file("orders", request, sources.options(map=wanted)).accepted == 1


def test_columns_named_by_clicking_keep_what_a_layout_knows_of_rows(tmp_path: Path) -> None:
    header = ["order_id", "date", "billing_email", "order_total", "order_currency", "customer_id", "status", "sum"]
    rows = [
        ["1", "2024-01-31", "a@x.de", "5", "EUR", "0", "completed", "6"],
        ["2", "2024-01-31", "a@x.de", "5", "EUR", "9", "pending", "6"],
    ]
    path = write(tmp_path / "woo.csv", rows, header)
    layout = look(path)
    assert (layout["layout"], layout["rows"], layout["skipped"]) == ("WooCommerce orders export", 1, 1)
    named = {name: column for column, name in fields(layout).items() if name}
    assert look(path, map={"columns": named})["layout"] == "WooCommerce orders export"
    changed = look(path, map={"columns": {**named, "total": "sum"}})
    assert (changed["skipped"], changed["understood"][0]["total"]) == (1, "6.0000")
    assert "customer_ref" not in changed["understood"][0]


def test_a_file_without_a_header_is_named_by_position(tmp_path: Path) -> None:
    path = write(tmp_path / "bare.csv", [["2024-01-31", "12.50"]], ["c1", "2024-01-30", "3.00"][1:])
    told = look(path)
    assert (told["ready"], told["header"], told["has_header"], told["rows"]) == (False, ["1", "2"], False, 2)
    assert told["sentence"].startswith("The first line does not name the columns.")
    mapped = look(path, map={"columns": {"ordered_at": "1", "amount": 2}}, currency="EUR")
    assert mapped["ready"]
    assert fields(mapped) == {"1": "ordered_at", "2": "amount"}
    assert "belongs to no customer" in mapped["notes"][0]


def test_dates_that_can_be_read_two_ways_are_asked_for(tmp_path: Path) -> None:
    path = write(tmp_path / "o.csv", [[*GOOD[:3], "03/04/2024", *GOOD[4:]]])
    told = look(path)
    assert (told["ready"], told["missing"], told["rows"]) == (False, ["dates"], 1)
    assert fields(told)["ordered_at"] == "ordered_at"
    assert look(path, dates="day-first")["ready"]


def test_a_currency_that_nobody_says_is_missing_until_the_shop_has_one(tmp_path: Path) -> None:
    path = write(tmp_path / "o.csv", [GOOD[:-1]], GENERIC[:-1])
    assert look(path)["missing"] == ["currency"]
    assert look(path, currency="EUR")["ready"]
    events.fix("EUR", None)
    assert look(path)["ready"]


def test_what_would_be_rejected_is_counted_as_the_import_counts_it(tmp_path: Path) -> None:
    rows = [
        GOOD,
        ["A2", "c1", "", "2024-02-30", "1", "0", "EUR"],
        ["A3", "c1", "", "2024-01-03", "x", "0", "EUR"],
        ["A4", "c1", "", "2024-01-03", "1", "0", "USD"],
        ["A1", "c9", "", "2024-01-03", "2", "0", "EUR"],
        ["A1", "c9", "", "2024-01-03"],
    ]
    path = write(tmp_path / "o.csv", rows)
    told = look(path)
    assert (told["ready"], told["rows"], told["bad"]) == (True, 6, 5)
    assert [bad["line"] for bad in told["first_bad"]] == [3, 4, 5, 6, 7]
    assert all(bad["field"] and bad["reason"] and bad["fix"] for bad in told["first_bad"])
    assert sources.import_file("orders", sources.Request(path, profiles.people, NOW), sources.options()).rejected == 5


def test_names_of_events_that_would_be_rejected_are_counted(tmp_path: Path) -> None:
    path = write(tmp_path / "e.csv", [["order.place", "2024-01-03"], ["quiz", "2024-01-03"]], ["event", "time"])
    told = look(path, "events")
    assert (told["ready"], told["rows"], told["bad"]) == (True, 2, 1)


def test_only_the_first_twenty_rejected_rows_are_shown(tmp_path: Path) -> None:
    told = look(write(tmp_path / "o.csv", [GOOD, *[["A2", *GOOD[1:3], "x", *GOOD[4:]]] * 30]))
    assert (told["bad"], len(told["first_bad"])) == (30, 20)


def test_a_file_of_which_no_row_can_be_read_is_not_ready(tmp_path: Path) -> None:
    told = look(write(tmp_path / "o.csv", [[*GOOD[:4], "x", *GOOD[5:]]]))
    assert told["sentence"].startswith("Not one row can be read. Line 2:")
    assert look(write(tmp_path / "none.csv", []))["sentence"] == "There is no row in this file."


def test_a_file_that_is_no_table_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "o.csv"
    path.write_bytes(b"%PDF-1.7 ...")
    with pytest.raises(sources.CannotRead, match="PDF"):
        look(path)


def test_a_mapping_from_outside_names_no_files(tmp_path: Path) -> None:
    join = {"columns": ODD_MAP, "join": [{"file": "/etc/passwd", "left": "Wer", "right": "1"}]}
    with pytest.raises(sources.CannotRead, match="join"):
        look(write(tmp_path / "odd.csv", [ODD_ROW], ODD), map=join)


def test_every_mistake_in_a_mapping_is_said(tmp_path: Path) -> None:
    path = write(tmp_path / "odd.csv", [ODD_ROW], ODD)
    told = look(path, map={"columns": {**ODD_MAP, "total": "Wievil"}}, currency="EUR")
    assert "Wievil" in told["sentence"]
    with pytest.raises(sources.CannotRead, match="did you mean total"):
        look(path, map={"columns": {"totl": "Wieviel"}})


def test_cells_that_mean_none_can_be_named_beside_a_column(tmp_path: Path) -> None:
    path = write(tmp_path / "odd.csv", [ODD_ROW, ["8", "unbekannt", *ODD_ROW[2:]]], ODD)
    columns = {**ODD_MAP, "customer_id": {"column": "Wer", "empty": ["unbekannt"]}}
    told = look(path, map={"columns": columns}, currency="EUR")
    assert [row.get("customer_ref") for row in told["understood"]] == ["ann", None]


def test_packed_files_parquet_and_json_lines_are_described_too(tmp_path: Path) -> None:
    plain = write(tmp_path / "o.csv", [GOOD])
    packed = tmp_path / "o.csv.gz"
    packed.write_bytes(gzip.compress(plain.read_bytes()))
    lines = tmp_path / "o.jsonl"
    lines.write_text(json.dumps(dict(zip(GENERIC, GOOD, strict=True))))
    parquet = tmp_path / "o.parquet"
    odd = tmp_path / "odd.parquet"
    with events.connection() as con:
        con.execute(f"COPY (FROM read_csv('{plain}', all_varchar = true)) TO '{parquet}'")
        con.execute(f"COPY (SELECT 1 AS Beleg, 'x' AS Wer) TO '{odd}'")
    for path in (packed, lines, parquet):
        told = look(path)
        assert (told["ready"], told["rows"], told["first_rows"]) == (True, 1, [GOOD])
    strange = look(odd)
    assert (strange["ready"], strange["rows"], fields(strange)) == (False, 1, {"Beleg": None, "Wer": None})


def test_of_a_very_large_file_the_beginning_is_looked_at_and_that_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = [[f"A{number}", "c1", 'said "x,\ny"', *GOOD[3:]] for number in range(2_000)]
    path = write(tmp_path / "o.csv", rows)
    monkeypatch.setattr(describing, "BEGINNING", 10_000)
    told = look(path)
    assert (told["ready"], told["bad"]) == (True, 0)
    assert 100 < told["rows"] < 400
    assert 0.05 < told["share"] < 0.2
    assert told["notes"][-1].startswith("The file is large")
    whole = sources.describe("orders", path, sources.options(), whole=True)
    assert (whole["rows"], whole["share"]) == (2_000, 1.0)
