"""Resolving identifiers to customers, one batch in a transaction or a million at once."""

import itertools
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from regulars.core import sql
from regulars.core.lake.engine import Connection
from regulars.core.lake.moment import Moment
from regulars.events import api as events
from regulars.profiles import projection, rules
from regulars.profiles.models import Customer, Identity

COUNTER = "customer"


class Resolver:
    """The log's notion of people (events.People), over identities."""

    def catch_up(self, now: datetime) -> int:
        """Apply identity facts that the operational tables do not have yet."""
        return projection.run_once(now)

    def resolve(self, asked: Sequence[Mapping[str, str]]) -> events.Resolved:
        """Find or make each customer; within the caller's transaction, under the sequencer's lease."""
        wanted = [rules.identifiers(told) for told in asked]
        known = known_among({identifier for listed in wanted for identifier in listed})
        wanted = [[one for one in listed if one in known or not one.startswith(rules.OURS)] for listed in wanted]
        learnt: list[tuple[int, int, events.Fact]] = []
        newest = events.mark(COUNTER)
        numbers = itertools.count(newest + 1)
        customers = [_settle(place, listed, known, learnt, numbers) for place, listed in enumerate(wanted)]
        if (given := next(numbers) - 1) > newest:
            events.set_mark(COUNTER, given)
        return events.Resolved(customers, learnt)

    def resolve_many(self, con: Connection, moment: Moment, first_new_id: int) -> int:
        """Answer persons set-wise; see events.People. moment and con are one connection."""
        queries = sql.load("regulars.profiles")
        standing = next(table.sql for table in events.definitions() if table.name == "merged")
        con.execute(f"CREATE OR REPLACE TEMP TABLE standing AS {standing}")
        con.execute(queries["asked_identifiers"])
        con.execute(queries["drop_common"], {"too_common": rules.TOO_COMMON})
        con.execute(queries["known_identifiers"])
        _group(con, con.execute(queries["shared_identifiers"]).fetchnumpy())
        con.execute(queries["person_customers"], {"first_new_id": first_new_id})
        con.execute(queries["learnt_identities"])
        con.execute(queries["learnt_merges"])
        row = con.execute(
            "SELECT count(DISTINCT customer_id) FROM person_customers WHERE customer_id >= $first",
            {"first": first_new_id},
        ).fetchone()
        return int(row[0]) if row else 0


def known_among(identifiers: set[str]) -> dict[str, int]:
    """Return the identifiers that lead to somebody, with the customer that stands for them."""
    listed = sorted(identifiers)
    numbers = {one: int(one.removeprefix(rules.OURS)) for one in listed if one.startswith(rules.OURS)}
    there = (
        set(Customer.objects.filter(id__in=list(numbers.values())).values_list("id", flat=True)) if numbers else set()
    )
    found: dict[str, int] = {one: number for one, number in numbers.items() if number in there}
    for start in range(0, len(listed), 1_000):
        some = Identity.objects.filter(identifier__in=listed[start : start + 1_000])
        found.update(some.values_list("identifier", "customer_id"))
    heirs = dict(
        Customer.objects.filter(id__in=set(found.values()), merged_into__isnull=False).values_list("id", "merged_into")
    )
    return {identifier: heirs.get(customer) or customer for identifier, customer in found.items()}


def _settle(
    place: int,
    listed: Sequence[str],
    known: dict[str, int],
    learnt: list[tuple[int, int, events.Fact]],
    numbers: Iterator[int],
) -> int:
    """Choose the customer of one asked set and note what it teaches; known is kept up to date for the sets after it."""
    if not listed:
        return 0
    matches = {known[identifier] for identifier in listed if identifier in known}
    customer = min(matches) if matches else next(numbers)
    for other in sorted(matches - {customer}):
        learnt.append((place, customer, events.CustomerMerged(merged_id=other, reason="shared identifier")))
        known.update({key: customer for key, owner in known.items() if owner == other})
    for identifier in listed:
        if identifier not in known:
            learnt.append((place, customer, events.CustomerIdentified(identifier=identifier)))
            known[identifier] = customer
    return customer


def _group(con: Connection, pairs: dict[str, Any]) -> None:
    """Make same_person(person, group_id): connected components of the pairs, named by their smallest person."""
    if not len(pairs["person"]):
        con.execute("CREATE OR REPLACE TEMP TABLE same_person (person BIGINT, group_id BIGINT)")
        return
    import numpy as np
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    people, places = np.unique(np.concatenate([pairs["person"], pairs["other"]]), return_inverse=True)
    left, right = places[: len(pairs["person"])], places[len(pairs["person"]) :]
    graph = coo_array((np.ones(len(left), dtype=np.int8), (left, right)), shape=(len(people), len(people)))
    _, labels = connected_components(graph, directed=False)
    smallest = np.full(labels.max(initial=-1) + 1, np.iinfo(np.int64).max)
    np.minimum.at(smallest, labels, people.astype(np.int64))
    columns = {"person": people.astype(np.int64), "group_id": smallest[labels]}  # noqa: F841  DuckDB reads it by name
    con.execute(
        "CREATE OR REPLACE TEMP TABLE same_person AS SELECT person::BIGINT AS person, group_id::BIGINT AS group_id FROM columns"
    )
