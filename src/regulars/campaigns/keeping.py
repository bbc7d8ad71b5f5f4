"""Campaigns made, changed and dropped; a document is checked before it is kept."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from regulars.access import api as access
from regulars.campaigns.models import Campaign, Edition, HouseRule, Listed, Listing, Recipient
from regulars.campaigns.planning import OPEN, State, house
from regulars.campaigns.rules import reading
from regulars.campaigns.rules.reading import BadCampaign

MOST_MINUTES, MOST_HOURS = 24 * 60, 24 * 14


def put(document: Mapping[str, Any], by: str, now: datetime) -> bool:
    """Keep a campaign, in place of one of its name, with a line in the audit log; say whether it is new. Raise BadCampaign.

    Nothing goes by it. What is planned goes as it is written when it begins, and has to be approved anew.
    """
    plan = reading.read(document)
    with transaction.atomic():
        row = Campaign.objects.select_for_update().filter(name=plan.name).first()
        waiting = row.editions.filter(state__in=(State.PLANNED, State.HELD), document__isnull=True) if row else None
        if row and (row.is_on or (waiting and waiting.exists())) and row.document.get("send") != document.get("send"):
            raise BadCampaign("it is planned already: stop or cancel that first, then change when it goes", "send")
        if waiting is not None:
            waiting.update(approved_by="")
        values = {"title": plan.title, "document": dict(document), "changed_at": now}
        Campaign.objects.update_or_create(
            name=plan.name, defaults=values, create_defaults={**values, "created_at": now}
        )
        access.note(by, "campaign.added" if row is None else "campaign.changed", plan.name, {}, now)
    return row is None


def drop(name: str, by: str, now: datetime) -> None:
    """Forget a campaign that wrote to nobody and is not planned, with a line in the audit log. Raise BadCampaign."""
    with transaction.atomic():
        row = Campaign.objects.select_for_update().filter(name=name).first()
        if row is None:
            raise BadCampaign(f"There is no campaign called '{name}' any more.")
        if row.is_on or row.editions.filter(state__in=OPEN).exists():
            raise BadCampaign("It is planned or on its way; stop or cancel that first.")
        if row.editions.filter(n_asked__gt=0).exists():
            raise BadCampaign("It wrote to people, so it stays as the record of that.")
        row.delete()
        access.note(by, "campaign.dropped", name, {}, now)


def put_house(undo_minutes: int, late_hours: int, approval_above: int | None, by: str, now: datetime) -> None:
    """Keep the house's rules, with a line in the audit log. Raise BadCampaign."""
    if not 0 <= undo_minutes <= MOST_MINUTES:
        raise BadCampaign(f"The time to undo is from 0 to {MOST_MINUTES:,} minutes.")
    if not 1 <= late_hours <= MOST_HOURS:
        raise BadCampaign(f"The hours after which something is late are from 1 to {MOST_HOURS}.")
    if approval_above is not None and approval_above < 0:
        raise BadCampaign("The number of people above which somebody approves is 0 or more, or blank for never.")
    with transaction.atomic():
        row: HouseRule = house()
        row.undo_minutes, row.late_hours, row.approval_above = undo_minutes, late_hours, approval_above
        row.save()
        told = {"undo_minutes": undo_minutes, "late_hours": late_hours, "approval_above": approval_above}
        access.note(by, "campaigns.rules_changed", "campaigns", told, now)


def reset() -> None:
    """Forget whom anything went to, and the lists, because the log was thrown away: campaigns stay as written, and switched off."""
    with transaction.atomic():
        for model in (Recipient, Edition, Listed, Listing):
            model.objects.all().delete()
        Campaign.objects.update(is_on=False)
