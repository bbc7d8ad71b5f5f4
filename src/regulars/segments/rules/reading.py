"""Reading a rule's document: every mistake is a sentence that names the place and says what can stand there."""

from collections.abc import Iterable, Mapping
from typing import Any

from regulars.core.documents.parts import found as found_in, near
from regulars.segments.rules import comparing, fields
from regulars.segments.rules.comparing import Comparison, Kind, Unfit
from regulars.segments.rules.tree import (
    About,
    Did,
    Group,
    Happening,
    InSegment,
    Measure,
    Not,
    Rule,
    Said,
    Where,
    Window,
)

DEEPEST, MOST_RULES = 12, 200
RULES = ("all", "any", "not", "field", "did", "did_not", "consent", "segment")
MEASURES = ("times", "sum", "different", "first", "last")
WINDOW = ("within_days", "since", "until", "after")
AFTER = ("first_order", "last_order")  # the customer's own days from which a window can begin


class BadRule(ValueError):
    """A document that is no rule; the message names the place, as `all[2].did`, and what can stand there."""

    def __init__(self, place: str, said: str) -> None:
        self.place, self.said = place, said
        super().__init__(f"{place}: {said}" if place else said)


def read(document: Any) -> Rule:
    """Return the tree that a document (mappings and lists, as JSON or YAML give them) describes, or raise BadRule.

    >>> read({"field": "orders", "at_least": 2})
    About(field='orders', comparison=Comparison(kind=<Kind.NUMBER: 'number'>, op='at_least', value=Decimal('2')))
    >>> read({"all": [{"field": "ordres", "at_least": 2}]})
    Traceback (most recent call last):
    regulars.segments.rules.reading.BadRule: all[1].field: there is no field 'ordres'; did you mean 'orders'?
    """
    return _Reader().rule(document, "", 0)


def read_happening(document: Any) -> Happening:
    """Return what a document says happened: `did`, and `where`. Raise BadRule."""
    told = _mapping(document, "")
    _only(told, ("did", "where"), "")
    return _happening(told, "did", "")


class _Reader:
    """Reads one document, and counts its rules."""

    def __init__(self) -> None:
        self.n_rules = 0

    def rule(self, told: Any, place: str, depth: int) -> Rule:
        self.n_rules += 1
        if depth > DEEPEST or self.n_rules > MOST_RULES:
            raise BadRule(place, f"a rule has at most {MOST_RULES} parts, {DEEPEST} deep; make segments of parts of it")
        told = _mapping(told, place)
        which = [name for name in RULES if name in told]
        if len(which) != 1:
            raise BadRule(place, f"a rule says exactly one of {', '.join(RULES)}; {found_in(told)}")
        name = which[0]
        at = f"{place}.{name}" if place else name
        if name in ("all", "any"):
            return self._group(told, name, at, depth)
        if name == "not":
            _only(told, ("not",), place)
            return Not(self.rule(told["not"], at, depth + 1))
        return _LEAVES[name](told, place)

    def _group(self, told: Mapping[str, Any], name: Any, at: str, depth: int) -> Group:
        _only(told, (name,), at)
        listed = told[name]
        if not isinstance(listed, list):
            raise BadRule(at, "a list of rules must stand here")
        if name == "any" and not listed:
            raise BadRule(at, "nobody fits any of no rules; add one")
        return Group(name, tuple(self.rule(one, f"{at}[{n}]", depth + 1) for n, one in enumerate(listed, 1)))


def _about(told: Mapping[str, Any], place: str) -> About:
    at = _join(place, "field")
    name = told["field"]
    if fields.is_attribute(name):
        _value(comparing.text, fields.called(name), at)
        return About(name, _of_property(told, place, "field"))
    field = fields.ABOUT.get(name) if isinstance(name, str) else None
    if field is None:
        listed = (*fields.ABOUT, f"{fields.ATTRIBUTE}<name of an attribute of your own>")
        raise BadRule(at, f"there is no field {name!r}; {near(name, listed)}")
    return About(name, _comparison(field.kind, told, ("field",), place))


def _did(told: Mapping[str, Any], place: str) -> Rule:
    is_denied = "did_not" in told
    name = "did_not" if is_denied else "did"
    happening = _happening(told, name, place)
    measured = [one for one in MEASURES if one in told]
    if len(measured) > 1:
        raise BadRule(place, f"only one of {', '.join(MEASURES)} can stand here")
    then, days = None, 0
    if "then" in told:
        at = _join(place, "then")
        after = _mapping(told["then"], at)
        _only(after, ("did", "where", "within_days"), at)
        days = _value(comparing.count, after.get("within_days"), _join(at, "within_days"))
        then = _happening({key: value for key, value in after.items() if key != "within_days"}, "did", at)
    _only(told, (name, "where", "then", *WINDOW, *measured), place)
    found = Did(happening, _measure(told, measured, happening.source, place), then, days)
    return Not(found) if is_denied else found


def _happening(told: Mapping[str, Any], name: str, place: str) -> Happening:
    source_name = told.get(name)
    source = fields.source_of(source_name) if isinstance(source_name, str) else None
    if source is None or not isinstance(source_name, str):
        listed = (*fields.sources(), f"{fields.CUSTOM}<name of an event of your own>")
        raise BadRule(_join(place, name), f"nobody does {source_name!r}; {near(source_name, listed)}")
    at = _join(place, "where")
    listed_where = told.get("where", [])
    if not isinstance(listed_where, list) or len(listed_where) > MOST_RULES:
        raise BadRule(at, "a list of comparisons must stand here")
    where = tuple(_where(one, source_name, f"{at}[{n}]") for n, one in enumerate(listed_where, 1))
    return Happening(source_name, where, _window(told, place))


def _where(told: Any, source_name: str, place: str) -> Where:
    told = _mapping(told, place)
    if "property" in told:
        if not source_name.startswith(fields.CUSTOM):
            raise BadRule(place, f"only events of your own have properties; {source_name} has fields")
        name = _value(comparing.text, told["property"], _join(place, "property"))
        return Where(name, _of_property(told, place), is_property=True)
    if "field" not in told:
        raise BadRule(place, f"a comparison names its field; {found_in(told)}")
    return Where(
        str(told["field"]), _comparison(_field(source_name, told["field"], place).kind, told, ("field",), place)
    )


def _field(source_name: str, name: Any, place: str) -> fields.Field:
    source = fields.source_of(source_name)
    assert source is not None
    field = source.fields.get(name) if isinstance(name, str) else None
    if field is None:
        raise BadRule(place, f"{source_name} has no field {name!r}; {near(name, source.fields)}")
    return field


def _of_property(told: Mapping[str, Any], place: str, named_by: str = "property") -> Comparison:
    """Read a comparison of a property or an attribute, whose kind is known by the operator, or of two days by them."""
    operators = [name for name in told if name != named_by]
    kind = Kind.TEXT
    if len(operators) == 1 and operators[0] not in comparing.OPERATORS[Kind.TEXT]:
        of_days = operators[0] == "between" and _are_days(told["between"])
        kind = Kind.NUMBER if operators[0] in comparing.OPERATORS[Kind.NUMBER] and not of_days else Kind.DATE
    return _comparison(kind, told, (named_by,), place)


def _are_days(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(one, str) and comparing.DAY.fullmatch(one) for one in value)


def _window(told: Mapping[str, Any], place: str) -> Window:
    within = told.get("within_days")
    days = None if within is None else _value(comparing.count, within, _join(place, "within_days"))
    since, until = (
        None if told.get(name) is None else _value(comparing.day, told[name], _join(place, name))
        for name in ("since", "until")
    )
    after = told.get("after", "")
    if after and after not in AFTER:
        raise BadRule(_join(place, "after"), f"a window can begin at {' or '.join(AFTER)}, not at {after!r}")
    if after and days is None:
        raise BadRule(_join(place, "after"), "say within_days too: so many days from that day on")
    if (since or until) and days is not None:
        raise BadRule(place, "say either within_days or since and until")
    if since and until and since > until:
        raise BadRule(place, "since must not be later than until")
    return Window(days, since, until, after)


def _measure(told: Mapping[str, Any], measured: list[str], source_name: str, place: str) -> Measure:
    if not measured:
        return Measure("times", comparing.read(Kind.NUMBER, "at_least", 1))
    how: Any = measured[0]
    at = _join(place, how)
    what = _mapping(told[how], at)
    if how in ("first", "last"):
        return Measure(how, _comparison(Kind.DATE, what, (), at))
    if how == "times":
        return Measure(how, _comparison(Kind.NUMBER, what, (), at))
    if "of" not in what:
        raise BadRule(at, f"say of which field, as {{of: …}}; {source_name} has its fields")
    field = _field(source_name, what["of"], _join(at, "of"))
    if how == "sum" and field.kind != Kind.NUMBER:
        raise BadRule(_join(at, "of"), f"{what['of']!r} is no number and cannot be summed up")
    return Measure(how, _comparison(Kind.NUMBER, what, ("of",), at), what["of"])


def _said(told: Mapping[str, Any], place: str) -> Said:
    _only(told, ("consent", "topic", "is"), place)
    if told["consent"] not in fields.CHANNELS:
        raise BadRule(_join(place, "consent"), f"a channel must stand here: {', '.join(fields.CHANNELS)}")
    if told.get("is") not in fields.STATES:
        raise BadRule(_join(place, "is"), f"one of {', '.join(fields.STATES)} must stand here")
    topic = told.get("topic", "")
    return Said(told["consent"], topic and _value(comparing.text, topic, _join(place, "topic")), told["is"])


def _in_segment(told: Mapping[str, Any], place: str) -> InSegment:
    _only(told, ("segment",), place)
    return InSegment(_value(comparing.text, told["segment"], _join(place, "segment")))


_LEAVES = {"field": _about, "did": _did, "did_not": _did, "consent": _said, "segment": _in_segment}


def _comparison(kind: Kind, told: Mapping[str, Any], beside: tuple[str, ...], place: str) -> Comparison:
    operators = [name for name in told if name not in beside]
    if len(operators) != 1:
        listed = ", ".join(comparing.OPERATORS[kind])
        raise BadRule(place, f"exactly one comparison must stand here: {listed}; {found_in(told)}")
    try:
        return comparing.read(kind, str(operators[0]), told[operators[0]])
    except Unfit as problem:
        known = operators[0] in comparing.OPERATORS[kind]
        raise BadRule(_join(place, str(operators[0])) if known else place, str(problem)) from None


def _value(reader: Any, value: Any, place: str) -> Any:
    try:
        return reader(value)
    except Unfit as problem:
        raise BadRule(place, str(problem)) from None


def _mapping(told: Any, place: str) -> Mapping[str, Any]:
    if not isinstance(told, Mapping) or not all(isinstance(name, str) for name in told):
        raise BadRule(place, "names and values must stand here, as {field: country, is: DE}")
    return told


def _only(told: Mapping[str, Any], names: Iterable[str], place: str) -> None:
    allowed = tuple(names)
    for name in told:
        if name not in allowed:
            raise BadRule(_join(place, name), f"nothing of this name belongs here; {near(name, allowed)}")


def _join(place: str, name: str) -> str:
    return f"{place}.{name}" if place else name
