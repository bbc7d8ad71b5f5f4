"""A rehearsal: what a journey would have done in a span of the past, whom it would have written to, and what is assumed in saying so."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Count

from regulars.consent import api as consent
from regulars.core.lake.moment import Moment
from regulars.journeys import asking, files
from regulars.journeys.engine import instants, tables
from regulars.journeys.engine.rounds import Round
from regulars.journeys.models import Enrolment, Journey, Stuck, Version
from regulars.journeys.rehearsing.past import CannotRehearse, Past
from regulars.journeys.rehearsing.scratch import Outside, scratch
from regulars.journeys.rules.steps import Journey as Document
from regulars.messaging import api as messaging

STEP = timedelta(days=30)  # of the virtual clock; each run keeps its own time within it
EXAMPLES, WEEK = 5, timedelta(days=7)
Progress = Callable[[str, float], None]


@dataclass(frozen=True)
class Day:
    """What would have left on a day, by channel."""

    day: date
    channel: str
    n: int


@dataclass(frozen=True)
class Overlap:
    """How many of the customers who would have entered are inside a journey that is on today."""

    journey: str
    title: str
    n: int


@dataclass(frozen=True)
class Rehearsed:
    """The answer. Messages are those asked for: n_sent would have left, refused and put_off say by the gate's codes how many would
    not, or later. pressure says in how many weeks somebody would have got so many messages of this journey."""

    name: str
    title: str
    begin: datetime
    end: datetime
    n_customers: int
    n_entered: int
    n_held_out: int
    n_inside: int
    n_reached: int
    n_asked: int
    n_sent: int
    days: Sequence[Day]
    refused: Mapping[str, int]
    put_off: Mapping[str, int]
    left: Mapping[str, int]
    pressure: Mapping[int, int]
    overlap: Sequence[Overlap]
    stories: Sequence[asking.Story]
    assumed: Sequence[str]


def rehearse(
    moment: Moment, text: str, begin: datetime, end: datetime, progress: Progress = lambda step, done: None
) -> Rehearsed:
    """Walk a journey's document through what happened behind `begin` up to `end`. Nothing is kept and nobody is written to.

    moment has the derived tables. Raise BadJourney, messaging.NoSuchTemplate, segments.NoSuchSegment or CannotRehearse.
    """
    document, _ = files.read(text)
    if begin >= end:
        raise CannotRehearse("the span to rehearse ends before it begins")
    stood = consent.Stood(moment)
    with scratch() as outside:
        past = Past(moment, document, (begin, end), outside, begin)
        row = _kept(document, text, begin)
        for now in _clock(begin, end):
            _walk(row, past, now)
            with outside.asked():
                progress(f"walked to {now:%Y-%m-%d}", 0.9 * ((now - begin) / (end - begin)))
        _refuse_stuck()
        return _told(document, past, stood, outside)


def _kept(document: Document, text: str, now: datetime) -> Journey:
    row = Journey.objects.create(
        name=document.name, title=document.title, state="active", version=1, created_at=now, changed_at=now
    )
    Version.objects.create(journey=row, number=1, text=text, made_by="rehearsal", made_at=now)
    row.seq = instants.of(now)
    return row


def _clock(begin: datetime, end: datetime) -> Iterator[datetime]:
    now = begin
    while now < end:
        now = min(now + STEP, end)
        yield now


def _walk(row: Journey, past: Past, now: datetime) -> None:
    past.now = now
    tables.lay()
    late = instants.length(STEP) + instants.LATE
    made = Round(row, now, past, lambda: None, late)
    made.made(has_news=True)
    made.write_stuck()
    row.seq = instants.of(now)


def _refuse_stuck() -> None:
    stuck = Stuck.objects.order_by("node").first()
    if stuck is not None:
        raise CannotRehearse(f"at node {stuck.node + 1} nobody can go on: {stuck.why}")


def _told(document: Document, past: Past, stood: consent.Stood, outside: Outside) -> Rehearsed:
    begin, end = past.span
    people = sorted({one.customer_id for one, _ in past.notebook})
    entered = list(Enrolment.objects.values_list("customer_id", flat=True).distinct())
    runs = Enrolment.objects
    left = dict(runs.filter(is_active=False).values_list("reason").annotate(n=Count("id")))
    shown = list(runs.order_by("-hops", "id").values_list("customer_id", flat=True)[: 20 * EXAMPLES])
    stories = [asking.explain(who)[0] for who in list(dict.fromkeys(shown))[:EXAMPLES]]
    numbers = {
        "n_entered": runs.count(),
        "n_held_out": runs.filter(is_held_out=True).count(),
        "n_inside": runs.filter(is_active=True).count(),
        "n_reached": runs.filter(reached__isnull=False).count(),
    }
    with outside.asked():
        foreseen = list(messaging.Foresight(stood, people).foreseen(past.notebook, end))
        overlap = _overlap(document.name, set(entered))
    sent = [one for one in foreseen if one.is_sent]
    days = Counter((one.at.astimezone(past.moment.zone).date(), one.request.channel) for one in sent)
    return Rehearsed(
        name=document.name,
        title=document.title,
        begin=begin,
        end=end,
        n_customers=len(entered),
        n_asked=len(foreseen),
        n_sent=len(sent),
        days=[Day(day, channel, n) for (day, channel), n in sorted(days.items())],
        refused=dict(Counter(one.reason for one in foreseen if not one.is_sent).most_common()),
        put_off=dict(Counter(one.put_off for one in foreseen if one.put_off).most_common()),
        left=left,
        pressure=_pressure(sent, begin),
        overlap=overlap,
        stories=stories,
        assumed=_assumed(document),
        **numbers,
    )


def _pressure(sent: Sequence[messaging.Foreseen], begin: datetime) -> dict[int, int]:
    weeks = Counter((one.request.customer_id, (one.at - begin) // WEEK) for one in sent)
    return dict(sorted(Counter(weeks.values()).items()))


def _overlap(name: str, entered: set[int]) -> list[Overlap]:
    found = []
    for row in Journey.objects.filter(state__in=("active", "paused", "draining")).exclude(name=name).order_by("title"):
        inside = set(Enrolment.objects.filter(journey=row, is_active=True).values_list("customer_id", flat=True))
        found.append(Overlap(row.name, row.title, len(inside & entered)))
    return [one for one in found if one.n]


def _assumed(document: Document) -> list[str]:
    return [
        "People could not react to messages that they did not get: what they did is what they did without this journey.",
        "Addresses, names and countries are those of today; consents count as they stood then, of several yeses the last one.",
        "The gate's caps count this journey's messages alone, and the channels' budgets and warm-up are left out.",
        *(["Two people who are one today were one then."]),
        *(
            ["Whoever belonged to the segment when the span began did not enter it."]
            if "segment" in repr(document.trigger)
            else []
        ),
    ]
