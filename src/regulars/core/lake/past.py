"""Questions about people as they were: each at instants of their own, all asked at once.

For each person and instant a stand-in is made who has the person's facts up to then, moved by whole days so that the instant falls on the
same day for all: one question, with that day as today, answers for all of them. Days that a question names itself do not move.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Self

from regulars.core.lake.derived import DERIVED, Derived
from regulars.core.lake.engine import Connection
from regulars.core.lake.few import names
from regulars.core.lake.schema import TableSchema

MERGES = "customer_merged"
STAYING = frozenset({"customer_identified", "customer_updated"})  # what is known of a person counts at any time
_MOVED = ("TIMESTAMP", "DATE")


class CannotAsk(ValueError):
    """A question that cannot be asked about the past; the message says why."""


@dataclass(frozen=True)
class Told:
    """What the facts are made of: a query for each table, and the day on which everybody is asked."""

    con: Connection
    schema: str
    tables: Sequence[TableSchema]
    facts: Mapping[str, str]
    today: date


class Past:
    """Stand-ins, numbered from 0 as they were asked for, on a connection of its own."""

    def __init__(self, told: Told, definitions: Sequence[Derived], asked: Sequence[tuple[int, int]]) -> None:
        """Take customers that stand, each with an instant in microseconds since 1970; those merged into them come along."""
        self._told, self._definitions, self._laid = told, definitions, set[str]()
        self._marked = ""
        self.con = told.con
        con, schema = told.con, told.schema
        con.execute(f"CREATE SCHEMA {schema}; SET search_path = '{schema}'")
        con.execute(
            f"CREATE TABLE {schema}.asked AS SELECT customer_id, standin, instant, "
            "$today::DATE - CAST(make_timestamptz(instant) AS DATE) AS shift FROM (SELECT unnest($people::BIGINT[]) AS customer_id, "
            "unnest($instants::BIGINT[]) AS instant, unnest(range(1, len($people::BIGINT[]) + 1)) AS standin)",
            {"people": [who for who, _ in asked], "instants": [at for _, at in asked], "today": told.today},
        )
        con.execute(
            f"CREATE TABLE {schema}.people AS SELECT * FROM {schema}.asked UNION ALL "
            f"SELECT merged_id, standin, instant, shift FROM {DERIVED}.merged JOIN {schema}.asked USING (customer_id)"
        )

    def holding(self, sql: str, **parameters: Any) -> list[int]:
        """Return the places, in the list that was asked, of those whom a question names as customer_id."""
        self._mark(sql)
        self._lay(sql)
        return [int(row[0]) - 1 for row in self.con.execute(sql, parameters or None).fetchall()]

    def _mark(self, sql: str) -> None:
        """Choose the part of an order's key that keeps apart what is one order of several stand-ins: one that is not asked for."""
        free = [name for name in ("order_id", "shop") if not re.search(rf"\bh\.{name}\b", sql)]
        if not free or (self._laid and self._marked not in free):
            raise CannotAsk("of the past an order's number and its shop cannot both be asked")
        self._marked = self._marked or free[0]

    def _lay(self, sql: str) -> None:
        text, needed = sql, []
        for item in reversed(self._definitions):
            if item.name not in self._laid and names(text, item.name):
                needed.append(item)
                text += item.sql
        for table in self._told.tables:
            if table.name not in self._laid and names(text, table.name):
                self._following(table) if table.follows else self._personal(table)
                self._laid.add(table.name)
        for item in needed[::-1]:
            kind = "TABLE" if item.stored else "VIEW"
            schema = self._told.schema
            self.con.execute(f"CREATE {kind} {schema}.{item.name} AS {item.of(schema, schema)}")
            self._laid.add(item.name)

    def _personal(self, table: TableSchema) -> None:
        """Lay what the people's facts were up to their instants; nobody is merged here, for all belong to those who stand."""
        until = "true" if table.name in STAYING else "epoch_us(f.occurred_at) <= p.instant"
        self._create(table, f"FROM {self._rows(table)} JOIN people AS p USING (customer_id) WHERE {until}")

    def _following(self, table: TableSchema) -> None:
        """Lay the facts that follow others, as a correction its order, and those that follow none and name a customer themselves."""
        columns, followed = ", ".join(table.follows), f"{self._told.schema}.followed_{'_'.join(table.follows)}"
        leading = [one for one in self._told.tables if not one.follows and _has(one, table.follows)]
        owners = " UNION ".join(
            f"SELECT {columns}, standin FROM {self._rows(one)} JOIN people AS p USING (customer_id) "
            "WHERE epoch_us(f.occurred_at) <= p.instant"
            for one in leading
        )
        self.con.execute(f"CREATE TABLE IF NOT EXISTS {followed} AS {owners}")
        until = "epoch_us(f.occurred_at) <= p.instant"
        self._create(
            table,
            f"FROM {self._rows(table)} JOIN {followed} AS o USING ({columns}) JOIN asked AS p USING (standin) WHERE {until}",
            f"FROM {self._rows(table)} JOIN people AS p USING (customer_id) ANTI JOIN {followed} AS o USING ({columns}, standin) WHERE {until}",
        )

    def _create(self, table: TableSchema, *sources: str) -> None:
        own = {column.name: column.type for column in table.columns}
        moved = {
            name: f'CAST(f."{name}" + to_days(p.shift::INTEGER) AS {kind})'
            for name, kind in own.items()
            if kind.startswith(_MOVED) and name != "received_at"
        }
        if {"shop", "order_id"} <= own.keys():
            moved[self._marked] = f"f.{self._marked} || chr(31) || p.standin"
        columns = ", ".join(f'{sql} AS "{name}"' for name, sql in (moved | {"customer_id": "p.standin"}).items())
        rows = " UNION ALL ".join(f"SELECT f.* REPLACE ({columns}) {source}" for source in sources)
        nobody = " LIMIT 0" if table.name == MERGES else ""
        self.con.execute(f"CREATE TABLE {self._told.schema}.{table.name} AS {rows}{nobody}")

    def _rows(self, table: TableSchema) -> str:
        return f"({self._told.facts[table.name]}) AS f"

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exception: object) -> None:
        self.con.execute(f"DROP SCHEMA {self._told.schema} CASCADE")
        self.con.close()


def _has(table: TableSchema, columns: Sequence[str]) -> bool:
    return set(columns) <= {column.name for column in table.columns}
