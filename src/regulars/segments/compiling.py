"""A rule made one question of the lake: who belongs, and whose answer a new day alone may have changed.

No value of a rule is ever written into a statement: columns come from the closed lists, everything else is a parameter.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from regulars.core import sql
from regulars.segments.rules import fields
from regulars.segments.rules.comparing import Comparison, Kind, holds_for_nothing
from regulars.segments.rules.tree import About, Did, Group, Happening, InSegment, Measure, Not, Rule, Said, Where

TODAY, BEFORE = "$today::DATE", "$before::DATE"
JOINS: Mapping[str, str] = {
    name: f"LEFT JOIN {name} ON {name}.customer_id = c.customer_id" for name in ("first_orders", "rfm_of", "late_of")
} | {
    "birthday": "LEFT JOIN customer_attributes AS birthday ON birthday.customer_id = c.customer_id AND birthday.name = 'birthday'"
}
STARTS = {"first_order": "c.first_day", "last_order": "c.last_day"}
Segments = Callable[[str], Rule]


class NoSuchSegment(LookupError):
    """A rule speaks of a segment that is not there, or that speaks of it in turn; the message is a sentence."""


@dataclass(frozen=True)
class Question:
    """SQL for DuckDB with its parameters; the days $today and $before are given by whoever asks, where `days` names them."""

    sql: str
    parameters: Mapping[str, Any]
    days: tuple[str, ...]


@dataclass(frozen=True)
class Compiled:
    """A rule's questions, each with the rows (customer_id). turning is None where a new day alone changes nothing.

    A nightly rule asks for what depends on all customers together: it cannot be asked about few of them.
    """

    members: Question
    turning: Question | None
    is_nightly: bool


def compiled(rule: Rule, segments: Segments) -> Compiled:
    """Compile a rule; segments gives other segments' rules by name, or raises NoSuchSegment."""
    whole = _spread(rule, segments, ())
    leaves = list(_leaves(whole))
    known = [fields.ABOUT[leaf.field] for leaf in leaves if isinstance(leaf, About) and leaf.field in fields.ABOUT]
    joins = {field.join for field in known} - {""}
    members = _Writer()
    text = members.customers(joins, lambda: members.rule(whole, TODAY))
    return Compiled(
        members.question(text),
        _turning(leaves),
        any(field.is_nightly for field in known),
    )


def happened(happening: Happening) -> Question:
    """Return the question for what happened: the rows of its source that fit, with customer_id, instant and seq of their facts."""
    writer = _Writer()
    return writer.question(f"SELECT h.* {writer.from_where(happening, TODAY)}")


def _spread(rule: Rule, segments: Segments, within: tuple[str, ...]) -> Rule:
    """Put other segments' rules in the place of their names."""
    if isinstance(rule, Group):
        return Group(rule.how, tuple(_spread(one, segments, within) for one in rule.rules))
    if isinstance(rule, Not):
        return Not(_spread(rule.rule, segments, within))
    if isinstance(rule, InSegment):
        if rule.name in within:
            raise NoSuchSegment(f"segments ask for one another in a circle: {' → '.join((*within, rule.name))}")
        return _spread(segments(rule.name), segments, (*within, rule.name))
    return rule


def _leaves(rule: Rule) -> Sequence[About | Did | Said]:
    if isinstance(rule, Group):
        return [leaf for one in rule.rules for leaf in _leaves(one)]
    if isinstance(rule, Not):
        return _leaves(rule.rule)
    assert not isinstance(rule, InSegment)
    return [rule]


def _joined(joins: set[str]) -> str:
    return "".join(f" {JOINS[name]}" for name in sorted(joins))


def _turning(leaves: Sequence[About | Did | Said]) -> Question | None:
    """Return the question for customers of whom any part of the rule reads otherwise on $today than on $before."""
    writer = _Writer()
    parts = [part for leaf in leaves for part in writer.turning(leaf)]
    return writer.question(" UNION ".join(parts)) if parts else None


@dataclass
class _Writer:
    """Writes one statement, and gathers its parameters."""

    parameters: dict[str, Any] = field(default_factory=dict)
    attributes: dict[str, str] = field(default_factory=dict)  # of the query that is being written, by name: its join

    def question(self, text: str) -> Question:
        return Question(text, self.parameters, tuple(name for name in ("today", "before") if f"${name}::" in text))

    def bind(self, value: Any, type_name: str) -> str:
        name = f"p{len(self.parameters)}"
        self.parameters[name] = value
        return f"${name}::{type_name}"

    def customers(self, joins: set[str], condition: Callable[[], str]) -> str:
        """Return the query for the customers of whom a condition holds, with the joins that it needs."""
        self.attributes = {}
        where = condition()
        joined = _joined(joins) + "".join(self.attributes.values())
        return f"SELECT c.customer_id FROM customers AS c{joined} WHERE {where}"

    def rule(self, rule: Rule, today: str) -> str:
        """Return the condition of a rule on a day; it is true or false, never unknown."""
        if isinstance(rule, Group):
            word, none = (" AND ", "true") if rule.how == "all" else (" OR ", "false")
            return f"({word.join(self.rule(one, today) for one in rule.rules) or none})"
        if isinstance(rule, Not):
            return f"(NOT {self.rule(rule.rule, today)})"
        if isinstance(rule, About):
            return f"({self._about(rule, today)})"
        if isinstance(rule, Said):
            return f"({self._said(rule, today)})"
        assert isinstance(rule, Did)
        return f"({self._did(rule, today)})"

    def turning(self, leaf: About | Did | Said) -> list[str]:
        """Return queries for the customers of whom a part of a rule may read otherwise on $today than on $before."""
        if isinstance(leaf, About):
            if not leaf.comparison.turns:
                return []
            known = fields.ABOUT.get(leaf.field)
            joins = {known.join} - {""} if known else set()
            return [self.customers(joins, lambda: f"({self._about(leaf, TODAY)}) <> ({self._about(leaf, BEFORE)})")]
        if isinstance(leaf, Said):
            source = sql.load("regulars.segments")["statements"]
            return [f"SELECT customer_id FROM ({source}) WHERE expires_on >= {BEFORE} AND expires_on < {TODAY}"]
        return self._did_turning(leaf)

    def _about(self, rule: About, today: str) -> str:
        if fields.is_attribute(rule.field):
            column = f"{self._attribute(fields.called(rule.field))}.{fields.READ_AS[rule.comparison.kind]}"
            return rule.comparison.sql(column, self.bind, today)
        return rule.comparison.sql(f"({fields.ABOUT[rule.field].sql})", self.bind, today)

    def _attribute(self, name: str) -> str:
        """Return the alias under which an attribute of the shop's own is joined."""
        name = name.lower()
        if name not in self.attributes:
            alias = f"own{len(self.attributes)}"
            fits = f"{alias}.customer_id = c.customer_id AND {alias}.name = {self.bind(name, 'VARCHAR')}"
            self.attributes[name] = f" LEFT JOIN customer_attributes AS {alias} ON {fits}"
        return f"own{list(self.attributes).index(name)}"

    def _said(self, rule: Said, today: str) -> str:
        source = sql.load("regulars.segments")["statements"]
        channel, topic = self.bind(rule.channel, "VARCHAR"), self.bind(rule.topic, "VARCHAR")
        state = f"CASE WHEN state = 'given' AND expires_on < {today} THEN 'expired' ELSE state END"
        said = f"SELECT customer_id FROM ({source}) WHERE channel = {channel} AND topic IN ('', {topic})"
        if rule.state == "never":
            return f"c.customer_id NOT IN ({said})"
        last = f"arg_max({state}, struct_pack(instant := instant, seq := seq)) = {self.bind(rule.state, 'VARCHAR')}"
        return f"c.customer_id IN ({said} GROUP BY customer_id HAVING {last})"

    def _did(self, rule: Did, today: str) -> str:
        """Compare what happened; where the comparison holds for nothing, those to whom enough happened are left out."""
        measure = rule.measure
        if measure.how in ("first", "last"):
            having, holds = self._measured(rule, measure.comparison, today), False
        else:
            holds = holds_for_nothing(measure.comparison)
            having = self._measured(rule, measure.comparison, today)
            having = f"NOT ({having})" if holds else having
        inner = f"SELECT customer_id FROM ({self._happened(rule, today)}) GROUP BY customer_id HAVING {having}"
        return f"c.customer_id {'NOT IN' if holds else 'IN'} ({inner})"

    def _measured(self, rule: Did, comparison: Comparison, today: str) -> str:
        value = {
            "times": "sum(n)" if _is_by_days(rule) else "count(*)",
            "sum": "coalesce(sum(value), 0)",
            "different": "count(DISTINCT value)",
            "first": "min(day)",
            "last": "max(day)",
        }[rule.measure.how]
        return comparison.sql(value, self.bind, today)

    def _happened(self, rule: Did, today: str) -> str:
        """Return the query for what happened: customer_id, day, the measured value, and how often."""
        if _is_by_days(rule):
            rows = "SELECT customer_id, day, orders AS n, gross AS value FROM order_days"
            return f"SELECT h.* FROM ({rows}) AS h{_starting(rule.happening)} WHERE {self._fits(rule.happening, today)}"
        value = f"{_value(rule.happening.source, rule.measure)} AS value"
        first = f"SELECT h.customer_id, h.instant, h.day, {value} {self.from_where(rule.happening, today)}"
        if rule.then is None:
            return first
        second = f"SELECT h.customer_id, h.instant {self.from_where(rule.then, today)}"
        limit = f"b.instant <= a.instant + to_days({self.bind(rule.then_within_days, 'INTEGER')})"
        return (
            f"SELECT a.customer_id, a.day, a.value FROM ({first}) AS a "
            f"ASOF JOIN ({second}) AS b ON a.customer_id = b.customer_id AND a.instant < b.instant WHERE {limit}"
        )

    def from_where(self, happening: Happening, today: str) -> str:
        return f"FROM ({self._rows(happening)}) AS h{_starting(happening)} WHERE {self._fits(happening, today)}"

    def _rows(self, happening: Happening) -> str:
        source = fields.source_of(happening.source)
        assert source is not None
        if not happening.source.startswith(fields.CUSTOM):
            return source.sql
        name = self.bind(happening.source.removeprefix(fields.CUSTOM), "VARCHAR")
        return f"SELECT * FROM ({source.sql}) WHERE name = {name}"

    def _fits(self, happening: Happening, today: str) -> str:
        parts = [self._where(happening.source, one, today) for one in happening.where]
        window = happening.window
        if window.after:
            begin, days = STARTS[window.after], self.bind(window.within_days, "INTEGER")
            parts.append(f"coalesce(h.day >= {begin} AND h.day < {begin} + {days}, false)")
        elif window.within_days is not None:
            parts.append(f"h.day > {today} - {self.bind(window.within_days, 'INTEGER')} AND h.day <= {today}")
        if window.since is not None:
            parts.append(f"h.day >= {self.bind(window.since, 'DATE')}")
        if window.until is not None:
            parts.append(f"h.day <= {self.bind(window.until, 'DATE')}")
        return " AND ".join(f"({part})" for part in parts) or "true"

    def _where(self, source_name: str, where: Where, today: str) -> str:
        if where.is_property:
            told = f"json_extract_string(h.properties, {self.bind(_pointer(where.field), 'VARCHAR')})"
            types = {Kind.NUMBER: "DOUBLE", Kind.DATE: "DATE"}
            cast = types.get(where.comparison.kind)
            return where.comparison.sql(f"TRY_CAST({told} AS {cast})" if cast else told, self.bind, today)
        source = fields.source_of(source_name)
        assert source is not None
        return where.comparison.sql(f"({source.fields[where.field].sql})", self.bind, today)

    def _did_turning(self, rule: Did) -> list[str]:
        found = []
        for happening in (rule.happening, rule.then):
            if happening is not None and _turns(happening):
                differs = f"({self._fits(happening, TODAY)}) <> ({self._fits(happening, BEFORE)})"
                found.append(
                    f"SELECT h.customer_id FROM ({self._rows(happening)}) AS h{_starting(happening)} WHERE {differs}"
                )
        if rule.measure.comparison.turns:
            differs = " <> ".join(f"({self._measured(rule, rule.measure.comparison, day)})" for day in (TODAY, BEFORE))
            rows = self._happened(rule, TODAY)
            found.append(f"SELECT customer_id FROM ({rows}) GROUP BY customer_id HAVING {differs}")
        return found


def _is_by_days(rule: Did) -> bool:
    """Say whether order days, which are stored, tell as much as orders do."""
    plain = rule.happening.source == "order" and not rule.happening.where and rule.then is None
    return plain and rule.measure.how != "different" and rule.measure.of in ("", "total")


def _starting(happening: Happening) -> str:
    """Return the join for the day on which a window begins."""
    return " JOIN customers AS c ON c.customer_id = h.customer_id" if happening.window.after else ""


def _value(source_name: str, measure: Measure) -> str:
    source = fields.source_of(source_name)
    return source.fields[measure.of].sql if measure.of and source is not None else "NULL"


def _turns(happening: Happening) -> bool:
    window = happening.window
    relative = window.within_days is not None and not window.after
    return relative or any(where.comparison.turns for where in happening.where)


def _pointer(name: str) -> str:
    """Return the JSON pointer to a property: no sign in a name means anything.

    >>> _pointer("price/€"), _pointer("a~b")
    ('/price~1€', '/a~0b')
    """
    return "/" + name.replace("~", "~0").replace("/", "~1")
