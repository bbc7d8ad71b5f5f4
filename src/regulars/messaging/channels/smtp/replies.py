"""What a mail server says: replies read from a stream, and what each means for a letter."""

import re
from typing import NamedTuple

from regulars.messaging.channels.mails.addresses import masked
from regulars.messaging.letters import Outcome, State

LONGEST = 16_384  # octets of one reply, all its lines together
MOST_DETAIL = 500

# The server turns the sender away, not this letter: a wrong password must not fail a whole campaign for ever.
ABOUT_US = frozenset((530, 534, 535, 538))

_LINE = re.compile(rb"([2-5]\d\d)(?:([ -])([^\r\n]*))?\r?\n")
_PLAIN = re.compile(rb"([2-5]\d\d) ([^\r\n]*)\r\n")  # what nearly all replies are
_CONTROLS = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]+")
_QUEUE_IDS = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        r"\bqueued as ([\w.-]+)",  # Postfix, OpenSMTPD and what stands behind them
        r"\bid=([\w-]+)",  # Exim
        r"\bInternalId=(\d+)",  # Exchange
        r"^2\.0\.0 ([A-Za-z0-9]{10,}) Message accepted",  # Sendmail
        r"^(?:2\.\d\.\d )?OK ([\w-]{16,})\b",  # Amazon SES
        r"^(?:2\.\d\.\d )?OK\s+(\d+ [\w.-]+) - gsmtp",  # Google
        r"^ok (\d+ qp \d+)",  # qmail
    )
)


class Trouble(Exception):
    """A connection that cannot go on; code is one word or the server's number, the message a sentence."""

    def __init__(self, code: str, sentence: str) -> None:
        super().__init__(sentence)
        self.code = code


class Reply(NamedTuple):
    """One whole reply: its number and its lines without the number."""

    code: int
    lines: list[bytes]

    @property
    def text(self) -> str:
        """The lines as one, without what would disturb a log."""
        return _CONTROLS.sub(" ", b" ".join(self.lines).decode("utf-8", "replace")).strip()


class Replies:
    """Takes bytes as they come, torn anywhere, and gives whole replies."""

    def __init__(self) -> None:
        self._data, self._at = b"", 0

    def feed(self, data: bytes) -> None:
        """Add what has arrived."""
        self._data, self._at = self._data[self._at :] + data, 0

    @property
    def is_empty(self) -> bool:
        """Whether nothing waits that nobody has asked for yet."""
        return self._at == len(self._data)

    def take(self) -> Reply | None:
        """Return the next whole reply, None while it is not there, or raise Trouble when this is no SMTP."""
        if plain := _PLAIN.match(self._data, self._at):
            self._at = plain.end()
            return Reply(int(plain[1]), [plain[2]])
        at, lines, code = self._at, [], b""
        while True:
            end = self._data.find(b"\n", at) + 1
            if not end:
                if len(self._data) - self._at > LONGEST:
                    raise Trouble("junk", "The mail server's answer does not end.")
                return None
            found = _LINE.fullmatch(self._data, at, end)
            if found is None or (code and found[1] != code):
                raise Trouble("junk", "The mail server's answer is not SMTP.")
            at, code = end, found[1]
            lines.append(found[3] or b"")
            if found[2] != b"-":
                self._at = at
                return Reply(int(code), lines)


def outcome(reply: Reply, address: str) -> Outcome:
    """Return what a final reply means for the letter to this address.

    >>> outcome(Reply(250, [b"2.0.0 Ok: queued as 4Xk2"]), "ann@shop.example")
    Outcome(state=<State.SENT: 'sent'>, detail='2.0.0 Ok: queued as 4Xk2', code='250', provider_id='4Xk2', retry_after=None)
    >>> outcome(Reply(452, [b"4.2.2 <ann@shop.example> mailbox full"]), "ann@shop.example").detail
    '4.2.2 <…> mailbox full'
    """
    said, code = reply.text, str(reply.code)
    if 200 <= reply.code < 300:
        return Outcome(State.SENT, _detail(said, address) if "@" in said else said[:MOST_DETAIL], code, queue_id(said))
    is_final = reply.code >= 500 and reply.code not in ABOUT_US
    return Outcome(State.FAILED if is_final else State.DEFERRED, _detail(said, address), code)


def queue_id(said: str) -> str:
    """Return the name under which the server keeps the mail, blank when its answer does not tell.

    >>> queue_id("2.0.0 Ok: queued as 4XkZ1b2Q9z"), queue_id("OK id=1qXyZ-0001aB-2C"), queue_id("OK")
    ('4XkZ1b2Q9z', '1qXyZ-0001aB-2C', '')
    """
    for pattern in _QUEUE_IDS:
        if found := pattern.search(said):
            return found[1][:200]
    return ""


def interrupted(trouble: Trouble, address: str, is_behind_dot: bool) -> Outcome:
    """Return what the end of a connection means for the letter that was on it."""
    state = State.UNKNOWN if is_behind_dot else State.DEFERRED
    return Outcome(state, _detail(str(trouble), address), trouble.code)


def told(doing: str, reply: Reply) -> Trouble:
    """Return the trouble of a reply that ends a connection before any letter is on it."""
    return Trouble(str(reply.code), f"The mail server refused {doing}: {reply.text}")


def _detail(said: str, address: str) -> str:
    return masked(said, address)[:MOST_DETAIL]
