"""Promise 22 and 23: from a file to a report, by the commands that a shop owner types."""

import json
import math
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import Command

TINY = Path(__file__).parents[1] / "data" / "tiny"
SAMPLE = Path(__file__).parents[2] / "src" / "regulars" / "sources" / "samples"


def assert_contains(found: Any, wanted: Any, where: str = "report") -> None:
    """Every key of the expected report is there with its value; more keys may be."""
    if isinstance(wanted, dict):
        for key, value in wanted.items():
            assert key in found, f"{where} lacks {key}"
            assert_contains(found[key], value, f"{where}.{key}")
    elif isinstance(wanted, list):
        assert len(found) == len(wanted), where
        for number, value in enumerate(wanted):
            assert_contains(found[number], value, f"{where}[{number}]")
    elif isinstance(wanted, float):
        assert math.isclose(found, wanted, abs_tol=1e-6), f"{where}: {found} instead of {wanted}"
    else:
        assert found == wanted, where


def _run(command: Command, *words: str) -> Any:
    done = command(*words)
    assert done.returncode == 0, done.stderr
    return done


def test_the_tiny_shop_gives_the_report_worked_out_by_hand(command: Command) -> None:
    told = json.loads(_run(command, "import", "orders", str(TINY / "orders.csv"), "--json").stdout)
    assert (told["rows"], told["accepted"], told["rejected"], told["duplicates"]) == (12, 10, 1, 1)
    assert Path(told["rejects_file"]).exists()
    expected = json.loads((TINY / "expected.json").read_text())
    report = _run(command, "report", "--json").stdout
    assert_contains(json.loads(report), expected)
    _run(command, "import", "orders", str(TINY / "orders.csv"))
    _run(command, "rebuild")
    again = json.loads(_run(command, "report", "--json", "--fresh").stdout)
    before = json.loads(report)
    for changing in ("generated_at",):
        again.pop(changing, None), before.pop(changing, None)
    assert again == before


def test_cdnow_gives_the_published_tables_from_the_file_to_the_json(command: Command, tmp_path: Path) -> None:
    _run(command, "import", "orders", str(SAMPLE / "cdnow.txt.gz"), "--map", str(SAMPLE / "cdnow.toml"))
    path, page = tmp_path / "report.json", tmp_path / "report.html"
    _run(
        command,
        "report",
        "--calibration-end",
        "1997-09-30",
        "--retention",
        "90:180",
        "--json",
        str(path),
        "--html",
        str(page),
    )
    report = json.loads(path.read_text())
    assert_contains(
        report,
        {
            "as_of": "1998-06-30",
            "currency": "USD",
            "totals": {"orders": 6696, "customers": 2357, "repeat_rate": 0.483241},
            "value_model": {"abstains": False, "model": "BG/NBD", "unit": "week"},
            "imports": {"rows": 6919, "accepted": 6919, "rejected": 0, "duplicates": 0},
        },
    )
    figures = {figure["name"]: (figure["retained"], figure["eligible"]) for figure in report["retention"]}
    assert figures["within_56_days"] == (576, 2357)
    assert figures["bounded_week_8"] == (88, 2357)
    assert figures["unbounded_day_56"] == (952, 2357)
    assert "days_90_180" in figures
    backtest = report["value_model"]["backtest"]
    wanted = {"r": 0.2426, "alpha": 4.4136, "a": 0.7929, "b": 2.4259}
    assert backtest["parameters"] == pytest.approx(wanted, abs=6e-5)
    assert backtest["log_likelihood"] == pytest.approx(-9582.429, abs=1e-3)
    assert (backtest["expected"], backtest["actual"]) == (pytest.approx(1653.4, abs=0.05), 1882)
    assert (backtest["correlation"], backtest["mae"]) == pytest.approx((0.6256, 0.7855), abs=6e-5)
    spending = backtest["gamma_gamma"]
    assert (spending["p"], spending["q"], spending["v"]) == pytest.approx((6.2496, 3.7442, 15.4435), abs=2e-3)
    assert "244 of 1,000" in page.read_text()


def test_an_earlier_day_can_be_looked_at(command: Command) -> None:
    _run(command, "import", "orders", str(SAMPLE / "cdnow.txt.gz"), "--map", str(SAMPLE / "cdnow.toml"))
    report = json.loads(_run(command, "report", "--as-of", "1997-03-31", "--json").stdout)
    within = report["retention"][1]
    assert (within["eligible"], round(within["rate"], 4)) == (876, 0.2580)


def test_wrong_calls_are_answered_in_words(command: Command, tmp_path: Path) -> None:
    def words(*call: str, code: int) -> str:
        done = command(*call)
        assert done.returncode == code, done.stderr
        assert "Traceback" not in done.stdout + done.stderr
        return done.stderr

    junk = tmp_path / "junk.csv"
    junk.write_bytes(b"\x00\xff\xfe" * 50)
    empty = tmp_path / "empty.csv"
    empty.write_text("")
    assert "is empty" in words("import", "orders", str(empty), code=1)
    assert words("import", "orders", str(junk), code=1)
    assert "not exist" in words("import", "orders", str(tmp_path / "none.csv"), code=2)
    assert "like 2024-03-21" in words("report", "--as-of", "yesterday", code=2)
    assert "not a window" in words("report", "--retention", "9:3", code=2)
    assert "read-only" in words("sql", "DROP TABLE orders", code=1)
    assert "disabled" in words("sql", "SELECT * FROM read_csv('/etc/hostname')", code=1)
    assert "No orders" in _run(command, "report").stdout
