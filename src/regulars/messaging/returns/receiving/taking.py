"""From what came back to facts and consequences, in one transaction: all of it stands, or none."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from regulars.events import api as events
from regulars.messaging.control import breaker
from regulars.messaging.models import Message
from regulars.messaging.outbox import settling
from regulars.messaging.returns.facts import About, fact_of, touch_of
from regulars.messaging.returns.receiving import answering, following
from regulars.messaging.returns.returned import Kind, Returned
from regulars.messaging.returns.rules.bounces import Bounce
from regulars.messaging.returns.rules.machine import Verdict, judge_all

AT_ONCE = 400
TOUCHES = (Kind.OPENED, Kind.CLICKED)


@dataclass(frozen=True)
class By:
    """Who tells: a provider's name or "mail"; answers_keywords says whether STOP and HELP are answered by us."""

    name: str
    answers_keywords: bool = True


@dataclass(frozen=True)
class Taken:
    """How many things were told, how many were facts and new, known already, or about no message of ours."""

    told: int
    new: int
    known: int
    unmatched: int


@dataclass(frozen=True)
class Matched:
    """Something that came back, with the message that it is about."""

    returned: Returned
    message: Message


def take(told: Sequence[Returned], by: By, now: datetime) -> Taken:
    """Write the facts and what follows from them; each thing counts once, however often and in whatever order it is told."""
    with transaction.atomic():
        matched = _matched(told)
        stated = [(one, fact) for one, fact in zip(matched, _facts(matched), strict=True) if fact is not None]
        fresh = events.append_each([_told(one, fact, by) for one, fact in stated], now)
        new = [one for (one, _), is_new in zip(stated, fresh, strict=True) if is_new]
        following.follow([(one.returned, one.message) for one in new], by.name, now)
        breaker.heard([(one.message.key, said) for one in new if (said := _setback(one.returned))], now)
        for returned in told:
            if returned.kind is Kind.REPLIED and answering.is_by_phone(returned):
                answering.answer(returned, by.name, by.answers_keywords, now)
        # Messages last: who sends waits for those who leave before it touches a message, so whoever leaves does it so too.
        for one in sorted((one for one, _ in stated), key=lambda one: one.message.id):
            _settle(one)
    return Taken(len(told), len(new), len(stated) - len(new), len(told) - len(stated))


def _setback(returned: Returned) -> str:
    """Return what the circuit breaker counts of something that came back; blank for what it does not."""
    if returned.kind is Kind.COMPLAINED:
        return "complained"
    is_counted = returned.kind is Kind.BOUNCED and (returned.bounce or Bounce.SOFT) in breaker.COUNTED_BOUNCES
    return "bounced" if is_counted else ""


def _matched(told: Sequence[Returned]) -> list[Matched]:
    """Return what is about a message of ours: by its key, else by the provider's own id on the same channel."""
    by_key = {row.key: row for row in _rows("key", {one.message_key for one in told})}
    by_id: dict[tuple[str, str], list[Message]] = {}
    unnamed = {one.provider_id for one in told if one.message_key not in by_key}
    for row in _rows("provider_id", unnamed):
        by_id.setdefault((row.channel, row.provider_id), []).append(row)
    found = []
    for one in told:
        message = by_key.get(one.message_key) or _only(by_id.get((one.channel, one.provider_id), ()))
        if message is None and one.kind is Kind.REPLIED and answering.is_by_phone(one):
            message = answering.last_message(one)
        if message is not None and message.channel == one.channel:
            found.append(Matched(one, message))
    return found


def _only(rows: Sequence[Message]) -> Message | None:
    return rows[0] if len(rows) == 1 else None


def _rows(column: str, values: Iterable[str]) -> Iterable[Message]:
    wanted = sorted({one for one in values if one})
    for start in range(0, len(wanted), AT_ONCE):
        yield from Message.objects.filter(**{f"{column}__in": wanted[start : start + AT_ONCE]})


def _facts(matched: Sequence[Matched]) -> list[events.Fact | None]:
    verdicts = _verdicts(matched)
    return [fact_of(one.returned, _about(one.message), verdicts.get(place)) for place, one in enumerate(matched)]


def _verdicts(matched: Sequence[Matched]) -> Mapping[int, Verdict]:
    """Judge opens and clicks together, so that the links of one message that were followed in a burst are known as one."""
    places = [place for place, one in enumerate(matched) if one.returned.kind in TOUCHES]
    touches = [touch_of(matched[place].returned, _about(matched[place].message)) for place in places]
    return dict(zip(places, judge_all(touches), strict=True))


def _about(row: Message) -> About:
    return About(
        message_key=row.key,
        channel=row.channel,
        is_marketing=row.is_marketing,
        campaign=row.name,
        template=row.template,
        provider_id=row.provider_id or None,
        delivered_at=row.delivered_at or row.finished_at,
    )


def _told(one: Matched, fact: events.Fact, by: By) -> events.Told:
    who = one.message.customer_id
    return events.Told(
        fact=fact,
        source=by.name,
        occurred_at=one.returned.at,
        event_id=one.returned.event_id[:255],
        people={"customer": str(who)} if who > 0 else {},
    )


def _settle(one: Matched) -> None:
    """Let the outbox know, where it does not know as much already."""
    if one.returned.kind is Kind.DELIVERED or settling.is_news(one.message.heard, one.returned.kind):
        settling.settle_by_word(one.message.key, one.returned.kind, one.returned.at)
