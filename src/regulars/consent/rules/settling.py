"""What stands of all that a person said of a channel: the same whatever order it was heard in, and for merged people too."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from enum import StrEnum

from regulars.consent.rules.terms import Kind

IMPLIED_KINDS = (Kind.EXISTING_CUSTOMER, Kind.IMPLIED_PURCHASE, Kind.IMPLIED_INQUIRY)


class State(StrEnum):
    """Where a person stands with a channel or a topic."""

    GIVEN = "given"
    PENDING = "pending"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, kw_only=True)
class Said:
    """The latest statement of one kind. heard_at is when an import was read: of two flags of one instant the one read
    later counts; otherwise it is since."""

    topic: str = ""
    kind: Kind
    is_withdrawn: bool = False
    basis: str = ""
    method: str = ""
    since: datetime
    heard_at: datetime | None = None
    text_version: str = ""
    country: str = ""
    source: str = ""
    expires_on: date | None = None
    event_id: str = ""


@dataclass(frozen=True)
class Settled:
    """Where a person stands, and by which statement; left_at is when they said the no that no later yes has lifted."""

    state: State
    said: Said
    left_at: datetime | None = None


def said_on(day: str, kind: str, word: str = "yes", topic: str = "") -> Said:
    """Return a statement of a day, for examples: word is yes or no."""
    since = datetime.combine(date.fromisoformat(day), time(12), UTC)
    return Said(topic=topic, kind=Kind(kind), is_withdrawn=word == "no", since=since)


def order(said: Said) -> tuple[datetime, datetime, bool, str]:
    """Return what decides which of two statements of one kind counts: the later one; at one instant the no.

    >>> yes, no = said_on("2024-03-01", "act"), said_on("2024-03-01", "act", "no")
    >>> max([yes, no], key=order) is no, max([said_on("2024-03-02", "act"), no], key=order) is no
    (True, False)
    """
    return said.since, said.heard_at or said.since, said.is_withdrawn, said.event_id


def latest(said: Iterable[Said]) -> dict[Kind, Said]:
    """Keep of each kind what counts; people who turned out to be one may bring several of a kind.

    This is all that merging does: what both said is taken as said by one, so that a no beats every yes but a later
    express one.

    >>> ann, bo = said_on("2024-03-01", "act"), said_on("2024-04-01", "act", "no")
    >>> latest([ann, bo])[Kind.ACT] is latest([bo, ann])[Kind.ACT] is bo
    True
    """
    found: dict[Kind, Said] = {}
    for one in said:
        if one.kind not in found or order(found[one.kind]) < order(one):
            found[one.kind] = one
    return found


def settled(said: Sequence[Said]) -> Settled | None:
    """Return where a person stands with one topic by all that was said of it; None where nothing that counts was said.

    A no by an act is lifted by a later express act only: what an import holds, a purchase or an inquiry never lift it.
    >>> settled([said_on("2024-03-01", "act", "no"), said_on("2024-05-01", "flag")]).state.value
    'withdrawn'
    >>> settled([said_on("2024-03-01", "act", "no"), said_on("2024-05-01", "implied_purchase")]).state.value
    'withdrawn'

    A no of an import counts when it is later than the yes, or as late.
    >>> settled([said_on("2024-03-01", "act"), said_on("2024-05-01", "flag", "no")]).state.value
    'withdrawn'
    >>> settled([said_on("2024-05-01", "act"), said_on("2024-05-01", "flag", "no")]).state.value
    'withdrawn'
    >>> settled([said_on("2024-06-01", "act"), said_on("2024-05-01", "flag", "no")]).state.value
    'given'

    A request takes nothing away, and gives nothing.
    >>> settled([said_on("2024-03-01", "act"), said_on("2024-05-01", "request")]).state.value
    'given'
    >>> asked_again = settled([said_on("2024-03-01", "act", "no"), said_on("2024-05-01", "request")])
    >>> asked_again.state.value, str(asked_again.left_at.date())
    ('pending', '2024-03-01')
    """
    by = latest(said)
    act, flag, request = by.get(Kind.ACT), by.get(Kind.FLAG), by.get(Kind.REQUEST)
    if refusal := _standing_no(act, flag):
        if request is not None and request.since > refusal.since:
            return Settled(State.PENDING, request, refusal.since)
        return Settled(State.WITHDRAWN, refusal, refusal.since)
    if express := act or flag:
        return Settled(State.GIVEN, express)
    implied = [by[kind] for kind in IMPLIED_KINDS if kind in by]
    if implied:
        return Settled(State.GIVEN, max(implied, key=order))
    return Settled(State.PENDING, request) if request is not None else None


def _standing_no(act: Said | None, flag: Said | None) -> Said | None:
    if act is not None and act.is_withdrawn:
        return act
    if flag is not None and flag.is_withdrawn and (act is None or flag.since >= act.since):
        return flag
    return None


def of_topic(said: Sequence[Said], topic: str, is_default: bool = True) -> Settled | None:
    """Return where a person stands with a topic, by what was said of it and of the whole channel.

    Leaving the channel ends every topic; a topic taken up again later stands alone. Leaving a topic is not undone by a yes
    to the whole channel. A topic that is not a default one is for those who chose it.

    >>> left = [said_on("2024-03-01", "act", topic="news"), said_on("2024-04-01", "act", "no")]
    >>> of_topic(left, "news").state.value
    'withdrawn'
    >>> back = [*left[1:], said_on("2024-05-01", "act", topic="news")]
    >>> of_topic(back, "news").state.value, of_topic(back, "tips").state.value
    ('given', 'withdrawn')
    >>> not_news = [said_on("2024-03-01", "act", "no", topic="news"), said_on("2024-05-01", "act")]
    >>> of_topic(not_news, "news").state.value, of_topic(not_news, "tips").state.value
    ('withdrawn', 'given')
    >>> of_topic([said_on("2024-03-01", "act")], "tips", is_default=False) is None
    True
    """
    whole = settled([one for one in said if not one.topic])
    if not topic:
        return whole
    own = settled([one for one in said if one.topic == topic])
    if whole is not None and whole.left_at is not None:
        return _after_leaving(own, whole, whole.left_at)
    if own is None:
        return whole if is_default else None
    waits_for_what_is_given = own.state == State.PENDING and own.left_at is None and is_default
    return whole if whole is not None and waits_for_what_is_given else own


def _after_leaving(own: Settled | None, whole: Settled, left_at: datetime) -> Settled:
    """Return where a person stands with a topic after leaving the whole channel: only what came after that counts."""
    if own is None or own.state == State.WITHDRAWN or own.said.since <= left_at:
        return whole
    if own.state == State.GIVEN and own.said.kind != Kind.ACT:
        return whole
    return Settled(own.state, own.said, None if own.state == State.GIVEN else left_at)
