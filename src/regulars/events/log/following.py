"""Following the log: what came after a seq, from the log's table when that is enough, else with the lake."""

from collections.abc import Sequence

from regulars.core.lake.moment import Moment, Source, load_json
from regulars.core.lake.schema import TableSchema
from regulars.core.lake.tables import Table
from regulars.events import place, registry
from regulars.events.log import flush, marks


def newest() -> int:
    """Return the newest committed seq."""
    return marks.get(marks.LOG)


def after(kinds: Sequence[str], seq: int) -> Moment | None:
    """Open the facts of some kinds with seq greater than the given one; None when there is none.

    The moment's facts.<table> hold older rows too when the lake was needed: queries say `WHERE seq > $seq`.
    """
    if newest() <= seq:
        return None
    upto, tail = flush.tail(kinds, seq)
    root, schemas = place.lake_root(), [registry.schema_of(kind) for kind in kinds]
    in_lake = any((s := Table(root, schema).snapshot()) and s.watermark > seq for schema in schemas)
    if not in_lake and not tail:
        return None
    if in_lake:
        return Moment(place.connection(), Source(root, upto, schemas, tail))
    return _log_only(schemas, upto, tail)


def _log_only(schemas: Sequence[TableSchema], upto: int, tail: dict[str, list[tuple[int, str]]]) -> Moment:
    con = place.connection()
    moment = Moment(con, Source(place.lake_root(), upto, ()))
    for schema in schemas:
        rows = [row for _, row in tail.get(schema.name, ())]
        if rows:
            load_json(con, f"facts.{schema.name}", schema.columns, rows)
        else:
            con.execute(f"CREATE VIEW facts.{schema.name} AS {schema.select_nulls()}")
    return moment
