"""Case 10: a segment of three clauses counted anew over a million customers and ten million orders, and after one more order."""

import os
import statistics
import sys
import tempfile
import time
from datetime import date
from pathlib import Path
from typing import Any

from bench import busy_shop
from bench.case_13_pages import set_up, tell_one

NAME = "bench-three-clauses"
RULE = {
    "all": [
        {"field": "orders", "at_least": 3},
        {"field": "last_order", "within_days": 90},
        {"did": "order", "within_days": 365, "sum": {"of": "total", "at_least": 100}},
    ]
}
BARE = """
SELECT customer_id FROM read_parquet($orders) GROUP BY customer_id
HAVING count(*) >= 3 AND max(day) > $today::DATE - 90 AND sum(total) FILTER (day > $today::DATE - 365) >= 100
"""
OTHERS = ("regulars", "lapsed", "given-money-back", "discount-only", "one-time-buyers")
LIMIT_S, ROUNDS = 1.0, 5


def run(quick: bool = False) -> dict[str, Any]:
    """Ask both in turn; then keep the segment beside others, let an order come, and follow it."""
    n = 200_000 if quick else 10_000_000
    os.environ.update(busy_shop.environment(busy_shop.made(n)))
    set_up()
    from regulars.web.shell import lake

    today = date.fromisoformat(busy_shop.LAST_DAY)
    ours, theirs, is_equal, n_members = _questions(today)
    settled_s, followed = _followed(lake.now())
    ours_s, peer_s, event_s = statistics.median(ours), statistics.median(theirs), statistics.median(followed)
    return {
        "case": 10,
        "name": f"a segment of three clauses over {n // 10:,} customers and {n:,} orders",
        "ours_s": ours_s,
        "peer": "bare DuckDB SQL",
        "peer_s": peer_s,
        "ratio": ours_s / peer_s,
        "target": "<= 2x; one event < 1 s",
        "met": ours_s <= 2 * peer_s and event_s < LIMIT_S,
        "equal": is_equal,
        "note": f"{n_members:,} members; after one order {event_s:.2f} s for {len(OTHERS) + 1} segments "
        f"(longest {max(followed):.2f} s); settling them, rows written, {settled_s:.1f} s",
    }


def _questions(today: date) -> tuple[list[float], list[float], bool, int]:
    from regulars.events import api as events
    from regulars.segments import api as segments, members
    from regulars.web.shell import lake

    ours, theirs = [], []
    with tempfile.TemporaryDirectory(prefix="regulars-bench-") as folder, events.reader(lake.now()) as moment:
        file = str(Path(folder) / "orders.parquet")
        moment.con.execute(
            f"COPY (SELECT customer_id, day, gross AS total FROM orders WHERE customer_id > 0) TO '{file}'"
        )
        question = segments.compiled(segments.read(RULE)).members
        for _ in range(ROUNDS):
            start = time.perf_counter()
            found = members.asked(moment, question, today)
            ours.append(time.perf_counter() - start)
            start = time.perf_counter()
            rows = moment.con.execute(BARE, {"orders": file, "today": today}).fetchall()
            bare = sorted({int(row[0]) for row in rows})
            theirs.append(time.perf_counter() - start)
    return ours, theirs, found == bare, len(found)


def _followed(now: Any) -> tuple[float, list[float]]:
    """Keep the segments, settle them, let orders come one by one; return the seconds of settling and of each following."""
    from regulars import loop
    from regulars.segments import api as segments

    drafts = [one for one in segments.ready_made() if one.name in OTHERS]
    drafts.append(segments.Draft(NAME, "Three clauses", RULE, {}))
    for draft in drafts:
        segments.put(draft, "bench", now)
    start, followed = time.perf_counter(), []
    segments.run_once(now)
    settled_s = time.perf_counter() - start
    for _ in range(ROUNDS):
        tell_one()
        loop.sequence(now)
        start = time.perf_counter()
        segments.run_once(now)
        followed.append(time.perf_counter() - start)
        print(f"followed in {followed[-1]:.2f} s", file=sys.stderr)
    for draft in drafts:
        segments.drop(draft.name, "bench", now)
    return settled_s, followed
