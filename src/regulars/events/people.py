"""What the log needs of whoever knows people: the need is declared here, profiles answers it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from regulars.core.lake.engine import Connection
from regulars.core.lake.moment import Moment
from regulars.events.registry import Fact


@dataclass(frozen=True)
class Resolved:
    """Answers in the order of the question, and the facts that were learnt: (position asked, customer id, fact)."""

    customer_ids: Sequence[int]
    learnt: Sequence[tuple[int, int, Fact]]


class People(Protocol):
    """Turns identifiers into customers; called under the sequencer's lease only."""

    def catch_up(self, now: datetime) -> int:
        """Apply every identity fact of the log to the operational identities."""

    def resolve(self, asked: Sequence[Mapping[str, str]]) -> Resolved:
        """Find or make the customer of each set of identifiers, inside the caller's transaction; 0 is a guest."""

    def resolve_many(self, con: Connection, moment: Moment, first_new_id: int) -> int:
        """Answer the table persons(person, shop, customer_ref, email, phone) of con, set-wise.

        Leaves the tables person_customers(person, customer_id), new_identities(customer_id, identifier, person) and
        new_merges(customer_id, merged_id, person) in con; returns how many new customers were numbered.
        """
