"""What is said about the parts of a journey's document, also of one that is only half written."""

from collections.abc import Callable, Mapping
from typing import Any

from django.utils.translation import gettext as _, gettext_noop

from regulars.core.documents import yaml
from regulars.segments import api as segments
from regulars.web.act import naming

Titles = Mapping[str, str]
WEEKDAYS = (
    gettext_noop("monday"), gettext_noop("tuesday"), gettext_noop("wednesday"), gettext_noop("thursday"), gettext_noop("friday"),
    gettext_noop("saturday"), gettext_noop("sunday"),
)  # fmt: skip
KINDS = ("send", "wait", "branch", "split", "label", "goto", "exit")
ICONS = {
    "send": "send", "wait-for": "clock", "wait-until": "clock", "wait-fact": "ear", "branch": "route", "split": "columns",
    "label": "tag", "goto": "repeat", "exit": "logout",
}  # fmt: skip
LONGEST = 300  # characters of what cannot be told in words


def kind_of(step: Any) -> str:
    """Return what a step is: one of ICONS, blank where it is none.

    >>> kind_of("exit"), kind_of({"wait": {"until_fact": "order"}}), kind_of({"hop": 1})
    ('exit', 'wait-fact', '')
    """
    if step == "exit":
        return "exit"
    found = next((kind for kind in KINDS if isinstance(step, Mapping) and kind in step), "")
    if found != "wait":
        return found
    how = step["wait"] if isinstance(step["wait"], Mapping) else {}
    return "wait-fact" if "until_fact" in how else "wait-until" if "until" in how else "wait-for"


def step(told: Any) -> str:
    """Say what a step does; what is no step yet stands as it is written.

    >>> step({"send": {"template": "thank_you", "channel": "sms", "or": ["email"]}})
    'Send thank_you: Text message, else E-mail'
    >>> step({"wait": {"until": "10:00", "on": ["monday", "friday"]}})
    'Wait until 10:00 on monday, friday'
    >>> step({"wait": 3})
    'wait: 3'
    """
    say = _STEPS.get(kind_of(told))
    try:
        return say(told) if say else as_written(told)
    except (LookupError, TypeError, ValueError, AttributeError):
        return as_written(told)


def as_written(told: Any) -> str:
    """Return a part of a document as YAML on one line."""
    text = told if isinstance(told, str) else "; ".join(yaml.write(told).split("\n")).strip("; .")
    return " ".join(text.split())[:LONGEST]


def fact(told: Any) -> str:
    """Say what happens: a fact's name, or {fact: NAME, where: […]}.

    >>> fact({"fact": "order", "where": [{"field": "total", "at_least": 20}]})
    'placed an order, where total is at least 20'
    """
    how = {"fact": told} if isinstance(told, str) else told
    try:
        found = segments.read_happening({"did": how.get("fact"), "where": how.get("where", [])})
    except (segments.BadRule, AttributeError):
        return as_written(told)
    return segments.in_words(found)


def trigger(told: Any, titles: Titles) -> str:
    """Say what leads people in."""
    if isinstance(told, Mapping) and "segment" in told:
        name = {"title": titles.get(str(told["segment"]), told["segment"])}
        return (_("left “%(title)s”") if told.get("on") == "left" else _("came to belong to “%(title)s”")) % name
    return fact(told)


def rule(told: Any, titles: Titles) -> str:
    """Say whom a rule holds for."""
    try:
        return segments.in_words(segments.read(told), titles)
    except (segments.BadRule, RecursionError):
        return as_written(told)


def again(told: Any) -> str:
    """Say whether the same subject may enter once more."""
    if isinstance(told, Mapping):
        return _("once more, %(length)s after they entered") % {"length": told.get("after", "")}
    return {"always": _("as often as it happens"), "never": _("once and never again")}.get(str(told), str(told))


def state(name: str) -> str:
    """Say how a journey stands."""
    said = {
        "draft": _("never switched on"), "active": _("on"), "paused": _("paused"), "draining": _("nobody enters any more"), "off": _("off"),
    }  # fmt: skip
    return said[name]


def kinds() -> list[tuple[str, str, str]]:
    """Return the kinds of steps that can be added: kind, icon, label."""
    labels = {
        "send": _("Send a message"), "wait-for": _("Wait a while"), "wait-until": _("Wait for a time of day"), "wait-fact": _("Wait for a fact"),
        "branch": _("Branch by a rule"), "split": _("Split by chance"), "label": _("Label"), "goto": _("Go to a label"), "exit": _("Leave"),
    }  # fmt: skip
    return [(kind, ICONS[kind], label) for kind, label in labels.items()]


def _send(told: Any) -> str:
    how = told["send"] if isinstance(told["send"], Mapping) else {"template": told["send"]}
    channels = [how.get("channel", "email"), *how.get("or", [])]
    ways = _(", else ").join(naming.channel(one) for one in channels)
    return _("Send %(template)s: %(ways)s") % {"template": how["template"], "ways": ways}


def _wait_until(told: Any) -> str:
    how = told["wait"]
    days = [how["on"]] if isinstance(how.get("on"), str) else how.get("on", [])
    if not days:
        return _("Wait until it is %(time)s") % {"time": how["until"]}
    return _("Wait until %(time)s on %(days)s") % {"time": how["until"], "days": ", ".join(_(day) for day in days)}


def _wait_fact(told: Any) -> str:
    how = told["wait"]
    words = {"fact": fact(how["until_fact"]), "length": how.get("at_most", "?")}
    return _("Wait for this to happen: %(fact)s; %(length)s at most") % words


_STEPS: Mapping[str, Callable[[Any], str]] = {
    "send": _send,
    "wait-for": lambda told: _("Wait %(length)s") % {"length": told["wait"]["for"]},
    "wait-until": _wait_until,
    "wait-fact": _wait_fact,
    "branch": lambda told: _("The first way that fits"),
    "split": lambda told: _("By chance, and for good: %(name)s") % {"name": told["split"]},
    "label": lambda told: _("Here is “%(name)s”") % {"name": told["label"]},
    "goto": lambda told: _("Go on at “%(name)s”") % {"name": told["goto"]},
    "exit": lambda told: _("Leave the journey") if told in ("exit", {"exit": None}) else _("Leave the journey: %(reason)s") % {"reason": told["exit"]},
}  # fmt: skip
