"""The open part of a journey as its template draws it: each field with what it holds and what can be chosen."""

from collections.abc import Callable, Mapping
from typing import Any

from django.utils.translation import gettext as _

from regulars.consent import api as consent
from regulars.core.documents import yaml
from regulars.journeys import api as journeys
from regulars.messaging import api as messaging
from regulars.segments import api as segments
from regulars.web.act import naming
from regulars.web.decide.journeys import forms, parts, words
from regulars.web.decide.journeys.parts import Document
from regulars.web.know.segments import words as of_rules
from regulars.web.know.segments.drawn import drawn as drawn_rows
from regulars.web.know.segments.tree import Bag

Choices = list[tuple[str, str]]


def opened(document: Document, place: str, tree: Bag | None, fault: tuple[str, str] = ("", "")) -> dict[str, Any]:
    """Return what the open part's template needs, nothing where nothing is open; fault is a row's number and a sentence."""
    form = forms.kind(document, place)
    if not form:
        return {}
    draw = _DRAWN.get(form)
    told: dict[str, Any] = {"place": place, "form": form, **(draw(document, place) if draw else {})}
    at = forms.rule_place(document, place)
    if at and (form != "trigger" or told["how"] == "fact"):
        told["rule_at"] = at
        if tree is None:
            told["rule_text"] = yaml.write(parts.at(document, at)).removesuffix("...\n")
        else:
            told["rule"] = drawn_rows(tree, {fault[0]: fault[1]} if fault[0] else {})
            told["sources"] = [
                one for _group, listed in of_rules.asked() for one in listed if one[0].startswith("did:")
            ]
    return told


def _settings(document: Document, _place: str) -> dict[str, Any]:
    again = document.get("again", "never")
    topics = [("", _("whatever its templates are about")), *((one.key, one.name) for one in consent.topics())]
    return {
        **{name: document.get(name, "") for name in ("title", "name", "group")},
        "name_follows": document.get("name") == forms.named(str(document.get("title", ""))),
        "subject": document.get("subject", "customer"),
        "priority": document.get("priority", 50), "holdout": document.get("holdout", 0),
        "again": "after" if isinstance(again, Mapping) else str(again),
        "again_length": forms.parted(again.get("after") if isinstance(again, Mapping) else "90 days"),
        "topic": document.get("topic", ""), "topics": _with(topics, document.get("topic", "")), "units": forms.units(),
    }  # fmt: skip


def _trigger(document: Document, _place: str) -> dict[str, Any]:
    told = document.get("trigger")
    how: Mapping[str, Any] = told if isinstance(told, Mapping) and "segment" in told else {}
    listed = [("", _("choose one")), *((one.name, one.title) for one in segments.listed())]
    name = str(how.get("segment") or "")
    return {"how": str(how.get("on", "entered")) if how else "fact", "segment": name, "segments": _with(listed, name)}


def _send(document: Document, place: str) -> dict[str, Any]:
    told = parts.at(document, place)["send"]
    how = told if isinstance(told, Mapping) else {"template": told or ""}
    name, channel = str(how.get("template") or ""), str(how.get("channel", "email"))
    others = [str(one) for one in how["or"]] if isinstance(how.get("or"), list) else []
    channels = [(one, naming.channel(one)) for one in journeys.CHANNELS]
    rest = [one for one in channels if one[0] != channel]
    return {
        "template": name, "templates": _with([("", _("choose one")), *templates()], name), "channel": channel,
        "channels": _with(channels, channel),
        "others": [(n, one, [("", _("nothing else")), *rest]) for n, one in enumerate([*others, ""][:4], 1)],
    }  # fmt: skip


def templates() -> Choices:
    """Return every template with the channel that it is written for: the shop's own, and those that come along."""
    found = {name: one.document.channel for name, one in messaging.starters().items()}
    found |= {one.name: one.channel for one in messaging.listing()}
    return [(name, f"{name} ({naming.channel(found[name])})") for name in sorted(found)]


def _wait(document: Document, place: str) -> dict[str, Any]:
    told = parts.at(document, place)["wait"]
    how = told if isinstance(told, Mapping) else {}
    days = [how["on"]] if isinstance(how.get("on"), str) else how.get("on")
    return {
        "hows": [("wait-for", _("for a length of time")), ("wait-until", _("until a time of day")), ("wait-fact", _("until something happens"))],
        "length": forms.parted(how.get("for")), "most": forms.parted(how.get("at_most")), "units": forms.units(),
        "until": how.get("until", ""),
        "days": [(day, _(day), not isinstance(days, list) or day in days) for day in words.WEEKDAYS],
    }  # fmt: skip


def _split(document: Document, place: str) -> dict[str, Any]:
    told = parts.at(document, place)
    arms = told["arms"] if isinstance(told.get("arms"), list) else []
    listed = [(n, f"{place}.arms[{n}]", arm.get("name", ""), arm.get("share", "")) for n, arm in enumerate(arms, 1) if isinstance(arm, Mapping)]  # fmt: skip
    return {"name": told["split"], "arms": listed}


def _branch(document: Document, place: str) -> dict[str, Any]:
    ways = parts.at(document, place)["branch"]
    return {"has_rest": isinstance(ways, list) and any(isinstance(one, Mapping) and "otherwise" in one for one in ways)}


def _label(document: Document, place: str) -> dict[str, Any]:
    return {"name": parts.at(document, place)["label"]}


def _goto(document: Document, place: str) -> dict[str, Any]:
    name = str(parts.at(document, place)["goto"] or "")
    listed = [(one, one) for one in parts.labels(document)]
    return {"name": name, "labels": _with(listed if name in dict(listed) else [("", _("choose one")), *listed], name)}


def _exit(document: Document, place: str) -> dict[str, Any]:
    told = parts.at(document, place)
    return {"name": "" if told == "exit" else told["exit"] or ""}


def _with(listed: Choices, value: Any) -> Choices:
    """Return choices with the value that stands among them, even if it is no longer offered."""
    return listed if not value or value in dict(listed) else [*listed, (value, _("%(name)s (not there)") % {"name": value})]  # fmt: skip


_DRAWN: Mapping[str, Callable[[Document, str], dict[str, Any]]] = {
    "settings": _settings, "trigger": _trigger, "send": _send, "wait-for": _wait, "wait-until": _wait, "wait-fact": _wait,
    "split": _split, "branch": _branch, "label": _label, "goto": _goto, "exit": _exit,
}  # fmt: skip
