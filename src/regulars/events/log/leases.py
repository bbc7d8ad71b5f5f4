"""Leases: one holder at a time, taken over when it expires or when its process is gone."""

import os
import socket
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q

from regulars.core.watching.processes import is_named_gone
from regulars.events.models import Lease

LENGTH = timedelta(seconds=120)
SEQUENCER = "sequencer"


class Busy(RuntimeError):
    """Another process holds the lease."""


class Lost(RuntimeError):
    """The lease went to somebody else while this process worked; nothing of the step was committed."""


@dataclass(frozen=True)
class Held:
    """A lease in hand; taken_over says that the holder before never gave it back."""

    name: str
    owner: str
    fence: int
    taken_over: bool

    def check(self) -> None:
        """Raise Lost unless still held; call inside the transaction that the lease protects."""
        row = Lease.objects.select_for_update().filter(name=self.name, fence=self.fence, owner=self.owner).first()
        if row is None:
            raise Lost(f"the {self.name} lease was taken over")

    def renew(self, now: datetime) -> None:
        """Hold on for another LENGTH from now."""
        with transaction.atomic():
            self.check()
            Lease.objects.filter(name=self.name).update(expires_at=now + LENGTH)


@contextmanager
def held(name: str, now: datetime) -> Iterator[Held]:
    """Hold a lease for the block; raise Busy when a living process has it."""
    lease = _take(name, now)
    try:
        yield lease
    finally:
        Lease.objects.filter(name=name, fence=lease.fence).update(owner="", expires_at=None)


def _take(name: str, now: datetime) -> Held:
    me = f"{socket.gethostname()}:{os.getpid()}:{uuid.uuid4().hex[:8]}"
    with transaction.atomic():
        Lease.objects.get_or_create(name=name)
        row = Lease.objects.select_for_update().get(name=name)
        free = not row.owner or row.expires_at is None or row.expires_at <= now or is_named_gone(row.owner)
        if not free:
            raise Busy(f"{name} is held by process {row.owner.split(':')[1]} until {row.expires_at:%H:%M:%S}")
        taken = Lease.objects.filter(Q(name=name), Q(fence=row.fence)).update(
            owner=me, fence=row.fence + 1, expires_at=now + LENGTH
        )
        if not taken:
            raise Busy(f"{name} was taken a moment ago")
        return Held(name, me, row.fence + 1, taken_over=bool(row.owner))
