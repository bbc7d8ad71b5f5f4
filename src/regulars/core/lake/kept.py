"""The overlay that one moment made, in files from which the next moment goes on.

The files are a help and nothing else: without them, or when they vanish, a moment derives for everybody touched since the base.
"""

import contextlib
import hashlib
import os
import shutil
import threading
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Self

from regulars.core.lake.derived import Base
from regulars.core.lake.engine import Connection, EngineError, literal
from regulars.core.lake.schema import TableSchema

WORTH_BYTES = 64 * 2**20  # of lake files; smaller lakes are read faster than files are kept
HELD = 2
KEPT = "kept"


@dataclass(frozen=True)
class Kept:
    """The folder where overlays are kept, and the key of those that may be gone on from (see key_of)."""

    folder: Path
    key: str = ""

    def of(self, key: str) -> Self:
        """Return what is kept under a key."""
        return replace(self, key=key)

    def read(self, con: Connection, seq: int, names: Iterable[str]) -> int | None:
        """Create the tables kept.<name> as the newest moment up to seq left them; return its seq, or None."""
        for folder in reversed(self._found()):
            kept_seq = int(folder.name.rpartition("-")[2])
            if kept_seq > seq:
                continue
            try:
                for name in names:
                    rows = f"SELECT * FROM read_parquet({literal(str(folder / f'{name}.parquet'))})"
                    con.execute(f"CREATE OR REPLACE TABLE {KEPT}.{name} AS {rows}")
                return kept_seq
            except EngineError:  # dropped by another process while it was read
                continue
        return None

    def write(self, con: Connection, seq: int, tables: Mapping[str, str]) -> None:
        """Keep the rows of queries, by name, of the moment at seq; a full disk keeps nothing."""
        target = self.folder / f"{self.key}-{seq}"
        partial = self.folder / f".{target.name}.{os.getpid()}-{threading.get_ident()}.partial"
        try:
            partial.mkdir(parents=True, exist_ok=True)
            for name, query in tables.items():
                con.execute(f"COPY ({query}) TO {literal(str(partial / f'{name}.parquet'))} (FORMAT parquet)")
            if not target.exists():
                partial.rename(target)
        except (OSError, EngineError):
            pass
        shutil.rmtree(partial, ignore_errors=True)
        self._drop_all_but(self._found()[-HELD:])

    def clear(self) -> None:
        """Keep nothing: the lake was built anew, or thrown away."""
        self._drop_all_but(())

    def _found(self) -> list[Path]:
        return sorted(self.folder.glob(f"{self.key}-*"), key=lambda found: int(found.name.rpartition("-")[2]))

    def _drop_all_but(self, kept: Sequence[Path]) -> None:
        for found in self.folder.glob("*"):
            if found not in kept:
                shutil.rmtree(found, ignore_errors=True)


def key_of(root: Path, base: Base, tables: Sequence[TableSchema], touched: str) -> str:
    """Return what a kept overlay depends on besides the seq: the lake, its base, the tables' columns, and who counts as touched."""
    told = repr((str(root), base.seq, base.definition, sorted(base.versions.items()), tables, touched))
    return hashlib.blake2b(told.encode(), digest_size=12).hexdigest()


def is_worth(files: Iterable[str]) -> bool:
    """Say whether these files of a lake are so large that reading them again costs more than keeping."""
    size = 0
    for name in files:
        with contextlib.suppress(OSError):
            size += Path(name).stat().st_size
    return size >= WORTH_BYTES
