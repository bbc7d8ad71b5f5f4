"""Additive questions: what a question found in the base, less what the base says of the people touched since, plus what is true
of them now.

A base stays for hours or days while facts come every second. A question whose answer adds up over customers is asked of the
whole base once; after that each new moment costs only the touched people.
"""

import re
import threading
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from regulars.core.answers.cache import Once
from regulars.core.lake import derived as derivation
from regulars.core.lake.derived import PLAIN_NAMES, TOUCHED_DERIVED, Base, Derived
from regulars.core.lake.engine import Connection, set_zone, zone_of
from regulars.core.lake.overlay import TOUCHED_BASE, Overlay

WHOLE_BASE, NOW = "whole_base", PLAIN_NAMES
KEPT_ANSWERS = 300
Row = tuple[Any, ...]

_of_bases: Once = Once(KEPT_ANSWERS)


@dataclass(frozen=True)
class Based:
    """A moment that stands on a base: its key, its stored tables' files, and whether anybody was touched since."""

    key: Hashable
    definitions: Sequence[Derived]
    files: Mapping[str, Sequence[str]]
    overlay: Overlay | None  # of the people touched since
    door: threading.Lock = field(default_factory=threading.Lock)
    laid: set[tuple[str, str]] = field(default_factory=set)

    def lay(self, con: Connection, schema: str, sql: str) -> None:
        """Create, once, the derived tables that the SQL names, of the whole base or of its rows of touched people."""
        with self.door:  # connections of several threads share what is laid
            for item in self._needed(sql):
                if (schema, item.name) not in self.laid:
                    self._lay(con, schema, item)
                    self.laid.add((schema, item.name))

    def _lay(self, con: Connection, schema: str, item: Derived) -> None:
        if item.stored and schema == TOUCHED_BASE:
            assert self.overlay is not None
            self.overlay.lay_base(con, item)
            return
        rows = derivation.stored_rows(item, self.files[item.name]) if item.stored else item.of(derivation.FACTS, schema)
        con.execute(f"CREATE VIEW {schema}.{item.name} AS {rows}")

    def _needed(self, sql: str) -> list[Derived]:
        """Return what the SQL names and what that is made of, in the order of the definitions."""
        text, needed = sql, []
        for item in reversed(self.definitions):
            if re.search(rf"\b{item.name}\b", text):
                needed.append(item)
                text += "" if item.stored else item.sql
        return needed[::-1]


class Sums:
    """Asks one moment additive questions; set-up statements (temp tables and views) are run where they are needed.

    Every question and set-up speaks of derived tables by their plain names. The rows of an additive question are `keys` columns,
    then numbers that add up over customers.
    """

    def __init__(self, con: Connection, based: Based | None) -> None:
        self._con, self._based = con, based
        self._setup: list[tuple[str, dict[str, Any]]] = []
        self._parts: dict[str, _Part] = {}

    def lay_out(self, sql: str, **parameters: Any) -> None:
        """Remember a statement that sets up what later questions ask of."""
        self._setup.append((sql, parameters))

    def ask(self, sql: str, **parameters: Any) -> list[Row]:
        """Return the rows of a question that does not add up."""
        return self._part(NOW).rows(self._setup, sql, parameters)

    def sums(self, sql: str, keys: int, **parameters: Any) -> list[Row]:
        """Return the rows of an additive question, ordered by their keys."""
        if self._based is None:
            return _ordered(_add({}, self.ask(sql, **parameters), keys))
        told = (self._based.key, sql, repr(parameters), repr(self._setup))
        whole = _of_bases.get_or_make(told, lambda: self._part(WHOLE_BASE).rows(self._setup, sql, parameters))
        added = _add({}, whole, keys)
        if self._based.overlay is not None:
            _add(added, self._part(TOUCHED_BASE).rows(self._setup, sql, parameters), keys, -1)
            _add(added, self._part(TOUCHED_DERIVED).rows(self._setup, sql, parameters), keys)
        return _ordered(added)

    def _part(self, schema: str) -> "_Part":
        if schema not in self._parts:
            self._parts[schema] = _Part(self._con, schema, self._based)
        return self._parts[schema]


class _Part:
    """A connection that finds the derived tables of one schema under their plain names."""

    def __init__(self, con: Connection, schema: str, based: Based | None) -> None:
        self._schema, self._based, self._n_set_up = schema, based, 0
        self.con = con.cursor()
        set_zone(self.con, zone_of(con))
        self.con.execute(f"SET search_path = '{schema}'")

    def rows(self, setup: Sequence[tuple[str, dict[str, Any]]], sql: str, parameters: dict[str, Any]) -> list[Row]:
        for statement, values in setup[self._n_set_up :]:
            self._run(statement, values)
            self._n_set_up += 1
        return self._run(sql, parameters)

    def _run(self, sql: str, parameters: dict[str, Any]) -> list[Row]:
        if self._based is not None and self._schema in (WHOLE_BASE, TOUCHED_BASE):
            self._based.lay(self.con, self._schema, sql)
        return self.con.execute(sql, parameters or None).fetchall()


def _add(rows: dict[Row, Row], more: Sequence[Row], keys: int, sign: int = 1) -> dict[Row, Row]:
    """Add numbers to those of the same keys, in place; several rows may have the same ones."""
    for row in more:
        there = rows.get(row[:keys])
        numbers = tuple(sign * number for number in row[keys:])
        rows[row[:keys]] = numbers if there is None else tuple(a + b for a, b in zip(there, numbers, strict=True))
    return rows


def _ordered(rows: dict[Row, Row]) -> list[Row]:
    """Return the rows that say anything, by their keys, a missing value first; the one row of a question without keys stays."""
    told = [key + numbers for key, numbers in rows.items() if any(numbers) or not key]
    return sorted(told, key=lambda row: [(value is not None, value) for value in row])


def base_key(root: str, base: Base) -> Hashable:
    """Return what answers about a base depend on."""
    return (root, base.seq, base.definition, tuple(sorted(base.versions.items())))
