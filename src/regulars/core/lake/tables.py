"""Delta tables: exactly-once appends, undoing of torn ones, deletion of people, compaction and vacuum.

The law (see docs/decisions): the operational database says which seq is committed. Every append carries the Delta
application transaction ("regulars", last seq); a reader keeps seq <= the committed one; whoever takes the sequencer's
lease cuts off what lies above it. Two writers of one table conflict in Delta itself, so a writer that slept through
the end of its lease cannot append.
"""

from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from deltalake import CommitProperties, DeltaTable, Transaction, WriterProperties, write_deltalake
from deltalake.exceptions import CommitFailedError

from regulars.core.lake.engine import Connection, Relation
from regulars.core.lake.schema import TableSchema

APPLICATION = "regulars"
ROW_GROUP = 122_880


class LostLease(RuntimeError):
    """Another writer has taken over this table; the work is dropped here and done again by the next holder."""


@dataclass(frozen=True)
class Snapshot:
    """One version of a table: its number, files, and watermark (all committed facts up to it are in the files)."""

    version: int
    files: tuple[str, ...]
    watermark: int


class Table:
    """One Delta table of the lake, opened at its newest version; writes go through the handle that was opened."""

    def __init__(self, root: Path, schema: TableSchema) -> None:
        self.schema = schema
        self.path = root / schema.name
        self._delta: DeltaTable | None = None

    @property
    def exists(self) -> bool:
        return DeltaTable.is_deltatable(str(self.path))

    def open(self) -> "Table":
        """Pin the newest version; later writes conflict when somebody else wrote in between."""
        self._delta = DeltaTable(str(self.path)) if self.exists else None
        return self

    def snapshot(self, version: int | None = None) -> Snapshot | None:
        """Return the newest version, or the given one; None when the table was never written."""
        if not self.exists:
            return None
        delta = DeltaTable(str(self.path), version=version)
        return Snapshot(delta.version(), tuple(delta.file_uris()), delta.transaction_version(APPLICATION) or 0)

    @property
    def watermark(self) -> int:
        return (self._delta.transaction_version(APPLICATION) or 0) if self._delta else 0

    def append(self, con: Connection, rows: Relation, last_seq: int) -> None:
        """Append rows in one commit that also says: everything up to last_seq is here."""
        if self._delta is None:
            self._create(con)
        assert self._delta is not None
        try:
            write_deltalake(
                self._delta,
                rows,
                mode="append",
                schema_mode="merge" if self._lacks_columns() else None,
                writer_properties=WriterProperties(compression="SNAPPY", max_row_group_size=ROW_GROUP),
                commit_properties=_carrying(last_seq),
            )
        except CommitFailedError as conflict:
            raise LostLease(f"{self.schema.name} was written by somebody else meanwhile") from conflict
        self.open()

    def cut_above(self, seq: int) -> bool:
        """Remove what a killed writer left above the committed seq; True when there was something."""
        if self._delta is None or self.watermark <= seq:
            return False
        self._delta.delete(f"seq > {seq}", commit_properties=_carrying(seq))
        self.open()
        return True

    def fence(self) -> None:
        """Commit nothing but the watermark again, so that a writer who opened the table before now conflicts."""
        if self._delta is not None:
            self._delta.create_write_transaction(
                [], "append", self._delta.schema(), commit_properties=_carrying(self.watermark)
            )
            self.open()

    def overwrite(self, rows: Relation, seq: int) -> int:
        """Replace the whole content (derived tables only) and return the new version."""
        self.path.parent.mkdir(parents=True, exist_ok=True)
        write_deltalake(
            self._delta or str(self.path),
            rows,
            mode="overwrite",
            schema_mode="overwrite" if self._delta else None,
            writer_properties=WriterProperties(compression="SNAPPY", max_row_group_size=ROW_GROUP),
            commit_properties=_carrying(seq),
        )
        self.open()
        assert self._delta is not None
        return int(self._delta.version())

    def compact(self) -> int:
        """Join small files into large ones, keeping their order by customer; return how many files went."""
        if self._delta is None or len(self._delta.file_uris()) < 2:
            return 0
        metrics = self._delta.optimize.compact(commit_properties=_carrying(self.watermark))
        self.open()
        return int(metrics["numFilesRemoved"])

    def vacuum(self, keep: timedelta = timedelta(hours=1)) -> int:
        """Delete files that no version younger than `keep` needs; return how many."""
        if self._delta is None:
            return 0
        removed = self._delta.vacuum(
            retention_hours=int(keep.total_seconds() // 3600), dry_run=False, enforce_retention_duration=False
        )
        return len(removed)

    def _create(self, con: Connection) -> None:
        self.path.parent.mkdir(parents=True, exist_ok=True)
        write_deltalake(str(self.path), con.sql(self.schema.select_nulls()), mode="ignore")
        self.open()

    def _lacks_columns(self) -> bool:
        assert self._delta is not None
        present = {field.name for field in self._delta.schema().fields}
        return not {column.name for column in self.schema.columns} <= present


def _carrying(seq: int) -> CommitProperties:
    return CommitProperties(app_transactions=[Transaction(APPLICATION, seq)])
