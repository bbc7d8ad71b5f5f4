"""Importing a shop's own events end to end: every column that is no field of ours is a property."""

import csv
import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from regulars import loop
from regulars.events import api as events
from regulars.profiles import api as profiles
from regulars.sources import api as sources
from tests.events import cast

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("home")]

NOW = datetime(2024, 6, 1, 12, tzinfo=UTC)
HEADER = ["name", "occurred_at", "customer_id", "event_id", "item", "Stars given"]
ANNS = ["wishlist.shared", "2024-01-03T10:00:00Z", "c1", "w-1", 'Oak "table"', ""]
BOS = ["quiz.done", "2024-01-04T18:30:00Z", "c2", "", "", "4"]


def write(path: Path, rows: list[list[str]], header: list[str] = HEADER) -> Path:
    with path.open("w", newline="") as handle:
        csv.writer(handle).writerows([header, *rows])
    return path


def bring(path: Path, **hints: Any) -> sources.Result:
    return sources.import_file("events", sources.Request(path, profiles.people, NOW), sources.options(**hints))


def counts(result: sources.Result) -> tuple[int, int, int, int]:
    return result.rows, result.accepted, result.rejected, result.duplicates


def told() -> list[tuple[Any, ...]]:
    query = "SELECT name, customer_id, properties FROM custom_tracked ORDER BY occurred_at, name, seq"
    with events.reader(NOW) as moment:
        return [(name, customer, json.loads(properties)) for name, customer, properties in moment.rows(query)]


def test_every_column_without_a_meaning_is_a_property_and_blank_cells_are_none(tmp_path: Path) -> None:
    assert counts(bring(write(tmp_path / "e.csv", [ANNS, BOS]))) == (2, 2, 0, 0)
    assert told() == [("wishlist.shared", 1, {"item": 'Oak "table"'}), ("quiz.done", 2, {"Stars given": "4"})]


def test_an_event_is_known_by_its_name_and_id_else_by_all_that_stands_in_its_row(tmp_path: Path) -> None:
    later = [*ANNS[:4], "another text", ""]
    other = ["cart.left", *ANNS[1:]]
    assert counts(bring(write(tmp_path / "a.csv", [ANNS, BOS, BOS, later]))) == (4, 2, 0, 2)
    fifth = [*BOS[:-1], "5"]
    assert counts(bring(write(tmp_path / "b.csv", [ANNS, BOS, other, fifth]))) == (4, 2, 0, 2)
    assert [name for name, *_ in told()] == ["cart.left", "wishlist.shared", "quiz.done", "quiz.done"]


def test_the_same_rows_with_their_columns_in_another_order_are_the_same(tmp_path: Path) -> None:
    bring(write(tmp_path / "a.csv", [BOS]))
    turned = write(tmp_path / "b.csv", [BOS[::-1]], HEADER[::-1])
    assert counts(bring(turned)) == (1, 0, 0, 1)


def test_an_event_that_was_told_live_is_not_taken_again_from_a_file(tmp_path: Path) -> None:
    fact = events.read_any("wishlist.shared", {"item": "Oak"})
    events.append([events.Told(fact=fact, source="shop", event_id="w-1", occurred_at=NOW, people=cast.ANN)], NOW)
    loop.run_once(NOW)
    assert counts(bring(write(tmp_path / "e.csv", [ANNS]))) == (1, 0, 0, 1)


def test_a_name_that_is_nearly_one_of_ours_is_rejected_with_the_near_one(tmp_path: Path) -> None:
    rows = [["order.place", *ANNS[1:]], ["Order.Placed", *ANNS[1:]], ANNS, ["", *ANNS[1:]]]
    result = bring(write(tmp_path / "e.csv", rows))
    assert counts(result) == (4, 1, 3, 0)
    with Path(result.rejects_file or "").open(newline="") as handle:
        why = [(row["reject_line"], row["reject_field"], row["reject_fix"]) for row in csv.DictReader(handle)]
    assert [line for line, *_ in why] == ["2", "3", "5"]
    assert "did you mean 'order.placed'?" in why[0][2]
    assert "the command made for it" in why[1][2]


def test_a_column_of_names_that_are_all_different_is_refused_with_what_to_do(tmp_path: Path) -> None:
    rows = [[f"remark {number}", *ANNS[1:]] for number in range(2_001)]
    with pytest.raises(sources.CannotRead, match="map another column"):
        bring(write(tmp_path / "e.csv", rows))


def test_an_event_of_nobody_is_kept(tmp_path: Path) -> None:
    path = write(tmp_path / "e.csv", [["sign.seen", "03.01.2024 10:00"], ["sign.seen", "31.01.2024 10:00"]], HEADER[:2])
    assert counts(bring(path, timezone="Europe/Berlin")) == (2, 2, 0, 0)
    assert told() == [("sign.seen", 0, {}), ("sign.seen", 0, {})]


def test_json_lines_keep_nested_names_as_properties(tmp_path: Path) -> None:
    path = tmp_path / "e.jsonl"
    path.write_text('{"event": "quiz.done", "timestamp": "2024-01-03T10:00:00Z", "user_id": "c1", "p": {"stars": 4}}\n')
    assert counts(bring(path)) == (1, 1, 0, 0)
    assert told() == [("quiz.done", 1, {"p.stars": "4"})]
