"""Which natural keys an import has already put into the lake: the inbox's own digests do not know those."""

from collections.abc import Sequence

import msgspec

from regulars.core.lake import engine
from regulars.core.lake.derived import scan
from regulars.core.lake.tables import Table
from regulars.events import place, registry
from regulars.events.log import marks


def bulk_mark(table: str) -> str:
    """Return the name of the mark that says up to which seq imports have written this table."""
    return f"bulk:{table}"


def known(told: Sequence[tuple[str, str]]) -> list[bool]:
    """Return of each fact, told by its kind and its fields as JSON, whether an import brought it.

    Facts are read, and the lake is asked, only for tables that imports have written.
    """
    answers = [False] * len(told)
    positions: dict[str, list[int]] = {}
    for position, (kind, _) in enumerate(told):
        positions.setdefault(kind, []).append(position)
    for kind, places in positions.items():
        if registry.kind_of(kind).key_fields and marks.get(bulk_mark(registry.table_name(kind))):
            facts = [registry.read(kind, msgspec.json.decode(told[position][1])) for position in places]
            found = _found(kind, facts)
            for position, fact in zip(places, facts, strict=True):
                answers[position] = fact.natural_key() in found
    return answers


def _found(kind: str, facts: Sequence[registry.Fact]) -> set[str]:
    snapshot = Table(place.lake_root(), registry.schema_of(kind)).snapshot()
    if snapshot is None or not snapshot.files:
        return set()
    fields = registry.kind_of(kind).key_fields
    last = fields[-1]
    values = ", ".join(engine.literal(str(getattr(told, last))) for told in facts)
    listed = ", ".join(f'CAST("{name}" AS VARCHAR)' for name in fields)
    with place.connection() as con:
        rows = con.execute(
            f'SELECT {listed} FROM {scan(snapshot.files)} WHERE CAST("{last}" AS VARCHAR) IN ({values})'
        ).fetchall()
    return {"\x1f".join([kind, *row]) for row in rows}
