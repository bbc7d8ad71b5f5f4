"""A campaign's document read strictly: every part is known and fits, or a sentence says which does not and why."""

import re
from collections.abc import Mapping, Sequence
from datetime import date, time, timedelta
from typing import Any

from regulars.campaigns.rules.plan import (
    CHANNELS,
    CRITERIA,
    WEEKDAYS,
    WHICH,
    Again,
    Arm,
    Audience,
    Often,
    Plan,
    Test,
    Timing,
)
from regulars.core.documents.parts import found, near

NAME = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
ARM = re.compile(r"[a-z0-9][a-z0-9_-]{0,31}")
LENGTH = re.compile(r"(\d{1,4}) (minute|hour|day|week)s?")
UNITS = {"minute": 1, "hour": 60, "day": 1440, "week": 10080}
PARTS = (
    "name", "title", "audience", "template", "subject", "channel", "topic", "send", "per_minute", "good_for", "arms", "test",
    "again",
)  # fmt: skip
LONGEST_NAME, LONGEST_TITLE, LONGEST_SUBJECT, MOST_ARMS, MOST_PER_MINUTE = 64, 120, 200, 8, 1_000_000
Document = Mapping[str, Any]


class BadCampaign(ValueError):
    """A campaign that cannot be kept or cannot go; the message is a sentence, place the part of the document it is about."""

    def __init__(self, said: str, place: str = "") -> None:
        super().__init__(f"{place}: {said}" if place else said)
        self.said, self.place = said, place


def read(document: Any) -> Plan:
    """Read a campaign's document; raise BadCampaign."""
    if not isinstance(document, Mapping):
        raise BadCampaign("a campaign has a name, an audience and a template, each on a line of its own")
    _known(document, PARTS, "")
    name = _text(document, "name", "")
    if not NAME.fullmatch(name) or len(name) > LONGEST_NAME:
        raise BadCampaign(f"a name is of small letters, digits and single hyphens, as spring-letter, not {name!r}", "name")  # fmt: skip
    title = _text(document, "title", "", name)
    if len(title) > LONGEST_TITLE:
        raise BadCampaign(f"a title has at most {LONGEST_TITLE} characters", "title")
    channel = _choice(document.get("channel", "email"), CHANNELS, "channel")
    arms, timing = _arms(document), _timing(document.get("send"))
    plan = Plan(
        name, title, _audience(document.get("audience")), channel, _text(document, "topic", "", ""), arms, timing,
        _whole(document.get("per_minute", 0), 0, MOST_PER_MINUTE, "per_minute"),
        length(document.get("good_for", "3 days"), "good_for"), _test(document.get("test"), arms),
        _again(document.get("again"), arms[0]),
    )  # fmt: skip
    if plan.test and timing.is_own_zone:
        raise BadCampaign("a test needs one moment for everybody: send in the shop's time, or divide without a test", "test")  # fmt: skip
    if channel != "email" and any(arm.subject for arm in arms):
        raise BadCampaign("only a mail has a subject of its own; leave it out", "subject")
    return plan


def length(told: Any, place: str = "") -> timedelta:
    """Read a length of time.

    >>> length("4 hours"), length("1 day")
    (datetime.timedelta(seconds=14400), datetime.timedelta(days=1))
    """
    parts = LENGTH.fullmatch(told) if isinstance(told, str) else None
    if parts is None or not int(parts[1]):
        raise BadCampaign(f"a length of time is written like 4 hours or 3 days, not {told!r}", place)
    return timedelta(minutes=int(parts[1]) * UNITS[parts[2]])


def _known(told: Document, parts: Sequence[str], place: str) -> None:
    for name in told:
        if name not in parts:
            raise BadCampaign(f"there is no part {name!r} here; {near(name, parts)}", f"{place}.{name}" if place else str(name))  # fmt: skip


def _mapping(told: Any, parts: Sequence[str], place: str) -> Document:
    if not isinstance(told, Mapping):
        raise BadCampaign(f"here stand {', '.join(parts)}, not {told!r}", place)
    _known(told, parts, place)
    return told


def _text(told: Document, name: str, place: str, default: str | None = None) -> str:
    value, here = told.get(name, default), f"{place}.{name}" if place else name
    if isinstance(value, int) and not isinstance(value, bool):
        value = str(value)
    if not isinstance(value, str) or not (value.strip() or default is not None):
        raise BadCampaign(f"{name} is needed, a text" if name not in told else f"{name} is a text", here)
    return value.strip()


def _choice(value: Any, choices: Sequence[str], place: str) -> str:
    if not isinstance(value, str) or value not in choices:
        raise BadCampaign(f"{value!r} does not fit; {near(value, choices)}", place)
    return value


def _whole(value: Any, least: int, most: int, place: str) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or not least <= value <= most:
        raise BadCampaign(f"write a whole number from {least} to {most:,}, not {value!r}", place)
    return value


def _percent(value: Any, place: str, least: float = 0) -> float:
    if not isinstance(value, int | float) or isinstance(value, bool) or not least < value <= 100:
        raise BadCampaign(f"a share is in percent, above {least:g} and at most 100, not {value!r}", place)
    return float(value)


def _audience(told: Any) -> Audience:
    told = _mapping(told if told is not None else {}, ("segment", "list"), "audience")
    if len(told) != 1:
        raise BadCampaign(f"say either segment or list, and its name; {found(told)}", "audience")
    kind = next(iter(told))
    return Audience(kind, _text(told, kind, "audience"))


def _arms(document: Document) -> tuple[Arm, ...]:
    """Return the arms; without any the one there is has no name and everybody."""
    told = document.get("arms")
    if told is None:
        return (Arm("", 100.0, _text(document, "template", ""), _subject(document, "")),)
    if not isinstance(told, Sequence) or isinstance(told, str) or not 2 <= len(told) <= MOST_ARMS:
        raise BadCampaign(f"arms are a list of 2 to {MOST_ARMS}", "arms")
    arms = tuple(_arm(one, document, f"arms[{n}]") for n, one in enumerate(told, 1))
    if len({arm.name for arm in arms}) < len(arms):
        raise BadCampaign("each arm has a name of its own", "arms")
    if abs(sum(arm.share for arm in arms) - 100) > 1e-6:
        raise BadCampaign(f"the shares make {sum(arm.share for arm in arms):g} and not 100", "arms")
    if len({(arm.template, arm.subject) for arm in arms}) < len(arms):
        raise BadCampaign("two arms say the same: give each a template or a subject of its own", "arms")
    return arms


def _arm(told: Any, document: Document, place: str) -> Arm:
    told = _mapping(told, ("name", "share", "template", "subject"), place)
    name = _text(told, "name", place)
    if not ARM.fullmatch(name):
        raise BadCampaign(f"an arm's name is of small letters, digits, - and _, not {name!r}", f"{place}.name")
    both = {"template": document.get("template"), "subject": document.get("subject", ""), **told}
    if both["template"] is None:
        raise BadCampaign("template is needed, here or for the whole campaign", place)
    return Arm(name, _percent(told.get("share"), f"{place}.share"), _text(both, "template", place), _subject(both, place))  # fmt: skip


def _subject(told: Document, place: str) -> str:
    words = _text(told, "subject", place, "")
    if len(words) > LONGEST_SUBJECT or "\n" in words:
        raise BadCampaign(f"a subject is one line of at most {LONGEST_SUBJECT} characters", f"{place}.subject" if place else "subject")  # fmt: skip
    return words


def _test(told: Any, arms: Sequence[Arm]) -> Test | None:
    if told is None:
        return None
    told = _mapping(told, ("share", "wait", "by", "otherwise", "explore"), "test")
    if len(arms) < 2:
        raise BadCampaign("a test is between arms, and there are none", "test")
    share = _percent(told.get("share"), "test.share")
    if share == 100:
        raise BadCampaign("a test of everybody leaves nobody for the winner; leave the test out or take less", "test.share")  # fmt: skip
    explore = _percent(told["explore"], "test.explore", -1) if "explore" in told else 0.0
    otherwise = _choice(told.get("otherwise", arms[0].name), [arm.name for arm in arms], "test.otherwise")
    by = _choice(told.get("by", "clicks"), CRITERIA, "test.by")
    return Test(share, length(told.get("wait", "4 hours"), "test.wait"), by, otherwise, max(explore, 0.0))


def _again(told: Any, first: Arm) -> Again | None:
    if told is None:
        return None
    told = _mapping(told, ("after", "template", "subject"), "again")
    both = {"template": first.template, "subject": first.subject, **told}
    return Again(length(told.get("after", "3 days"), "again.after"), _text(both, "template", "again"), _subject(both, "again"))  # fmt: skip


def _timing(told: Any) -> Timing:
    if told is None:
        return Timing()
    told = _mapping(told, ("on", "at", "in", "every", "day", "weekday", "which"), "send")
    is_own = _choice(told.get("in", "shop"), ("shop", "recipient"), "send.in") == "recipient"
    at = _clock(told.get("at"))
    if ("on" in told) == ("every" in told):
        raise BadCampaign("say either on, a day, or every, week or month", "send")
    if "on" in told:
        return Timing(Often.ONCE, at, on=_day(told["on"]), is_own_zone=is_own)
    if _choice(told["every"], ("week", "month"), "send.every") == "week":
        return Timing(Often.WEEKLY, at, weekday=_weekday(told), is_own_zone=is_own)
    if ("day" in told) == ("weekday" in told):
        raise BadCampaign("say either day, of the month, or weekday with which of them", "send")
    if "day" in told:
        return Timing(Often.MONTHLY, at, day=_whole(told["day"], 1, 31, "send.day"), is_own_zone=is_own)
    which = WHICH[_choice(told.get("which", "first"), list(WHICH), "send.which")]
    return Timing(Often.MONTHLY, at, weekday=_weekday(told), which=which, is_own_zone=is_own)


def _weekday(told: Document) -> int:
    return WEEKDAYS.index(_choice(told.get("weekday"), WEEKDAYS, "send.weekday"))


def _clock(told: Any) -> time:
    if isinstance(told, str) and re.fullmatch(r"([01]\d|2[0-3]):[0-5]\d", told):
        return time.fromisoformat(told)
    raise BadCampaign(f"a time of day is written like 10:00, not {told!r}", "send.at")


def _day(told: Any) -> date:
    try:
        return date.fromisoformat(str(told))
    except ValueError:
        raise BadCampaign(f"a day is written like 2026-12-03, not {told!r}", "send.on") from None
