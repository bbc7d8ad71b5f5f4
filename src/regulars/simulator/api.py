"""The door of the simulator: plan a shop, write it down, load it, and look up its truth."""

import csv
import json
from datetime import datetime
from pathlib import Path
from typing import Any

from regulars.simulator.loading import NotEmpty, load, never, open_shop, planned
from regulars.simulator.making import write
from regulars.simulator.plan import AHEAD_DAYS, CURRENCY, LABEL, ZONE, Files, Plan, Process, files_in
from regulars.simulator.world.response import lift, net_lift


def go_on(folder: Path, now: datetime) -> int:
    """Tell what happened in the demo shop since the last call; return how many facts it was."""
    from regulars.simulator.living import going  # needs Django, which writing a shop does not

    return going.go_on(folder, now)


def truth(folder: Path) -> dict[str, Any]:
    """Return what is true of a written shop: its parameters and sums."""
    found: dict[str, Any] = json.loads(files_in(folder).truth.read_text(encoding="utf-8"))
    return found


def truth_of_customers(folder: Path) -> dict[str, dict[str, str]]:
    """Return what is true of each customer, as written, by the shop's reference."""
    with files_in(folder).truth_customers.open(encoding="utf-8", newline="") as handle:
        return {row["customer_id"]: row for row in csv.DictReader(handle)}


__all__ = [
    "AHEAD_DAYS",
    "CURRENCY",
    "LABEL",
    "ZONE",
    "Files",
    "NotEmpty",
    "Plan",
    "Process",
    "files_in",
    "go_on",
    "lift",
    "load",
    "net_lift",
    "never",
    "open_shop",
    "planned",
    "truth",
    "truth_of_customers",
    "write",
]
