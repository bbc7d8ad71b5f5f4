"""Case 3: a million due runs advanced one step without a message, beside the bare statements on the same database."""

import statistics
import time
from datetime import UTC, datetime, timedelta
from typing import Any

from bench import mailing_list

NOW = datetime(2024, 6, 3, 12, tzinfo=UTC)
ROUNDS = 3
TRYTON = 403  # records a second, its fastest for a step without a message (BENCHMARKS.md)
JOURNEY = """
name: waiting
trigger: custom:hello
again: always
steps:
  - label: on
  - wait: {for: 5 days}
  - wait: {for: 5 days}
  - goto: on
"""


def run(quick: bool = False) -> dict[str, Any]:
    """Advance everybody some rounds in turn, by the engine and by bare statements, and compare where they stand."""
    count = 20_000 if quick else 1_000_000
    with mailing_list.opened():
        _enrol(count)
        ours, bare = [], []
        for number in range(1, ROUNDS + 1):
            now = NOW + timedelta(days=5 * number)
            bare.append(_timed(lambda now=now, number=number: _bare(now, number)))
            ours.append(_timed(lambda now=now: _advance(now, count)))
        equal = _are_equal()
    ours_s, bare_s = statistics.median(ours), statistics.median(bare)
    return {
        "case": 3,
        "name": f"{count:,} due runs advanced one step, no message",
        "ours_s": ours_s,
        "peer": "bare SQL on SQLite",
        "peer_s": bare_s,
        "ratio": ours_s / bare_s,
        "target": "<= 3x bare SQL; >= 150x Tryton",
        "met": ours_s <= 3 * bare_s and count / ours_s >= 150 * TRYTON,
        "equal": equal,
        "note": f"{count / ours_s:,.0f} runs/s, {count / ours_s / TRYTON:,.0f}x Tryton's {TRYTON}/s; each step is written down too, "
        "which the bare statement does not",
    }


def _enrol(count: int) -> None:
    from django.db import connection, transaction

    from regulars.core import bulk
    from regulars.journeys import api as journeys
    from regulars.journeys.engine import instants
    from regulars.journeys.models import Enrolment, Journey

    journeys.put(JOURNEY, "bench", NOW)
    journeys.activate("waiting", "bench", NOW)
    journey, table = Journey.objects.get().id, Enrolment._meta.db_table
    columns = (
        "journey_id", "version", "customer_id", "subject", "trigger", "data", "zone", "is_held_out", "entered", "is_active", "node",
        "arrived", "due", "came", "hops", "reason",
    )  # fmt: skip
    now = instants.of(NOW)
    due = now + 5 * 86_400 * instants.SECOND
    rows = (
        (journey, 1, n, "", str(n), "{}", "UTC", False, now, True, 0, now, due - n % 1_000, False, 0, "")
        for n in range(1, count + 1)
    )
    bulk.insert(table, columns, rows)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            f"SELECT sql FROM sqlite_master WHERE tbl_name = '{table}' AND sql IS NOT NULL ORDER BY type = 'index'"
        )
        for (statement,) in cursor.fetchall():
            cursor.execute(
                statement.replace(table, "bare_runs")
                .replace('INDEX "', 'INDEX "bare_')
                .replace("REFERENCES", "REFERENCES")
            )
        cursor.execute(f"INSERT INTO bare_runs SELECT * FROM {table}")


def _advance(now: datetime, count: int) -> None:
    from regulars.journeys import api as journeys

    moved = journeys.run_once(now)
    if moved != count:
        raise SystemExit(f"{moved:,} runs moved instead of {count:,}")


def _bare(now: datetime, number: int) -> None:
    from django.db import connection, transaction

    from regulars.journeys.engine import instants

    node = 0 if number % 2 else 1
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "UPDATE bare_runs SET node = %s, arrived = due, due = due + %s, hops = hops + 1 "
            "WHERE journey_id = 1 AND version = 1 AND node = %s AND is_active AND due <= %s",
            [1 - node, 5 * 86_400 * instants.SECOND, node, instants.of(now)],
        )


def _are_equal() -> bool:
    from django.db import connection

    from regulars.journeys.models import Enrolment

    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT count(*) FROM {Enrolment._meta.db_table} AS a JOIN bare_runs AS b "
            "ON b.id = a.id WHERE (a.node, a.due, a.arrived, a.hops) <> (b.node, b.due, b.arrived, b.hops)"
        )
        return cursor.fetchone() == (0,)


def _timed(work: Any) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start
