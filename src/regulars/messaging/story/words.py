"""What a message's state and reason mean, in one sentence for people."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from regulars.consent import api as consent
from regulars.messaging.letters import State

gate = consent.gate

# The outbox's own reasons; the gate's have their sentences there.
OUTBOX: Mapping[str, str] = {
    "worker_lost": "The worker stopped after it had begun to hand the message over.",
    "given_up": "It was tried again and again, and then given up.",
    "not_written": "The letter could not be written from its template.",
    "provider_told": "The provider told so by itself, after the connection had broken off.",
    "cancelled": "Somebody of the shop cancelled it before it was handed over.",
    "settled": "Somebody of the shop decided so.",
    "sent_again": "Somebody of the shop asked to send it again, knowing that it may arrive twice.",
}
# Codes of outcomes that say more than a number does; see docs/channels.md.
CODES: Mapping[str, str] = {
    "connect": "there was no connection",
    "dns": "the name of the server was not found",
    "tls": "the connection could not be encrypted",
    "timeout": "no answer came in time",
    "drop": "the connection broke off",
    "garbled": "the answer could not be read",
    "unfit": "the letter does not fit the channel",
    "forbidden": "the address may not be called",
}
STATES: Mapping[State, str] = {
    State.QUEUED: "waiting",
    State.LEASED: "being written",
    State.DOT: "being handed over",
    State.SENT: "sent",
    State.DEFERRED: "put off",
    State.FAILED: "failed",
    State.UNKNOWN: "unknown",
    State.REFUSED: "not sent",
}


@dataclass(frozen=True)
class Fate:
    """Where a message stands, as far as a sentence needs it."""

    state: State
    reason: str = ""
    detail: str = ""
    code: str = ""
    route: str = ""
    due_at: datetime | None = None
    finished_at: datetime | None = None


def because(reason: str) -> str:
    """Return the sentence of a reason's code; of one that nobody knows, the code.

    >>> because("not_written"), because("no_consent"), because("moon_is_full")
    ('The letter could not be written from its template.', 'They never consented to this.', 'The reason is noted as “moon_is_full”.')
    """
    if reason in OUTBOX:
        return OUTBOX[reason]
    try:
        return gate.Reason.of(reason).sentence.rstrip(".") + "."
    except KeyError:
        return f"The reason is noted as “{reason}”." if reason else ""


def sentence(fate: Fate, zone: str) -> str:
    """Say in one sentence, or two, why a message was or was not sent; times are those of clocks in the zone.

    >>> from datetime import UTC
    >>> at = datetime(2026, 6, 1, 7, 30, tzinfo=UTC)
    >>> sentence(Fate(State.SENT, route="twilio", finished_at=at), "Europe/Berlin")
    'Sent on 1 June 2026 at 09:30 through twilio.'
    >>> sentence(Fate(State.REFUSED, "withdrawn"), "UTC")
    'Not sent. They took back their consent to this.'
    >>> sentence(Fate(State.FAILED, detail="The recipient said STOP.", code="21610"), "UTC")
    'Failed. The recipient said STOP (21610).'
    """
    return _TOLD[fate.state](fate, zone)


def when(at: datetime | None, zone: str) -> str:
    """Write an instant as clocks in a zone tell it; blank for none."""
    if at is None:
        return ""
    local = at.astimezone(ZoneInfo(zone or "UTC"))
    return f"{local.day} {local:%B %Y} at {local:%H:%M}"


def _sent(fate: Fate, zone: str) -> str:
    if fate.reason == "settled":
        return "Taken as sent: somebody of the shop decided so."
    if fate.route == "drawer":
        return f"Kept in the drawer on {when(fate.finished_at, zone)}; it reached nobody."
    through = f" through {fate.route}" if fate.route else ""
    return f"Sent on {when(fate.finished_at, zone)}{through}."


def _queued(fate: Fate, zone: str) -> str:
    again = f"{because(fate.reason)} " if fate.reason else ""
    return f"{again}It waits to be sent from {when(fate.due_at, zone)} on."


def _deferred(fate: Fate, zone: str) -> str:
    if fate.due_at is not None and fate.reason not in OUTBOX:
        try:
            return f"Put off. {gate.Verdict(gate.Kind.DEFER, fate.due_at, gate.Reason.of(fate.reason)).said(zone)}"
        except KeyError:  # the provider's words follow
            pass
    why = " ".join(filter(None, (because(fate.reason), _answer(fate)))) or "It waits."
    return f"Put off. {why} It is tried again on {when(fate.due_at, zone)}."


def _failed(fate: Fate, zone: str) -> str:
    why = " ".join(filter(None, (because(fate.reason), _answer(fate)))) or "Nothing more is known."
    return f"Failed. {why}"


def _unknown(fate: Fate, zone: str) -> str:
    why = " ".join(filter(None, (because(fate.reason), _answer(fate))))
    return f"Nobody can say whether it arrived. {why}".strip()


def _answer(fate: Fate) -> str:
    """Return what the other side said, with the code in words where it has some."""
    known = CODES.get(fate.code, "")
    said = fate.detail.strip().rstrip(".") or known or ("the answer was" if fate.code else "")
    code = f" ({fate.code})" if fate.code and not known else ""
    return f"{said[:1].upper()}{said[1:]}{code}." if said else ""


_TOLD: Mapping[State, Callable[[Fate, str], str]] = {
    State.QUEUED: _queued,
    State.LEASED: lambda fate, zone: "It is being written right now.",
    State.DOT: lambda fate, zone: "It is being handed over right now.",
    State.SENT: _sent,
    State.DEFERRED: _deferred,
    State.FAILED: _failed,
    State.UNKNOWN: _unknown,
    State.REFUSED: lambda fate, zone: f"Not sent. {because(fate.reason) or 'The gate said no.'}",
}
