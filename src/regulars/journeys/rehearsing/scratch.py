"""A database of its own for a rehearsal: this thread works on it until the block ends, then it is gone."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connections
from django.db.utils import load_backend

from regulars.journeys import models

ENGINE = "regulars.config.sqlite"
TABLES = (
    models.Journey,
    models.Version,
    models.Enrolment,
    models.Passage,
    models.Passed,
    models.Fallen,
    models.Stuck,
)
_PRAGMAS = "PRAGMA journal_mode=MEMORY; PRAGMA synchronous=OFF; PRAGMA cache_size=-65536;"


class Outside:
    """The shop's own database, for questions from within a rehearsal."""

    def __init__(self, real: Any) -> None:
        self._real = real

    @contextmanager
    def asked(self) -> Iterator[None]:
        """Let this thread ask the shop's database for the block."""
        inside = connections[DEFAULT_DB_ALIAS]
        connections[DEFAULT_DB_ALIAS] = self._real
        try:
            yield
        finally:
            connections[DEFAULT_DB_ALIAS] = inside


@contextmanager
def scratch() -> Iterator[Outside]:
    """Put a fresh database with the tables of journeys, and of nothing else, in the place of the shop's for this thread."""
    real = connections[DEFAULT_DB_ALIAS]
    with tempfile.TemporaryDirectory(prefix="regulars-rehearsal-") as folder:
        other = _opened(Path(folder) / "rehearsal.sqlite3")
        connections[DEFAULT_DB_ALIAS] = other
        try:
            with other.schema_editor() as editor:
                for table in TABLES:
                    editor.create_model(table)
            yield Outside(real)
        finally:
            connections[DEFAULT_DB_ALIAS] = real
            other.close()


def _opened(path: Path) -> Any:
    options = {"transaction_mode": "IMMEDIATE", "init_command": _PRAGMAS}
    told = connections.configure_settings({DEFAULT_DB_ALIAS: {"ENGINE": ENGINE, "NAME": path, "OPTIONS": options}})
    return load_backend(ENGINE).DatabaseWrapper(told[DEFAULT_DB_ALIAS], DEFAULT_DB_ALIAS)
