"""A rule as an English sentence, for people who did not write it; every text can be translated."""

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from regulars.segments.rules import fields
from regulars.segments.rules.comparing import Comparison, Kind
from regulars.segments.rules.tree import About, Did, Group, Happening, InSegment, Not, Rule, Said, Where, Window


def said(rule: Rule | Happening, titles: Mapping[str, str] | None = None) -> str:
    """Return a rule, or what happened, as a sentence without its full stop; titles are those of other segments by name.

    >>> from regulars.segments.rules.reading import read
    >>> said(read({"all": [{"field": "orders", "at_least": 2}, {"not": {"field": "country", "is": "DE"}}]}))
    'number of orders is at least 2 and not (country is DE)'
    >>> said(read({"did": "line", "where": [{"field": "category", "is": "Tea"}], "within_days": 365}))
    'bought, where category is Tea, at least once in the last 365 days'
    >>> said(read({"any": [{"segment": "vip"}, {"consent": "email", "is": "given"}]}), {"vip": "Champions"})
    'belongs to “Champions” or has said yes to email'
    >>> said(read({"did_not": "order", "within_days": 30, "after": "first_order"}))
    'never placed an order in the 30 days from the first order on'
    >>> from regulars.segments.rules.reading import read_happening
    >>> said(read_happening({"did": "order", "where": [{"field": "total", "at_least": 20}]}))
    'placed an order, where total is at least 20'
    """
    if isinstance(rule, Happening):
        return _happened(rule).rstrip(",")
    return _said(rule, titles or {}, is_inner=False)


def parts(rule: Rule, titles: Mapping[str, str] | None = None) -> tuple[str, Sequence[str]]:
    """Return a rule as a heading and its parts, one sentence each; a rule of one part has no heading.

    >>> from regulars.segments.rules.reading import read
    >>> parts(read({"any": [{"field": "orders", "is": 0}, {"field": "late", "is": True}]}))
    ('Any of these:', ['number of orders is 0', 'late by their own rhythm is yes'])
    """
    if isinstance(rule, Group) and len(rule.rules) > 1:
        heading = _("All of these:") if rule.how == "all" else _("Any of these:")
        return heading, [said(one, titles) for one in rule.rules]
    return "", [said(rule, titles)]


def _said(rule: Rule, titles: Mapping[str, str], is_inner: bool) -> str:
    if isinstance(rule, Group):
        return _group(rule, titles, is_inner)
    if isinstance(rule, Not) and isinstance(rule.rule, Did) and _is_once(rule.rule):
        return _("never %(what)s") % {"what": _did(rule.rule, is_counted=False)}
    if isinstance(rule, Not):
        return _("not (%(rule)s)") % {"rule": _said(rule.rule, titles, is_inner=False)}
    if isinstance(rule, About):
        is_own = fields.is_attribute(rule.field)
        return _compared(fields.called(rule.field) if is_own else _(fields.ABOUT[rule.field].says), rule.comparison)
    if isinstance(rule, Said):
        return _consent(rule)
    if isinstance(rule, InSegment):
        return _("belongs to “%(title)s”") % {"title": titles.get(rule.name, rule.name)}
    assert isinstance(rule, Did)
    return _did(rule)


def _group(rule: Group, titles: Mapping[str, str], is_inner: bool) -> str:
    if not rule.rules:
        return _("everybody")
    word = _("and") if rule.how == "all" else _("or")
    joined = f" {word} ".join(_said(one, titles, is_inner=True) for one in rule.rules)
    return f"({joined})" if is_inner and len(rule.rules) > 1 else joined


def _consent(rule: Said) -> str:
    states = {
        "given": _("has said yes to %(what)s"),
        "asked": _("was asked for %(what)s and has not answered"),
        "withdrawn": _("has said no to %(what)s"),
        "expired": _("said yes to %(what)s, which has expired"),
        "never": _("was never asked for %(what)s"),
    }
    what = (
        _("%(topic)s by %(channel)s") % {"topic": rule.topic, "channel": rule.channel} if rule.topic else rule.channel
    )
    return states[rule.state] % {"what": what}


def _is_once(rule: Did) -> bool:
    comparison = rule.measure.comparison
    return rule.measure.how == "times" and comparison.op == "at_least" and comparison.value == 1


def _did(rule: Did, is_counted: bool = True) -> str:
    """Say what happened, which of it counts, how often, in which days, and what is measured of it.

    >>> from regulars.segments.rules.reading import read
    >>> said(read({"did": "line", "within_days": 60, "sum": {"of": "amount", "at_least": 10}}))
    'bought in the last 60 days, so that the sum of amount is at least 10'
    >>> said(read({"did": "order", "times": {"between": [2, 3]}, "then": {"did": "refund", "within_days": 9}}))
    'placed an order from 2 to 3 times, each followed within 9 days by: got money back'
    """
    often = _often(rule.measure.comparison) if rule.measure.how == "times" and is_counted else ""
    happened = _happened(rule.happening)
    sentence = " ".join(part for part in (happened, often, _window(rule.happening.window)) if part).rstrip(",")
    if rule.then is not None:
        told = {"sentence": sentence, "n": rule.then_within_days, "what": _happened(rule.then).rstrip(",")}
        sentence = _("%(sentence)s, each followed within %(n)s days by: %(what)s") % told
    if rule.measure.how == "times":
        return sentence
    return _("%(sentence)s, so that %(measure)s") % {"sentence": sentence, "measure": _measured(rule)}


def _often(comparison: Comparison) -> str:
    if comparison.op == "known":
        return ""
    if comparison.op == "at_least" and comparison.value == 1:
        return _("at least once")
    if comparison.op == "between":
        low, high = (_written(one) for one in comparison.value)
        return _("from %(low)s to %(high)s times") % {"low": low, "high": high}
    forms = {
        "is": _("exactly %(n)s times"), "is_not": _("any number of times but %(n)s"), "at_least": _("at least %(n)s times"),
        "at_most": _("at most %(n)s times"), "more_than": _("more than %(n)s times"), "less_than": _("less than %(n)s times"),
    }  # fmt: skip
    return forms[comparison.op] % {"n": _written(comparison.value)}


def _measured(rule: Did) -> str:
    source = fields.source_of(rule.happening.source)
    assert source is not None
    of = _(source.fields[rule.measure.of].says) if rule.measure.of else ""
    value = {
        "sum": _("the sum of %(of)s") % {"of": of}, "different": _("the number of different values of %(of)s") % {"of": of},
        "first": _("the first time"), "last": _("the last time"),
    }[rule.measure.how]  # fmt: skip
    return _compared(value, rule.measure.comparison)


def _happened(happening: Happening) -> str:
    source = fields.source_of(happening.source)
    assert source is not None
    if not happening.where:
        return _(source.says)
    where = f" {_('and')} ".join(_where(source, one) for one in happening.where)
    return _("%(what)s, where %(where)s,") % {"what": _(source.says), "where": where}


def _where(source: fields.Source, where: Where) -> str:
    return _compared(where.field if where.is_property else _(source.fields[where.field].says), where.comparison)


def _window(window: Window) -> str:
    if window.after:
        start = _("the first order") if window.after == "first_order" else _("the last order")
        return _("in the %(n)s days from %(start)s on") % {"n": window.within_days, "start": start}
    if window.within_days is not None:
        return _("in the last %(n)s days") % {"n": window.within_days}
    days = {"since": window.since and window.since.isoformat(), "until": window.until and window.until.isoformat()}
    if window.since and window.until:
        return _("from %(since)s to %(until)s") % days
    return _("since %(since)s") % days if window.since else _("until %(until)s") % days if window.until else ""


def _compared(what: str, comparison: Comparison) -> str:
    """Say what is compared with what."""
    if comparison.op == "known":
        return (_("%(what)s is known") if comparison.value else _("%(what)s is not known")) % {"what": what}
    form = _forms(comparison.kind)[comparison.op]
    if comparison.op == "between":
        low, high = (_written(one) for one in comparison.value)
        return form % {"what": what, "low": low, "high": high}
    return form % {"what": what, "value": _written(comparison.value)}


def _forms(kind: Kind) -> Mapping[str, str]:
    """Return the sentence of every comparison of a kind."""
    days = {
        "within_days": _("%(what)s is in the last %(value)s days"),
        "at_least_days_ago": _("%(what)s is at least %(value)s days ago"),
        "in_next_days": _("%(what)s is in the next %(value)s days"),
        "anniversary_in_days": _("%(what)s has its day of the year in the next %(value)s days"),
        "on": _("%(what)s is on %(value)s"),
        "before": _("%(what)s is before %(value)s"),
        "after": _("%(what)s is after %(value)s"),
    }
    return {
        "is": _("%(what)s is %(value)s"),
        "is_not": _("%(what)s is not %(value)s"),
        "one_of": _("%(what)s is one of %(value)s"),
        "none_of": _("%(what)s is none of %(value)s"),
        "contains": _("%(what)s contains %(value)s"),
        "starts_with": _("%(what)s starts with %(value)s"),
        "ends_with": _("%(what)s ends with %(value)s"),
        "at_least": _("%(what)s is at least %(value)s"),
        "at_most": _("%(what)s is at most %(value)s"),
        "more_than": _("%(what)s is more than %(value)s"),
        "less_than": _("%(what)s is less than %(value)s"),
        "between": _("%(what)s is from %(low)s to %(high)s"),
        "has": _("%(what)s have %(value)s among them"),
        "lacks": _("%(what)s do not have %(value)s among them"),
    } | (days if kind == Kind.DATE else {})


def _written(value: Any) -> str:
    """Write a value.

    >>> _written(Decimal("19.900000000")), _written(["a", "b"]), _written(Decimal(100))
    ('19.9', 'a, b', '100')
    """
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, Decimal):
        return f"{value.normalize():f}"
    if isinstance(value, list):
        return ", ".join(str(one) for one in value)
    return value.isoformat() if isinstance(value, date) else str(value)
