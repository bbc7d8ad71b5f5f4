"""A lake of a handful of orders: the derived tables that the figures are read from, without a log below them."""

from collections.abc import Callable, Iterable
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import duckdb

from regulars.core.lake.sums import Sums
from regulars.core.sql import load
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
    country: str | None = None
    channel: str | None = None
    has_discount: bool = False
    products: tuple[tuple[str, Decimal], ...] = ()


class Lake:
    """Reads like a moment of the real lake."""

    seq = 1

    def __init__(self, con: duckdb.DuckDBPyConnection) -> None:
        self.con = con

    def once(self, name: str, make: Callable[[], Any]) -> Any:
        return make()  # a test may put more orders in later

    def sums(self) -> Sums:
        return Sums(self.con, None)

    def rows(self, sql: str, **parameters: Any) -> list[tuple[Any, ...]]:
        return self.con.execute(sql, parameters or None).fetchall()

    def dicts(self, sql: str, **parameters: Any) -> list[dict[str, Any]]:
        result = self.con.execute(sql, parameters or None)
        names = [column[0] for column in result.description]
        return [dict(zip(names, row, strict=True)) for row in result.fetchall()]

    def arrays(self, sql: str, **parameters: Any) -> dict[str, Any]:
        return dict(self.con.execute(sql, parameters or None).fetchnumpy())


TABLES = """
CREATE SCHEMA IF NOT EXISTS facts;
CREATE SCHEMA IF NOT EXISTS derived;
CREATE TABLE sale_days AS
SELECT customer_id, day, orders, gross, first_day,
    (day - first_day)::INTEGER AS age,
    (lag(day) OVER person - first_day)::INTEGER AS prev_age,
    (row_number() OVER person)::INTEGER AS n
FROM (
    SELECT customer_id, day, count(*)::INTEGER AS orders, sum(gross)::DECIMAL(18, 4) AS gross,
        min(day) OVER (PARTITION BY customer_id) AS first_day
    FROM sales GROUP BY customer_id, day
)
WINDOW person AS (PARTITION BY customer_id ORDER BY day);
CREATE VIEW order_days AS SELECT * FROM sale_days WHERE customer_id > 0;
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
        count(*)::INTEGER AS "days", sum(gross)::DECIMAL(18, 4) AS gross,
        sum(gross) FILTER (n = 1)::DECIMAL(18, 4) AS first_gross,
        coalesce(sum(ln(age - prev_age)::DECIMAL(18, 9)) FILTER (n > 1), 0)::DECIMAL(18, 9) AS log_gaps
    FROM order_days GROUP BY customer_id
) AS days
LEFT JOIN (SELECT customer_id, sum(refunded) AS refunded FROM refund_days GROUP BY customer_id) AS back
    ON back.customer_id = days.customer_id;
"""


FIRSTS = """
CREATE VIEW orders AS
SELECT 'main' AS shop, 'O' || place AS order_id, customer_id, day::TIMESTAMPTZ AS ordered_at, day, place AS seq, 1 AS rate,
    country, channel, CASE WHEN has_discount THEN 1 END AS discount, NULL::VARCHAR AS discount_code, lines
FROM sales;
CREATE VIEW derived.orders AS FROM main.orders;
CREATE VIEW derived.sale_days AS FROM main.sale_days;
"""
LINES = "STRUCT(product VARCHAR, name VARCHAR, category VARCHAR, quantity DECIMAL(18, 4), amount DECIMAL(18, 4))[]"


def _lines(order: Order) -> list[dict[str, Any]]:
    return [
        {"product": name, "name": f"The {name}", "category": None, "quantity": Decimal(1), "amount": amount}
        for name, amount in order.products
    ]


@contextmanager
def lake(orders: Iterable[Order]) -> Any:
    """Open a lake with these orders."""
    listed = list(orders)
    with duckdb.connect() as con:
        con.execute("SET threads = 1")
        con.execute(
            "CREATE TABLE sales AS SELECT * FROM (SELECT unnest($customer::BIGINT[]) AS customer_id, "
            "unnest($day::DATE[]) AS day, unnest($gross::DECIMAL(18, 4)[]) AS gross, "
            "unnest($refunded::DECIMAL(18, 4)[]) AS refunded, unnest($back_on::DATE[]) AS back_on, "
            "unnest($country::VARCHAR[]) AS country, unnest($channel::VARCHAR[]) AS channel, "
            "unnest($has_discount::BOOLEAN[]) AS has_discount, unnest(range(len($day))) AS place, "
            f"unnest($lines::{LINES}[]) AS lines)",
            {
                "customer": [one.customer for one in listed],
                "day": [one.day for one in listed],
                "gross": [one.gross for one in listed],
                "refunded": [one.refunded for one in listed],
                "back_on": [one.refunded_on or one.day for one in listed],
                "country": [one.country for one in listed],
                "channel": [one.channel for one in listed],
                "has_discount": [one.has_discount for one in listed],
                "lines": [_lines(one) for one in listed],
            },
        )
        con.execute(TABLES + FIRSTS)
        for name in ("first_orders", "customer_products"):
            con.execute(f"CREATE VIEW derived.{name} AS {load('regulars.events')[name]}")
            con.execute(f"CREATE VIEW {name} AS FROM derived.{name}")
        yield Lake(con)


SETTING = Setting(
    "UTC", "EUR", {"rows": 0, "accepted": 0, "rejected": 0, "duplicates": 0}, datetime(2030, 1, 1, tzinfo=UTC)
)


def reported(orders: Iterable[Order], question: Question | None = None, setting: Setting = SETTING) -> dict[str, Any]:
    """Return the report about these orders."""
    with lake(orders) as moment:
        return report(moment, question or Question(), setting)
