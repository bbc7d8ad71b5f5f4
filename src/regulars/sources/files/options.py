"""What a user may say about a file, and the sentence when a file cannot be read."""

from dataclasses import dataclass
from pathlib import Path


class CannotRead(ValueError):
    """A file, mapping or option that cannot be used; the message says what to do."""


@dataclass(frozen=True, kw_only=True)
class Options:
    """Hints for reading; None means: find out."""

    encoding: str | None = None
    delimiter: str | None = None
    decimal: str | None = None
    dates: str | None = None
    timezone: str | None = None
    currency: str | None = None
    map: Path | None = None
    rates: Path | None = None


@dataclass(frozen=True)
class Shape:
    """How a file's bytes become records: kind is text, jsonl or parquet; header_lines are lines before the first record."""

    kind: str
    encoding: str
    delimiter: str
    has_header: bool
    columns: tuple[str, ...]
