"""The log of consent, for proof: who said what, when, by which way, under which version of which words."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Any

import msgspec

from regulars.consent import choices
from regulars.consent.reading.standings import lay_out_merges
from regulars.core import sql
from regulars.core.lake.engine import Connection
from regulars.core.lake.moment import Moment
from regulars.events import api as events
from regulars.profiles import api as profiles

KINDS = ("consent.requested", "consent.given", "consent.withdrawn", "customer.updated", "customer.merged")
EXPORTED = (
    "seq", "at", "received_at", "customer", "who", "said", "channel", "topic", "method", "basis", "text_version", "text",
    "source", "country", "proof",
)  # fmt: skip
AT_ONCE = 1_000


@dataclass(frozen=True)
class Entry:
    """One statement as it was told: `said` is given, withdrawn or requested; proof is whatever its source kept."""

    seq: int
    at: datetime
    received_at: datetime
    customer: int
    said: str
    channel: str
    topic: str
    method: str
    basis: str
    text: str
    text_version: str
    source: str
    country: str
    proof: dict[str, Any]


def history(customer: int) -> list[Entry]:
    """Return everything that a person said of consent, and those merged with them, the earliest first."""
    moment = events.after(KINDS, 0)
    if moment is None or customer <= 0:
        return []
    with moment:
        lay_out_statements(moment)
        numbers = [row[0] for row in moment.rows(sql.load("regulars.consent")["same_person"], customer=customer)]
        return list(_entries(moment, numbers))


def export_log() -> Iterator[tuple[str, ...]]:
    """Yield the whole log of consent as rows of text for a file: first the names of the columns."""
    yield EXPORTED
    moment = events.after(KINDS, 0)
    if moment is None:
        return
    with moment:
        lay_out_statements(moment)
        entries = _entries(moment, None)
        while some := list(islice(entries, AT_ONCE)):
            names = profiles.names(sorted({one.customer for one in some}))
            yield from (_exported(one, names.get(one.customer, "")) for one in some)


def lay_out_statements(moment: Moment) -> None:
    """Make the view `statements` in a moment that has the facts of KINDS."""
    lay_out_merges(moment)
    moment.con.execute(sql.load("regulars.consent")["statements"])


def entries_of(result: Connection) -> Iterator[Entry]:
    """Yield the rows of a query over `statements`."""
    rules = choices.decided()
    names = [column[0] for column in result.description or []]
    while some := result.fetchmany(AT_ONCE):
        for row in some:
            told = dict(zip(names, row, strict=True))
            if (told["said"], told["method"]) == ("given", "import") and not told["text_version"]:
                told |= {"text": rules.import_text, "text_version": rules.import_text_version}
            yield Entry(**told | {"proof": _read(told["proof"])})


def _entries(moment: Moment, customers: list[int] | None) -> Iterator[Entry]:
    return entries_of(moment.con.execute(sql.load("regulars.consent")["consent_log"], {"customers": customers}))


def _exported(one: Entry, who: str) -> tuple[str, ...]:
    told = (
        one.said,
        one.channel,
        one.topic,
        one.method,
        one.basis,
        one.text_version,
        one.text,
        one.source,
        one.country,
    )
    proof = msgspec.json.encode(one.proof).decode()
    return (str(one.seq), one.at.isoformat(), one.received_at.isoformat(), str(one.customer), who, *told, proof)


def _read(proof: str) -> dict[str, Any]:
    """Read a proof; one that some source wrote otherwise is kept as it is."""
    try:
        return msgspec.json.decode(proof, type=dict[str, Any])
    except msgspec.DecodeError:
        return {"told": proof}
