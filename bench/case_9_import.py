"""Case 9: ten million orders from a CSV file to a finished report, by the commands that a user types."""

import json
import os
import resource
import shutil
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from bench.shop import orders_csv

DATA = Path(__file__).resolve().parent / "data"
LIMIT_S, LIMIT_GB = 60.0, 4.0
COMMAND = [sys.executable, "-c", "from regulars.cli import main; main()"]


def home(n: int) -> Path:
    """Return the folder of the shop with n orders; case 7 reads what case 9 wrote."""
    return DATA / f"home-{n}"


def run(quick: bool = False) -> dict[str, Any]:
    """Import and report once, from an empty home; the limit is wall time and the largest memory of any process."""
    n = 200_000 if quick else 10_000_000
    path = DATA / f"orders-{n}.csv"
    orders_csv(path, n)
    shutil.rmtree(home(n), ignore_errors=True)
    imported_s, told = _timed("import", "orders", str(path), "--json", of=n)
    reported_s, report = _timed("report", "--json", "-", of=n)
    gigabytes = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1e6
    total = imported_s + reported_s
    good = told["accepted"] == n == report["totals"]["orders"]
    return {
        "case": 9,
        "name": f"import {n:,} orders from CSV to a finished report",
        "ours_s": total,
        "peer": "limit",
        "peer_s": LIMIT_S,
        "ratio": LIMIT_S / total,
        "target": "<= 60 s, <= 4 GB",
        "met": total <= LIMIT_S and gigabytes <= LIMIT_GB,
        "equal": good,
        "note": f"import {imported_s:.1f} s, report {reported_s:.1f} s (first one, builds the derived tables), "
        f"largest memory {gigabytes:.2f} GB",
    }


def _timed(*words: str, of: int) -> tuple[float, dict[str, Any]]:
    start = time.perf_counter()
    done = subprocess.run([*COMMAND, *words], env=environment(of), capture_output=True, text=True, check=True)
    answer: dict[str, Any] = json.loads(done.stdout)
    return time.perf_counter() - start, answer


def environment(n: int) -> dict[str, str]:
    """Return the environment of a shop of its own."""
    plain = {name: value for name, value in os.environ.items() if not name.startswith(("REGULARS_", "DJANGO_"))}
    return plain | {"REGULARS_HOME": str(home(n))}
