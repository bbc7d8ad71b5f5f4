"""A win-back and a second-order programme rehearsed over five years of 100,000 customers and a million orders."""

import os
import time
from datetime import UTC, datetime, timedelta
from typing import Any

from bench import busy_shop
from bench.case_13_pages import set_up

YEARS, LIMIT_S = 5, 300.0
END = datetime(2024, 1, 1, tzinfo=UTC)
QUIET = {"field": "last_order", "at_least_days_ago": 120}
SECOND = """
name: second-order
trigger: order
audience: {field: orders, is: 1}
goal: order
steps:
  - wait: {for: 5 days}
  - wait: {until: "10:00", on: [monday, thursday]}
  - send: review_request
  - wait: {until_fact: order, at_most: 25 days}
    came: [exit: came back]
    timed_out: [send: win_back]
"""
WIN_BACK = """
name: win-back
trigger: {segment: bench-quiet, on: entered}
again: always
exit_on: [order]
steps:
  - branch:
      - when: {field: net, at_least: 200}
        steps: [send: win_back]
      - otherwise:
          - wait: {for: 10 days}
          - send: win_back
  - wait: {for: 20 days}
  - send: win_back
"""


def run(quick: bool = False) -> dict[str, Any]:
    """Rehearse both, one after the other, and compare how many entered with what a plain question counts."""
    n = 20_000 if quick else 1_000_000
    os.environ.update(busy_shop.environment(busy_shop.made(n, 365 * YEARS)))
    set_up()
    from regulars.events import api as events
    from regulars.segments import api as segments

    segments.put(segments.Draft("bench-quiet", "Quiet", QUIET, {}), "bench", END)
    with events.reader(END) as moment:
        second_s, second = _timed(moment, SECOND)
        win_s, win = _timed(moment, WIN_BACK)
        equal = (second.n_entered, win.n_entered) == _counted(moment)
    slowest = max(second_s, win_s)
    return {
        "case": "rehearsal",
        "name": f"two programmes rehearsed over {YEARS} years of {n // 10:,} customers and {n:,} orders: the slower one",
        "ours_s": slowest,
        "peer": "limit",
        "peer_s": LIMIT_S,
        "ratio": LIMIT_S / slowest,
        "target": "< 5 minutes",
        "met": slowest < LIMIT_S,
        "equal": equal,
        "note": f"second order {second_s:.0f} s ({second.n_entered:,} entered, {second.n_asked:,} messages decided on), "
        f"win-back by a segment {win_s:.0f} s ({win.n_entered:,} entered, {win.n_asked:,} messages)",
    }


def _timed(moment: Any, text: str) -> tuple[float, Any]:
    from regulars.journeys import api as journeys

    start = time.perf_counter()
    found = journeys.rehearse(moment, text, END - timedelta(days=365 * YEARS), END)
    return time.perf_counter() - start, found


def _counted(moment: Any) -> tuple[int, int]:
    """Return how many first orders there were that came alone, and how many times somebody was quiet for as long as the rule says."""
    begin = (END - timedelta(days=365 * YEARS)).date()
    first = """
        SELECT count(*) FROM (
            SELECT min(ordered_at) AS first, count(*) FILTER (ordered_at = began) AS together
            FROM (SELECT *, min(ordered_at) OVER (PARTITION BY customer_id) AS began FROM orders WHERE customer_id > 0)
            GROUP BY customer_id
        ) WHERE together = 1 AND first > $begin
    """
    quiet = """
        SELECT count(*) FROM (
            SELECT day + 120 AS turned, lead(day) OVER (PARTITION BY customer_id ORDER BY day) AS following
            FROM sale_days WHERE customer_id > 0
        ) WHERE turned > $begin AND turned <= $end AND (following IS NULL OR following >= turned)
    """
    return (
        int(moment.rows(first, begin=begin)[0][0]),
        int(moment.rows(quiet, begin=begin, end=END.date())[0][0]),
    )
