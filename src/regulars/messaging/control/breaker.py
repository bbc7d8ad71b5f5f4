"""The circuit breaker at work: counts what was sent and what came back by channel, judges, and remembers how marketing stands.

What comes back through a provider's hook or mail is judged in the same transaction; what somebody else told the log of, by the
loop. The lines themselves are rules (returns.rules.breaker).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction

from regulars.access import api as access
from regulars.consent import api as consent
from regulars.core import bulk
from regulars.events import api as events
from regulars.messaging.control import tallies
from regulars.messaging.control.counting import windows
from regulars.messaging.control.tallies import DRAWER
from regulars.messaging.models import Message, Setback, Standing
from regulars.messaging.returns.rules.breaker import (
    WEEK,
    Level,
    Ruling,
    judge,
)

MARK = "messaging:setbacks"
KINDS = ("message.bounced", "message.complained")
# A full mailbox says nothing of a list of addresses; no such address, or no mail from this sender, does.
COUNTED_BOUNCES = ("hard", "block")
FACTS = f"""
SELECT seq, message_key, 'bounced' FROM facts.message_bounced WHERE seq > $seq AND bounce IN {COUNTED_BOUNCES}
UNION ALL SELECT seq, message_key, 'complained' FROM facts.message_complained WHERE seq > $seq
ORDER BY seq LIMIT 2000
"""
SHUT = (Level.PAUSE.value, Level.STOP.value)
EVERY = timedelta(minutes=1)  # windows move with the clock, so a channel is judged anew although nothing came back
AT_ONCE = 400
BATCH = 2_000
BREAKER = consent.gate.Reason.BREAKER.code


@dataclass(frozen=True)
class Stands:
    """How marketing stands on a channel: level, the sentence that says why, and since when."""

    channel: str
    level: str
    sentence: str
    since: datetime

    @property
    def is_open(self) -> bool:
        """Say whether the breaker is open: marketing waits."""
        return self.level in SHUT


def standings() -> list[Stands]:
    """Return the channels that are watched or held, none where all is well."""
    rows = Standing.objects.exclude(level=Level.RUN.value).order_by("channel")
    return [Stands(row.channel, row.level, row.sentence, row.since) for row in rows]


def stopped() -> frozenset[str]:
    """Return the channels on which marketing waits."""
    return frozenset(Standing.objects.filter(level__in=SHUT).values_list("channel", flat=True))


def close(channel: str, by: str, now: datetime) -> bool:
    """Let marketing go on although the breaker opened; only what is sent from now on is counted. Say whether it was open."""
    with transaction.atomic():
        row = Standing.objects.select_for_update().filter(channel=channel, level__in=SHUT).first()
        if row is None:
            return False
        access.note(by, "breaker.closed", channel, {"level": row.level, "since": row.since.isoformat()}, now)
        told = {"level": Level.RUN.value, "sentence": "", "since": now, "judged_at": now, "counts_from": now}
        Standing.objects.filter(id=row.id).update(**told)
        _release(channel, now)
    return True


def heard(came: Iterable[tuple[str, str]], now: datetime) -> int:
    """Note, by key, which messages bounced or were called spam, in the caller's transaction, and judge their channels; return
    how many were news. Told again, nothing counts twice."""
    kinds: dict[str, set[str]] = {}
    for key, kind in came:
        kinds.setdefault(key, set()).add(kind)
    new = []
    for row in _messages(kinds):
        new += [(row.key, kind, row.channel, row.dot_at or row.created_at) for kind in sorted(kinds[row.key])]
    known = set(_known([one[0] for one in new]))
    new = [one for one in new if one[:2] not in known]
    if new:
        columns = ("message_key", "kind", "channel", "sent_at")
        rows = [(key, kind, channel, bulk.instant(at)) for key, kind, channel, at in new]
        bulk.insert_in_transaction(Setback._meta.db_table, columns, rows)
        tallies.add([tallies.Change(channel, at, kind) for _, kind, channel, at in new], tallies.CAME_BACK)
        for channel in sorted({one[2] for one in new}):
            judge_channel(channel, now)
    return len(new)


def run_once(now: datetime) -> int:
    """Take up what the log was told by others, and judge anew what was not judged for a minute; return how many were news."""
    found = _from_the_log(now)
    for row in Standing.objects.filter(judged_at__lte=now - EVERY).order_by("channel"):
        if row.level != Level.RUN or Setback.objects.filter(channel=row.channel, sent_at__gt=now - WEEK).exists():
            with transaction.atomic():
                judge_channel(row.channel, now)
    Setback.objects.filter(sent_at__lt=now - 2 * WEEK).delete()
    tallies.forget(now - 2 * WEEK)
    return found


def judge_channel(channel: str, now: datetime) -> Ruling:
    """Judge a channel by its windows in the caller's transaction, and keep how it stands; a change is noted."""
    at_first = {"level": Level.RUN.value, "since": now, "judged_at": now}
    rows = Standing.objects.select_for_update().filter(channel=channel)
    row = rows.first() or rows.get_or_create(channel=channel, defaults=at_first)[0]
    before = Level(row.level)
    ruling = judge(before, windows(channel, now, row.counts_from))
    is_new = ruling.level is not before
    if is_new:
        details = {"from": before.value, "why": ruling.sentence[:200]}
        access.note("breaker", f"breaker.{ruling.level}", channel, details, now)
    Standing.objects.filter(id=row.id).update(
        level=ruling.level.value, sentence=ruling.sentence, judged_at=now, since=now if is_new else row.since
    )
    if ruling.may_send_marketing and before.value in SHUT:
        _release(channel, now)
    return ruling


def _release(channel: str, now: datetime) -> None:
    """Let what waited for the breaker ask again at once."""
    Message.objects.filter(channel=channel, state="deferred", reason=BREAKER).update(due_at=now)


def _messages(keys: Iterable[str]) -> Iterable[Message]:
    wanted = sorted(keys)
    for start in range(0, len(wanted), AT_ONCE):
        yield from Message.objects.filter(key__in=wanted[start : start + AT_ONCE]).exclude(route=DRAWER)


def _known(keys: list[str]) -> Iterable[tuple[str, str]]:
    for start in range(0, len(keys), AT_ONCE):
        yield from Setback.objects.filter(message_key__in=keys[start : start + AT_ONCE]).values_list(
            "message_key", "kind"
        )


def _from_the_log(now: datetime) -> int:
    """Take up facts behind the mark; what a hook told is known already."""
    done, found = events.mark(MARK), 0
    moment = events.after(KINDS, done)
    if moment is None:
        return 0
    with moment:
        while done < moment.seq:
            rows = moment.rows(FACTS, seq=done)
            upto = rows[-1][0] if len(rows) == BATCH else moment.seq
            with transaction.atomic():
                found += heard([(key, kind) for _, key, kind in rows], now)
                events.advance_mark(MARK, upto)
            done = upto
    return found
