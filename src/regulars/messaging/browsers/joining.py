"""A browser joins with its person's consent, or leaves, each in one commit."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from django.db import transaction

from regulars.consent import api as consent
from regulars.messaging.browsers import keeping
from regulars.messaging.models import Subscription

CHANNEL = "push"


@dataclass(frozen=True, kw_only=True)
class Joining:
    """What a browser sent: its subscription, whose it is (0: whoever sits there), what they agreed to, and to which topics."""

    subscription: str
    statement: consent.Statement
    customer: int = 0
    topics: tuple[str, ...] = ("",)


def join(told: Joining, now: datetime) -> str:
    """Keep a browser and the consent to write to it; return its address. Raise BadSubscription, or TooManySignUps."""
    if not consent.count_try(told.statement.ip, keeping.endpoint_of(told.subscription), now):
        raise consent.TooManySignUps
    with transaction.atomic():
        row = keeping.keep(told.subscription, told.customer, now)
        for topic in told.topics or ("",):
            given = consent.give(_person(row), replace(told.statement, channel=CHANNEL, topic=topic), now)
            if given.customer and not row.customer_id:
                Subscription.objects.filter(id=row.id).update(customer_id=given.customer)
    return f"{keeping.PREFIX}{row.key}"


def leave(endpoint: str, statement: consent.Statement, now: datetime) -> bool:
    """Forget a browser; with somebody's last one goes their consent to notifications. Say whether there was one."""
    with transaction.atomic():
        row = keeping.found(endpoint)
        if row is None:
            return False
        others = Subscription.objects.filter(customer_id=row.customer_id, gone_at=None).exclude(id=row.id)
        if not row.customer_id or not others.exists():
            consent.withdraw(_person(row), replace(statement, channel=CHANNEL, topic=""), now)
        Subscription.objects.filter(id=row.id).delete()
    return True


def anonymous(key: str) -> str:
    """Return the identifier of somebody of whom only the browser is known."""
    return f"browser-{key}"


def _person(row: Subscription) -> int | Mapping[str, str]:
    return row.customer_id or {"anonymous": anonymous(row.key)}
