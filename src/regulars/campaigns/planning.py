"""Editions planned: the next day of what recurs, what keeps a campaign from going, what the house wants to be asked about."""

from collections.abc import Iterable
from datetime import datetime
from enum import StrEnum

from django.db import transaction
from django.db.models import Max

from regulars.campaigns.models import Campaign, Edition, HouseRule, Listing
from regulars.campaigns.rules import reading, times
from regulars.campaigns.rules.plan import Plan
from regulars.consent import api as consent
from regulars.core.documents.parts import near
from regulars.core.ids import new_id
from regulars.events import api as events
from regulars.messaging import api as messaging
from regulars.segments import api as segments

LATE = "It should have begun more than {hours} hours ago. Say whether it may still go."
INTERRUPTED = "Nothing was done about it for more than {hours} hours, so its news may be old. Say whether it may go on."
APPROVAL = "It goes to more people than one person may decide on. Somebody else has to approve it."


class State(StrEnum):
    """Where an edition stands; one that is held waits for somebody's word."""

    PLANNED = "planned"
    FIXING = "fixing"
    SENDING = "sending"
    HELD = "held"
    DONE = "done"
    CANCELLED = "cancelled"


OPEN = (State.PLANNED, State.FIXING, State.SENDING, State.HELD)


def house() -> HouseRule:
    """Return the house's rules, as they come while nobody changed them."""
    return HouseRule.objects.order_by("id").first() or HouseRule()


def needs_approval(edition: Edition, n: int) -> bool:
    """Say whether somebody else must approve an edition that goes to so many people."""
    above = house().approval_above
    return above is not None and n > above and not edition.approved_by


def problems(plan: Plan) -> list[str]:
    """Return why a campaign cannot go today, a sentence each: what it needs is not there, or not for this."""
    found = [said for name in plan.templates if (said := _wrong_template(plan, name))]
    about = plan.audience
    if about.kind == "segment" and segments.one(about.name) is None:
        found.append(_missing(f"segment '{about.name}'", about.name, [one.name for one in segments.listed()]))
    if about.kind == "list" and not Listing.objects.filter(name=about.name).exists():
        names = Listing.objects.order_by("name").values_list("name", flat=True)
        found.append(_missing(f"list '{about.name}'", about.name, names))
    topics = [topic.key for topic in consent.topics(plan.channel)]
    if plan.topic and plan.topic not in topics:
        found.append(_missing(f"topic '{plan.topic}' for {plan.channel}", plan.topic, topics))
    return found


def _missing(what: str, name: str, known: Iterable[str]) -> str:
    said = f"There is no {what}; {near(name, known)}"
    return said if said.endswith("?") else f"{said}."


def _wrong_template(plan: Plan, name: str) -> str:
    own = {one.name: (one.channel, one.is_marketing, bool(one.live)) for one in messaging.listing()}
    along = {
        key: (one.document.channel, one.document.message_class == "marketing", True)
        for key, one in messaging.starters().items()
    }
    told = {**along, **own}
    if name not in told:
        return _missing(f"template '{name}'", name, told)
    channel, is_marketing, is_live = told[name]
    if channel != plan.channel:
        return f"The template '{name}' is written for {channel}, the campaign for {plan.channel}."
    if not is_marketing:
        return f"The template '{name}' is not marketing, and a campaign is; choose another."
    return "" if is_live else f"The template '{name}' is not live; make one of its versions live."


def plan_next(campaign: Campaign, now: datetime) -> int:
    """Plan the next edition of a recurring campaign where none is planned; return how many were."""
    with transaction.atomic():
        row = Campaign.objects.select_for_update().filter(id=campaign.id, is_on=True).first()
        if row is None or row.editions.filter(state=State.PLANNED, day__isnull=False).exists():
            return 0
        try:
            timing = reading.read(row.document).timing
        except reading.BadCampaign:  # its page says so; nothing can be planned
            return 0
        last = row.editions.aggregate(last=Max("day"))["last"]
        day = times.next_day(timing, events.timezone(), now, last)
        if day is None:
            return 0
        add(row, now, row.on_by, starts_at=times.start(timing, day, events.timezone()), day=day)
    return 1


def plan_again(parent: Edition, at: datetime, now: datetime) -> None:
    """Plan an edition for whoever got this one and followed no link; it says what was written then, whatever is by now."""
    add(
        parent.campaign,
        now,
        parent.asked_by,
        starts_at=at,
        parent=parent,
        approved_by=parent.approved_by,
        document=parent.document,
    )


def add(campaign: Campaign, now: datetime, by: str, **told: object) -> Edition:
    """Add the next edition of a campaign, in the caller's transaction."""
    last = Campaign.objects.select_for_update().get(id=campaign.id).editions.aggregate(last=Max("number"))["last"]
    return Edition.objects.create(
        campaign=campaign, number=(last or 0) + 1, token=new_id(now), state=State.PLANNED.value, asked_by=by, made_at=now, **told
    )  # fmt: skip


def size_of(plan: Plan) -> int | None:
    """Return how many a campaign's audience has now, None where nobody knows yet."""
    if plan.audience.kind == "list":
        return Listing.objects.filter(name=plan.audience.name).values_list("n_people", flat=True).first()
    found = segments.one(plan.audience.name)
    return found.n_members if found else None
