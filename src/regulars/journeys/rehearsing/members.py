"""When people would have entered and left a segment in the past: asked at the instants at which an answer can change.

An answer changes where something is told of somebody, and so many days behind that as a rule names; at no other instant.
"""

import itertools
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from regulars.core.lake.moment import Moment
from regulars.journeys.engine import instants
from regulars.segments import api as segments

MOST_DAYS = 4_000
DAY = 86_400 * instants.SECOND
Holding = Callable[[segments.Question, Sequence[tuple[int, int]]], set[tuple[int, int]]]


def moves(
    moment: Moment, holding: Holding, question: segments.Question, rule: Any, span: tuple[datetime, datetime]
) -> Iterator[tuple[int, int, bool]]:
    """Yield customer, instant and whether they entered (else left), in the order of time, within a span.

    Who belonged at the span's beginning did not enter then. Days begin in the shop's zone; what a new day changes is told at its begin.
    """
    begin, end = map(instants.of, span)
    points = _points(moment, _days(rule), span)
    members = holding(question, points)
    found: list[tuple[int, int, bool]] = []
    for before, one in itertools.pairwise(points):
        was_member, is_member = before in members, one in members
        if before[0] == one[0] and was_member != is_member and begin < one[1] <= end:
            found.append((one[1], one[0], is_member))
    for at, who, entered in sorted(found):
        yield who, at, entered


def _points(moment: Moment, days: Sequence[int], span: tuple[datetime, datetime]) -> list[tuple[int, int]]:
    """Return for everybody, in turn and by time, the instants at which something is told or a day falls due, and the span's beginning."""
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
        SELECT customer_id, at_us FROM points WHERE at_us >= $begin AND at_us <= $end ORDER BY ALL
        """,
        begin=instants.of(span[0]),
        end=instants.of(span[1]),
    )
    return [(int(who), int(at)) for who, at in rows]


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
