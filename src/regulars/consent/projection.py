"""The projection of consent: what the log tells, into rows, restartable anywhere, changing nothing that stands already."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from regulars.consent import suppression
from regulars.consent.models import Confirmation, Consent, SoftBounce, Suppression
from regulars.consent.rows import Row, fit, take_over, write
from regulars.consent.rules.settling import Said
from regulars.consent.rules.terms import Basis, Kind, Method
from regulars.consent.saying import said_of
from regulars.core import bulk, sql
from regulars.core.lake.moment import Moment
from regulars.events import api as events
from regulars.profiles import api as profiles

MARK = "projection:consent"
KINDS = (
    "consent.requested", "consent.given", "consent.withdrawn", "address.suppressed", "address.released",
    "customer.merged", "customer.updated",
)  # fmt: skip


def run_once(now: datetime) -> int:
    """Apply what the log has told of consent since the last run; return how many rows were offered.

    Each step may be repeated: rows are replaced by later statements only.
    """
    done = events.mark(MARK)
    moment = events.after(KINDS, done)
    if moment is None:
        return 0
    with moment:
        profiles.project(now)  # so that whoever is merged in this moment has an heir
        queries = sql.load("regulars.consent")
        n = write(statements(moment, done)) + write(flags(moment, done))
        n += suppression.write(_address(row) for row in moment.rows(queries["new_suppressions"], seq=done))
        take_over([int(row[0]) for row in moment.rows(queries["new_merged"], seq=done)])
        events.advance_mark(MARK, moment.seq)
    return n


def rebuild(now: datetime) -> int:
    """Tell everything again from the log over the rows that stand: at no moment is a no forgotten."""
    events.set_mark(MARK, 0)
    return run_once(now)


def reset() -> None:
    """Forget everything that was said, because the log itself was thrown away; topics and decisions stay."""
    for model in (Consent, Suppression, SoftBounce, Confirmation):
        model.objects.all().delete()
    events.set_mark(MARK, 0)


def statements(moment: Moment, done: int) -> Iterator[Row]:
    """Yield what people said behind a seq, each under the customer who said it."""
    return (_statement(row) for row in _stream(moment, sql.load("regulars.consent")["new_statements"], done))


def flags(moment: Moment, done: int) -> Iterator[Row]:
    """Yield what the shop's system held of people's will, as told behind a seq."""
    return (_flag(row) for row in _stream(moment, sql.load("regulars.consent")["new_flags"], done))


def _statement(row: dict[str, Any]) -> Row:
    return Row(row["customer_id"], fit(row["channel"], 16), said_of(row["verb"], row), row["seq"])


def _flag(row: dict[str, Any]) -> Row:
    said = Said(
        kind=Kind.FLAG,
        is_withdrawn=not row["accepts"],
        basis=Basis.EXPRESS if row["accepts"] else "",
        method=Method.IMPORT,
        since=row["since"],
        heard_at=row["heard_at"],
        country=fit(row["country"], 64),
        source=fit(row["source"], 64),
        event_id=fit(row["event_id"], 255),
    )
    return Row(row["customer_id"], row["channel"], said, row["seq"])


def _address(row: tuple[Any, ...]) -> tuple[Any, ...]:
    channel, mark, reason, *rest, event_id = row
    return (fit(channel, 16), fit(mark, 64), fit(reason, 32), *rest, fit(event_id, 255))


def _stream(moment: Moment, query: str, done: int) -> Iterator[dict[str, Any]]:
    result = moment.con.execute(query, {"seq": done})
    names = [column[0] for column in result.description or []]
    while some := result.fetchmany(bulk.PER_TRANSACTION):
        yield from (dict(zip(names, row, strict=True)) for row in some)
