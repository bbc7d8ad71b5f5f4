"""One person's facts: everything of every kind, newest first, page by page."""

from typing import Any

import msgspec

from regulars.core.lake.moment import Moment
from regulars.events import registry

ENVELOPE = ("seq", "event_id", "source", "customer_id", "occurred_at", "received_at")


def history(moment: Moment, customer: int, limit: int, skip: int = 0) -> list[dict[str, Any]]:
    """Return facts of a person (merged ones too), the latest to happen first, after the first `skip` of them: seq, kind,
    occurred_at, received_at, source, and fields as plain values. A correction of an order follows the order's customer.
    """
    people = [
        customer,
        *(row[0] for row in moment.rows("SELECT merged_id FROM merged WHERE customer_id = $one", one=customer)),
    ]
    listed = ", ".join(str(int(person)) for person in people)
    orders = moment.rows(f"SELECT shop, order_id FROM order_placed WHERE customer_id IN ({listed})")
    moment.con.execute("CREATE OR REPLACE TEMP TABLE my_orders (shop VARCHAR, order_id VARCHAR)")
    if orders:
        moment.con.execute(
            "INSERT INTO my_orders SELECT unnest($shops::VARCHAR[]), unnest($orders::VARCHAR[])",
            {"shops": [row[0] for row in orders], "orders": [row[1] for row in orders]},
        )
    parts = " UNION ALL ".join(_part(kind, record, listed) for kind, record in registry.kinds().items())
    query = f"SELECT * FROM ({parts}) ORDER BY occurred_at DESC, seq DESC LIMIT {int(limit)} OFFSET {int(skip)}"
    return [{**row, "fields": msgspec.json.decode(row["fields"])} for row in moment.dicts(query)]


def _part(kind: str, record: type[registry.Fact], people: str) -> str:
    """Return the query for one kind; its own fields become one JSON text."""
    table = registry.table_name(kind)
    names = [column.name for column in registry.schema_of(kind).columns if column.name not in ENVELOPE]
    packed = ", ".join(f'"{name}" := "{name}"' for name in names)
    mine = f"customer_id IN ({people})"
    if record.about == "order":
        mine += " OR (shop, order_id) IN (SELECT (shop, order_id) FROM my_orders)"
    return (
        f"SELECT seq, '{kind}' AS kind, occurred_at, received_at, source, "
        f"to_json(struct_pack({packed}))::VARCHAR AS fields FROM {table} WHERE {mine}"
    )
