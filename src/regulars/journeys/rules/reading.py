"""Reading a journey's document: every mistake is a sentence that names the place and says what can stand there."""

import itertools
import re
from collections.abc import Iterable, Mapping
from datetime import time, timedelta
from typing import Any

from regulars.core.documents.parts import found as found_in, near
from regulars.journeys.rules.steps import (
    Action,
    Arm,
    Branch,
    Exit,
    GoTo,
    Journey,
    Label,
    OnFact,
    OnSegment,
    Send,
    Split,
    Step,
    WaitFor,
    WaitForFact,
    WaitUntil,
    Way,
)
from regulars.segments import api as segments

PARTS = (
    "name", "title", "subject", "trigger", "audience", "again", "exit_on", "goal", "priority", "holdout", "group", "topic", "steps",
)  # fmt: skip
STEPS = ("send", "wait", "branch", "split", "label", "goto", "exit")
CHANNELS = ("email", "sms", "push", "whatsapp", "webhook")
WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
UNITS = {"minute": 1, "hour": 60, "day": 1_440, "week": 10_080}
NAME = re.compile(r"[a-z0-9]+([-_][a-z0-9]+)*")
TEMPLATE = re.compile(r"[a-z][a-z0-9_]{0,63}")
MOST_STEPS, DEEPEST, LONGEST_WAIT, WHOLE = 200, 8, timedelta(days=1_100), 10_000
LENGTH = re.compile(r"(\d{1,6}) (minute|hour|day|week)s?", re.ASCII)
TIME = re.compile(r"([01]\d|2[0-3]):([0-5]\d)", re.ASCII)


class BadJourney(ValueError):
    """A document that is no journey; the message names the place, as `steps[2].wait`, what can stand there, and the line of a text."""

    def __init__(self, place: str, said: str, line: int = 0) -> None:
        self.place, self.said, self.line = place, said, line
        told = f"{place}: {said}" if place else said
        super().__init__(f"line {line}: {told}" if line else told)


def read(document: Any) -> Journey:
    """Return the journey that a document (mappings and lists, as YAML gives them) describes, or raise BadJourney."""
    told = _mapping(document, "")
    _only(told, PARTS, "")
    for part in ("name", "trigger", "steps"):
        if part not in told:
            raise BadJourney("", f"a journey says its {part}")
    name = _name(told["name"], "name")
    subject = told.get("subject", "customer")
    if subject not in ("customer", "order"):
        raise BadJourney("subject", f"a journey is about a customer or an order, not about {subject!r}")
    trigger = _trigger(told["trigger"], "trigger")
    if subject == "order" and not (
        isinstance(trigger, OnFact) and trigger.source in ("order", "refund", "cancellation")
    ):
        raise BadJourney("trigger", "a journey about an order starts by order, refund or cancellation")
    reader = _Steps()
    steps = reader.steps(told["steps"], "steps", 0)
    reader.check_labels()
    priority = told.get("priority", 50)
    if isinstance(priority, bool) or not isinstance(priority, int) or not 0 <= priority <= 100:
        raise BadJourney("priority", "a whole number from 0 to 100 must stand here; the higher goes first")
    return Journey(
        name=name,
        title=str(told.get("title") or name)[:120],
        subject=subject,
        trigger=trigger,
        audience=None if told.get("audience") is None else _rule(told["audience"], "audience"),
        again_after=_again(told.get("again", "never")),
        exit_on=tuple(
            _fact(one, f"exit_on[{n}]") for n, one in enumerate(_listed(told.get("exit_on", []), "exit_on"), 1)
        ),
        goal=None if told.get("goal") is None else _fact(told["goal"], "goal"),
        priority=priority,
        holdout=0 if told.get("holdout", 0) == 0 else _share(told["holdout"], "holdout"),
        group="" if told.get("group") is None else _name(told["group"], "group"),
        topic="" if told.get("topic") is None else _name(told["topic"], "topic"),
        steps=steps,
    )


class _Steps:
    """Reads the steps of one document, counts them, and gathers labels."""

    def __init__(self) -> None:
        self.n_steps = 0
        self.labels: dict[str, str] = {}
        self.jumps: list[tuple[str, str]] = []
        self.splits: set[str] = set()

    def steps(self, told: Any, place: str, depth: int) -> tuple[Step, ...]:
        if depth > DEEPEST:
            raise BadJourney(place, f"steps lie at most {DEEPEST} deep in one another")
        listed = _listed(told, place)
        found = tuple(self._step(one, f"{place}[{n}]", depth) for n, one in enumerate(listed, 1))
        for before, after in itertools.pairwise(found):
            if isinstance(before.action, Exit | GoTo) and not isinstance(after.action, Label):
                raise BadJourney(
                    after.place, "nobody comes here: the step before leads away; give it a label or drop it"
                )
        return found

    def check_labels(self) -> None:
        for place, label in self.jumps:
            if label not in self.labels:
                raise BadJourney(place, f"there is no label {label!r}; {near(label, self.labels)}")

    def _step(self, told: Any, place: str, depth: int) -> Step:
        self.n_steps += 1
        if self.n_steps > MOST_STEPS:
            raise BadJourney(place, f"a journey has at most {MOST_STEPS} steps; let another journey go on")
        if told == "exit":
            return Step(place, Exit("the journey's end"))
        told = _mapping(told, place)
        which = [name for name in STEPS if name in told]
        if len(which) != 1:
            raise BadJourney(place, f"a step says exactly one of {', '.join(STEPS)}; {found_in(told)}")
        return Step(place, self._action(which[0], told, place, depth))

    def _action(self, name: str, told: Mapping[str, Any], place: str, depth: int) -> Action:
        at = f"{place}.{name}"
        if name == "wait":
            return self._wait(told, place, depth)
        _only(told, (name,) if name != "split" else ("split", "arms"), place)
        if name == "send":
            return _send(told["send"], at)
        if name == "branch":
            return self._branch(told["branch"], at, depth)
        if name == "split":
            return self._split(told, place, depth)
        if name == "label":
            label = _name(told["label"], at)
            if label in self.labels:
                raise BadJourney(at, f"the label {label!r} stands at {self.labels[label]} already")
            self.labels[label] = at
            return Label(label)
        if name == "goto":
            self.jumps.append((at, _name(told["goto"], at)))
            return GoTo(told["goto"])
        return Exit(str(told["exit"] or "the journey's end")[:120])

    def _wait(self, told: Mapping[str, Any], place: str, depth: int) -> Action:
        at = f"{place}.wait"
        how = _mapping(told["wait"], at)
        if "for" in how:
            _only(how, ("for",), at)
            _only(told, ("wait",), place)
            return WaitFor(_length(how["for"], f"{at}.for"))
        if "until" in how:
            _only(how, ("until", "on"), at)
            _only(told, ("wait",), place)
            return WaitUntil(_time(how["until"], f"{at}.until"), _weekdays(how.get("on"), f"{at}.on"))
        if "until_fact" in how:
            _only(how, ("until_fact", "at_most"), at)
            _only(told, ("wait", "came", "timed_out"), place)
            ways = [self.steps(told.get(way, []), f"{place}.{way}", depth + 1) for way in ("came", "timed_out")]
            fact = _fact(how["until_fact"], f"{at}.until_fact")
            return WaitForFact(fact, _length(how.get("at_most"), f"{at}.at_most"), *ways)
        raise BadJourney(at, "say for: 3 days, until: 10:00 or until_fact: order")

    def _branch(self, told: Any, place: str, depth: int) -> Branch:
        ways = []
        listed = _listed(told, place)
        for n, one in enumerate(listed, 1):
            at = f"{place}[{n}]"
            way = _mapping(one, at)
            is_last = "otherwise" in way
            _only(way, ("otherwise",) if is_last else ("when", "steps"), at)
            if is_last and n < len(listed):
                raise BadJourney(at, "otherwise comes last: nobody would come to what stands behind it")
            if not is_last and "when" not in way:
                raise BadJourney(at, "a way says when: and its rule, the last one may say otherwise:")
            rule = None if is_last else _rule(way["when"], f"{at}.when")
            inner = ("otherwise", way["otherwise"]) if is_last else ("steps", way.get("steps", []))
            ways.append(Way(rule, self.steps(inner[1], f"{at}.{inner[0]}", depth + 1)))
        if not ways:
            raise BadJourney(place, "a branch has at least one way")
        return Branch(tuple(ways))

    def _split(self, told: Mapping[str, Any], place: str, depth: int) -> Split:
        name = _name(told["split"], f"{place}.split")
        if name in self.splits:
            raise BadJourney(f"{place}.split", f"there is a split {name!r} already; people would fall alike in both")
        self.splits.add(name)
        arms, at = [], f"{place}.arms"
        for n, one in enumerate(_listed(told.get("arms"), at), 1):
            arm = _mapping(one, f"{at}[{n}]")
            _only(arm, ("name", "share", "steps"), f"{at}[{n}]")
            share = _share(arm.get("share"), f"{at}[{n}].share")
            steps = self.steps(arm.get("steps", []), f"{at}[{n}].steps", depth + 1)
            arms.append(Arm(_name(arm.get("name"), f"{at}[{n}].name"), share, steps))
        if len(arms) < 2 or len({arm.name for arm in arms}) < len(arms):
            raise BadJourney(at, "a split has two arms or more, each with a name of its own")
        if sum(arm.share for arm in arms) != WHOLE:
            raise BadJourney(at, f"the shares of the arms make {sum(arm.share for arm in arms) / 100:g} and not 100")
        return Split(name, tuple(arms))


def _trigger(told: Any, place: str) -> OnFact | OnSegment:
    if isinstance(told, Mapping) and "segment" in told:
        _only(told, ("segment", "on"), place)
        on = told.get("on", "entered")
        if on not in ("entered", "left"):
            raise BadJourney(f"{place}.on", f"somebody entered or left a segment; {on!r} is neither")
        return OnSegment(_name(told["segment"], f"{place}.segment"), on)
    return _fact(told, place)


def _fact(told: Any, place: str) -> OnFact:
    """Read a kind of fact: its name alone, or {fact: NAME, where: […]}."""
    if isinstance(told, str):
        told = {"fact": told}
    how = _mapping(told, place)
    _only(how, ("fact", "where"), place)
    try:
        found = segments.read_happening({"did": how.get("fact"), "where": how.get("where", [])})
    except segments.BadRule as problem:
        inner = problem.place.replace("did", "fact", 1)
        raise BadJourney(f"{place}.{inner}" if inner else place, problem.said) from None
    return OnFact(found.source, found.where)


def _rule(told: Any, place: str) -> Mapping[str, Any]:
    try:
        segments.read(told)
    except segments.BadRule as problem:
        raise BadJourney(f"{place}.{problem.place}" if problem.place else place, problem.said) from None
    rule: Mapping[str, Any] = told
    return rule


def _send(told: Any, place: str) -> Send:
    how = _mapping({"template": told} if isinstance(told, str) else told, place)
    _only(how, ("template", "channel", "or"), place)
    template = how.get("template")
    if not isinstance(template, str) or not TEMPLATE.fullmatch(template):
        raise BadJourney(f"{place}.template", "the name of a template must stand here, as thank_you")
    channels = [how.get("channel", "email"), *_listed(how.get("or", []), f"{place}.or")]
    for channel in channels:
        if channel not in CHANNELS:
            raise BadJourney(f"{place}.channel", f"{channel!r} is no channel; there are {', '.join(CHANNELS)}")
    return Send(template, tuple(dict.fromkeys(channels)))


def _again(told: Any) -> timedelta | None:
    """Return after how long the same subject may enter once more, None for never.

    >>> _again("never"), _again("always"), _again({"after": "90 days"})
    (None, datetime.timedelta(0), datetime.timedelta(days=90))
    """
    if told == "never":
        return None
    if told == "always":
        return timedelta()
    if isinstance(told, Mapping) and set(told) == {"after"}:
        return _length(told["after"], "again.after")
    raise BadJourney("again", "say never, always or {after: 90 days}")


def _length(told: Any, place: str) -> timedelta:
    found = LENGTH.fullmatch(told.strip()) if isinstance(told, str) else None
    length = timedelta(minutes=int(found[1]) * UNITS[found[2]]) if found else timedelta()
    if not timedelta() < length <= LONGEST_WAIT:
        raise BadJourney(place, "a length of time must stand here, as 90 minutes, 2 hours, 3 days or 1 week")
    return length


def _time(told: Any, place: str) -> time:
    found = TIME.fullmatch(told) if isinstance(told, str) else None
    if found is None:
        raise BadJourney(place, "a time of day must stand here, as 10:00 or 18:30")
    return time(int(found[1]), int(found[2]))


def _weekdays(told: Any, place: str) -> frozenset[int]:
    if told is None:
        return frozenset(range(7))
    listed = [told] if isinstance(told, str) else _listed(told, place)
    for one in listed:
        if one not in WEEKDAYS:
            raise BadJourney(place, f"{one!r} is no weekday; there are {', '.join(WEEKDAYS)}")
    if not listed:
        raise BadJourney(place, "at least one weekday must stand here")
    return frozenset(WEEKDAYS.index(one) for one in listed)


def _share(told: Any, place: str) -> int:
    if (
        isinstance(told, bool)
        or not isinstance(told, int | float)
        or not 0 < told < 100
        or round(told * 100) != told * 100
    ):
        raise BadJourney(place, "a share of the people in per cent must stand here, as 50 or 12.5")
    return round(told * 100)


def _name(told: Any, place: str) -> str:
    if not isinstance(told, str) or not NAME.fullmatch(told) or len(told) > 64:
        raise BadJourney(place, "a name of small letters, digits and hyphens must stand here, as second-order")
    return told


def _listed(told: Any, place: str) -> list[Any]:
    if not isinstance(told, list):
        raise BadJourney(place, "a list must stand here, each part behind a hyphen")
    return told


def _mapping(told: Any, place: str) -> Mapping[str, Any]:
    if not isinstance(told, Mapping) or not all(isinstance(name, str) for name in told):
        raise BadJourney(place, "names and values must stand here, as wait: {for: 3 days}")
    return told


def _only(told: Mapping[str, Any], names: Iterable[str], place: str) -> None:
    allowed = tuple(names)
    for name in told:
        if name not in allowed:
            raise BadJourney(
                f"{place}.{name}" if place else name, f"nothing of this name belongs here; {near(name, allowed)}"
            )
