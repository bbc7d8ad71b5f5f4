"""What one moment read of the touched people's facts, in files from which the next moment goes on.

A large lake is read for a handful of people at every opening. The facts of one person lie all over it, so this costs as much as
reading everything; of the people whom an earlier moment had read already, only facts told since are missing. The files are a
help and nothing else: without them, or when they vanish, a moment reads the lake.
"""

import contextlib
import hashlib
import os
import shutil
import threading
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from regulars.core.lake.derived import TOUCHED_FACTS, Base
from regulars.core.lake.engine import Connection, EngineError, literal
from regulars.core.lake.schema import TableSchema

WORTH_BYTES = 64 * 2**20  # of lake files; smaller lakes are read faster than files are kept
KEPT = 2
PEOPLE = "touched_people"


@dataclass(frozen=True)
class Kept:
    """The folder where touched facts are kept for one lake."""

    folder: Path

    def read(self, con: Connection, key: str, seq: int, tables: Iterable[str]) -> int | None:
        """Create touched_facts.<table> and .kept_people as the newest moment up to seq left them; return its seq, or None."""
        for folder in reversed(self._of(key)):
            kept_seq = int(folder.name.rpartition("-")[2])
            if kept_seq > seq:
                continue
            try:
                for table in (*tables, PEOPLE):
                    name = "kept_people" if table == PEOPLE else table
                    files = literal(str(folder / f"{table}.parquet"))
                    con.execute(
                        f"CREATE OR REPLACE TABLE {TOUCHED_FACTS}.{name} AS SELECT * FROM read_parquet({files})"
                    )
                return kept_seq
            except EngineError:  # dropped by another process while it was read
                continue
        return None

    def write(self, con: Connection, key: str, seq: int, tables: Iterable[str]) -> None:
        """Keep touched_facts.<table> and .touched_people of a moment; a full disk keeps nothing."""
        target = self.folder / f"{key}-{seq}"
        partial = self.folder / f".{target.name}.{os.getpid()}-{threading.get_ident()}.partial"
        try:
            partial.mkdir(parents=True, exist_ok=True)
            for table in (*tables, PEOPLE):
                con.execute(
                    f"COPY {TOUCHED_FACTS}.{table} TO {literal(str(partial / f'{table}.parquet'))} (FORMAT parquet)"
                )
            if not target.exists():
                partial.rename(target)
        except (OSError, EngineError):
            pass
        shutil.rmtree(partial, ignore_errors=True)
        self._drop_all_but(self._of(key)[-KEPT:])

    def clear(self) -> None:
        """Keep nothing: the lake was built anew, or thrown away."""
        self._drop_all_but(())

    def _of(self, key: str) -> list[Path]:
        return sorted(self.folder.glob(f"{key}-*"), key=lambda found: int(found.name.rpartition("-")[2]))

    def _drop_all_but(self, kept: Sequence[Path]) -> None:
        for found in self.folder.glob("*"):
            if found not in kept:
                shutil.rmtree(found, ignore_errors=True)


def key_of(root: Path, base: Base, tables: Sequence[TableSchema]) -> str:
    """Return what kept facts depend on besides the seq: the lake, its base, and the tables' columns."""
    told = repr((str(root), base.seq, base.definition, sorted(base.versions.items()), tables))
    return hashlib.blake2b(told.encode(), digest_size=12).hexdigest()


def is_worth(files: Iterable[str]) -> bool:
    """Say whether these files of a lake are so large that reading them again costs more than keeping."""
    size = 0
    for name in files:
        with contextlib.suppress(OSError):
            size += Path(name).stat().st_size
    return size >= WORTH_BYTES
