"""What an HTTP answer means for a letter: the rule that holds where a provider's own codes say nothing better."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from typing import Any

from regulars.core.outgoing import Answer, BeforeSending, Forbidden, Trouble
from regulars.messaging.letters import Letter, Outcome, State

DETAIL = 500
# A week: whoever asks for more means never, and the outbox has its own end.
LONGEST_WAIT = 7 * 86400
# The route's own trouble (key, credit, address): the letter can go as soon as somebody has mended it.
MENDABLE = frozenset({301, 307, 308, 401, 402, 403, 407})
# The server has not taken the request: it did not get it whole, got it too early or too often.
NOT_TAKEN = frozenset({408, 425, 429})

EMAIL = re.compile(r"[^\s<>\"'(),;:\[\]]+(?:@|%40)[^\s<>\"'(),;:\[\]]+")
NUMBER = re.compile(r"(?:\+|%2B)?\d(?:[\s\-().]?\d){6,}", re.IGNORECASE)
UNPRINTABLE = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]+")


@dataclass(frozen=True)
class Said:
    """What a provider's own words add to the bare status; blanks add nothing, a state overrules."""

    state: State | None = None
    detail: str = ""
    code: str = ""
    provider_id: str = ""


def outcome(letter: Letter, answer: Answer, said: Said = Said(), *, is_idempotent: bool = False) -> Outcome:
    """Return what became of a letter after an answer."""
    state = said.state or by_status(answer, is_idempotent)
    return Outcome(
        state,
        without_addresses(said.detail or _plain_words(answer.status, state), letter),
        without_addresses(said.code, letter)[:40] or str(answer.status),
        said.provider_id[:200] if state is State.SENT else "",
        retry_after(answer) if state is State.DEFERRED else None,
    )


def by_status(answer: Answer, is_idempotent: bool) -> State:
    """Return the state that a status alone means.

    A 5xx says nothing certain: a proxy says it as well when the server behind it took the request and then fell silent.
    So it is unknown, but for a 503 that names a time to come back (that is a server that refuses on purpose), and for
    channels on which a retry does nothing twice; on those a 409 says that the first try is still being worked on.

    >>> [by_status(Answer(status, {}, b""), False).value for status in (200, 302, 400, 401, 429, 503)]
    ['sent', 'unknown', 'failed', 'deferred', 'deferred', 'unknown']
    """
    status = answer.status
    if 200 <= status < 300:
        return State.SENT
    if status in MENDABLE or status in NOT_TAKEN or (status == 409 and is_idempotent):
        return State.DEFERRED
    if 400 <= status < 500:
        return State.FAILED
    if status >= 500 and (is_idempotent or (status == 503 and retry_after(answer) is not None)):
        return State.DEFERRED
    return State.UNKNOWN


def by_trouble(trouble: Trouble) -> Outcome:
    """Return the outcome of a request without an answer."""
    if isinstance(trouble, Forbidden):
        state = State.FAILED
    else:
        state = State.DEFERRED if isinstance(trouble, BeforeSending) else State.UNKNOWN
    return Outcome(state, str(trouble)[:DETAIL], trouble.code)


def retry_after(answer: Answer) -> float | None:
    """Return the seconds that a server asks for, a week at most. A date is held against the server's own clock.

    >>> retry_after(Answer(429, {"retry-after": "120"}, b""))
    120.0
    """
    text = answer.headers.get("retry-after", "").strip()
    if re.fullmatch(r"[0-9]{1,9}", text):
        return min(float(text), LONGEST_WAIT)
    try:
        wait = parsedate_to_datetime(text) - parsedate_to_datetime(answer.headers.get("date", ""))
    except (ValueError, TypeError, OverflowError):
        return None
    return min(max(wait.total_seconds(), 0.0), LONGEST_WAIT)


def told(answer: Answer) -> Mapping[str, Any]:
    """Return the JSON object of an answer; an empty one where it is anything else."""
    try:
        found = json.loads(answer.body)
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def at(found: object, path: str) -> str:
    """Return the text or number at a dotted path into JSON; blank where there is none.

    >>> at({"messages": [{"id": 7}]}, "messages.0.id")
    '7'
    """
    for step in path.split("."):
        if isinstance(found, list) and re.fullmatch("[0-9]{1,4}", step) and int(step) < len(found):
            found = found[int(step)]
        elif isinstance(found, dict):
            found = found.get(step)
        else:
            return ""
    return str(found) if isinstance(found, str | int) and not isinstance(found, bool) else ""


def without_addresses(text: str, letter: Letter) -> str:
    """Return a provider's words on one line, without e-mail addresses and phone numbers, cut short."""
    line = UNPRINTABLE.sub(" ", text[: 4 * DETAIL])
    if letter.to:
        line = line.replace(letter.to, "…")
    return NUMBER.sub("…", EMAIL.sub("…", line))[:DETAIL].strip()


def _plain_words(status: int, state: State) -> str:
    if status in (301, 307, 308):
        return "The provider moved to another address; set the new one."
    if status in MENDABLE:
        return "The provider does not accept this route's key or account; look after the route's settings."
    words = {
        State.SENT: "",
        State.DEFERRED: "The provider asks to come back later.",
        State.FAILED: "The provider refused the message.",
    }
    return words.get(state, "The provider's answer does not say whether it took the message.")
