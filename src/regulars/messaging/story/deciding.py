"""Deciding on many messages at once of which nobody knows whether they arrived: those that were marked, or all that match."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet

from regulars.access import api as access
from regulars.messaging.letters import State
from regulars.messaging.models import Message
from regulars.messaging.story.reading import Filters, fitting
from regulars.messaging.story.settling import CannotSettle, Decision, changes

AT_ONCE = 10_000
KEPT_KEYS = 100  # in the audit log; the messages themselves say that somebody decided on them


@dataclass(frozen=True)
class Which:
    """The unknown messages with these keys; without any, all that fit the filters (whose state is not asked)."""

    keys: Sequence[str] = ()
    filters: Filters = field(default_factory=Filters)


@dataclass(frozen=True)
class Verdict:
    """What somebody decided, knowing of how many messages. Marketing is sent again only where that is said apart."""

    decision: Decision
    n: int
    may_arrive_twice: bool = False
    with_marketing: bool = False


def standing(which: Which) -> dict[str, int]:
    """Return how many unknown messages these are, and how many of them are marketing: n, n_marketing."""
    marks = list(_unknown(which).values_list("is_marketing", flat=True))
    return {"n": len(marks), "n_marketing": sum(marks)}


def settle_many(which: Which, verdict: Verdict, by: str, now: datetime) -> int:
    """Carry out one decision on many messages and return on how many; raise CannotSettle where they are not as many any more.

    Sending again takes the explicit word that they may arrive twice, and leaves marketing unknown unless that is wanted too.
    """
    is_again = verdict.decision is Decision.AGAIN
    if is_again and not verdict.may_arrive_twice:
        raise CannotSettle("Sending them again may make them arrive twice; say that this is all right.")
    with transaction.atomic():
        found = list(_unknown(which).values_list("id", "key", "is_marketing"))
        if len(found) != verdict.n:
            raise CannotSettle(
                f"There are {len(found)} such messages now and not {verdict.n}; look again, then decide."
            )
        chosen = [(number, key) for number, key, is_marketing in found if not (is_again and is_marketing) or verdict.with_marketing]  # fmt: skip
        changed = 0
        for start in range(0, len(chosen), AT_ONCE):
            some = [number for number, _ in chosen[start : start + AT_ONCE]]
            rows = Message.objects.filter(id__in=some, state=State.UNKNOWN.value)
            changed += rows.update(**changes(verdict.decision, now))
        if changed != len(chosen):
            raise CannotSettle("Some of them are not unknown any more; look again, then decide.")
        if changed:
            keys = [key for _, key in chosen[:KEPT_KEYS]]
            told = {"decision": verdict.decision.value, "count": changed, "keys": " ".join(keys)}
            access.note(by, "messages.settled", f"{changed} messages", told, now)
    return changed


def _unknown(which: Which) -> QuerySet[Message]:
    # The state stands in the statement itself, so that the small index of unknown messages serves.
    rows = fitting(Filters("", which.filters.channel, which.filters.text), among_latest=False)
    if which.keys:
        rows = Message.objects.filter(key__in=list(which.keys))
    return rows.extra(where=["state = 'unknown'"]).order_by("id")
