"""Changing a journey's document where a place says: steps added, moved and taken away, ways and arms, and what is optional."""

import re
from collections.abc import Callable, Mapping
from typing import Any

from regulars.journeys import api as journeys
from regulars.web.decide.journeys import words

PIECE = re.compile(r"([a-z_]+)|\[(\d{1,3})\]", re.ASCII)
LISTS = ("steps", "came", "timed_out", "otherwise")
Document = dict[str, Any]
ABSENT = (LookupError, TypeError, ValueError, AttributeError)


def blank() -> Document:
    """Return the document that a new journey begins with."""
    return {"name": "new-journey", "title": "", "trigger": "order", "steps": []}


def pieces(place: str) -> list[str | int]:
    """Return the way into a document.

    >>> pieces("steps[2].came[1]")
    ['steps', 1, 'came', 0]
    """
    return [found[1] or int(found[2]) - 1 for found in PIECE.finditer(place)]


def at(document: Any, place: str) -> Any:
    """Return what stands at a place, None where nothing does."""
    try:
        for piece in pieces(place):
            if piece == -1:
                return None
            document = document[piece]
    except ABSENT:
        return None
    return document


def put(document: Document, place: str, value: Any) -> None:
    """Write a value at a place that is there already, or one step beyond."""
    *before, last = pieces(place)
    holder: Any = document
    for piece in before:
        holder = holder[piece]
    holder[last] = value


def ordered(document: Document) -> Document:
    """Return a document with its parts in the order of the language; what does not belong comes last."""
    known = [name for name in journeys.PARTS if name in document]
    return {name: document[name] for name in [*known, *(one for one in document if one not in known)]}


def done(document: Document, do: str) -> str | None:
    """Carry out a button, as `add:send:steps[1].came`; return the place that is to be open, None where nothing was done.

    >>> told = {"steps": [{"wait": {"for": "1 day"}}, "exit"]}
    >>> done(told, "add:send:steps"), done(told, "up:steps[2]"), told["steps"][0]
    ('steps[2]', '', {'send': {'template': ''}})
    """
    what, _colon, rest = do.partition(":")
    act = _ACTS.get(what)
    try:
        return act(document, rest) if act else None
    except ABSENT:
        return None


def _add(document: Document, rest: str) -> str | None:
    kind, _colon, place = rest.partition(":")
    last = pieces(place)[-1]
    if kind not in words.ICONS or last not in LISTS:
        return None
    if at(document, place) is None:
        put(document, place, [])
    listed = at(document, place)
    before_end = kind != "label" and bool(listed) and words.kind_of(listed[-1]) in ("exit", "goto")
    listed.insert(len(listed) - 1 if before_end else len(listed), _fresh(document, kind))
    return f"{place}[{len(listed) - 1 if before_end else len(listed)}]"


def _fresh(document: Document, kind: str) -> Any:
    names = {at(document, place).get(_NAMED.get(kind, "")) for place in _named(document["steps"], "steps")}
    number = next(n for n in range(1, len(names) + 2) if f"{kind}-{n}" not in names)
    arms: list[Document] = [{"name": name, "share": 50, "steps": []} for name in ("a", "b")]
    return {
        "send": {"send": {"template": ""}},
        "wait-for": {"wait": {"for": "3 days"}},
        "wait-until": {"wait": {"until": "10:00"}},
        "wait-fact": {"wait": {"until_fact": "order", "at_most": "7 days"}, "came": [], "timed_out": []},
        "branch": {"branch": [{"when": {"field": "orders", "at_least": 2}, "steps": []}]},
        "split": {"split": f"split-{number}", "arms": arms},
        "label": {"label": f"label-{number}"},
        "goto": {"goto": next(iter(labels(document)), "")},
        "exit": {"exit": None},
    }[kind]  # fmt: skip


_NAMED = {"split": "split", "label": "label"}


def labels(document: Document) -> list[str]:
    """Return the labels of a document."""
    found = [at(document, place) for place in _named(document.get("steps"), "steps")]
    return [str(one["label"]) for one in found if "label" in one]


def _named(told: Any, place: str, depth: int = 0) -> list[str]:
    """Return the places of all steps that are mappings."""
    found = []
    for n, one in enumerate(told if isinstance(told, list) and depth < 20 else [], 1):
        here = f"{place}[{n}]"
        if not isinstance(one, Mapping):
            continue
        found.append(here)
        for way in LISTS:
            found += _named(one.get(way), f"{here}.{way}", depth + 1)
        for many in ("branch", "arms"):
            for m, inner in enumerate(one[many] if isinstance(one.get(many), list) else [], 1):
                for way in LISTS if isinstance(inner, Mapping) else ():
                    found += _named(inner.get(way), f"{here}.{many}[{m}].{way}", depth + 1)
    return found


def _way(document: Document, place: str) -> str:
    ways = at(document, place)["branch"]
    has_rest = bool(ways) and "otherwise" in ways[-1]
    ways.insert(len(ways) - has_rest, {"when": {"field": "orders", "at_least": 2}, "steps": []})
    return f"{place}.branch[{len(ways) - has_rest}]"


def _otherwise(document: Document, place: str) -> str:
    ways = at(document, place)["branch"]
    if not any("otherwise" in way for way in ways):
        ways.append({"otherwise": []})
    return place


def _arm(document: Document, place: str) -> str:
    arms = at(document, place)["arms"]
    names = {arm.get("name") for arm in arms}
    name = next(one for one in "abcdefghijklmnopqrstuvwxyz" if one not in names)
    arms.append({"name": name, "share": 10, "steps": []})
    return place


def _drop(document: Document, place: str) -> str:
    *before, last = pieces(place)
    holder: Any = document
    for piece in before:
        holder = holder[piece]
    if last in journeys.PARTS and last not in ("name", "trigger", "steps"):
        holder.pop(last, None)
    elif isinstance(last, int) and last >= 0:
        del holder[last]
        if before == ["exit_on"] and not holder:
            document.pop("exit_on")
    return place.rpartition(".")[0] if ".arms[" in place and place.endswith("]") and before[-1] == "arms" else ""


def _moved(by: int) -> Callable[[Document, str], str]:
    def move(document: Document, place: str) -> str:
        *before, last = pieces(place)
        listed: Any = document
        for piece in before:
            listed = listed[piece]
        assert isinstance(last, int)
        if 0 <= last + by < len(listed):
            listed[last], listed[last + by] = listed[last + by], listed[last]
        return ""

    return move


def _part(document: Document, name: str) -> str:
    if name == "exit_on":
        document.setdefault("exit_on", []).append("refund")
        return f"exit_on[{len(document['exit_on'])}]"
    fresh: Document = {"goal": "order", "audience": {"field": "orders", "at_least": 1}}
    document.setdefault(name, fresh[name])
    return name


_ACTS: Mapping[str, Callable[[Document, str], str | None]] = {
    "add": _add, "way": _way, "otherwise": _otherwise, "arm": _arm, "drop": _drop, "up": _moved(-1), "down": _moved(1), "part": _part,
}  # fmt: skip
