"""A lake of a handful of orders: the derived tables that the figures are read from, without a log below them."""

from collections.abc import Iterable
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import duckdb

from regulars.measurement.api import Question, Setting, report

GUEST = 0


@dataclass(frozen=True)
class Order:
    """One order; customer 0 is a guest, a refund without a day of its own falls on the order's."""

    customer: int
    day: date
    gross: Decimal = Decimal("10.00")
    refunded: Decimal = Decimal(0)
    refunded_on: date | None = None


class Lake:
    """Reads like a moment of the real lake."""

    seq = 1

    def __init__(self, con: duckdb.DuckDBPyConnection) -> None:
        self.con = con

    def rows(self, sql: str, **parameters: Any) -> list[tuple[Any, ...]]:
        return self.con.execute(sql, parameters or None).fetchall()

    def dicts(self, sql: str, **parameters: Any) -> list[dict[str, Any]]:
        result = self.con.execute(sql, parameters or None)
        names = [column[0] for column in result.description]
        return [dict(zip(names, row, strict=True)) for row in result.fetchall()]

    def arrays(self, sql: str, **parameters: Any) -> dict[str, Any]:
        return dict(self.con.execute(sql, parameters or None).fetchnumpy())


TABLES = """
CREATE TABLE order_days AS
SELECT customer_id, day, orders, gross, first_day,
    (day - first_day)::INTEGER AS age,
    (lag(day) OVER person - first_day)::INTEGER AS prev_age,
    (row_number() OVER person)::INTEGER AS n
FROM (
    SELECT customer_id, day, count(*)::INTEGER AS orders, sum(gross)::DECIMAL(18, 4) AS gross,
        min(day) OVER (PARTITION BY customer_id) AS first_day
    FROM sales WHERE customer_id > 0 GROUP BY customer_id, day
)
WINDOW person AS (PARTITION BY customer_id ORDER BY day);
CREATE TABLE refund_days AS
SELECT customer_id, back_on AS day, sum(refunded)::DECIMAL(18, 4) AS refunded FROM sales WHERE refunded > 0 GROUP BY ALL;
CREATE TABLE day_totals AS
SELECT day, count(*)::BIGINT AS orders, sum(gross)::DECIMAL(38, 4) AS gross,
    count(*) FILTER (customer_id > 0)::BIGINT AS identified_orders,
    coalesce(sum(gross) FILTER (customer_id > 0), 0)::DECIMAL(38, 4) AS identified_gross
FROM sales GROUP BY day;
CREATE TABLE customer_sum AS
SELECT days.*, coalesce(back.refunded, 0)::DECIMAL(18, 4) AS refunded,
    (gross - coalesce(back.refunded, 0))::DECIMAL(18, 4) AS net
FROM (
    SELECT customer_id, min(day) AS first_day, max(day) AS last_day, sum(orders)::INTEGER AS orders,
        count(*)::INTEGER AS "days", sum(gross)::DECIMAL(18, 4) AS gross
    FROM order_days GROUP BY customer_id
) AS days
LEFT JOIN (SELECT customer_id, sum(refunded) AS refunded FROM refund_days GROUP BY customer_id) AS back
    ON back.customer_id = days.customer_id;
"""


@contextmanager
def lake(orders: Iterable[Order]) -> Any:
    """Open a lake with these orders."""
    listed = list(orders)
    with duckdb.connect() as con:
        con.execute("SET threads = 1")
        con.execute(
            "CREATE TABLE sales AS SELECT * FROM (SELECT unnest($customer::BIGINT[]) AS customer_id, "
            "unnest($day::DATE[]) AS day, unnest($gross::DECIMAL(18, 4)[]) AS gross, "
            "unnest($refunded::DECIMAL(18, 4)[]) AS refunded, unnest($back_on::DATE[]) AS back_on)",
            {
                "customer": [one.customer for one in listed],
                "day": [one.day for one in listed],
                "gross": [one.gross for one in listed],
                "refunded": [one.refunded for one in listed],
                "back_on": [one.refunded_on or one.day for one in listed],
            },
        )
        con.execute(TABLES)
        yield Lake(con)


SETTING = Setting(
    "UTC", "EUR", {"rows": 0, "accepted": 0, "rejected": 0, "duplicates": 0}, datetime(2030, 1, 1, tzinfo=UTC)
)


def reported(orders: Iterable[Order], question: Question | None = None, setting: Setting = SETTING) -> dict[str, Any]:
    """Return the report about these orders."""
    with lake(orders) as moment:
        return report(moment, question or Question(), setting)
