"""Campaigns as people see them: what is written, where each edition stands, what became of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from regulars.campaigns import planning
from regulars.campaigns.models import Campaign, Edition, Recipient
from regulars.campaigns.planning import APPROVAL, State
from regulars.campaigns.rules import reading, winning
from regulars.campaigns.rules.plan import Plan
from regulars.campaigns.running import measuring
from regulars.campaigns.running.telling import message_name
from regulars.campaigns.running.worker import plan_of
from regulars.core.lake.moment import Moment
from regulars.experiments import api as experiments
from regulars.messaging import api as messaging

MOST = 200  # editions that a page lists


@dataclass(frozen=True)
class EditionTold:
    """One time that a campaign goes. message_name is what its messages are called; begins_at is when it was or is to begin."""

    number: int
    message_name: str
    parent: int | None
    state: State
    problem: str
    day: date | None
    begins_at: datetime
    ended_at: datetime | None
    asked_by: str
    approved_by: str
    needs_approval: bool
    n_recipients: int
    n_asked: int
    n_withdrawn: int
    is_fixed: bool
    tests_until: datetime | None
    is_decided: bool
    winner: str
    is_sure: bool

    @property
    def is_open(self) -> bool:
        return self.state in planning.OPEN


@dataclass(frozen=True)
class CampaignTold:
    """A campaign as it stands; plan is None where its document is of another version, problem says why."""

    name: str
    title: str
    document: Mapping[str, Any]
    plan: Plan | None
    problem: str
    is_on: bool
    changed_at: datetime
    newest: EditionTold | None


@dataclass(frozen=True)
class ArmTold:
    """An arm as measured among those whom the draw gave it, before anybody won."""

    name: str
    template: str
    subject: str
    n: int
    positives: int
    share: float | None


@dataclass(frozen=True)
class Became:
    """What became of an edition. waiting, in_hand and unknown are messages now; lead and interval say how sure the best arm is."""

    counts: measuring.Counts
    waiting: int
    in_hand: int
    unknown: int
    arms: Sequence[ArmTold]
    lead: str
    interval: experiments.Interval | None


def listed() -> list[CampaignTold]:
    """Return every campaign, by title, with its newest edition."""
    newest: dict[int, Edition] = {}
    for edition in Edition.objects.order_by("campaign_id", "-number").select_related("campaign", "parent"):
        newest.setdefault(edition.campaign_id, edition)
    return [_told(row, newest.get(row.id)) for row in Campaign.objects.order_by("title", "name")]


def one(name: str) -> CampaignTold | None:
    """Return a campaign by name."""
    row = Campaign.objects.filter(name=name).first()
    if row is None:
        return None
    newest = row.editions.order_by("-number").select_related("campaign", "parent").first()
    return _told(row, newest)


def editions(name: str) -> list[EditionTold]:
    """Return the newest editions of a campaign, newest first."""
    rows = Edition.objects.filter(campaign__name=name).order_by("-number").select_related("campaign", "parent")
    return [_edition(row) for row in rows[:MOST]]


def became(moment: Moment, name: str, number: int) -> Became | None:
    """Return what became of an edition so far, None for no such edition."""
    edition = Edition.objects.filter(campaign__name=name, number=number).select_related("campaign", "parent").first()
    if edition is None:
        return None
    called = message_name(name, number)
    on_its_way = messaging.under_way(called)
    arms, lead, interval = _arms(moment, edition, called)
    return Became(
        measuring.counts(moment, called),
        on_its_way.get("queued", 0) + on_its_way.get("deferred", 0),
        on_its_way.get("leased", 0) + on_its_way.get("dot", 0),
        on_its_way.get("unknown", 0),
        arms, lead, interval,
    )  # fmt: skip


def _arms(moment: Moment, edition: Edition, called: str) -> tuple[Sequence[ArmTold], str, experiments.Interval | None]:
    try:
        plan = plan_of(edition)
    except reading.BadCampaign:
        return (), "", None
    if len(plan.arms) < 2 or not edition.n_asked:
        return (), "", None
    found = measuring.arms(moment, plan, called)
    expected = Recipient.objects.filter(edition=edition, turn=0).count()
    ahead, interval = winning.lead(found, expected)
    told = [
        ArmTold(arm.name, arm.template, arm.subject, one.n, one.positives, one.share)
        for arm, one in zip(plan.arms, found, strict=True)
    ]
    return told, ahead.name, interval


def _told(row: Campaign, newest: Edition | None) -> CampaignTold:
    plan, problem = None, ""
    try:
        plan = reading.read(row.document)
    except reading.BadCampaign as wrong:
        problem = str(wrong)
    return CampaignTold(
        row.name, row.title, row.document, plan, problem, row.is_on, row.changed_at, _edition(newest) if newest else None
    )  # fmt: skip


def _edition(row: Edition) -> EditionTold:
    is_to_begin = row.state in (State.PLANNED, State.FIXING)
    needs = row.problem == APPROVAL or (is_to_begin and planning.needs_approval(row, _expected(row)))
    return EditionTold(
        row.number, message_name(row.campaign.name, row.number), row.parent.number if row.parent else None, State(row.state),
        row.problem, row.day, row.starts_at, row.ended_at, row.asked_by, row.approved_by, needs, row.n_recipients,
        row.n_asked, row.n_withdrawn, row.fixed_at is not None,
        _tests_until(row), row.decided_at is not None, row.winner, row.is_sure,
    )  # fmt: skip


def _tests_until(row: Edition) -> datetime | None:
    """Return when a test that everybody of it was asked for ends at the latest, None where none runs."""
    if row.tested_at is None or row.decided_at is not None or row.state != State.SENDING:
        return None
    try:
        test = plan_of(row).test
    except reading.BadCampaign:
        return None
    return row.tested_at + test.wait if test else None


def _expected(row: Edition) -> int:
    """Return how many an edition goes to: as fixed, else as many as its audience has now."""
    if row.fixed_at is not None:
        return row.n_recipients
    try:
        return planning.size_of(reading.read(row.campaign.document)) or 0
    except reading.BadCampaign:
        return 0
