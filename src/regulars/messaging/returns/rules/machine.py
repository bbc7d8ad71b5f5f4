"""Machine or human: who fetched a pixel or followed a link, by a table of what machines show, with the reason.

An open proves nothing in either direction: mail programs fetch pictures ahead of their readers (Apple since 2021) or through a
proxy that hides them (Google, Yahoo). So an open is a machine's or unverified, never a human's, and decides nothing.
"""

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

# A scanner follows links as the message arrives, and many of them at once. Judge a click when this time has passed, so that
# the first click of a burst is known as one.
SETTLES = timedelta(seconds=2)

# Part of a user agent, in lower case, and what it tells. The first that is found counts.
PROXIES = (
    ("googleimageproxy", "Google's image proxy"),
    ("ggpht.com", "Google's image proxy"),
    ("yahoomailproxy", "Yahoo's image proxy"),
    ("yahoo! slurp", "Yahoo's crawler"),
    ("duckduckgo-email", "DuckDuckGo's image proxy"),
    ("protonmail", "Proton's image proxy"),
    ("fastmail", "Fastmail's image proxy"),
)
SCANNERS = (
    ("barracuda", "Barracuda's link scanner"),
    ("mimecast", "Mimecast's link scanner"),
    ("proofpoint", "Proofpoint's link scanner"),
    ("urldefense", "Proofpoint's link scanner"),
    ("safelinks", "Microsoft's link scanner"),
    ("microsoft url control", "Microsoft's link scanner"),
    ("bingpreview", "Microsoft's preview"),
    ("skypeuripreview", "Microsoft's preview"),
    ("outlooklinkpreview", "Outlook's preview"),
    ("microsoft exchange", "Microsoft Exchange"),
    ("ironport", "Cisco's link scanner"),
    ("ciscosecureemail", "Cisco's link scanner"),
    ("symantec", "Symantec's link scanner"),
    ("messagelabs", "Symantec's link scanner"),
    ("trendmicro", "Trend Micro's link scanner"),
    ("tmes", "Trend Micro's link scanner"),
    ("fireeye", "Trellix's link scanner"),
    ("trellix", "Trellix's link scanner"),
    ("fortinet", "Fortinet's link scanner"),
    ("fortimail", "Fortinet's link scanner"),
    ("sophos", "Sophos's link scanner"),
    ("zscaler", "Zscaler's link scanner"),
    ("cloudmark", "Cloudmark's link scanner"),
    ("avanan", "Check Point's link scanner"),
    ("vadesecure", "Vade's link scanner"),
    ("facebookexternalhit", "Facebook's preview"),
    ("whatsapp/", "WhatsApp's preview"),
    ("slackbot", "Slack's preview"),
    ("headlesschrome", "a browser without a screen"),
    ("phantomjs", "a browser without a screen"),
    ("python-", "a program"),
    ("curl/", "a program"),
    ("wget/", "a program"),
    ("go-http-client", "a program"),
    ("okhttp", "a program"),
    ("apache-httpclient", "a program"),
    ("java/", "a program"),
    ("libwww-perl", "a program"),
    ("axios/", "a program"),
    ("node-fetch", "a program"),
    ("aiohttp", "a program"),
    ("ahc/", "a program"),
    ("crawler", "a crawler"),
    ("spider", "a crawler"),
    ("bot/", "a crawler"),
    ("bot;", "a crawler"),
    ("scanner", "a scanner"),
)
# What Apple's Mail Privacy Protection sends, whole: no system, no program.
APPLE = "mozilla/5.0"
PREFETCH_HEADERS = ("purpose", "sec-purpose", "x-purpose", "x-moz")
PREFETCH_WORDS = ("prefetch", "preview", "prerender")


class Visitor(StrEnum):
    """Who did it, as far as one can tell."""

    HUMAN = "human"
    MACHINE = "machine"
    UNSURE = "unsure"


@dataclass(frozen=True)
class Verdict:
    """Who did it and why that is thought; only a human counts as one."""

    visitor: Visitor
    reason: str

    @property
    def is_machine(self) -> bool:
        """Say whether it counts as a machine's: everything does that is not known to be a human's."""
        return self.visitor is not Visitor.HUMAN


@dataclass(frozen=True, kw_only=True)
class Touch:
    """One fetch of a pixel (no link) or of a link. told is what the provider said of a machine, "" for nothing;
    is_data_centre is known only where somebody looked the address up; headers have lower-case names."""

    message_key: str
    at: datetime
    link: str = ""
    user_agent: str = ""
    method: str = "GET"
    headers: Mapping[str, str] = field(default_factory=dict)
    delivered_at: datetime | None = None
    told: str = ""
    is_data_centre: bool | None = None


def judge(touch: Touch, n_links: int = 1) -> Verdict:
    """Return who did it; n_links counts the different links of the message that were followed within two seconds of it.

    >>> from datetime import UTC
    >>> at = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
    >>> firefox = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
    >>> def told(**more): return judge(Touch(message_key="0" * 32, at=at, **more))
    >>> told(link="7", user_agent=firefox, delivered_at=at - timedelta(hours=1))
    Verdict(visitor=<Visitor.HUMAN: 'human'>, reason='a browser, some time after delivery')
    >>> told(link="7", user_agent=firefox, delivered_at=at - timedelta(seconds=1)).reason
    'less than 2 seconds after delivery'
    >>> str(told(user_agent="Mozilla/5.0").visitor), str(told(user_agent=firefox).visitor)
    ('machine', 'unsure')
    """
    sign = _sign_of_a_machine(touch, n_links)
    if sign:
        return Verdict(Visitor.MACHINE, sign)
    if not touch.link:
        return Verdict(Visitor.UNSURE, "an open proves nothing")
    if not touch.user_agent.strip():
        return Verdict(Visitor.UNSURE, "no user agent")
    if touch.delivered_at is None:
        return Verdict(Visitor.UNSURE, "nobody knows when it was delivered")
    if not touch.user_agent.lower().startswith(("mozilla/5.0 (", "opera/")):
        return Verdict(Visitor.UNSURE, "no browser that is known")
    return Verdict(Visitor.HUMAN, "a browser, some time after delivery")


def judge_all(touches: Sequence[Touch]) -> list[Verdict]:
    """Return who did each, bursts seen: several links of one message within two seconds are a machine's, the first too."""
    clicks: dict[str, list[Touch]] = defaultdict(list)
    for touch in sorted(touches, key=lambda one: one.at):
        if touch.link:
            clicks[touch.message_key].append(touch)
    return [judge(touch, _links_around(touch, clicks[touch.message_key])) for touch in touches]


def _links_around(touch: Touch, clicks: Sequence[Touch]) -> int:
    """Count the different links around a touch; clicks are in order of time. Past a hundred nobody needs to know more."""
    first = bisect_left(clicks, touch.at - SETTLES, key=lambda one: one.at)
    last = bisect_right(clicks, touch.at + SETTLES, key=lambda one: one.at)
    return len({one.link for one in clicks[first : min(last, first + 100)]}) if touch.link else 1


def _sign_of_a_machine(touch: Touch, n_links: int) -> str:
    agent = touch.user_agent.strip().lower()
    if touch.told:
        return touch.told
    if touch.method.upper() != "GET":
        return f"asked by {touch.method.upper()[:10]}"
    if any(word in touch.headers.get(name, "").lower() for name in PREFETCH_HEADERS for word in PREFETCH_WORDS):
        return "fetched ahead"
    if agent == APPLE:
        return "Apple's mail privacy"
    for part, reason in (*PROXIES, *SCANNERS):
        if part in agent:
            return reason
    if touch.delivered_at is not None and touch.at - touch.delivered_at < SETTLES:
        return "less than 2 seconds after delivery"
    if n_links > 1:
        return f"{n_links} links within 2 seconds"
    if touch.is_data_centre:
        return "from a data centre"
    return ""
