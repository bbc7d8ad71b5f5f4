"""What a user may say about a file, and the sentence when a file cannot be read."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any


class CannotRead(ValueError):
    """A file, mapping or option that cannot be used; the message says what to do."""


class Unsaid(CannotRead):
    """Something that the file does not tell and nobody has said; fields names it."""

    def __init__(self, sentence: str, fields: Sequence[str]) -> None:
        super().__init__(sentence)
        self.fields = tuple(fields)


@dataclass(frozen=True, kw_only=True)
class Options:
    """Hints for reading; None means: find out. map is a TOML file, or what would stand in one, without joins."""

    encoding: str | None = None
    delimiter: str | None = None
    decimal: str | None = None
    dates: str | None = None
    timezone: str | None = None
    currency: str | None = None
    map: Path | Mapping[str, Any] | None = None
    rates: Path | None = None


@dataclass(frozen=True)
class Shape:
    """How a file's bytes become records: kind is text, jsonl or parquet; header_lines are lines before the first record."""

    kind: str
    encoding: str
    delimiter: str
    has_header: bool
    columns: tuple[str, ...]
