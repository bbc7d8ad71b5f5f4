"""Follows the log: whose browsers are to be forgotten, whose are another's, and which number a newcomer got."""

from datetime import datetime

from django.db import transaction

from regulars.events import api as events
from regulars.messaging.browsers import joining, keeping
from regulars.messaging.models import Subscription
from regulars.profiles import api as profiles

MARK = "messaging:browsers"
KINDS = ("consent.withdrawn", "customer.merged")
LEFT = """
SELECT customer_id, max(occurred_at) FROM facts.consent_withdrawn
WHERE seq > $seq AND channel = 'push' AND coalesce(topic, '') = '' GROUP BY ALL
"""
MERGED = "SELECT merged_id FROM facts.customer_merged WHERE seq > $seq ORDER BY seq"


def run_once(now: datetime) -> int:
    """Bring the browsers in line with what the log told; return how many changed. Repeated, it changes nothing."""
    changed = _number()
    done = events.mark(MARK)
    moment = events.after(KINDS, done)
    if moment is None:
        return changed
    with moment:
        left, merged = moment.rows(LEFT, seq=done), moment.rows(MERGED, seq=done)
        with transaction.atomic():
            for number in {int(row[0]) for row in merged}:
                heir = profiles.heir(number)
                if heir not in (None, number):
                    keeping.move(number, int(heir or 0))
            for customer, at in left:
                changed += _forget(int(customer), at)
            events.advance_mark(MARK, moment.seq)
    return changed


def _forget(customer: int, at: datetime) -> int:
    """Forget the browsers of somebody who left; one that joined after that stays."""
    who = profiles.heir(customer) or customer
    return Subscription.objects.filter(customer_id__in={customer, who}, joined_at__lte=at).delete()[0]


def _number() -> int:
    """Give the browsers of newcomers the numbers that the log gave them."""
    n = 0
    for row in Subscription.objects.filter(customer_id=0)[:400]:
        if known := profiles.known({"anonymous": joining.anonymous(row.key)}):
            n += Subscription.objects.filter(id=row.id, customer_id=0).update(customer_id=min(known))
    return n
