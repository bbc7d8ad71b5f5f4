"""What an edition's messages are called, and what templates are told by them."""

from typing import Any

from regulars.campaigns.models import Edition
from regulars.campaigns.rules.plan import Arm, Plan
from regulars.segments import api as segments


def message_name(campaign: str, number: int) -> str:
    """Return the name of an edition's messages, which is what facts about them call the campaign.

    >>> message_name("spring-letter", 2)
    'spring-letter/2'
    """
    return f"{campaign}/{number}"


def data_of(plan: Plan, edition: Edition) -> dict[str, Any]:
    """Return what templates can ask for beside the reader: the campaign, and how its segment is spoken to."""
    told: dict[str, Any] = {"campaign": {"name": plan.name, "title": plan.title, "number": edition.number}}
    found = segments.one(plan.audience.name) if plan.audience.kind == "segment" else None
    if found is not None and (any(found.position.values()) or found.interests):
        told["segment"] = {**found.position, "title": found.title, "interests": list(found.interests)}
    return told


def data_of_arm(told: dict[str, Any], arm: Arm) -> dict[str, Any]:
    """Return the same with the arm's own subject."""
    return {**told, "subject_line": arm.subject} if arm.subject else told
