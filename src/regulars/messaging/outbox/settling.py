"""What others say became of a message settles what our own connection left open."""

from datetime import datetime

from django.db import transaction
from django.db.models import Q

from regulars.messaging.models import Message
from regulars.messaging.models.messages import WAITING
from regulars.messaging.outbox.holding import TOLD

# What a word proves, the weightiest last: so the same words end in the same state in whatever order they come.
WEIGHTS = ("", "accepted", "failed", "arrived")
PROVES = {
    **dict.fromkeys(("sent", "deferred"), "accepted"),
    "failed": "failed",
    **dict.fromkeys(("delivered", "bounced", "opened", "clicked", "complained", "unsubscribed", "replied"), "arrived"),
}


def is_news(heard: str, kind: str) -> bool:
    """Say whether a word weighs more than what was heard before.

    >>> is_news("", "sent"), is_news("arrived", "failed"), is_news("failed", "bounced"), is_news("", "other")
    (True, False, True, False)
    """
    return WEIGHTS.index(PROVES.get(kind, "")) > WEIGHTS.index(heard)


def settle_by_word(key: str, kind: str, now: datetime) -> bool:
    """Note what a provider said at an instant (kind is a word of returns.Kind); return whether the message's state changed.

    An unknown message becomes sent or failed, and one that was to be tried again is not, once the provider has it. What our
    own connection heard stands.
    """
    proven = PROVES.get(kind, "")
    state = "failed" if proven == "failed" else "sent"
    row = Message.objects.filter(key=key)
    with transaction.atomic():
        if kind == "delivered":
            row.filter(Q(delivered_at=None) | Q(delivered_at__gt=now)).update(delivered_at=now)
        if not proven or not row.filter(heard__in=WEIGHTS[: WEIGHTS.index(proven)]).update(heard=proven):
            return False
        is_open = Q(state="unknown") | Q(reason=TOLD)
        if state == "sent":
            is_open |= Q(state__in=WAITING, dot_at__isnull=False)
        settled = {"state": state, "reason": TOLD, "finished_at": now, "is_told": False}
        return bool(row.filter(is_open).exclude(state=state).update(**settled, leased_until=None, worker=""))
