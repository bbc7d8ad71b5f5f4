"""What people ask of segments: how many a draft would have, who they are, what it shares with others, how it grew."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import connection

from regulars.core.lake.moment import Moment
from regulars.segments import keeping
from regulars.segments.compiling import Question
from regulars.segments.members import lay_out_groups
from regulars.segments.models import Member, Segment, Size
from regulars.segments.rules import reading

GROUPS = ("rfm_of", "late_of")


@dataclass(frozen=True)
class Told:
    """A segment as it stands: n_members as of counted_at, None while it was never counted."""

    name: str
    title: str
    rule: dict[str, Any]
    position: Mapping[str, str]
    interests: Sequence[str]
    n_members: int | None
    counted_at: datetime | None
    is_settled: bool
    problem: str


@dataclass(frozen=True)
class Preview:
    """A draft's answer: how many customers of how many, and some of them, those with the most spent first."""

    n_members: int
    n_customers: int
    some: Sequence[int]


def listed() -> list[Told]:
    """Return every segment, by title."""
    return [_told(row) for row in Segment.objects.order_by("title", "name")]


def one(name: str) -> Told | None:
    """Return a segment by name."""
    row = Segment.objects.filter(name=name).first()
    return None if row is None else _told(row)


def preview(moment: Moment, document: Any, today: date, some: int = 10) -> Preview:
    """Ask who a rule's document holds for, without keeping anything. Raise reading.BadRule or compiling.NoSuchSegment."""
    compiled = keeping.compiled(reading.read(document))
    if compiled.is_nightly:
        _offer_groups(moment, today)
    found = _within(compiled.members, "count(*)", today)
    n_members = int(moment.rows(found.sql, **found.parameters)[0][0])
    n_customers = int(moment.rows("SELECT count(*) FROM customers")[0][0])
    shown = _within(compiled.members, "customer_id", today, f"ORDER BY net DESC, customer_id LIMIT {int(some)}")
    return Preview(n_members, n_customers, [int(row[0]) for row in moment.rows(shown.sql, **shown.parameters)])


def _offer_groups(moment: Moment, today: date) -> None:
    """Offer what nightly rules ask for: worked out once for a moment and a day, though a draft is asked at each keystroke."""
    day = f"{today:%Y%m%d}"

    def lay_out() -> None:
        with moment.twin() as apart:
            lay_out_groups(apart, today)
            for name in GROUPS:
                apart.rows(f"CREATE OR REPLACE TABLE {name}_{day} AS SELECT * FROM {name}")

    moment.once(f"groups of segments {day}", lay_out)
    for name in GROUPS:
        moment.rows(f"CREATE OR REPLACE TEMP VIEW {name} AS SELECT * FROM {name}_{day}")


def _within(members: Question, columns: str, today: date, end: str = "") -> Question:
    days = {"today": today} if "today" in members.days else {}
    text = f"SELECT {columns} FROM customers SEMI JOIN ({members.sql}) AS found USING (customer_id) {end}"
    return Question(text, {**members.parameters, **days}, ())


def member_numbers(name: str, limit: int, after: int = 0) -> list[int]:
    """Return who belongs to a segment, by number, `limit` of them behind a number."""
    members = Member.objects.filter(segment__name=name, customer_id__gt=after).order_by("customer_id")
    return list(members.values_list("customer_id", flat=True)[:limit])


def everybody(name: str) -> list[int]:
    """Return the numbers of all who belong to a segment."""
    return list(Member.objects.filter(segment__name=name).values_list("customer_id", flat=True))


def segments_of(customer: int) -> list[tuple[str, str, datetime]]:
    """Return name, title and since when of the segments that a customer belongs to, by title."""
    rows = Member.objects.filter(customer_id=customer).order_by("segment__title")
    return list(rows.values_list("segment__name", "segment__title", "since"))


def sizes(name: str, since: date) -> list[tuple[date, int]]:
    """Return how many belonged on each day that was counted, oldest first."""
    rows = Size.objects.filter(segment__name=name, day__gte=since).order_by("day")
    return list(rows.values_list("day", "n_members"))


def shared(name: str) -> list[tuple[str, str, int]]:
    """Return of every other segment its name, its title and how many belong to both, the most first."""
    mine, other = Member._meta.db_table, Segment._meta.db_table
    statement = f"""
        SELECT other.name, other.title, count(*) AS n
        FROM {mine} AS a
        JOIN {other} AS own ON own.id = a.segment_id AND own.name = %s
        JOIN {mine} AS b ON b.customer_id = a.customer_id AND b.segment_id <> a.segment_id
        JOIN {other} AS other ON other.id = b.segment_id
        GROUP BY other.name, other.title ORDER BY n DESC, other.name
    """
    with connection.cursor() as cursor:
        cursor.execute(statement, [name])
        return [(str(row[0]), str(row[1]), int(row[2])) for row in cursor.fetchall()]


def _told(row: Segment) -> Told:
    position = {part: getattr(row, part) for part in keeping.POSITION}
    was_counted = row.counted_at is not None
    return Told(
        row.name, row.title, row.rule, position, row.interests, row.n_members if was_counted else None, row.counted_at,
        row.is_settled, row.problem,
    )  # fmt: skip
