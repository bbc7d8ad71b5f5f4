"""The part of a journey that is open in the editor: its fields from the document, and the document from its fields."""

import re
from collections.abc import Callable, Mapping
from typing import Any

from django.utils.text import slugify
from django.utils.translation import gettext as _

from regulars.core.documents import yaml
from regulars.journeys import api as journeys
from regulars.web.decide.journeys import parts, words
from regulars.web.decide.journeys.parts import Document
from regulars.web.know.segments import documents, tree as trees
from regulars.web.know.segments.tree import Bag

Fields = Mapping[str, str]
LENGTH = re.compile(r"(\d+) (minute|hour|day|week)s?", re.ASCII)
NUMBER = re.compile(r"\d{1,6}([.,]\d{1,2})?", re.ASCII)
NO_STEPS = ("trigger", "audience", "goal")


def kind(document: Document, place: str) -> str:
    """Return what form a place has: settings, trigger, rule, fact, one of a step's kinds; blank for none."""
    if place == "settings":
        return place
    told = parts.at(document, place) if place else None
    if told is None:
        return ""
    if place in NO_STEPS or re.fullmatch(r"exit_on\[\d+\]", place):
        return {"trigger": "trigger", "audience": "rule"}.get(place, "fact")
    if place.endswith("]") and ".branch[" in place and place.rpartition(".")[2].startswith("branch["):
        return "rule" if isinstance(told, Mapping) and "when" in told else ""
    return words.kind_of(told) if place.startswith("steps[") and place.endswith("]") else ""


def rule_place(document: Document, place: str) -> str:
    """Return where the rule or the fact of an open part stands, whose rows the form shows; blank where there is none."""
    form = kind(document, place)
    if form == "rule":
        return place if place == "audience" else f"{place}.when"
    return {"fact": place, "trigger": place, "wait-fact": f"{place}.wait.until_fact"}.get(form, "")


def as_rule(told: Any) -> Any:
    """Return a fact as the rule whose rows can show it; a rule stays as it is.

    >>> as_rule("order"), as_rule({"fact": "order", "where": []})
    ({'did': 'order'}, {'did': 'order', 'where': []})
    """
    if isinstance(told, str):
        return {"did": told}
    if isinstance(told, Mapping) and "fact" in told:
        return {("did" if name == "fact" else name): value for name, value in told.items()}
    return told


def rows(document: Document, place: str) -> Bag | None:
    """Return the rows of an open part's rule, or None where rows cannot hold it."""
    at = rule_place(document, place)
    told = parts.at(document, at) if at else None
    return None if told is None else documents.tree_of(as_rule(told))


def apply(document: Document, place: str, given: Fields, tree: Bag | None) -> None:
    """Write what a form says into the document."""
    write = _APPLIED.get(kind(document, place))
    if write:
        write(document, place, given, tree)


def named(title: str) -> str:
    """Return the name that a title gives a journey.

    >>> named("The second order!")
    'the-second-order'
    """
    return slugify(title)[:64].strip("-_")


def _settings(document: Document, _place: str, given: Fields, _tree: Bag | None) -> None:
    title, name = word(given, "title"), word(given, "name")
    again = word(given, "again")
    told: Document = {
        "title": title,
        "name": name or named(title),
        "subject": "order" if word(given, "subject") == "order" else None,
        "again": {"after": length(given, "again")} if again == "after" else "always" if again == "always" else None,
        "priority": number(word(given, "priority")) if word(given, "priority") not in ("", "50") else None,
        "holdout": number(word(given, "holdout")) if word(given, "holdout") not in ("", "0") else None,
        "group": word(given, "group") or None,
        "topic": word(given, "topic") or None,
    }  # fmt: skip
    for part, value in told.items():
        # What holds anyhow need not be said; whoever says it keeps it.
        was_said = value is None and document.get(part) in ("customer", "never", 50, 0)
        if value is None and not was_said:
            document.pop(part, None)
        elif value is not None:
            document[part] = value


def _trigger(document: Document, place: str, given: Fields, tree: Bag | None) -> None:
    how = word(given, "how")
    if how in ("entered", "left"):
        document["trigger"] = {"segment": word(given, "segment"), "on": how}
    elif how == "fact":
        standing = document.get("trigger")
        if isinstance(standing, Mapping) and "segment" in standing:
            document["trigger"] = "order"
        else:
            _fact(document, place, given, tree)


def _rule(document: Document, place: str, given: Fields, tree: Bag | None) -> None:
    parts.put(document, rule_place(document, place), _from_rows(given, tree))


def _fact(document: Document, place: str, given: Fields, tree: Bag | None) -> None:
    told = _from_rows(given, tree)
    if isinstance(told, Mapping) and "did" in told:
        told = {("fact" if name == "did" else name): value for name, value in told.items()}
        told = told if told.get("where") else told["fact"]
    parts.put(document, rule_place(document, place) or place, told)


def _from_rows(given: Fields, tree: Bag | None) -> Any:
    if tree is not None:
        return documents.document(tree)
    text = given.get("p.rule", "")
    try:
        return yaml.read(text).value
    except yaml.BadYaml:
        return text


def _send(document: Document, place: str, given: Fields, _tree: Bag | None) -> None:
    channels = [word(given, name) for name in ("channel", *(f"or.{n}" for n in range(1, 6)))]
    told: Document = {"template": word(given, "template"), "channel": channels[0] or "email"}
    others = [one for one in dict.fromkeys(channels[1:]) if one and one != told["channel"]]
    is_plain = told["channel"] == "email" and not others
    parts.put(document, f"{place}.send", told["template"] if is_plain else told | ({"or": others} if others else {}))


def _wait(document: Document, place: str, given: Fields, tree: Bag | None) -> None:
    step, how, was = parts.at(document, place), word(given, "how"), words.kind_of(parts.at(document, place))
    if how == "wait-for":
        told: Document = {"wait": {"for": length(given, "for") if was == how else "3 days"}}
    elif how == "wait-until":
        days = [day for day in journeys.WEEKDAYS if word(given, f"day.{day}")]
        told = {"wait": {"until": word(given, "until") if was == how else "10:00"}}
        told["wait"] |= {"on": days} if days and len(days) < 7 and was == how else {}
    elif how == "wait-fact":
        told = {"wait": {"until_fact": "order", "at_most": "7 days"}, "came": step.get("came", []), "timed_out": step.get("timed_out", [])}  # fmt: skip
        if was == how:
            told["wait"] = {"until_fact": step["wait"]["until_fact"], "at_most": length(given, "most")}
    else:
        return
    parts.put(document, place, told)
    if how == was == "wait-fact":
        _fact(document, place, given, tree)


def _split(document: Document, place: str, given: Fields, _tree: Bag | None) -> None:
    step = parts.at(document, place)
    step["split"] = word(given, "name")
    for n, arm in enumerate(step["arms"], 1):
        arm["name"], arm["share"] = word(given, f"arm.{n}.name"), number(word(given, f"arm.{n}.share"))


def _named(name: str) -> Callable[[Document, str, Fields, Bag | None], None]:
    def apply_name(document: Document, place: str, given: Fields, _tree: Bag | None) -> None:
        told = word(given, "name")
        parts.put(document, place, {name: told or (None if name == "exit" else "")})

    return apply_name


_APPLIED: Mapping[str, Callable[[Document, str, Fields, Bag | None], None]] = {
    "settings": _settings, "trigger": _trigger, "rule": _rule, "fact": _fact, "send": _send, "wait-for": _wait, "wait-until": _wait,
    "wait-fact": _wait, "split": _split, "label": _named("label"), "goto": _named("goto"), "exit": _named("exit"),
}  # fmt: skip


def typed_rows(given: Fields) -> Bag | None:
    """Return the rows that a form says, None where it has none."""
    return trees.typed(given) if "r.how" in given else None


def word(given: Fields, name: str) -> str:
    """Return a field of the open part."""
    return given.get(f"p.{name}", "").replace("\0", "")[:500].strip()


def number(told: str) -> int | float | str:
    """Return a number as YAML has it; what is none stays a text, which is found wrong when the document is read.

    >>> number("50"), number("12,5"), number("half")
    (50, 12.5, 'half')
    """
    if not NUMBER.fullmatch(told):
        return told
    found = float(told.replace(",", "."))
    return int(found) if found == int(found) else found


def length(given: Fields, name: str) -> str:
    """Return a length of time as the language writes it.

    >>> length({"p.for.n": "1", "p.for.unit": "day"}, "for"), length({"p.for.n": "2", "p.for.unit": "week"}, "for")
    ('1 day', '2 weeks')
    """
    n, unit = word(given, f"{name}.n"), word(given, f"{name}.unit") or "day"
    return f"{n} {unit}" if n == "1" else f"{n} {unit}s"


def parted(told: Any) -> tuple[str, str]:
    """Return number and unit of a length of time.

    >>> parted("2 weeks"), parted("soon")
    (('2', 'week'), ('soon', 'day'))
    """
    found = LENGTH.fullmatch(told.strip()) if isinstance(told, str) else None
    return (found[1], found[2]) if found else (str(told or ""), "day")


def units() -> list[tuple[str, str]]:
    """Return the units of time with their labels."""
    labels = {"minute": _("minutes"), "hour": _("hours"), "day": _("days"), "week": _("weeks")}
    return [(unit, labels[unit]) for unit in journeys.UNITS]
