"""Questions about few people: their facts laid apart once, and derived tables made of these facts alone.

Everything is found under the plain names that questions about everybody use, so that one text serves both.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Self

from regulars.core.lake.derived import DERIVED, Derived
from regulars.core.lake.engine import Connection
from regulars.core.lake.schema import TableSchema


@dataclass(frozen=True)
class Restricted:
    """Fact tables with the rows of few people, laid out in a schema; people is the table of them, facts a query per table."""

    con: Connection
    schema: str
    people: str
    tables: Sequence[TableSchema]
    facts: Mapping[str, str]

    def lay(self, names: Iterable[str]) -> None:
        """Lay these tables apart, once; what follows other facts to its customer comes with what it follows."""
        wanted = set(names)
        used = [table for table in self.tables if table.name in wanted]
        following = sorted({table.follows for table in used if table.follows})
        for columns in following:
            used += [one for one in self._having(columns) if not one.follows and one not in used]
        for table in used:
            if not table.follows:
                self._lay(table, self._theirs(table))
        for columns in following:
            names_of = ", ".join(columns)
            self.con.execute(f"CREATE OR REPLACE TABLE {self.schema}.followed AS {self._followed(columns)}")
            for table in (one for one in used if one.follows == columns):
                followed = f"{self.schema}.followed USING ({names_of})"
                rows = f"SELECT * FROM ({self.facts[table.name]}) SEMI JOIN {followed} UNION ALL "
                self._lay(table, rows + f"{self._theirs(table)} ANTI JOIN {followed}")

    def _lay(self, table: TableSchema, rows: str) -> None:
        self.con.execute(f"CREATE TABLE IF NOT EXISTS {self.schema}.{table.name} AS {rows}")

    def _theirs(self, table: TableSchema) -> str:
        return f"SELECT * FROM ({self.facts[table.name]}) SEMI JOIN {self.people} USING (customer_id)"

    def _having(self, columns: Sequence[str]) -> list[TableSchema]:
        return [table for table in self.tables if set(columns) <= {column.name for column in table.columns}]

    def _followed(self, columns: Sequence[str]) -> str:
        """Return the query for the values of these columns in facts of the people, of whatever table has them."""
        sources = [
            f"({self._theirs(table)})" if table.follows else f"{self.schema}.{table.name}"
            for table in self._having(columns)
        ]
        return " UNION ".join(f"SELECT {', '.join(columns)} FROM {source}" for source in sources)


class Few:
    """Few people of one moment, on a connection of its own; tables are laid out as questions name them."""

    def __init__(self, restricted: Restricted, definitions: Sequence[Derived], people: Sequence[int]) -> None:
        """Take numbers of customers that stand; those merged into them come along."""
        self._from, self._definitions, self._laid = restricted, definitions, set[str]()
        self.con = restricted.con
        asked = f"SELECT unnest([{', '.join(map(str, people))}]::BIGINT[]) AS customer_id"
        merged = f"SELECT merged_id FROM {DERIVED}.merged WHERE customer_id IN ({asked})"
        self.con.execute(f"CREATE SCHEMA {restricted.schema}; SET search_path = '{restricted.schema}'")
        self.con.execute(f"CREATE TABLE {restricted.people} AS {asked} UNION {merged}")

    def rows(self, sql: str, **parameters: Any) -> list[tuple[Any, ...]]:
        """Return the rows of a question that speaks of facts and derived tables by their plain names."""
        self._lay(sql)
        return self.con.execute(sql, parameters or None).fetchall()

    def dicts(self, sql: str, **parameters: Any) -> list[dict[str, Any]]:
        """Return the rows of such a question as dictionaries by column name."""
        self._lay(sql)
        result = self.con.execute(sql, parameters or None)
        names = [column[0] for column in result.description or []]
        return [dict(zip(names, row, strict=True)) for row in result.fetchall()]

    def _lay(self, sql: str) -> None:
        text, needed = sql, []
        for item in reversed(self._definitions):
            if item.name not in self._laid and names(text, item.name):
                needed.append(item)
                text += "" if item.stored else item.sql
        self._from.lay(table.name for table in self._from.tables if names(text, table.name))
        for item in needed[::-1]:
            self._derive(item)
            self._laid.add(item.name)

    def _derive(self, item: Derived) -> None:
        kind, rows = "VIEW", item.of(self._from.schema, self._from.schema)
        if item.stored:
            kind = "TABLE"
            rows = f"SELECT * FROM {DERIVED}.{item.name} SEMI JOIN {self._from.people} USING (customer_id)"
        self.con.execute(f"CREATE {kind} {self._from.schema}.{item.name} AS {rows}")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exception: object) -> None:
        self.con.execute(f"DROP SCHEMA {self._from.schema} CASCADE")
        self.con.close()


def names(sql: str, table: str) -> bool:
    """Say whether a question reads a table; a column may have the same name.

    >>> names("SELECT sum(orders) FROM order_days", "orders"), names("SELECT 1 FROM derived.orders", "orders")
    (False, True)
    """
    return re.search(rf"\b(?:FROM|JOIN)\s+(?:\w+\.)?{table}\b", sql) is not None
