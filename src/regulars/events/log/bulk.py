"""Facts by the million: chunks that go to the lake first, then move the seq, under the sequencer's lease."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from regulars.core.lake.engine import Connection, Relation
from regulars.core.lake.tables import Table
from regulars.events import place, registry
from regulars.events.log import flush, known, leases, marks
from regulars.events.log.leases import Held


@dataclass(frozen=True)
class Writing:
    """The right to append in bulk: held while nothing else can be sequenced."""

    lease: Held
    con: Connection
    now: datetime

    @property
    def newest(self) -> int:
        return marks.get(marks.LOG)

    def chunk(self, rows: Mapping[str, Relation], last_seq: int, done: Callable[[], None]) -> None:
        """Append one chunk: {kind: rows of its lake table with seqs in (newest, last_seq]}; then commit the seq with done().

        A crash before that commit leaves rows above the seq, which nobody reads and the next holder cuts off.
        """
        self.lease.renew(self.now)
        flush.flush(self.con)
        for kind, relation in rows.items():
            Table(place.lake_root(), registry.schema_of(kind)).open().append(self.con, relation, last_seq)
        with transaction.atomic():
            self.lease.check()
            marks.put(marks.LOG, last_seq)
            for kind in rows:
                marks.put(known.bulk_mark(registry.table_name(kind)), last_seq)
            done()


@contextmanager
def writing(con: Connection, now: datetime) -> Iterator[Writing]:
    """Take the sequencer's lease for a bulk append; raises leases.Busy when a living process has it."""
    with leases.held(leases.SEQUENCER, now) as lease:
        flush.heal(lease)
        flush.flush(con)
        yield Writing(lease, con, now)
