"""When people would have entered and left a segment in the past: asked at the instants at which an answer can change.

An answer changes where something is told of somebody, and so many days behind that as a rule names; at no other instant.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from regulars.core.lake.moment import Moment
from regulars.journeys.engine import instants
from regulars.segments import api as segments

MOST_DAYS = 4_000
DAY = 86_400 * instants.SECOND
Holding = Callable[[segments.Question, Mapping[int, int]], set[int]]


def moves(
    moment: Moment, holding: Holding, question: segments.Question, rule: Any, span: tuple[datetime, datetime]
) -> Iterator[tuple[int, int, bool]]:
    """Yield customer, instant and whether they entered (else left), in the order of time, within a span.

    Who belonged at the span's beginning did not enter then. Days begin in the shop's zone; what a new day changes is told at its begin.
    """
    begin, end = map(instants.of, span)
    found: list[tuple[int, int, bool]] = []
    was: dict[int, bool] = {}
    for asked in _turns(_points(moment, _days(rule), span)):
        members = holding(question, asked)
        for who, at in asked.items():
            is_member = who in members
            if who in was and was[who] != is_member and begin < at <= end:
                found.append((at, who, is_member))
            was[who] = is_member
    for at, who, entered in sorted(found):
        yield who, at, entered


def _turns(points: Mapping[int, Sequence[int]]) -> Iterator[dict[int, int]]:
    """Yield the first instants of everybody, then the second ones, and so on."""
    turn = 0
    while asked := {who: some[turn] for who, some in points.items() if turn < len(some)}:
        yield asked
        turn += 1


def _points(moment: Moment, days: Sequence[int], span: tuple[datetime, datetime]) -> dict[int, list[int]]:
    """Return for everybody the instants at which something is told or a day falls due, and the span's beginning."""
    tables = [name for name in _tables(moment) if name not in ("customer_merged", "segment_entered", "segment_left")]
    told = " UNION ".join(f"SELECT customer_id, occurred_at FROM {name} WHERE customer_id > 0" for name in tables)
    shifts = ", ".join(str(int(day)) for day in days)
    rows = moment.rows(
        f"""
        WITH told AS (
            SELECT coalesce(merged.customer_id, t.customer_id) AS customer_id, t.occurred_at
            FROM ({told}) AS t LEFT JOIN merged ON merged.merged_id = t.customer_id
        ), points AS (
            SELECT customer_id, epoch_us(occurred_at) AS at_us FROM told
            UNION SELECT customer_id, epoch_us(CAST(CAST(occurred_at AS DATE) + shift AS TIMESTAMPTZ))
            FROM (SELECT DISTINCT customer_id, CAST(occurred_at AS DATE) AS occurred_at FROM told), (SELECT unnest([{shifts}]::INTEGER[]) AS shift)
            UNION SELECT DISTINCT customer_id, $begin::BIGINT FROM told
        )
        SELECT customer_id, list(at_us ORDER BY at_us) FROM points WHERE at_us >= $begin AND at_us <= $end GROUP BY customer_id
        """,
        begin=instants.of(span[0]),
        end=instants.of(span[1]),
    )
    return {int(who): list(some) for who, some in rows}


def _days(rule: Any) -> list[int]:
    """Return behind how many days something that a rule asks for may read otherwise.

    >>> _days({"field": "last_order", "at_least_days_ago": 60})
    [59, 60, 61]
    """
    return sorted({number + near for number in _numbers(rule) for near in (-1, 0, 1) if number + near >= 0})


def _numbers(rule: Any) -> set[int]:
    if isinstance(rule, Mapping):
        return set().union(*map(_numbers, rule.values()))
    if isinstance(rule, list):
        return set().union(*map(_numbers, rule))
    is_number = isinstance(rule, int) and not isinstance(rule, bool) and 0 < rule <= MOST_DAYS
    return {rule} if is_number else set()


def _tables(moment: Moment) -> list[str]:
    """Return the tables of facts that name their customer and hold any."""
    rows = moment.rows(
        "SELECT table_name FROM information_schema.columns WHERE table_schema = 'facts' AND column_name = 'customer_id'"
    )
    return [str(row[0]) for row in rows if moment.rows(f"SELECT 1 FROM facts.{row[0]} WHERE customer_id > 0 LIMIT 1")]
