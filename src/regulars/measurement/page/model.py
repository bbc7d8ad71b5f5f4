"""What a page is made of: chapters of figures, each with its finding, its definition, its chart and its table."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Self

from django.utils.safestring import SafeString

from regulars.core.formats import Formats
from regulars.core.reading import Report, block, text
from regulars.measurement.page.definitions import DEFINITIONS

Columns = Mapping[str, Callable[[Report], str]]
NOTHING = SafeString("")


@dataclass(frozen=True)
class Table:
    """A table whose first column names its rows."""

    caption: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    note: str = ""

    @classmethod
    def of(cls, caption: str, found: Iterable[Report], columns: Columns, note: str = "") -> Self:
        """Write a table of a report's rows; each column has its heading and the way it reads a row."""
        written = tuple(tuple(read(row) for read in columns.values()) for row in found)
        return cls(caption, tuple(columns), written, note)


@dataclass(frozen=True)
class Figure:
    """One finding: a title that says it, its definition, what shows it, and the tables behind it.

    A figure whose empty sentence is set has nothing to show; the sentence says why and what to do next.
    """

    key: str
    title: str
    definition: str = ""
    lead: str = ""
    chart: SafeString = NOTHING
    template: str = ""
    shown: Mapping[str, Any] = field(default_factory=dict)
    tables: tuple[Table, ...] = ()
    notes: tuple[str, ...] = ()
    empty: str = ""

    @property
    def path(self) -> str:
        """The template that shows the figure, where it needs one of its own."""
        return f"parts/{self.template}"


@dataclass(frozen=True)
class Chapter:
    """A part of the page that starts on a sheet of its own in print."""

    key: str
    title: str
    figures: tuple[Figure, ...]


@dataclass(frozen=True)
class Given:
    """A report and the way its figures are written: what every section is handed."""

    report: Report
    write: Formats

    def definition(self, *keys: str) -> str:
        """Return the report's definition under the first key it has, else the page's own."""
        said = block(self.report, "definitions")
        for words in (said, DEFINITIONS):
            for key in keys:
                if text(words.get(key)).strip():
                    return text(words[key])
        return ""

    def interval(self, low: object, high: object) -> str:
        """Write the interval of a rate."""
        return self.write.between(self.write.share(low), self.write.share(high))
