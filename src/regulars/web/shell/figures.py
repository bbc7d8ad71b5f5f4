"""Tables and charts as values: a view makes them, one template draws them, and each can be fetched as CSV."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from regulars.core.formats import Formats
from regulars.core.reading import number

Kind = Literal["text", "figure", "count", "decimal", "share", "money", "day", "moment", "month", "days"]
Tone = Literal["", "good", "bad", "warn"]
Row = Mapping[str, Any]
NUMERIC = frozenset({"figure", "count", "decimal", "share", "money", "days"})
DATED = frozenset({"day", "moment", "month"})


@dataclass(frozen=True)
class Column:
    """One column of a table: the key in its rows, its heading, how its values are written.

    What is called a figure was written by whoever made the row: it stands to the right, as it is.
    link names the key of a row's address; sort is the address that sorts by this column; help explains the heading.
    """

    key: str
    label: str
    kind: Kind = "text"
    link: str = ""
    sort: str = ""
    sorted: Literal["", "ascending", "descending"] = ""
    help: str = ""

    @property
    def look(self) -> str:
        """Return the class of its cells: figures stand to the right, dates on one line."""
        return "number" if self.kind in NUMERIC else "tight" if self.kind in DATED else ""


@dataclass(frozen=True)
class Table:
    """A table: its key names it in addresses and files; empty is the sentence shown without rows. A personal one lists
    people, so that fetching it as a file takes the permission to export."""

    key: str
    caption: str
    columns: Sequence[Column]
    rows: Sequence[Row]
    empty: str = ""
    csv: bool = True
    is_personal: bool = False

    def written(self, write: Formats) -> list[list[tuple[Column, str, str]]]:
        """Return the rows as (column, text, address) cells."""
        return [
            [
                (column, said(write, column.kind, row.get(column.key)), str(row.get(column.link) or ""))
                for column in self.columns
            ]
            for row in self.rows
        ]


@dataclass(frozen=True)
class Series:
    """One line or row of bars: keys of the table's rows; low and high name an interval around it."""

    key: str
    label: str
    low: str = ""
    high: str = ""
    dashed: bool = False


@dataclass(frozen=True)
class Chart:
    """A chart: its title says the finding, the definition is one click away, and its table stands beside it.

    kind: lines, bars, stacked, area, points (values with intervals, one per row). x is the key of the table's rows along
    the axis; unit says how values are written. points are the rows to draw where they are not the table's own.
    """

    key: str
    title: str
    definition: str
    table: Table
    x: str
    series: Sequence[Series]
    kind: Literal["lines", "bars", "stacked", "area", "points"] = "lines"
    unit: Kind = "count"
    note: str = ""
    x_label: str = ""
    points: Sequence[Row] = ()

    @property
    def data_id(self) -> str:
        """Return the id of the element that holds the drawn figures."""
        return f"{self.key}-data"

    def drawn(self, write: Formats) -> dict[str, Any]:
        """Return what the drawing script needs: values as numbers, and every text already written."""
        kinds = {column.key: column.kind for column in self.table.columns}
        return {
            "kind": self.kind,
            "unit": self.unit,
            "locale": write.locale,
            "currency": write.currency or "",
            "xLabel": self.x_label,
            "x": [said(write, kinds.get(self.x, "text"), row.get(self.x)) for row in self._drawn_rows],
            "series": [self._line(one) for one in self.series],
        }

    def _line(self, one: Series) -> dict[str, Any]:
        picked = {"label": one.label, "dashed": one.dashed, "values": self._numbers(one.key)}
        if one.low and one.high:
            picked |= {"low": self._numbers(one.low), "high": self._numbers(one.high)}
        return picked

    def _numbers(self, key: str) -> list[float | None]:
        return [number(row.get(key)) for row in self._drawn_rows]

    @property
    def _drawn_rows(self) -> Sequence[Row]:
        return self.points or self.table.rows


@dataclass(frozen=True)
class Card:
    """One figure on a card: what it is, how much, a remark and its definition; link leads to more."""

    name: str
    figure: str
    remark: str = ""
    definition: str = ""
    link: str = ""
    tone: Tone = ""


def said(write: Formats, kind: Kind, value: Any) -> str:
    """Write a value as its kind is written; whatever is missing becomes a dash.

    >>> said(Formats("en", "EUR"), "share", 0.244), said(Formats("en", "EUR"), "money", "12.5"), said(Formats(), "count", None)
    ('24.4%', '€12.50', '–')
    """
    if kind in ("text", "figure"):
        return "" if value is None else str(value)
    if kind == "days":
        return write.decimal(value, 0)
    return str(getattr(write, kind)(value))
