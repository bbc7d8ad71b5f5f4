"""Joining further files to the one that is read: orders with their items, with their customers."""

from pathlib import Path

from regulars.core.lake.engine import literal
from regulars.sources.files import sniff, table
from regulars.sources.files.options import CannotRead, Options
from regulars.sources.mapping.model import Join


def named(columns: tuple[str, ...], alias: str, prefix: str = "") -> dict[str, str]:
    """Return the SQL of each column by its name, its place (counted from 1) and its name in small letters.

    >>> named(("Total", "1"), "main")["total"], named(("Total", "1"), "main")["1"]
    ('main.c1', 'main.c2')
    """
    names = {name: f"{alias}.c{place}" for place, name in enumerate(columns, start=1)}
    for place, name in enumerate(columns, start=1):
        names.setdefault(str(place), f"{alias}.c{place}")
        names.setdefault(name.strip().lower(), f"{alias}.c{place}")
    return {prefix + name: sql for name, sql in names.items()}


def joined(join: Join, alias: str, names: dict[str, str], scratch: Path) -> str:
    """Add a joined file's columns to names, as `name.column`, and return its JOIN."""
    shape = sniff.shape_of(sniff.unpacked(join.file, scratch), Options(), True)
    if shape.kind != "text":
        raise CannotRead(f"{join.file.name}: only text files such as CSV can be joined")
    raw = table.copied(sniff.unpacked(join.file, scratch), shape, scratch)
    if raw.first_fault:
        line, said = raw.first_fault
        raise CannotRead(f"{join.file.name}, line {line}: {said}; correct that row first, a joined file has no rejects")
    own = named(raw.columns, alias)
    left = names.get(str(join.left)) or names.get(str(join.left).strip().lower())
    right = own.get(str(join.right)) or own.get(str(join.right).strip().lower())
    if left is None or right is None:
        missing, where = (join.right, join.file.name) if right is None else (join.left, "the file before it")
        raise CannotRead(f"the join with {join.file.name} names the column '{missing}', which {where} does not have")
    names |= named(raw.columns, alias, f"{join.name}.")
    return f" LEFT JOIN {_taken(join, raw, right.split('.')[1])} AS {alias} ON trim({right}) = trim({left})"


def _taken(join: Join, raw: table.RawTable, key: str) -> str:
    """Return the joined file's rows: the first per key, all of them, or their sum."""
    whole = f"(SELECT * FROM {raw.source} WHERE fault IS NULL)"
    if join.take == "lines":
        return whole
    if join.take == "one":
        return f"(SELECT DISTINCT ON (trim({key})) * FROM {whole} ORDER BY line)"
    columns = [f"c{place}" for place in range(1, len(raw.columns) + 1) if f"c{place}" != key]
    sums = [f"sum(TRY_CAST({column} AS DECIMAL(18,4)))::VARCHAR AS {column}" for column in columns]
    listed = ", ".join([f"trim({key}) AS {key}", f"min(line) AS line, {literal('')} AS fault", *sums])
    return f"(SELECT {listed} FROM {whole} GROUP BY trim({key}))"
