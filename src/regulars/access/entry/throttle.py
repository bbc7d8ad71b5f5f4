"""How often somebody may be wrong: failures are counted for a day, per e-mail and per address."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connection, transaction
from django.db.models import Count, Max
from django.utils.translation import gettext as _

from regulars.access.models import Attempt
from regulars.access.rules import FREE_FOR_ADDRESS, FREE_FOR_EMAIL, TooManyAttempts, neighbourhood, pause, waiting_words
from regulars.core import sealing

DAY = timedelta(days=1)


@dataclass(frozen=True)
class Bucket:
    """Where failures are counted together; who is a keyed digest, free how many cost nothing."""

    who: str
    free: int


def of_email(email: str) -> Bucket:
    """Return where failures with this e-mail count, whether or not somebody has it."""
    return Bucket(sealing.fingerprint(email, "attempts by e-mail"), FREE_FOR_EMAIL)


def of_address(address: str) -> Bucket:
    """Return where failures from this address count."""
    return Bucket(sealing.fingerprint(neighbourhood(address), "attempts by address"), FREE_FOR_ADDRESS)


def of_proof(email: str) -> Bucket:
    """Return where wrong proofs of somebody who is signed in count: apart, so that a stolen session shuts nobody out."""
    return Bucket(sealing.fingerprint(email, "proofs by e-mail"), FREE_FOR_EMAIL)


def reserve(buckets: Iterable[Bucket], now: datetime) -> list[int]:
    """Count a failure in advance and return its rows, or raise TooManyAttempts; who was right gives the rows back.

    In advance, because otherwise a hundred guesses sent at one moment would all find that nobody had failed yet.
    """
    buckets = list(buckets)
    with transaction.atomic():
        _one_at_a_time(buckets)
        Attempt.objects.filter(at__lte=now - DAY).delete()
        wait = max(_wait(bucket, now) for bucket in buckets)
        if wait <= timedelta(0):
            rows = Attempt.objects.bulk_create([Attempt(who=bucket.who, at=now) for bucket in buckets])
            return [row.pk for row in rows]
    words = waiting_words(wait)
    raise TooManyAttempts(_("Too many wrong attempts. Wait %(time)s, then try again.") % {"time": words}, wait)


def give_back(rows: Iterable[int]) -> None:
    """Take back what was counted in advance: this attempt was no failure."""
    Attempt.objects.filter(pk__in=list(rows)).delete()


def forget(bucket: Bucket) -> None:
    """Start counting at nothing again: the right person is known to be here."""
    Attempt.objects.filter(who=bucket.who).delete()


def _one_at_a_time(buckets: list[Bucket]) -> None:
    """Let nobody else count in these buckets until the transaction ends; SQLite has one writer anyway."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            # In one order, so that two who need the same two locks do not wait for each other.
            for number in sorted(int(bucket.who[:15], 16) for bucket in buckets):
                cursor.execute("SELECT pg_advisory_xact_lock(%s)", [number])


def _wait(bucket: Bucket, now: datetime) -> timedelta:
    seen = Attempt.objects.filter(who=bucket.who).aggregate(n=Count("pk"), last=Max("at"))
    length = pause(seen["n"], bucket.free)
    # Never longer than the pause itself, even when the machine's clock was set back since.
    return min(seen["last"] + length - now, length) if length else length
