"""From the form to a rule's document and back; a rule that the form cannot hold is left to the text."""

import re
from collections.abc import Callable, Mapping
from typing import Any

from regulars.segments import api as segments
from regulars.web.know.segments.tree import Bag, group, row

CUSTOM = segments.fields.CUSTOM
PLACE = re.compile(r"\[(\d+)\]")
WINDOWS = {"after_first": "first_order", "after_last": "last_order"}
MEASURES = ("times", "sum", "different", "first", "last")
WHOLE = re.compile(r"-?\d{1,15}", re.ASCII)
Document = dict[str, Any]


def document(tree: Bag) -> Document:
    """Return the document of a form's tree; what is missing or wrong in it is found by reading it.

    >>> document(group("all", row("field:orders", op="at_least", value="2")))
    {'field': 'orders', 'at_least': 2}
    """
    told = [_told(one) for one in tree.items]
    return told[0] if len(told) == 1 else {tree.word("how", "all"): told}


def tree_of(told: Any) -> Bag | None:
    """Return the tree of a rule's document, or None where the form cannot hold it."""
    try:
        whole = told if "all" in told or "any" in told else {"all": [told]}
        how = "all" if "all" in whole else "any"
        tree = group(how, *(_part(one) for one in whole[how]))
        if document(tree) == told:  # also where it is only half written
            return tree
        return tree if segments.read(document(tree)) == segments.read(told) else None
    except (segments.BadRule, LookupError, TypeError, ValueError, AttributeError):
        return None


def row_of(place: str, n_parts: int) -> str:
    """Return which row of the form a place in the document is.

    >>> row_of("all[2].any[1].at_least", 3), row_of("where[1].is", 1), row_of("all", 2)
    ('2.1', '1', '')
    """
    numbers = PLACE.findall(place.partition("where[")[0])
    return ".".join(["1", *numbers] if n_parts == 1 else numbers)


def input_of(kind: segments.comparing.Kind, op: str) -> str:
    """Return what an operator takes: text, texts, number, numbers, day, days, count or flag."""
    operator = segments.comparing.OPERATORS[kind].get(op)
    return operator.reads.__name__ if operator else "text"


def property_kind(op: str) -> segments.comparing.Kind:
    """Return the kind of an own event's property, which is known by the operator alone."""
    kinds = segments.comparing.Kind
    of_text = op in segments.comparing.OPERATORS[kinds.TEXT] or op not in segments.comparing.OPERATORS[kinds.NUMBER]
    return kinds.TEXT if of_text else kinds.NUMBER


def attribute_kind(op: str) -> segments.comparing.Kind:
    """Return the kind of an attribute of the shop's own, which is known by the operator alone."""
    kinds = segments.comparing.Kind
    others = (*segments.comparing.OPERATORS[kinds.TEXT], *segments.comparing.OPERATORS[kinds.NUMBER])
    of_days = op in segments.comparing.OPERATORS[kinds.DATE] and op not in others
    return kinds.DATE if of_days else property_kind(op)


def _told(bag: Bag) -> Document:
    if bag.is_group:
        told: Document = {bag.word("how", "all"): [_told(one) for one in bag.items]}
    else:
        what, _colon, name = bag.word("what", "field:orders").partition(":")
        told = _ROWS.get(what, _about)(bag, name)
    return {"not": told} if bag.word("not") else told


def _about(bag: Bag, name: str) -> Document:
    field = segments.fields.ABOUT.get(name)
    return {"field": name, **(compared(bag, field.kind) if field else {})}


def _attribute(bag: Bag, _name: str) -> Document:
    field = segments.fields.ATTRIBUTE + bag.word("name")
    return {"field": field, **compared(bag, attribute_kind(bag.word("op")))}


def compared(bag: Bag, kind: segments.comparing.Kind, before: str = "") -> Document:
    """Return the comparison that stands in a row, its inputs' names beginning with `before`."""
    operators = segments.comparing.OPERATORS[kind]
    op = bag.word(f"{before}op")
    op = op if op in operators else next(iter(operators))
    value, second = bag.word(f"{before}value"), bag.word(f"{before}value2")
    makes: Mapping[str, Callable[[], Any]] = {
        "flag": lambda: value != "no",
        "count": lambda: _number(value),
        "number": lambda: _number(value),
        "numbers": lambda: [_number(value), _number(second)],
        "days": lambda: [value, second],
        "texts": lambda: [one.strip() for one in value.split(",") if one.strip()],
    }
    make = makes.get(input_of(kind, op))
    return {op: make() if make else value}


def _number(value: str) -> int | str:
    return int(value) if WHOLE.fullmatch(value) else value


def _did(bag: Bag, name: str) -> Document:
    source = CUSTOM + bag.word("event") if name == "custom" else name
    told: Document = {bag.word("denied", "did"): source}
    found = segments.fields.source_of(source)
    where = [_where(one, source) for one in bag.items]
    told |= {"where": where} if where else {}
    window = bag.word("window")
    if window == "last" or window in WINDOWS:
        told["within_days"] = _number(bag.word("days"))
    if window in WINDOWS:
        told["after"] = WINDOWS[window]
    if window == "between":
        told |= {name: bag.word(name) for name in ("since", "until") if bag.word(name)}
    measure = bag.word("measure")
    if measure not in MEASURES:
        return told
    kinds = segments.comparing.Kind
    compares = compared(bag, kinds.DATE if measure in ("first", "last") else kinds.NUMBER, "m_")
    of = bag.word("of") or next(iter(found.fields if found else ()), "")
    return told | {measure: {"of": of, **compares} if measure in ("sum", "different") else compares}


def _where(bag: Bag, source_name: str) -> Document:
    if source_name.startswith(CUSTOM):
        return {"property": bag.word("field"), **compared(bag, property_kind(bag.word("op")))}
    source = segments.fields.source_of(source_name)
    known = source.fields if source else {}
    name = bag.word("field") if bag.word("field") in known else next(iter(known), "")
    return {"field": name, **(compared(bag, known[name].kind) if name else {})}


def _consent(bag: Bag, _name: str) -> Document:
    told = {"consent": bag.word("channel", "email"), "is": bag.word("state", "given")}
    return told | ({"topic": bag.word("topic")} if bag.word("topic") else {})


def _segment(bag: Bag, _name: str) -> Document:
    return {"segment": bag.word("segment")}


_ROWS: Mapping[str, Callable[[Bag, str], Document]] = {
    "field": _about, "attribute": _attribute, "did": _did, "consent": _consent, "segment": _segment,
}  # fmt: skip


def _part(told: Document, is_inner: bool = False) -> Bag:
    """Return the row or the group of a part; whatever the form does not know is dropped, and found missing later."""
    denied = {"not": "yes"} if "not" in told else {}
    told = told["not"] if denied else told
    for how in ("all", "any"):
        if how in told and not is_inner:
            return group(how, *(_part(one, is_inner=True) for one in told[how]), **denied)
    if "field" in told and segments.fields.is_attribute(told["field"]):
        op = next(name for name in told if name != "field")
        named = {"name": segments.fields.called(told["field"])}
        return row("attribute", **named, **_words(told, attribute_kind(op)), **denied)
    if "field" in told:
        kind = segments.fields.ABOUT[told["field"]].kind
        return row(f"field:{told['field']}", **_words(told, kind), **denied)
    if "consent" in told:
        return row("consent", channel=told["consent"], state=told["is"], topic=told.get("topic", ""), **denied)
    if "segment" in told:
        return row("segment", segment=told["segment"], **denied)
    return _done(told, bool(denied))


def _done(told: Document, is_denied: bool) -> Bag:
    name = "did_not" if "did_not" in told else "did"
    source_name = told[name]
    words = {"denied": "did_not" if is_denied != (name == "did_not") else "did"}
    is_own = source_name.startswith(CUSTOM)
    if is_own:
        words["event"] = source_name.removeprefix(CUSTOM)
    after = {start: window for window, start in WINDOWS.items()}
    if "within_days" in told:
        words |= {"window": after.get(told.get("after", ""), "last"), "days": str(told["within_days"])}
    elif "since" in told or "until" in told:
        words |= {"window": "between", "since": str(told.get("since", "")), "until": str(told.get("until", ""))}
    kinds = segments.comparing.Kind
    for measure in (one for one in MEASURES if one in told):
        kind = kinds.DATE if measure in ("first", "last") else kinds.NUMBER
        words |= {"measure": measure, "of": told[measure].get("of", ""), **_words(told[measure], kind, "m_")}
    where = tuple(_where_row(one, source_name) for one in told.get("where", []))
    return Bag({"what": "did:custom" if is_own else f"did:{source_name}", **words}, where)


def _where_row(told: Document, source_name: str) -> Bag:
    if "property" in told:
        op = next(name for name in told if name != "property")
        return Bag({"field": told["property"], **_words(told, property_kind(op))})
    source = segments.fields.source_of(source_name)
    assert source is not None
    return Bag({"field": told["field"], **_words(told, source.fields[told["field"]].kind)})


def _words(told: Document, kind: segments.comparing.Kind, before: str = "") -> dict[str, str]:
    """Return a comparison as the form's inputs hold it."""
    op = next(name for name in segments.comparing.OPERATORS[kind] if name in told)
    value = told[op]
    if input_of(kind, op) in ("numbers", "days"):
        return {f"{before}op": op, f"{before}value": str(value[0]), f"{before}value2": str(value[1])}
    written = ", ".join(map(str, value)) if isinstance(value, list) else str(value)
    return {f"{before}op": op, f"{before}value": ("yes" if value else "no") if isinstance(value, bool) else written}
