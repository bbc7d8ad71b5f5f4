"""`python -m bench`: runs the chosen cases, each in a process of its own, prints one table and writes bench/results.json.

A case is a file `bench/case_*.py` with `run(quick: bool) -> dict`: case, name, ours_s, peer, peer_s, ratio, target, met,
equal, note. One that breaks is a row of the table like the others. A quick look (`--quick`) is printed, not recorded.
"""

import argparse
import importlib
import json
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from bench import machine

HERE = Path(__file__).resolve().parent
RESULTS = HERE / "results.json"
HEADINGS = ("case", "", "ours", "peer or limit", "", "ratio", "target", "")

Row = dict[str, Any]


def main() -> int:
    """Run the chosen cases; 1 when one broke or gave another answer than its peer."""
    asked = _asked()
    if asked.one:
        asked.into.write_text(json.dumps(_measured(asked.one, asked.quick)), encoding="utf-8")
        return 0
    names = [
        path.stem for path in sorted(HERE.glob("case_*.py")) if not asked.cases or path.stem in _named(asked.cases)
    ]
    rows = []
    for name in names:
        print(f"{name} …", file=sys.stderr, flush=True)
        rows.append(_in_its_own_process(name, asked.quick))
    rows.sort(key=lambda row: (str(row["case"]).zfill(4), row["name"]))
    facts = machine.facts()
    print(_table(rows))
    print("\n" + ", ".join(f"{what} {value}" for what, value in facts.items()))
    if asked.quick:
        print("A quick look at small sizes: not recorded, and its ratios are not the targets'.")
    else:
        record(rows, facts, RESULTS)
        print(f"Written to {RESULTS.relative_to(HERE.parent)}")
    return int(any(row["equal"] is not True for row in rows))


def record(rows: Sequence[Row], facts: dict[str, str], into: Path) -> None:
    """Write what was measured today; cases that were not asked for keep what they had, and the day of it."""
    today = datetime.now(UTC).date().isoformat()
    told = json.loads(into.read_text(encoding="utf-8"))["cases"] if into.exists() else []
    names = {row["name"].split(":")[0] for row in rows}
    kept = [row for row in told if row["name"].split(":")[0] not in names]
    every = [*kept, *(row | {"measured_on": today} for row in rows)]
    every.sort(key=lambda row: (str(row["case"]).zfill(9), row["name"]))
    into.write_text(json.dumps({"machine": facts, "cases": every}, indent=2) + "\n", encoding="utf-8")


def _asked() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("cases", nargs="*", help="which cases, by number (7) or file (case_07_report); all without")
    parser.add_argument("--quick", action="store_true", help="small sizes, to see that the cases run")
    parser.add_argument("--one", help=argparse.SUPPRESS)
    parser.add_argument("--into", type=Path, help=argparse.SUPPRESS)
    return parser.parse_args()


def _named(words: Sequence[str]) -> set[str]:
    """Return the files that numbers or names mean."""
    stems = [path.stem for path in HERE.glob("case_*.py")]
    return {stem for stem in stems for word in words if word == stem or word.zfill(2) == stem.split("_")[1].zfill(2)}


def _measured(name: str, quick: bool) -> Row:
    found: Row = importlib.import_module(f"bench.{name}").run(quick)
    return {"met": None, "equal": None, "note": ""} | found


def _in_its_own_process(name: str, quick: bool) -> Row:
    """Run one case where its memory, threads and crashes are its own."""
    with tempfile.TemporaryDirectory(prefix="regulars-bench-") as folder:
        into = Path(folder) / "row.json"
        words = [sys.executable, "-m", "bench", "--one", name, "--into", str(into), *(["--quick"] if quick else [])]
        done = subprocess.run(words, cwd=HERE.parent, stdout=sys.stderr, stderr=subprocess.PIPE, text=True, check=False)
        if done.returncode == 0 and into.exists():
            row: Row = json.loads(into.read_text(encoding="utf-8"))
            return row
    said = done.stderr.strip().splitlines() or [f"ended with {done.returncode}"]
    print(done.stderr, file=sys.stderr)
    number = name.split("_")[1].lstrip("0")
    unknown = dict.fromkeys(("ours_s", "peer_s", "ratio", "met"))
    return {
        "case": number,
        "name": name,
        "peer": "",
        "target": "",
        **unknown,
        "equal": False,
        "note": f"broke: {said[-1]}",
    }


def _table(rows: Sequence[Row]) -> str:
    cells = [HEADINGS, *map(_cells, rows)]
    widths = [max(len(row[column]) for row in cells) for column in range(len(HEADINGS))]
    lines = ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in cells]
    lines.insert(1, "  ".join("-" * width for width in widths))
    return "\n".join(lines)


def _cells(row: Row) -> tuple[str, ...]:
    ratio = "" if row["ratio"] is None else f"{row['ratio']:,.2f}×" if row["ratio"] < 10 else f"{row['ratio']:,.0f}×"
    times = [_seconds(row["ours_s"]), str(row["peer"]), _seconds(row["peer_s"])]
    return (str(row["case"]), str(row["name"]), *times, ratio, str(row["target"]), _verdict(row))


def _seconds(value: float | None) -> str:
    if value is None:
        return ""
    return f"{value * 1000:,.0f} ms" if value < 1 else f"{value:,.1f} s"


def _verdict(row: Row) -> str:
    met = {True: "met", False: "MISSED", None: "not judged"}[row["met"]]
    equal = {True: "equal answers", False: "ANSWERS DIFFER", None: "ANSWERS NOT COMPARED"}[row["equal"]]
    told = row["note"] if row["note"].startswith("broke") else f"{met}, {equal}"
    return told if told == row["note"] or not row["note"] else f"{told}; {row['note']}"


if __name__ == "__main__":
    sys.exit(main())
