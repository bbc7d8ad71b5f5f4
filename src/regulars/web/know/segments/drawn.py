"""The form's tree as its template draws it: every row with its inputs, their names and what can be chosen."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from regulars.consent import api as consent
from regulars.core.lake.moment import Moment
from regulars.predictions import api as predictions
from regulars.segments import api as segments
from regulars.web.know.segments import documents, words
from regulars.web.know.segments.tree import ROOT, Bag
from regulars.web.shell import lake

KINDS = segments.comparing.Kind


def drawn(tree: Bag, faults: Mapping[str, str], own: str = "") -> dict[str, Any]:
    """Return what the rule's template needs; faults are sentences by the number of their row, own is this segment's name."""
    around = {
        "asked": words.asked(),
        "segments": [(one.name, one.title) for one in segments.listed() if one.name != own],
        "topics": [(one.key, one.name) for one in consent.topics()],
        "faults": faults,
        "attributes": lake.answer("attributes", (), _attributes)["names"],
    }
    return {**_group(tree, ROOT, "", around), "asked": around["asked"]}


def _attributes(moment: Moment) -> dict[str, Any]:
    """Return the names under which the shop keeps something, those of the most customers first."""
    asked = "SELECT name FROM customer_attributes GROUP BY name ORDER BY count(*) DESC, name LIMIT 100"
    return {"names": [row[0] for row in moment.rows(asked)]}


def _group(bag: Bag, place: str, number: str, around: Mapping[str, Any]) -> dict[str, Any]:
    parts = []
    for n, one in enumerate(bag.items, 1):
        at, counted = f"{place}.{n}", f"{number}.{n}" if number else str(n)
        parts.append(_group(one, at, counted, around) if one.is_group else _row(one, at, counted, around))
    return _placed(place, number, around) | {"is_group": True, "how": bag.word("how"), "not": bag.word("not"), "parts": parts}  # fmt: skip


def _placed(place: str, number: str, around: Mapping[str, Any]) -> dict[str, Any]:
    return {"at": place, "id": place.replace(".", "-"), "number": number, "fault": around["faults"].get(number, "")}


def _row(bag: Bag, place: str, number: str, around: Mapping[str, Any]) -> dict[str, Any]:
    what, _colon, name = bag.word("what", "field:orders").partition(":")
    common = _placed(place, number, around) | {"what": bag.word("what", "field:orders"), "not": bag.word("not"), "kind": what}  # fmt: skip
    if what == "did":
        return common | _done(bag, place, name)
    if what == "consent":
        listed = {"channel": words.channels(), "state": words.states(), "topic": [("", _("the whole channel")), *around["topics"]]}  # fmt: skip
        labels = {"channel": _("Channel"), "state": _("Last word"), "topic": _("Topic")}
        return common | {"chosen": [chosen(bag, place, key, (labels[key], listed[key])) for key in listed]}
    if what == "segment":
        none = [] if bag.word("segment") else [("", _("choose one"))]
        return common | {"chosen": [chosen(bag, place, "segment", (_("Segment"), [*none, *around["segments"]]))]}
    if what == words.ATTRIBUTE:
        compares = compare(bag, place, documents.attribute_kind(bag.word("op"))) | {"operators": words.of_attributes()}
        return common | {"name": bag.word("name"), "names": around["attributes"], "compare": compares}
    field = segments.fields.ABOUT.get(name)
    suggested = predictions.SEGMENTS if name == "rfm" else ()
    return common | {"compare": compare(bag, place, field.kind if field else KINDS.TEXT), "suggested": suggested}


def _done(bag: Bag, place: str, name: str) -> dict[str, Any]:
    is_own = name == "custom"
    found = None if is_own else segments.fields.source_of(name)
    known = found.fields if found else {}
    named = [(one, _(field.says)) for one, field in known.items()]
    denied = [("did", _("did this")), ("did_not", _("did not do this"))]
    measure = bag.word("measure")
    told: dict[str, Any] = {
        "is_own": is_own,
        "event": bag.word("event"),
        "denied": chosen(bag, place, "denied", (_("Did or did not"), denied)),
        "window": chosen(bag, place, "window", (_("When"), words.windows())),
        "window_kind": bag.word("window"),
        **{key: bag.word(key) for key in ("days", "since", "until")},
        "measure": chosen(bag, place, "measure", (_("How often"), words.measures(bool(known)))),
        "where": [_where(one, f"{place}.{n}", named, known, is_own) for n, one in enumerate(bag.items, 1)],
        "may_where": is_own or bool(named),
    }
    if measure in ("sum", "different"):
        summed = [one for one in named if measure == "different" or known[one[0]].kind == KINDS.NUMBER]
        told["of"] = chosen(bag, place, "of", (_("Of what"), summed))
    if measure:
        told["compare"] = compare(bag, place, KINDS.DATE if measure in ("first", "last") else KINDS.NUMBER, "m_")
    return told


def _where(bag: Bag, place: str, named: words.Choices, known: Mapping[str, Any], is_own: bool) -> dict[str, Any]:
    told = {"at": place, "id": place.replace(".", "-"), "is_own": is_own, "property": bag.word("field")}
    if is_own:
        drawn_compare = compare(bag, place, documents.property_kind(bag.word("op")))
        return told | {"compare": drawn_compare | {"operators": words.of_properties()}}
    name = bag.word("field") if bag.word("field") in known else next(iter(known), "")
    told["field"] = chosen(bag, place, "field", (_("Which"), named))
    return told | {"compare": compare(bag, place, known[name].kind if name else KINDS.TEXT)}


def chosen(bag: Bag, place: str, key: str, offered: tuple[str, words.Choices]) -> dict[str, Any]:
    """Return a select: its name, its label and its options; what stands there stays, even if it is no longer offered."""
    name, value = f"{place}.{key}", bag.word(key)
    gone = [(value, _("%(name)s (not there)") % {"name": value})] if value and value not in dict(offered[1]) else []
    return {"name": name, "id": name.replace(".", "-"), "label": offered[0], "options": [*offered[1], *gone], "value": value}  # fmt: skip


def compare(bag: Bag, place: str, kind: segments.comparing.Kind, before: str = "") -> dict[str, Any]:
    """Return a comparison: its operators, and the inputs that its operator takes."""
    listed = words.operators(kind)
    op = bag.word(f"{before}op")
    if op not in segments.comparing.OPERATORS[kind]:
        op = listed[0][0]
    name = f"{place}.{before}"
    return {
        "name": name, "id": name.replace(".", "-"), "op": op, "operators": listed, "takes": documents.input_of(kind, op),
        "value": bag.word(f"{before}value"), "value2": bag.word(f"{before}value2"),
    }  # fmt: skip
