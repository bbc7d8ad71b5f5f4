"""Case 7: the report on ten million orders that are in the lake, beside the bare SQL of the same figures, equal cells."""

import json
import statistics
import subprocess
import sys
import time
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

from bench import case_9_import
from bench.case_9_import import COMMAND, environment, home

SQL = Path(__file__).with_name("bare.sql")


def run(quick: bool = False) -> dict[str, Any]:
    """Run both as processes, three times in turn; the bare SQL reads one deduplicated Parquet file of the same orders."""
    n = 200_000 if quick else 10_000_000
    if not (home(n) / "regulars.sqlite3").exists():
        case_9_import.run(quick)
    orders = _parquet(n)
    ours, theirs = [], []
    for _ in range(3):
        seconds, report = _timed([*COMMAND, "report", "--fresh", "--json", "-"], n)
        ours.append(seconds)
        seconds, bare = _timed([sys.executable, "-m", "bench.case_7_report", str(orders), report["as_of"]], n)
        theirs.append(seconds)
    ours_s, peer_s = statistics.median(ours), statistics.median(theirs)
    differing = _differences(report, bare["answers"])
    return {
        "case": 7,
        "name": f"report on {n:,} orders in the lake",
        "ours_s": ours_s,
        "peer": "bare DuckDB SQL",
        "peer_s": peer_s,
        "ratio": ours_s / peer_s,
        "target": "<= 2x",
        "met": ours_s <= 2 * peer_s,
        "equal": not differing,
        "note": "ours with the value model, its back-test and who is late, which the SQL leaves out"
        + (f"; differ: {', '.join(differing)}" if differing else ""),
    }


def bare(orders: str, as_of: str) -> list[list[Any]]:
    """Answer every statement of bare.sql."""
    import duckdb

    con = duckdb.connect()
    con.execute("SET threads = 2; SET memory_limit = '3GB'")
    statements = SQL.read_text(encoding="utf-8").split("----")
    texts = [text.replace("{orders}", f"'{orders}'").replace("{as_of}", as_of) for text in statements]
    return [con.execute(text).fetchall() for text in texts][2:]


def _parquet(n: int) -> Path:
    import duckdb

    path = case_9_import.DATA / f"orders-{n}.parquet"
    if not path.exists():
        con = duckdb.connect()
        con.execute("SET TimeZone = 'UTC'; SET memory_limit = '3GB'")
        con.execute(f"""
            COPY (
                SELECT order_id, substr(customer_id, 2)::BIGINT + 1 AS customer_id, ordered_at::TIMESTAMPTZ::DATE AS day,
                    total::DECIMAL(18, 4) AS total, refunded::DECIMAL(18, 4) AS refunded
                FROM read_csv('{case_9_import.DATA / f"orders-{n}.csv"}', all_varchar = true)
            ) TO '{path}' (FORMAT parquet)""")
    return path


def _timed(call: list[str], n: int) -> tuple[float, dict[str, Any]]:
    start = time.perf_counter()
    done = subprocess.run(call, env=environment(n), capture_output=True, text=True, check=True)
    answer: dict[str, Any] = json.loads(done.stdout)
    return time.perf_counter() - start, answer


def _differences(report: dict[str, Any], answers: list[list[Any]]) -> list[str]:
    """Return the names of the figures that are not equal on both sides."""
    totals, people, windows, months, _, _, _, lifecycle, quarters, lorenz, rfm, _ = answers
    figures = report["retention"]
    checks = {
        "totals": [
            report["totals"]["orders"],
            Decimal(report["totals"]["revenue"]),
            Decimal(report["totals"]["refunds"]),
        ]
        == [totals[0][0], Decimal(totals[0][1]), Decimal(totals[0][2])],
        "customers": [report["totals"]["customers"], report["totals"]["repeat_customers"]] == people[0],
        "retention": [figures[0]["eligible"], *(figure["retained"] for figure in figures)] == windows[0],
        "cohorts": {
            (row["cohort"], k): active
            for row in report["cohorts"]["rows"]
            for k, active in enumerate(row["active"])
            if active
        }
        == {(str(row[0])[:7], row[1]): row[2] for row in months},
        "lifecycle": [[month[name] for name in ("new", "returning", "resurrected")] for month in report["lifecycle"]]
        == [row[1:] for row in lifecycle],
        "quarters": [[row["end_customers"], row["first_time"], row["retained"]] for row in report["period_retention"]]
        == [row[1:] for row in quarters[1:]],
        "rfm": sum(row["customers"] for row in report["rfm"]) == sum(row[2] for row in rfm)
        and _segments(report) == _bare_segments(rfm),
        "lorenz": bool(lorenz),
    }
    return [name for name, same in checks.items() if not same]


def _segments(report: dict[str, Any]) -> dict[str, int]:
    return {row["segment"]: row["customers"] for row in report["rfm"] if row["customers"]}


def _bare_segments(cells: list[Any]) -> dict[str, int]:
    from regulars.predictions import segment

    found: dict[str, int] = {}
    for r, f, customers, _ in cells:
        name = segment(int(r), int(f))
        found[name] = found.get(name, 0) + customers
    return found


def _plain(value: Any) -> Any:
    return str(value) if isinstance(value, date | Decimal | timedelta) else value


if __name__ == "__main__":
    print(json.dumps({"answers": [[[_plain(cell) for cell in row] for row in rows] for rows in bare(*sys.argv[1:3])]}))
