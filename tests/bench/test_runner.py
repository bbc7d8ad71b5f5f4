"""The runner of the benchmarks: one table, and a case that breaks or misses is shown like the others."""

import json
import platform
from pathlib import Path

from bench import __main__ as runner, machine

FAST = {"case": "1", "name": "fit", "ours_s": 0.05, "peer": "lifetimes", "peer_s": 10.2, "ratio": 204.0}
MET = FAST | {"target": "≥ 100×", "met": True, "equal": True, "note": ""}


def test_the_table_shows_what_was_met_missed_and_broken() -> None:
    missed = MET | {"case": "2", "met": False, "ratio": 1.5, "note": "busy machine"}
    broke = MET | {"case": "7", "ours_s": None, "peer_s": None, "ratio": None, "equal": False, "note": "broke: no file"}
    lines = runner._table([MET, missed, broke]).splitlines()
    assert len(lines) == 5
    assert {"50 ms", "10.2 s", "204×"} <= set(lines[2].replace("  ", "|").replace("| ", "|").split("|"))
    assert lines[2].endswith("met, equal answers")
    assert lines[3].endswith("MISSED, equal answers; busy machine")
    assert lines[4].endswith("broke: no file")


def test_a_case_that_does_not_exist_is_a_row_too() -> None:
    row = runner._in_its_own_process("case_99_missing", quick=True)
    assert (row["case"], row["equal"], row["ratio"]) == ("99", False, None)
    assert row["note"].startswith("broke: ModuleNotFoundError")


def test_a_case_measured_again_replaces_its_row_and_leaves_the_others(tmp_path: Path) -> None:
    into = tmp_path / "results.json"
    runner.record(
        [MET | {"name": "fit"}, MET | {"case": 13, "name": "50 people: p99 of 9 pages"}], {"cores": "2"}, into
    )
    runner.record([MET | {"case": 13, "name": "50 people: p99 of 7 pages", "ratio": 2.0}], {"cores": "4"}, into)
    told = json.loads(into.read_text())
    assert [(row["name"], row["ratio"]) for row in told["cases"]] == [
        ("fit", 204.0),
        ("50 people: p99 of 7 pages", 2.0),
    ]
    assert told["machine"] == {"cores": "4"}
    assert all(row["measured_on"] for row in told["cases"])


def test_the_machine_is_described_and_not_named() -> None:
    facts = machine.facts()
    assert {"processor", "cores", "memory", "duckdb"} <= facts.keys()
    assert platform.node() not in facts.values()
