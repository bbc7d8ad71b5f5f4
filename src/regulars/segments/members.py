"""Who belongs to each segment: counted once from everything, then only for those of whom something was told or a day fell due.

Rows and the facts about entering and leaving are written in one transaction, and each round compares with the rows: killed
anywhere, the next round finds what is left to do.
"""

import contextlib
from collections.abc import Callable, Iterator, Sequence, Set as AbstractSet
from dataclasses import dataclass, field
from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import F

from regulars.core import bulk
from regulars.core.lake.few import Few
from regulars.core.lake.moment import Moment
from regulars.events import api as events
from regulars.predictions import api as predictions
from regulars.segments import keeping
from regulars.segments.compiling import Compiled, NoSuchSegment, Question
from regulars.segments.models import Member, Segment, Size
from regulars.segments.rules import reading

LEASE, SOURCE = "segments", "segments"
MANY = 20_000  # people; of more than these everybody is asked about
AT_ONCE, PER_STATEMENT = 5_000, 500
FACTS, DAY = "facts", "day"
COLUMNS = ("segment_id", "customer_id", "since")
NEWER_SIZE = "ON CONFLICT (segment_id, day) DO UPDATE SET n_members = excluded.n_members"


class Changed(RuntimeError):
    """A rule was changed or dropped while its members were counted; the next round counts them by the new one."""


def run_once(now: datetime) -> int:
    """Bring every segment up to date; return how many people came or went. Somebody else's round is left to them."""
    today = day_of(now)
    rows = list(Segment.objects.filter(problem="").order_by("id"))
    newest = events.newest()
    if all(row.is_settled and row.counted_seq >= newest and row.counted_on == today for row in rows):
        return 0
    moved = 0
    with contextlib.suppress(events.Busy, events.Lost, Changed), events.held(LEASE, now) as lease:
        moment = events.reader(now)
        with moment:
            moved = Round(moment, today, now, lease.check).run(rows)
    return moved


def reset() -> None:
    """Forget who belongs, because the log was thrown away: rules stay, and are counted anew from its first fact."""
    with transaction.atomic():
        Member.objects.all().delete()
        Size.objects.all().delete()
        Segment.objects.update(
            is_settled=False, counted_seq=0, counted_on=None, counted_at=None, n_members=0, problem=""
        )


def day_of(now: datetime) -> date:
    """Return the day of the shop at an instant."""
    return now.astimezone(ZoneInfo(events.timezone())).date()


def asked(moment: Moment | Few, question: Question, today: date, before: date | None = None) -> list[int]:
    """Return the customers that a question finds, each once."""
    days = {name: day for name, day in (("today", today), ("before", before)) if name in question.days}
    return sorted({int(row[0]) for row in moment.rows(question.sql, **question.parameters, **days)})


def lay_out_groups(moment: Moment, today: date) -> None:
    """Lay out what nightly rules ask for."""
    predictions.lay_out_groups(predictions.known(moment, today))


@dataclass(frozen=True)
class Judged:
    """What was found: about whom (None: everybody), who of them belongs, and of whom something was told since.

    is_told says that coming and going are facts; they are none where a segment begins or its rule is another one.
    """

    about: set[int] | None
    members: set[int]
    told: AbstractSet[int] = frozenset()
    is_told: bool = True


@dataclass
class Round:
    """One round over one moment, under a lease: every write checks that it is still held."""

    moment: Moment
    today: date
    now: datetime
    check: Callable[[], None]
    _is_laid_out: bool = field(default=False)

    def run(self, rows: Sequence[Segment]) -> int:
        """Settle what is new or changed, then follow what was told since; return how many came or went."""
        settled = [row for row in rows if row.is_settled]
        known = {row.id: compiled for row in rows if (compiled := self._compiled(row)) is not None}
        moved = 0
        for row in rows:
            if not row.is_settled and row.id in known:
                moved += self._write(row, Judged(None, self._everybody(known[row.id]), is_told=False))
                self._note([row])
        for seq, on in sorted({(row.counted_seq, row.counted_on) for row in settled}, key=str):
            some = [row for row in settled if (row.counted_seq, row.counted_on) == (seq, on)]
            moved += self._follow([(row, known[row.id]) for row in some if row.id in known], seq, on)
        return moved

    def _follow(self, known: Sequence[tuple[Segment, Compiled]], seq: int, on: date | None) -> int:
        """Judge those told of since seq, and where a day began since `on` those whose day it is; nightly rules everybody."""
        told = frozenset(events.changed_since(self.moment, seq)) if seq < self.moment.seq else frozenset()
        moved = self._join_merged(seq) if told else 0
        is_new_day = on != self.today
        about = {row.id: told | (self._due(compiled, on) if is_new_day else set()) for row, compiled in known}
        quick = [(row, compiled) for row, compiled in known if not compiled.is_nightly and about[row.id]]
        with self._asking({number for row, _ in quick for number in about[row.id]}) as asking:
            for row, compiled in quick:
                found = set(asked(asking, compiled.members, self.today))
                moved += self._write(row, Judged(set(about[row.id]), found & about[row.id], told))
        for row, compiled in known:
            if compiled.is_nightly and is_new_day:
                moved += self._write(row, Judged(None, self._everybody(compiled)))
        self._note([row for row, _ in known])
        return moved

    def _compiled(self, row: Segment) -> Compiled | None:
        """Compile a segment's rule; where that cannot be, say so with the segment and leave its members as they are."""
        try:
            return keeping.compiled(reading.read(row.rule))
        except (reading.BadRule, NoSuchSegment) as problem:
            Segment.objects.filter(id=row.id).update(problem=str(problem)[:500])
            return None

    def _everybody(self, compiled: Compiled) -> set[int]:
        if compiled.is_nightly and not self._is_laid_out:
            lay_out_groups(self.moment, self.today)
            self._is_laid_out = True
        return set(asked(self.moment, compiled.members, self.today))

    def _due(self, compiled: Compiled, before: date | None) -> set[int]:
        if compiled.turning is None or before is None or compiled.is_nightly:
            return set()
        return set(asked(self.moment, compiled.turning, self.today, before))

    @contextlib.contextmanager
    def _asking(self, people: set[int]) -> Iterator[Moment | Few]:
        """Give something to ask about these people: where they are many, everybody."""
        if not people or len(people) > MANY:
            yield self.moment
        else:
            with self.moment.few(sorted(people)) as few:
                yield few

    def _join_merged(self, seq: int) -> int:
        """Let a customer who stands for another belong where the other did; nobody enters or leaves by it."""
        heirs = events.merged_since(self.moment, seq)
        for some in _parts(sorted(heirs), PER_STATEMENT):
            with transaction.atomic():
                self.check()
                old = Member.objects.filter(customer_id__in=some)
                rows = [(one.segment_id, heirs[one.customer_id], bulk.instant(one.since)) for one in old]
                old.delete()
                bulk.insert_in_transaction(Member._meta.db_table, COLUMNS, rows)
                for segment in {row[0] for row in rows}:
                    n_members = Member.objects.filter(segment=segment).count()
                    Segment.objects.filter(id=segment).update(n_members=n_members)
        return 0

    def _write(self, row: Segment, judged: Judged) -> int:
        """Make the rows what was found, with the facts of it; return how many came or went."""
        there = _members_among(row, judged.about)
        came, went = sorted(judged.members - there), sorted(there - judged.members)
        for some in _parts(went, AT_ONCE):
            self._move(row, some, judged, is_coming=False)
        for some in _parts(came, AT_ONCE):
            self._move(row, some, judged, is_coming=True)
        return len(came) + len(went)

    def _move(self, row: Segment, people: Sequence[int], judged: Judged, is_coming: bool) -> None:
        kind = events.SegmentEntered if is_coming else events.SegmentLeft
        with transaction.atomic():
            self.check()
            if not Segment.objects.select_for_update().filter(id=row.id, changed_at=row.changed_at).exists():
                raise Changed
            if is_coming:
                rows = [(row.id, number, bulk.instant(self.now)) for number in people]
                bulk.insert_in_transaction(Member._meta.db_table, COLUMNS, rows)
            else:
                for some in _parts(people, PER_STATEMENT):
                    Member.objects.filter(segment=row, customer_id__in=some).delete()
            moved = len(people) if is_coming else -len(people)
            Segment.objects.filter(id=row.id).update(n_members=F("n_members") + moved)
            if judged.is_told:
                facts = [
                    events.Told(
                        fact=kind(segment=row.name, because=FACTS if number in judged.told else DAY),
                        source=SOURCE,
                        occurred_at=self.now,
                        people={"customer": str(number)},
                    )
                    for number in people
                ]
                events.append(facts, self.now)

    def _note(self, rows: Sequence[Segment]) -> None:
        """Write down up to which fact and for which day the rows hold, unless a rule was changed meanwhile."""
        with transaction.atomic():
            self.check()
            changed = dict(Segment.objects.select_for_update().values_list("id", "changed_at"))
            ids = [row.id for row in rows if changed.get(row.id) == row.changed_at]
            mine = Segment.objects.filter(id__in=ids)
            mine.update(counted_seq=self.moment.seq, counted_on=self.today, counted_at=self.now, is_settled=True)
            sizes = [(number, self.today.isoformat(), n) for number, n in mine.values_list("id", "n_members")]
            bulk.insert_in_transaction(Size._meta.db_table, ("segment_id", "day", "n_members"), sizes, NEWER_SIZE)


def _members_among(row: Segment, about: set[int] | None) -> set[int]:
    members = Member.objects.filter(segment=row)
    if about is None or len(about) > MANY:
        found = set(members.values_list("customer_id", flat=True).iterator(chunk_size=10_000))
        return found if about is None else found & about
    return {
        number
        for some in _parts(sorted(about), PER_STATEMENT)
        for number in members.filter(customer_id__in=some).values_list("customer_id", flat=True)
    }


def _parts(people: Sequence[int], size: int) -> Iterator[Sequence[int]]:
    for start in range(0, len(people), size):
        yield people[start : start + size]
