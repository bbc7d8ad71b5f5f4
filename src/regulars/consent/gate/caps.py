"""How often: when the caps let one more message go to a customer, beside those that went and those that are planned."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from regulars.consent.gate.asked import Candidate, Sent
from regulars.consent.gate.quiet.places import Land
from regulars.consent.gate.rules import Cap, Rules


def caps_for(channel: str, lands: frozenset[Land], rules: Rules) -> list[Cap]:
    """Return the caps that hold on a channel for somebody of these lands; where the state is not known, those of all states."""
    return [
        cap
        for cap in (*rules.caps, Cap(1, rules.apart))
        if cap.channel in ("", channel) and (not cap.lands or _is_there(cap, lands))
    ]


def _is_there(cap: Cap, lands: frozenset[Land]) -> bool:
    return any(
        (country, state) in cap.lands or (not state and any(country == where for where, _ in cap.lands))
        for country, state in lands
    )


def free_from(at: datetime, candidate: Candidate, caps: Iterable[Cap], taken: Sequence[Sent]) -> datetime:
    """Return the first instant from `at` on at which one more message breaks no cap, by what is taken."""
    if not taken:
        return at
    spans = [span for cap in caps for span in _closed(cap, sorted(_counted(cap, candidate, taken)))]
    moved = True
    while moved:
        moved = False
        for after, until in spans:
            if after < at < until:
                at, moved = until, True
    return at


def _counted(cap: Cap, candidate: Candidate, taken: Sequence[Sent]) -> Iterable[datetime]:
    """Yield the instants that count for the cap; a topic that nobody told may be the same."""
    for sent in taken:
        is_same = not cap.same_topic or sent.topic == candidate.topic or not (sent.topic and candidate.topic)
        if is_same and cap.channel in ("", sent.channel):
            yield sent.at


def _closed(cap: Cap, instants: Sequence[datetime]) -> Iterable[tuple[datetime, datetime]]:
    """Yield the open spans of time in which one more would make n + 1 within less than the cap's time."""
    for first, last in zip(instants, instants[cap.n - 1 :], strict=False):
        if last - first < cap.within:
            yield (last - cap.within, first + cap.within)
