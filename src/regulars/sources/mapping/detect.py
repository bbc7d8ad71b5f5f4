"""Finding out from a file's own cells how its dates and numbers are written."""

from collections.abc import Mapping
from dataclasses import dataclass

from regulars.core.lake.engine import Connection, literal
from regulars.sources.files.options import Unsaid
from regulars.sources.mapping import values
from regulars.sources.mapping.values import DateWay, Writing

SAMPLE = 5_000
RIVALS = ("day-first", "month-first")


@dataclass(frozen=True)
class Cells:
    """The cells to look at: texts maps a field to the SQL of its text within source, a FROM item."""

    con: Connection
    source: str
    texts: Mapping[str, str]
    name: str

    def counts(self, field: str, readings: Mapping[str, str], limit: str) -> dict[str, int]:
        """Count the cells of a field that each reading (SQL of t) takes."""
        text = self.texts[field]
        listed = ", ".join(f"count({reading})" for reading in readings.values())
        cells = f"SELECT {text} AS t FROM {self.source} WHERE {text} IS NOT NULL {limit}"
        row = self.con.execute(f"SELECT {listed} FROM ({cells})").fetchone()
        return dict(zip(readings, row or [0] * len(readings), strict=True))

    def sample(self, field: str) -> list[str]:
        """Return the field's first cells that are not blank."""
        text = self.texts[field]
        query = f"SELECT {text} FROM {self.source} WHERE {text} IS NOT NULL LIMIT {SAMPLE}"
        return [str(row[0]) for row in self.con.execute(query).fetchall()]


def writing(cells: Cells, kinds: Mapping[str, str], decimal: str | None, dates: str | None) -> Writing:
    """Look at the first cells of each field and, where these leave the dates open, at all; decimal and dates are told."""
    numbers = [name for name, kind in kinds.items() if kind in ("money", "signed", "number")]
    samples = [cell for name in numbers for cell in cells.sample(name)]
    moments = [name for name, kind in kinds.items() if kind in ("instant", "date")]
    return Writing({name: _way(cells, name, dates) for name in moments}, values.decimal_of(samples, decimal))


def _way(cells: Cells, field: str, told: str | None) -> DateWay:
    tried = values.families(told)
    readings = {family: values.date_sql("t", DateWay(family)) for family in tried} if told is None else {}
    first = cells.counts(field, readings, f"LIMIT {SAMPLE}") if readings else dict.fromkeys(tried, 1)
    best = max(first, key=lambda family: first[family])
    if best in RIVALS and told is None and first[RIVALS[0]] == first[RIVALS[1]]:
        best = _settled(cells, field, {family: readings[family] for family in RIVALS})
    if not first[best]:
        best = values.ISO
    patterns = {pattern: f"TRY_STRPTIME(t, {literal(pattern)})" for pattern in tried.get(best, ())}
    used = cells.counts(field, patterns, f"LIMIT {SAMPLE}") if patterns else {}
    return DateWay(best, tuple(pattern for pattern in patterns if used[pattern]))


def _settled(cells: Cells, field: str, readings: Mapping[str, str]) -> str:
    """Tell day/month from month/day by every cell of the file."""
    counts = cells.counts(field, readings, "")
    if counts[RIVALS[0]] == counts[RIVALS[1]]:
        raise Unsaid(
            f"in {cells.name} every date could be day/month or month/day; say --dates day-first or --dates month-first",
            ["dates"],
        )
    return max(counts, key=lambda family: counts[family])
