"""Which bounce it is: no such address, not now, or not from this sender; from what the receiving server said."""

import re
from enum import StrEnum


class Bounce(StrEnum):
    """Why a message came back. After hard, the address is never written to again; soft may be tried again; block is about
    the sender and says nothing of the address."""

    HARD = "hard"
    SOFT = "soft"
    BLOCK = "block"


# Enhanced status codes of RFC 3463 whose meaning differs from their class; the longest beginning that fits decides.
BY_STATUS = {
    "5.2.2": Bounce.SOFT,  # mailbox full
    "5.2.3": Bounce.BLOCK,  # message longer than the mailbox takes
    "5.3.4": Bounce.BLOCK,  # message too big for the system
    "5.3": Bounce.SOFT,  # the mail system is full, down or misconfigured
    "5.4": Bounce.SOFT,  # network and routing
    "5.4.1": Bounce.HARD,  # Microsoft's way to say that there is no such recipient
    "5.4.4": Bounce.HARD,  # the domain has no mail server
    "5.5": Bounce.BLOCK,  # the servers misunderstood each other
    "5.6": Bounce.BLOCK,  # content
    "5.7": Bounce.BLOCK,  # policy and authentication
    "4.7": Bounce.BLOCK,  # rate limits and reputation
    "5": Bounce.HARD,
    "4": Bounce.SOFT,
}
# Plain reply codes of SMTP, where there is no enhanced one.
BY_REPLY = {"552": Bounce.SOFT, "554": Bounce.BLOCK, "5": Bounce.HARD, "4": Bounce.SOFT}
# Words that decide where the code is a general one ("5.0.0", "550", none at all); the first that is found counts.
BY_WORDS = (
    (
        re.compile(
            r"no such (user|recipient|mailbox)|(user|recipient|mailbox|account|address)\b.{0,30}"
            r"(unknown|not exist|not found|disabled|inactive|invalid)|(unknown|invalid) (user|recipient|mailbox)|"
            r"no mailbox|does ?n[o']t exist|recipnotfound",
            re.IGNORECASE,
        ),
        Bounce.HARD,
    ),
    (re.compile(r"quota|mailbox (is )?full|over ?quota|insufficient storage|out of space", re.IGNORECASE), Bounce.SOFT),
    (
        re.compile(
            r"spam|block(ed|list)|black ?list|deny ?list|reputation|dmarc|\bspf\b|dkim|policy|rejected due to|"
            r"spamhaus|barracuda|not authenticated|unauthenticated|relay(ing)? (access )?denied|virus",
            re.IGNORECASE,
        ),
        Bounce.BLOCK,
    ),
    (re.compile(r"grey ?list|try again|temporar|timed? ?out|rate limit|too many", re.IGNORECASE), Bounce.SOFT),
)
_STATUS = re.compile(r"(?<![\d.])([245])\.(\d{1,3})\.(\d{1,3})(?![\d.])")
_REPLY = re.compile(r"(?<![\d.])([45]\d\d)(?![\d.])")


def codes(text: str) -> str:
    """Return the most exact code that a text names: an enhanced status, else a reply code, else nothing.

    >>> codes("smtp;550 5.1.1 RESOLVER.ADR.RecipNotFound; not found"), codes("554 go away"), codes("from 10.5.1.1")
    ('5.1.1', '554', '')
    """
    found = _STATUS.search(text) or _REPLY.search(text)
    return found[0] if found else ""


def bounce_of(code: str, text: str = "") -> Bounce:
    """Return which bounce it is by the code, and by the words where the code is a general one; soft when nothing tells.

    >>> [str(bounce_of(code)) for code in ("5.1.1", "5.2.2", "5.7.26", "4.2.2", "550", "421", "")]
    ['hard', 'soft', 'block', 'soft', 'hard', 'soft', 'soft']
    >>> str(bounce_of("550", "blocked using zen.spamhaus.org")), str(bounce_of("554", "No such user here"))
    ('block', 'hard')
    """
    found = code if _STATUS.fullmatch(code) else ""
    exact = found or codes(text)
    if _STATUS.fullmatch(exact) and not exact.endswith(".0.0"):
        return _by_beginning(exact)
    for pattern, bounce in BY_WORDS:
        if pattern.search(text[:2000]):
            return bounce
    return _by_beginning(exact) if _STATUS.fullmatch(exact) else BY_REPLY.get(code, BY_REPLY.get(code[:1], Bounce.SOFT))


def _by_beginning(status: str) -> Bounce:
    parts = status.split(".")
    beginnings = (".".join(parts[:n]) for n in (3, 2, 1))
    return next((BY_STATUS[one] for one in beginnings if one in BY_STATUS), Bounce.SOFT)
