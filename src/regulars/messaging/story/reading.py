"""Reading messages: how many there are in each state, the newest that fit, those nobody can tell of, one with its facts."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import msgspec
from django.db import connection
from django.db.models import Max, Q, QuerySet

from regulars.core.lake.moment import Moment
from regulars.events import api as events
from regulars.messaging.letters import State
from regulars.messaging.models import Message
from regulars.messaging.story.words import STATES, Fate, sentence
from regulars.profiles import api as profiles

PER_PAGE = 50
# States that a small index holds; the others are looked for among the latest only, so that a page is quick however much was sent.
INDEXED = (State.QUEUED, State.DEFERRED, State.LEASED, State.DOT, State.UNKNOWN)
LATEST = 100_000
KEY = re.compile("[0-9a-f]{32}")
COLUMNS = (
    "id", "key", "customer_id", "name", "occurrence", "channel", "is_marketing", "topic", "template", "created_at", "due_at",
    "good_until", "state", "reason", "detail", "code", "attempts", "to", "route", "provider_id", "dot_at", "finished_at",
)  # fmt: skip

TOLD = ("key", "customer_id", "name", "occurrence", "channel", "is_marketing", "topic", "state", "reason", "code", "route", "attempts")  # fmt: skip
# A question for each of the small indexes; with the states as parameters SQLite would read every row instead.
COUNTED = " UNION ALL ".join(
    f"SELECT state, channel, count(*) FROM {Message._meta.db_table} WHERE {which} GROUP BY state, channel"
    for which in (
        "state = 'unknown'",
        "state IN ('queued', 'deferred')",
        "state IN ('leased', 'dot')",
        "id > %s AND state IN ('sent', 'failed', 'refused')",
    )
)
INSTANTS = ("created_at", "due_at", "dot_at", "finished_at")


@dataclass(frozen=True)
class Filters:
    """Which messages are wanted; blanks want all. text is a message's key, a part of its name, or who it is for: an e-mail,
    a phone or the shop's number. A state that is none finds nothing."""

    state: str = ""
    channel: str = ""
    text: str = ""


@dataclass(frozen=True)
class Page:
    """Messages, newest first; before is where the next page begins, None on the last."""

    messages: Sequence[dict[str, Any]]
    before: int | None


def counts() -> list[dict[str, Any]]:
    """Return how many messages there are by state and channel: state, channel, n. Those that are over are counted among the
    latest 100,000."""
    with connection.cursor() as cursor:
        cursor.execute(COUNTED, [_since()])
        return [{"state": state, "channel": channel, "n": n} for state, channel, n in cursor.fetchall()]


def recent(filters: Filters, before: int | None = None, limit: int = PER_PAGE) -> Page:
    """Return the newest messages that fit, from before an id on."""
    wanted = fitting(filters)
    if before is not None:
        wanted = wanted.filter(id__lt=before)
    rows = list(_rows(wanted.order_by("-id")[: limit + 1]))
    return Page(rows[:limit], rows[limit - 1]["id"] if len(rows) > limit else None)


def unknown(limit: int = PER_PAGE) -> list[dict[str, Any]]:
    """Return the messages of which nobody knows whether they arrived, the latest first."""
    return list(_rows(Message.objects.filter(state=State.UNKNOWN.value).order_by("-finished_at", "-id")[:limit]))


def of_customer(customers: Sequence[int], limit: int = PER_PAGE) -> list[dict[str, Any]]:
    """Return the newest messages of a person, who is named by every number that stands for them."""
    return list(_rows(Message.objects.filter(customer_id__in=list(customers)).order_by("-id")[:limit]))


def plain(row: Mapping[str, Any]) -> dict[str, Any]:
    """Return a message as programs read it: these names stay, instants are in UTC, `why` is the sentence."""
    told = {name: row[name] for name in TOLD}
    instants = {name: row[name].astimezone(UTC).isoformat() if row[name] else None for name in INSTANTS}
    return {**told, **instants, "why": row["sentence"]}


def story(key: str, moment: Moment) -> dict[str, Any] | None:
    """Return one message with its values and its facts (kind, occurred_at, fields), the oldest first; None for no such."""
    row = next(_rows(Message.objects.filter(key=key)), None)
    if row is None:
        return None
    data = msgspec.json.decode(Message.objects.values_list("data", flat=True).get(key=key))
    return {**row, "data": data, "facts": list(_facts(key, moment))}


def _facts(key: str, moment: Moment) -> Iterator[dict[str, Any]]:
    kinds = [kind for kind in events.kinds() if kind.startswith("message.")]
    for kind in kinds:
        table = kind.replace(".", "_")
        names = [column.name for column in events.schema_of(kind).columns]
        listed = ", ".join(f'"{name}"' for name in names)
        for fact in moment.dicts(f"SELECT {listed} FROM {table} WHERE message_key = $key ORDER BY occurred_at LIMIT 20", key=key):  # fmt: skip
            yield {"kind": kind, "occurred_at": fact["occurred_at"], "fields": fact}


def fitting(filters: Filters, among_latest: bool = True) -> QuerySet[Message]:
    """Return the messages that fit; those in a state without an index of its own are looked for among the latest."""
    found, text = Message.objects.all(), filters.text.replace("\0", "").strip()
    if KEY.fullmatch(text):
        return found.filter(key=text)
    if filters.state:
        found = found.filter(state=filters.state)
    if filters.channel:
        found = found.filter(channel=filters.channel)
    people = profiles.known({"email": text, "phone": text, "id": text}) if text else []
    if people:
        return found.filter(customer_id__in=[one for person in people for one in _numbers(person)])
    if text:
        found = found.filter(Q(name__icontains=text) | Q(template__icontains=text) | Q(occurrence__icontains=text))
    is_searched = bool(text or filters.channel or filters.state)
    if among_latest and is_searched and filters.state not in [state.value for state in INDEXED]:
        found = found.filter(id__gt=_since())
    return found


def _numbers(person: int) -> list[int]:
    return [person, *profiles.merged_into(person)]


def _since() -> int:
    newest = Message.objects.aggregate(newest=Max("id"))["newest"] or 0
    return max(newest - LATEST, 0)


def _rows(found: QuerySet[Message]) -> Iterator[dict[str, Any]]:
    zone = events.timezone()
    for row in found.values(*COLUMNS):
        yield {**row, "said": STATES[State(row["state"])], "sentence": sentence(_fate(row), zone)}


def _fate(row: Any) -> Fate:
    def at(name: str) -> datetime | None:
        found: datetime | None = row[name]
        return found

    return Fate(
        State(row["state"]), row["reason"], row["detail"], row["code"], row["route"], at("due_at"), at("finished_at")
    )
