"""What people ask of journeys: which there are, who stands where, what is stuck, and what one customer went through and why."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Min, Q

from regulars.journeys.engine import instants, plans
from regulars.journeys.engine.moving import OUT
from regulars.journeys.engine.plans import Plan
from regulars.journeys.models import Enrolment, Journey, Passage, Passed, Stuck, Version
from regulars.journeys.rules import wording
from regulars.journeys.rules.steps import Exit

COUNTS = ("n_entered", "n_inside", "n_reached", "n_held_out")


@dataclass(frozen=True)
class Told:
    """A journey as it stands: how many runs entered so far, how many are inside, came to the goal or are held out."""

    name: str
    title: str
    state: str
    version: int
    problem: str
    n_entered: int
    n_inside: int
    n_reached: int
    n_held_out: int
    n_stuck: int


@dataclass(frozen=True)
class Place:
    """A node: what is done at it in words, how many stand there, when the first of them is due, how many left by each of its
    ways, and why nobody can go on, where that is so."""

    number: int
    place: str
    says: str
    n_here: int
    next_due: datetime | None
    n_left: Sequence[int]
    problem: str


@dataclass(frozen=True)
class Left:
    """How many runs ended for a reason."""

    reason: str
    n: int


@dataclass(frozen=True)
class Status:
    """Where everybody stands in one version of a journey."""

    told: Told
    version: int
    places: Sequence[Place]
    left: Sequence[Left]


@dataclass(frozen=True)
class Step:
    """One step of a customer's run: when, and what happened in a sentence."""

    at: datetime
    said: str


@dataclass(frozen=True)
class Story:
    """A customer's run through a journey, step by step; due is when something is to be done next, None behind the end."""

    journey: str
    title: str
    subject: str
    is_held_out: bool
    steps: Sequence[Step]
    due: datetime | None


def listed() -> list[Told]:
    """Return every journey, by title."""
    inside, reached, held_out = Q(is_active=True), Q(reached__isnull=False), Q(is_held_out=True)
    counted = Enrolment.objects.values_list("journey").annotate(
        entered=Count("id"),
        inside=Count("id", filter=inside),
        reached=Count("id", filter=reached),
        held_out=Count("id", filter=held_out),
    )
    counts = {row[0]: dict(zip(COUNTS, row[1:], strict=True)) for row in counted}
    stuck = dict(Stuck.objects.values_list("journey").annotate(n=Count("id")))
    return [
        _told(row, counts.get(row.id, {}), stuck.get(row.id, 0)) for row in Journey.objects.order_by("title", "name")
    ]


def one(name: str) -> Told | None:
    """Return a journey by name."""
    return next((told for told in listed() if told.name == name), None)


def text(name: str, version: int | None = None) -> str | None:
    """Return a journey's document as it was written, the newest or a version of it."""
    found = Version.objects.filter(journey__name=name)
    chosen = found.order_by("-number") if version is None else found.filter(number=version)
    return chosen.values_list("text", flat=True).first()


def versions(name: str) -> list[tuple[int, datetime, str, int]]:
    """Return number, when, by whom and how many stand inside of every version, the newest first."""
    row = Journey.objects.filter(name=name).first()
    inside = dict(Enrolment.objects.filter(journey=row, is_active=True).values_list("version").annotate(n=Count("id")))
    found = Version.objects.filter(journey=row).order_by("-number").values_list("number", "made_at", "made_by")
    return [(number, at, by, inside.get(number, 0)) for number, at, by in found]


def status(name: str, version: int | None = None) -> Status | None:
    """Return where everybody stands in a version of a journey, the newest unless another is named; None where there is none."""
    row, told = Journey.objects.filter(name=name).first(), one(name)
    if row is None or told is None:
        return None
    plan = plans.of(row, row.version if version is None else version)
    runs = Enrolment.objects.filter(journey=row, version=plan.version)
    here = {
        node: (n, due)
        for node, n, due in runs.filter(is_active=True).values_list("node").annotate(n=Count("id"), due=Min("due"))
    }
    left = {
        (node, way): n
        for node, way, n in Passed.objects.filter(journey=row, version=plan.version).values_list("node", "way", "n")
    }
    stuck = dict(Stuck.objects.filter(journey=row, version=plan.version).values_list("node", "why"))
    places = [
        Place(
            number=node.number,
            place=node.place,
            says=wording.said(node),
            n_here=here.get(node.number, (0, 0))[0],
            next_due=instants.at(here[node.number][1]) if node.number in here else None,
            n_left=[left.get((node.number, way), 0) for way in range(len(node.ways))],
            problem=stuck.get(node.number, ""),
        )
        for node in plan.nodes
    ]
    ended = runs.filter(is_active=False).values_list("reason").annotate(n=Count("id")).order_by("-n", "reason")
    return Status(told, plan.version, places, [Left(*one) for one in ended])


def explain(customer: int) -> list[Story]:
    """Return every run of a customer, the newest first, with what happened at each step and what comes next."""
    runs = Enrolment.objects.filter(customer_id=customer).select_related("journey").order_by("-entered", "-id")
    return [_story(run) for run in runs]


def _story(run: Enrolment) -> Story:
    hops = Passage.objects.filter(enrolment_id=run.id).order_by("hop", "id")
    found = [
        Step(instants.at(run.entered), "entered"),
        *(Step(instants.at(hop.at), _passed(plans.of(run.journey, hop.version), hop, run)) for hop in hops),
    ]
    plan = plans.of(run.journey, run.version)
    if run.is_active:
        node = plan.nodes[run.node]
        found.append(Step(instants.at(run.arrived), f"stands at {wording.said(node)}"))
    elif isinstance(plan.nodes[run.node].doing, Exit):
        found.append(Step(instants.at(run.ended or run.arrived), f"left: {run.reason}"))
    due = instants.at(run.due) if run.is_active else None
    return Story(run.journey.name, run.journey.title, run.subject, run.is_held_out, found, due)


def _passed(plan: Plan, hop: Passage, run: Enrolment) -> str:
    node = plan.nodes[hop.node]
    if hop.way == OUT:
        return f"left, because of: {run.reason}"
    return wording.passed(node, hop.way, run.is_held_out)


def _told(row: Journey, counts: Mapping[str, int], n_stuck: int) -> Told:
    numbers = {name: counts.get(name, 0) for name in COUNTS}
    return Told(row.name, row.title, row.state, row.version, row.problem, n_stuck=n_stuck, **numbers)
