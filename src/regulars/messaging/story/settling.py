"""Deciding on a message of which nobody knows whether it arrived: a person looks, and says what it is taken for."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from django.db import transaction
from django.db.models import F

from regulars.access import api as access
from regulars.messaging.letters import State
from regulars.messaging.models import Message


class Decision(StrEnum):
    """What an unknown message is taken for."""

    SENT = "sent"  # it arrived
    GIVEN_UP = "given_up"  # it did not, and it is not sent any more
    AGAIN = "again"  # it is sent once more, and may arrive twice


class CannotSettle(ValueError):
    """A decision that cannot be carried out; the sentence says what to do."""


def settle(key: str, decision: Decision, by: str, now: datetime, *, may_arrive_twice: bool = False) -> None:
    """Carry out what a person decided on an unknown message; raise CannotSettle where it is not unknown any more.

    Sending again takes the explicit word that it may arrive twice. Either way the deed stands in the audit log.
    """
    if decision is Decision.AGAIN and not may_arrive_twice:
        raise CannotSettle(
            "Sending it again may make it arrive twice; say that this is all right, or decide otherwise."
        )
    with transaction.atomic():
        changed = Message.objects.filter(key=key, state=State.UNKNOWN.value).update(**changes(decision, now))
        if not changed:
            raise CannotSettle("This message is not unknown any more: somebody decided on it, or its answer came late.")
        access.note(by, "message.settled", key, {"decision": decision.value}, now)


def changes(decision: Decision, now: datetime) -> dict[str, Any]:
    """Return what a decision writes into a message's row."""
    over = {"reason": "settled", "finished_at": now, "is_told": False}
    if decision is Decision.SENT:
        return {**over, "state": State.SENT.value}
    if decision is Decision.GIVEN_UP:
        return {**over, "state": State.FAILED.value}
    # Another fence, so that the worker that lost it writes nothing about the new try.
    again = {
        "reason": "sent_again",
        "due_at": now,
        "finished_at": None,
        "fence": F("fence") + 1,
        "detail": "",
        "code": "",
    }
    return {**again, "state": State.QUEUED.value, "is_told": False}
