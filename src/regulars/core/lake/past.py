"""Questions about people as they were: each at an instant of their own, all asked at once.

Everybody's facts up to their instant are moved by whole days so that their instant falls on the same day for all: then one question, with
that day as today, answers for all of them. Days that a question names itself do not move with them.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Self

from regulars.core.lake.derived import DERIVED, Derived
from regulars.core.lake.engine import Connection
from regulars.core.lake.few import names
from regulars.core.lake.schema import Column, TableSchema

MERGES = "customer_merged"
STAYING = frozenset({"customer_identified", "customer_updated"})  # what is known of a person counts at any time
_MOVED = ("TIMESTAMP", "DATE")


@dataclass(frozen=True)
class Told:
    """What the facts are made of: a query for each table, and the day on which everybody is asked."""

    con: Connection
    schema: str
    tables: Sequence[TableSchema]
    facts: Mapping[str, str]
    today: date


class Past:
    """People at instants of their own, on a connection of its own; each customer stands here once."""

    def __init__(self, told: Told, definitions: Sequence[Derived], asked: Mapping[int, int]) -> None:
        """Take customers that stand, each with an instant in microseconds since 1970; those merged into them come along."""
        self._told, self._definitions, self._laid = told, definitions, set[str]()
        self.con = told.con
        con, schema = told.con, told.schema
        con.execute(f"CREATE SCHEMA {schema}; SET search_path = '{schema}'")
        con.execute(
            f"CREATE TABLE {schema}.asked AS SELECT customer_id, instant, "
            "$today::DATE - CAST(make_timestamptz(instant) AS DATE) AS shift "
            "FROM (SELECT unnest($people::BIGINT[]) AS customer_id, unnest($instants::BIGINT[]) AS instant)",
            {"people": list(asked), "instants": list(asked.values()), "today": told.today},
        )
        con.execute(
            f"CREATE TABLE {schema}.people AS SELECT customer_id, customer_id AS standing, instant, shift FROM {schema}.asked "
            f"UNION ALL SELECT merged_id, customer_id, instant, shift FROM {DERIVED}.merged JOIN {schema}.asked USING (customer_id)"
        )

    def rows(self, sql: str, **parameters: Any) -> list[tuple[Any, ...]]:
        """Return the rows of a question that speaks of facts and derived tables by their plain names."""
        self._lay(sql)
        return self.con.execute(sql, parameters or None).fetchall()

    def _lay(self, sql: str) -> None:
        text, needed = sql, []
        for item in reversed(self._definitions):
            if item.name not in self._laid and names(text, item.name):
                needed.append(item)
                text += item.sql
        self._facts([table for table in self._told.tables if names(text, table.name)])
        for item in needed[::-1]:
            kind = "TABLE" if item.stored else "VIEW"
            schema = self._told.schema
            self.con.execute(f"CREATE {kind} {schema}.{item.name} AS {item.of(schema, schema)}")
            self._laid.add(item.name)

    def _facts(self, used: Sequence[TableSchema]) -> None:
        wanted = [table for table in used if table.name not in self._laid]
        for table in (one for one in wanted if not one.follows):
            self._personal(table)
        for table in (one for one in wanted if one.follows):
            self._following(table)

    def _personal(self, table: TableSchema) -> None:
        """Lay the facts of the people up to their instants; all belong to those who stand, so nobody is merged here."""
        if table.name in self._laid:
            return
        until = "" if table.name in STAYING else "WHERE epoch_us(f.occurred_at) <= p.instant"
        nobody = "WHERE false" if table.name == MERGES else until
        moved = f"{self._moved(table.columns)}, p.standing AS customer_id"
        self._create(
            table,
            f"SELECT f.* REPLACE ({moved}) FROM {self._rows(table)} JOIN people AS p USING (customer_id) {nobody}",
        )

    def _following(self, table: TableSchema) -> None:
        """Lay the facts that follow others, as a correction its order, and those that name a customer themselves."""
        leading = [one for one in self._told.tables if not one.follows and _has(one, table.follows)]
        for one in leading:
            self._personal(one)
        columns = ", ".join(table.follows)
        owners = " UNION ".join(f"SELECT {columns}, customer_id AS owner FROM {one.name}" for one in leading)
        joined = " AND ".join(f"o.{name} = f.{name}" for name in table.follows)
        own = "coalesce(o.owner, n.standing)"
        self._create(
            table,
            f"SELECT f.* REPLACE ({self._moved(table.columns)}, coalesce(n.standing, f.customer_id) AS customer_id) "
            f"FROM {self._rows(table)} LEFT JOIN ({owners}) AS o ON {joined} LEFT JOIN people AS n ON n.customer_id = f.customer_id "
            f"JOIN asked AS p ON p.customer_id = {own} WHERE epoch_us(f.occurred_at) <= p.instant",
        )

    def _rows(self, table: TableSchema) -> str:
        return f"({self._told.facts[table.name]}) AS f"

    def _create(self, table: TableSchema, rows: str) -> None:
        self.con.execute(f"CREATE TABLE {self._told.schema}.{table.name} AS {rows}")
        self._laid.add(table.name)

    def _moved(self, columns: Sequence[Column]) -> str:
        days = [column.name for column in columns if column.type.startswith(_MOVED) and column.name != "received_at"]
        types = {column.name: column.type for column in columns}
        return ", ".join(f'CAST(f."{name}" + to_days(p.shift::INTEGER) AS {types[name]}) AS "{name}"' for name in days)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exception: object) -> None:
        self.con.execute(f"DROP SCHEMA {self._told.schema} CASCADE")
        self.con.close()


def _has(table: TableSchema, columns: Sequence[str]) -> bool:
    return set(columns) <= {column.name for column in table.columns}
