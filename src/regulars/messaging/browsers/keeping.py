"""The browsers that are kept: each has an address of ours, push: and 32 hex digits, behind which its subscription is sealed."""

import json
import secrets
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet

from regulars.core import sealing
from regulars.core.outgoing import Forbidden, Policy, targets
from regulars.core.settings import current
from regulars.messaging.channels.push.encryption import packed, subscription
from regulars.messaging.letters import State
from regulars.messaging.models import Subscription
from regulars.profiles import api as profiles

PURPOSE, PREFIX = "push subscription", "push:"
LONGEST = 4_000
GONE = ("404", "410")  # what a push service answers once a browser took its permission back (RFC 8030, 7.3)
AT_ONCE = 400


class BadSubscription(ValueError):
    """What a browser sent is no subscription, or leads where nothing may be sent to."""


@dataclass(frozen=True)
class Browser:
    """A browser of somebody, as people see it."""

    joined_at: datetime
    accepted_at: datetime | None
    gone_at: datetime | None


def keep(text: str, customer: int, now: datetime) -> Subscription:
    """Keep a browser's subscription, or find it again; the last person who said so at that browser has it.

    customer is 0 for somebody whom nobody knows: then it stays with whom it was. Raise BadSubscription.
    """
    endpoint, told = _read(text)
    row = _rows(endpoint).select_for_update().first()
    if row is None:
        mark = sealing.fingerprint(endpoint, PURPOSE)
        row = Subscription(key=secrets.token_hex(16), fingerprint=mark, customer_id=0)
    row.joined_at = now
    row.sealed, row.gone_at = sealing.seal(told, PURPOSE), None
    row.customer_id = customer or row.customer_id
    row.save()
    return row


def found(endpoint: str) -> Subscription | None:
    """Return the row of a browser by its endpoint, which only that browser and its push service know."""
    return _rows(endpoint).first() if 0 < len(endpoint) <= LONGEST else None


def addresses(customers: Sequence[int]) -> dict[int, str]:
    """Return the address of each customer's newest browser that is still there; merged ones by who stands for them."""
    heirs = {number: one.customer for number, one in profiles.contacts(customers).items()}
    wanted = sorted({*customers, *heirs.values()})
    newest: dict[int, str] = {}
    for start in range(0, len(wanted), AT_ONCE):
        rows = Subscription.objects.filter(customer_id__in=wanted[start : start + AT_ONCE], gone_at=None)
        newest.update((one.customer_id, f"{PREFIX}{one.key}") for one in rows.order_by("joined_at", "id"))
    own = {number: newest.get(heirs.get(number, number)) or newest.get(number) for number in customers}
    return {number: address for number, address in own.items() if address}


def opened(of: Iterable[str]) -> Mapping[str, str]:
    """Return the subscriptions behind addresses of ours, as JSON; of a browser that is gone, nothing."""
    keys = sorted({one.removeprefix(PREFIX) for one in of if one.startswith(PREFIX)})
    told: dict[str, str] = {}
    for start in range(0, len(keys), AT_ONCE):
        for row in Subscription.objects.filter(key__in=keys[start : start + AT_ONCE], gone_at=None):
            try:
                told[f"{PREFIX}{row.key}"] = sealing.unseal(row.sealed, PURPOSE)
            except sealing.BadSeal:  # its key is not among the home's any more: it can only be asked for anew
                continue
    return told


def owner(address: str) -> int:
    """Return the number of the customer whose browser has this address, by whom they stand for; 0 when it is nobody's."""
    number = Subscription.objects.filter(key=address.removeprefix(PREFIX)).values_list("customer_id", flat=True).first()
    return profiles.standing(number) or number if number else 0


def heard(said: Iterable[tuple[str, State, str]], now: datetime) -> None:
    """Note what push services answered (address, state, code), in the caller's transaction: who is gone gets nothing more."""
    ours = [(to.removeprefix(PREFIX), state, code) for to, state, code in said if to.startswith(PREFIX)]
    gone = [key for key, state, code in ours if state is State.FAILED and code in GONE]
    took = [key for key, state, _ in ours if state is State.SENT]
    if gone:
        Subscription.objects.filter(key__in=gone, gone_at=None).update(gone_at=now, sealed="")
    if took:
        Subscription.objects.filter(key__in=took).update(accepted_at=now)


def of_customer(customers: Sequence[int]) -> list[Browser]:
    """Return the browsers of somebody who has these numbers, the newest first."""
    rows = Subscription.objects.filter(customer_id__in=customers).order_by("-joined_at", "-id")
    return [Browser(one.joined_at, one.accepted_at, one.gone_at) for one in rows]


def move(customer: int, heir: int) -> None:
    """Let the browsers of somebody who turned out to be another be that one's."""
    with transaction.atomic():
        Subscription.objects.filter(customer_id=customer).update(customer_id=heir)


def endpoint_of(text: str) -> str:
    """Return where a subscription leads; raise BadSubscription."""
    return _read(text)[0]


def public(endpoint: str) -> None:
    """Raise Forbidden unless an address is that of a push service, https by a name on the public internet.

    Anybody may send one, so a machine that the settings trust must not be among them. Where the name leads shows with each
    request.
    """
    target = targets.read(endpoint, Policy())
    if targets.literal(target.host) or Policy(current().private_targets).trusts(target.host, target.port):
        raise Forbidden("Push services have names on the public internet.")


def _read(text: str) -> tuple[str, str]:
    """Return endpoint and subscription as it is kept."""
    try:
        one = subscription(text if len(text) <= LONGEST else "")
        public(one.endpoint)
    except (ValueError, Forbidden):
        raise BadSubscription("This is no subscription of a browser that can be written to.") from None
    keys = {"p256dh": packed(one.key), "auth": packed(one.secret)}
    return one.endpoint, json.dumps({"endpoint": one.endpoint, "keys": keys})


def _rows(endpoint: str) -> QuerySet[Subscription]:
    return Subscription.objects.filter(fingerprint__in=sealing.fingerprints(endpoint, PURPOSE))
