"""The demo shop comes in by the public doors, whole, labelled, and never into somebody's own shop."""

import json
from pathlib import Path

from tests.conftest import ROOT, Command

NOW = "2025-11-24T09:00:00Z"


def test_every_row_of_the_demo_is_accepted_and_reported(command: Command) -> None:
    made = command("demo", "--customers", "600", "--seed", "5", "--json", REGULARS_NOW=NOW)
    assert made.returncode == 0, made.stderr
    told = json.loads(made.stdout)
    assert set(told["imported"]) == {"products", "customers", "orders", "costs", "events"}
    for rows in told["imported"].values():
        assert rows["rejected"] == 0
        assert rows["accepted"] == rows["rows"] > 0
    on = {one["name"]: one["state"] for one in json.loads(command("journeys", "list", "--json").stdout)["journeys"]}
    assert on == {"thank-you": "active", "second-order": "active", "win-back": "active"}
    report = json.loads(command("report", "--json", REGULARS_NOW=NOW).stdout)
    truth = json.loads((Path(told["folder"]) / "truth.json").read_text(encoding="utf-8"))
    assert (report["timezone"], report["currency"]) == ("Europe/Berlin", "EUR")
    assert (report["totals"]["customers"], report["totals"]["orders"]) == (600, truth["orders"])


def test_the_same_demo_again_changes_nothing_and_another_is_refused(command: Command) -> None:
    words = ("demo", "--customers", "60")
    assert command(*words, REGULARS_NOW=NOW).returncode == 0
    again = command(*words, "--json", REGULARS_NOW="2025-11-26T09:00:00Z")
    assert again.returncode == 0
    assert {rows["accepted"] for rows in json.loads(again.stdout)["imported"].values()} == {0}
    other = command(*words, "--seed", "2", REGULARS_NOW=NOW)
    assert other.returncode == 1
    assert "another demo shop" in other.stderr


def test_a_shop_of_ones_own_is_left_alone(command: Command) -> None:
    assert command("import", "orders", ROOT / "tests/data/tiny/orders.csv").returncode == 0
    refused = command("demo", "--customers", "60")
    assert refused.returncode == 1
    assert "already holds a shop's facts" in refused.stderr
    assert json.loads(command("report", "--json").stdout)["totals"]["orders"] == 10
