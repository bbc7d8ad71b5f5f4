"""The door of the log: tell facts, read them, and keep the lake in order."""

from regulars.core.lake.moment import Moment, NotAQuestion
from regulars.events.history import history, orders_of
from regulars.events.kinds.consents import (
    AddressReleased,
    AddressSuppressed,
    ConsentGiven,
    ConsentRequested,
    ConsentWithdrawn,
)
from regulars.events.kinds.customers import CustomerIdentified, CustomerMerged
from regulars.events.kinds.experiments import ExperimentExposed
from regulars.events.kinds.segments import SegmentEntered, SegmentLeft
from regulars.events.log.bulk import Writing, writing
from regulars.events.log.flush import flush_when_due
from regulars.events.log.following import after, newest
from regulars.events.log.inbox import Receipt, Told, append, append_each
from regulars.events.log.leases import Busy, Lost, held
from regulars.events.log.marks import advance as advance_mark, get as mark, put as set_mark
from regulars.events.log.sequencer import run_once as sequence
from regulars.events.log.telling import Refused, read_rows
from regulars.events.over import start_over
from regulars.events.people import People, Resolved
from regulars.events.place import (
    connection,
    currency,
    fence,
    fix,
    generation,
    is_fenced,
    is_labelled,
    label,
    lake_of,
    lake_root,
    release,
    set_label,
    timezone,
)
from regulars.events.reader import (
    cached,
    changed_since,
    definitions,
    facts_in,
    is_base_old,
    merged_since,
    newest_base,
    open_moment,
    reader,
    refresh,
    tidy_when_due,
    torn_tables,
    version,
    waiting,
    waiting_since,
)
from regulars.events.registry import (
    Fact,
    InvalidFact,
    UnknownKind,
    fact,
    kind_of,
    kinds,
    read,
    read_any,
    schema_of,
    table_name,
)
from regulars.events.stored import Stored, count_stored, still, stored_tables

__all__ = [
    "AddressReleased",
    "AddressSuppressed",
    "Busy",
    "ConsentGiven",
    "ConsentRequested",
    "ConsentWithdrawn",
    "CustomerIdentified",
    "CustomerMerged",
    "ExperimentExposed",
    "Fact",
    "InvalidFact",
    "Lost",
    "Moment",
    "NotAQuestion",
    "People",
    "Receipt",
    "Refused",
    "Resolved",
    "SegmentEntered",
    "SegmentLeft",
    "Stored",
    "Told",
    "UnknownKind",
    "Writing",
    "advance_mark",
    "after",
    "append",
    "append_each",
    "cached",
    "changed_since",
    "connection",
    "count_stored",
    "currency",
    "definitions",
    "fact",
    "facts_in",
    "fence",
    "fix",
    "flush_when_due",
    "generation",
    "held",
    "history",
    "is_base_old",
    "is_fenced",
    "is_labelled",
    "kind_of",
    "kinds",
    "label",
    "lake_of",
    "lake_root",
    "mark",
    "merged_since",
    "newest",
    "newest_base",
    "open_moment",
    "orders_of",
    "read",
    "read_any",
    "read_rows",
    "reader",
    "refresh",
    "release",
    "schema_of",
    "sequence",
    "set_label",
    "set_mark",
    "start_over",
    "still",
    "stored_tables",
    "table_name",
    "tidy_when_due",
    "timezone",
    "torn_tables",
    "version",
    "waiting",
    "waiting_since",
    "writing",
]
