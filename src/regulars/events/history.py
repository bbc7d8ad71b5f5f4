"""One person's facts: everything of every kind, the latest to happen first, page by page."""

import re
from typing import Any

import msgspec

from regulars.core import sql
from regulars.core.lake.moment import Moment
from regulars.events import registry

ENVELOPE = ("seq", "event_id", "source", "customer_id", "occurred_at", "received_at")
FURTHEST = 2**62  # the engine counts rows in 64 bits

_SAME_PERSON = """
WITH standing AS (SELECT coalesce((SELECT customer_id FROM merged WHERE merged_id = $one), $one) AS customer_id)
SELECT customer_id FROM standing UNION SELECT merged_id FROM merged SEMI JOIN standing USING (customer_id) ORDER BY 1
"""


def history(moment: Moment, customer: int, limit: int, skip: int = 0) -> list[dict[str, Any]]:
    """Return facts of a person, the latest to happen first, after the first `skip` of them: seq, kind, occurred_at,
    received_at, source, and fields as plain values. A correction of an order follows the order's customer.

    Any number of a merged person asks for the whole person; 0, which guests and the shop's own facts have, for nobody.
    """
    if customer <= 0:
        return []
    listed = ", ".join(str(row[0]) for row in moment.rows(_SAME_PERSON, one=customer))
    orders = moment.rows(f"SELECT shop, order_id FROM order_placed WHERE customer_id IN ({listed})")
    moment.con.execute("CREATE OR REPLACE TEMP TABLE my_orders (shop VARCHAR, order_id VARCHAR)")
    if orders:
        moment.con.execute(
            "INSERT INTO my_orders SELECT unnest($shops::VARCHAR[]), unnest($orders::VARCHAR[])",
            {"shops": [row[0] for row in orders], "orders": [row[1] for row in orders]},
        )
    parts = " UNION ALL ".join(_part(kind, record, listed) for kind, record in registry.kinds().items())
    page = f"LIMIT {int(limit)} OFFSET {min(int(skip), FURTHEST)}"
    query = f"SELECT * FROM ({parts}) ORDER BY occurred_at DESC, seq DESC {page}"
    return [{**row, "fields": msgspec.json.decode(row["fields"])} for row in moment.dicts(query)]


def orders_of(moment: Moment, customer: int, limit: int) -> list[dict[str, Any]]:
    """Return the orders of a person that stand, the latest first, as in the derived table `orders`.

    The tables' own definitions are asked, over the person's few facts instead of everybody's.
    """
    if customer <= 0:
        return []
    listed = ", ".join(str(row[0]) for row in moment.rows(_SAME_PERSON, one=customer))
    texts = sql.load("regulars.events")
    text = texts["orders"]
    for name in ("order_state", "order_refunds"):
        text = text.replace(f"derived.{name}", f"({texts[name]})")
    for schema in registry.schemas():
        if schema.follows == registry.FOLLOWS["order"]:
            theirs = f"(SELECT * FROM facts.{schema.name} SEMI JOIN mine USING (shop, order_id))"
            text = re.sub(rf"\bfacts\.{schema.name}\b", theirs, text)
    text = text.replace("facts.order_placed", "mine")
    mine = f"SELECT * FROM facts.order_placed WHERE customer_id IN ({listed})"
    return moment.dicts(
        f"WITH mine AS MATERIALIZED ({mine}) SELECT * FROM ({text}) ORDER BY ordered_at DESC, seq DESC LIMIT {int(limit)}"
    )


def _part(kind: str, record: type[registry.Fact], people: str) -> str:
    """Return the query for one kind; its own fields become one JSON text."""
    table = registry.table_name(kind)
    names = [column.name for column in registry.schema_of(kind).columns if column.name not in ENVELOPE]
    packed = ", ".join(f'"{name}" := "{name}"' for name in names)
    shown = (
        f"SELECT seq, '{kind}' AS kind, occurred_at, received_at, source, "
        f"to_json(struct_pack({packed}))::VARCHAR AS fields"
    )
    mine = f"customer_id IN ({people})"
    if record.about != "order":
        return f"{shown} FROM {table} WHERE {mine}"
    rest = f"(SELECT * FROM {table} WHERE {mine}) ANTI JOIN my_orders USING (shop, order_id)"
    return f"{shown} FROM {table} SEMI JOIN my_orders USING (shop, order_id) UNION ALL {shown} FROM {rest}"
