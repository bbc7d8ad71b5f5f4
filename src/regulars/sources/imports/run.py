"""Running an import of orders from the file to the result."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from regulars.core.lake.engine import Connection
from regulars.events import api as events
from regulars.sources.imports import frame, orders, rejects
from regulars.sources.imports.frame import Request, Result


@dataclass(frozen=True)
class Staged:
    """A file read into the table `rows` of the scratch connection."""

    con: Connection
    n_rows: int
    n_lines: int
    grain: str
    header: Sequence[str]
