"""What people do with campaigns: let them go, approve, go on, stop, cancel; each with a line in the audit log."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F

from regulars.access import api as access
from regulars.campaigns import planning
from regulars.campaigns.models import Campaign, Edition
from regulars.campaigns.planning import APPROVAL, OPEN, State, house
from regulars.campaigns.rules import reading, times
from regulars.campaigns.rules.plan import Often, Plan
from regulars.campaigns.rules.reading import BadCampaign
from regulars.campaigns.running.telling import message_name
from regulars.events import api as events
from regulars.messaging import api as messaging


@dataclass(frozen=True)
class Cancelled:
    """What cancelling did: how many were never asked for, taken back before they were handed over, and gone already."""

    n_not_asked: int
    n_withdrawn: int
    n_gone: int


def send(name: str, by: str, now: datetime) -> datetime:
    """Let a campaign go: after the time to undo, at its moment, or from now on again and again. Return when it begins.

    Raise BadCampaign where it is on its way already, or cannot go.
    """
    with transaction.atomic():
        row, plan = _standing(name)
        if problems := planning.problems(plan):
            raise BadCampaign(problems[0])
        if row.is_on or row.editions.filter(state__in=OPEN).exists():
            raise BadCampaign("It is on its way or planned already; cancel that first if it shall go otherwise.")
        access.note(by, "campaign.sent", name, {}, now)
        if plan.timing.is_recurring:
            Campaign.objects.filter(id=row.id).update(is_on=True, on_by=by)
            planning.plan_next(row, now)
            return row.editions.order_by("-number").values_list("starts_at", flat=True)[0]
        at, day = now + timedelta(minutes=house().undo_minutes), plan.timing.on
        if plan.timing.often is Often.ONCE:
            at = max(at, _moment(plan, now))
        planning.add(row, now, by, starts_at=at, day=day)
        return at


def stop(name: str, by: str, now: datetime) -> None:
    """Let a recurring campaign go no more; what is planned is cancelled, what is on its way goes on."""
    with transaction.atomic():
        row, _plan = _standing(name)
        Campaign.objects.filter(id=row.id).update(is_on=False)
        # Without its day, which so is free when it is switched on again; one that somebody cancels is left out for good.
        planned = row.editions.filter(state=State.PLANNED, day__isnull=False)
        planned.update(state=State.CANCELLED.value, ended_at=now, day=None)
        access.note(by, "campaign.stopped", name, {}, now)


def approve(name: str, number: int, by: str, now: datetime) -> None:
    """Approve an edition that somebody else let go. Raise BadCampaign."""
    with transaction.atomic():
        edition = _edition(name, number)
        if edition.state not in OPEN:
            raise BadCampaign("There is nothing to approve any more.")
        if edition.asked_by == by:
            raise BadCampaign("Somebody else has to approve it: you let it go yourself.")
        held = edition.state == State.HELD and edition.problem == APPROVAL
        edition.approved_by = by
        if held:
            edition.state, edition.problem, edition.looked_at = State.SENDING.value, "", now
        edition.save()
        access.note(by, "campaign.approved", message_name(name, number), {}, now)


def go_on(name: str, number: int, by: str, now: datetime) -> None:
    """Let an edition go on that is held, after the time to undo where it has not begun. Raise BadCampaign."""
    with transaction.atomic():
        edition = _edition(name, number)
        if edition.state != State.HELD:
            raise BadCampaign("It is not held any more.")
        if edition.problem == APPROVAL:
            raise BadCampaign(APPROVAL)
        edition.is_late_fine, edition.problem = True, ""
        if edition.fixed_at is not None:
            edition.state = State.SENDING.value
        else:
            edition.state = State.PLANNED.value
            edition.document = edition.document if edition.parent_id else None
            edition.starts_at = now + timedelta(minutes=house().undo_minutes)
        edition.save()
        access.note(by, "campaign.went_on", message_name(name, number), {}, now)


def cancel(name: str, number: int, by: str, now: datetime) -> Cancelled:
    """Cancel an edition: who was not asked for is not any more, what was not handed over is taken back. Raise BadCampaign."""
    with transaction.atomic():
        edition = _edition(name, number)
        if edition.state == State.CANCELLED:
            raise BadCampaign("It is cancelled already.")
        n_withdrawn = messaging.withdraw(message_name(name, number), now) if edition.n_asked else 0
        Edition.objects.filter(id=edition.id).update(
            state=State.CANCELLED.value, problem="", ended_at=now, n_withdrawn=F("n_withdrawn") + n_withdrawn
        )
        done = Cancelled(edition.n_recipients - edition.n_asked, n_withdrawn, edition.n_asked - n_withdrawn)
        told = {"not_asked": done.n_not_asked, "withdrawn": done.n_withdrawn, "gone": done.n_gone}
        access.note(by, "campaign.cancelled", message_name(name, number), told, now)
    return done


def _standing(name: str) -> tuple[Campaign, Plan]:
    row = Campaign.objects.select_for_update().filter(name=name).first()
    if row is None:
        raise BadCampaign(f"There is no campaign called '{name}'.")
    return row, reading.read(row.document)


def _edition(name: str, number: int) -> Edition:
    row = Edition.objects.select_for_update().filter(campaign__name=name, number=number).first()
    if row is None:
        raise BadCampaign(f"There is no edition {number} of a campaign called '{name}'.")
    return row


def _moment(plan: Plan, now: datetime) -> datetime:
    """Return when a campaign with a day begins; refuse a day that is over even by the shop's clock."""
    assert plan.timing.on is not None
    assert plan.timing.at is not None
    if times.instant(plan.timing.on, plan.timing.at, events.timezone()) <= now:
        raise BadCampaign("the moment is over; choose a later one", "send.on")
    return times.start(plan.timing, plan.timing.on, events.timezone())
