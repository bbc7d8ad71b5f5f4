"""Opening the lake for reading: the moment, with derived tables on a base that is young enough."""

import itertools
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from regulars.core import sql
from regulars.core.answers.cache import ResultCache
from regulars.core.lake import derived
from regulars.core.lake.derived import Base, Derived
from regulars.core.lake.engine import Connection
from regulars.core.lake.kept import Kept
from regulars.core.lake.moment import Moment, Source
from regulars.core.settings import current
from regulars.events import place, registry
from regulars.events.log import flush, following, leases, marks
from regulars.events.models import DerivedBase, Inbox, Log

ORDER = (
    *("merged", "order_state", "order_refunds", "orders", "order_lines"),
    *("sale_days", "owned_refunds", "refund_days", "first_orders", "customer_products"),
)
STORED = frozenset(
    {
        "sale_days",
        "owned_refunds",
        "refund_days",
        "first_orders",
        "customer_products",
        "customer_sum",
        "customers",
        "customer_attributes",
    }
)
REBASE_AFTER, MANY_TOUCHED = timedelta(hours=1), 100  # people
TIDIED, TIDY_AFTER = "tidied", timedelta(hours=1)
VIEWS = ("order_days", "day_totals")
ADDING_UP = frozenset({"sale_days", "refund_days", "first_orders", "customer_products", *VIEWS})


@cache
def definitions() -> tuple[Derived, ...]:
    """Return the derived tables in the order in which they build on one another."""
    texts = sql.load("regulars.events")
    names = (*ORDER, *VIEWS, "customer_sum", "customers", "customer_attributes")
    return tuple(Derived(name, texts[name], name in STORED, name in ADDING_UP) for name in names)


def open_moment(as_of_seq: int | None = None) -> Moment:
    """Open the facts as they are now, or as they were known at an earlier seq; derived tables are not there yet."""
    newest, tail = flush.tail()
    seq = newest if as_of_seq is None else min(as_of_seq, newest)
    return Moment(place.connection(), Source(place.lake_root(), seq, tuple(registry.schemas()), tail))


def facts_in(con: Connection) -> Moment:
    """Offer the facts of now as facts.<table> inside a connection that holds other tables (an import's scratch)."""
    con.execute(
        "DROP SCHEMA IF EXISTS facts CASCADE; DROP SCHEMA IF EXISTS tail CASCADE; DROP SCHEMA IF EXISTS derived CASCADE"
    )
    newest, tail = flush.tail()
    return Moment(con, Source(place.lake_root(), newest, tuple(registry.schemas()), tail))


def reader(now: datetime, as_of_seq: int | None = None) -> Moment:
    """Open the lake with every derived table; builds the base first when it is missing or too much has changed."""
    moment = open_moment(as_of_seq)
    base = newest_base()
    if as_of_seq is not None and base is not None and base.seq > moment.seq:
        base = None
    elif as_of_seq is None and base is None:
        moment, base = _rebased(moment, now)
    if not moment.publish(definitions(), base, _touched(), kept()):
        moment, base = _rebased(moment, now)
        moment.publish(definitions(), base, _touched(), kept())
    return moment


def changed_since(moment: Moment, seq: int) -> list[int]:
    """Return the customers that stand of whom anything was told after a seq, whatever the kind, or whose orders changed."""
    personal = [schema.name for schema in registry.schemas() if not schema.follows]
    told = " UNION ALL ".join(f"SELECT customer_id FROM facts.{name} WHERE seq > $seq" for name in personal)
    asked = f"""
        SELECT DISTINCT coalesce(merged.customer_id, told.customer_id)
        FROM (SELECT customer_id FROM ({_touched()}) UNION ALL {told}) AS told
        LEFT JOIN derived.merged AS merged ON merged.merged_id = told.customer_id
        WHERE told.customer_id > 0 ORDER BY 1
    """
    return [int(row[0]) for row in moment.rows(asked, seq=seq)]


def merged_since(moment: Moment, seq: int) -> dict[int, int]:
    """Return the customers merged into others after a seq, each with the one that stands for it now."""
    return {int(one): int(other) for one, other in moment.rows(sql.load("regulars.events")["merged_since"], seq=seq)}


def _rebased(moment: Moment, now: datetime) -> tuple[Moment, Base | None]:
    moment.close()
    refresh(now)
    return open_moment(), newest_base()


def _touched() -> str:
    return sql.load("regulars.events")["touched"]


def newest_base() -> Base | None:
    """Return the newest base that was built with today's definitions, time zone and currency."""
    wanted = derived.definition_hash(definitions(), _setting())
    row = DerivedBase.objects.filter(definition=wanted).order_by("-seq", "-id").first()
    return Base(row.seq, row.definition, row.versions) if row else None


def refresh(now: datetime) -> int:
    """Build the base of every stored derived table from all facts; return its seq. Another builder's work is awaited by nobody."""
    with leases.held("derive", now), open_moment() as moment:
        versions = derived.build(moment.con, place.lake_root(), definitions(), moment.seq)
        row = DerivedBase(
            seq=moment.seq,
            definition=derived.definition_hash(definitions(), _setting()),
            versions=versions,
            built_at=now,
        )
        row.save()
        DerivedBase.objects.exclude(id=row.id).delete()
        kept().clear()
        return moment.seq


def is_base_old(now: datetime) -> bool:
    """Say whether many people have been touched since the base was built, an hour or more ago: every page reads theirs again."""
    base = newest_base()
    if base is None or now - _built_at(base) < REBASE_AFTER:
        return False
    with open_moment() as moment:
        for item in itertools.takewhile(lambda item: not item.stored, definitions()):
            moment.con.execute(f"CREATE VIEW derived.{item.name} AS {item.of_all}")
        return len(moment.rows(_touched(), seq=base.seq)) >= MANY_TOUCHED


def _built_at(base: Base) -> datetime:
    found: datetime = DerivedBase.objects.filter(seq=base.seq, definition=base.definition).latest("id").built_at
    return found


def cached(key: tuple[Any, ...], make: Callable[[], dict[str, Any]]) -> dict[str, Any]:
    """Return an answer kept for the newest seq, the shop's setting and this key, or make it."""
    # The generation first, then the seq: after starting over, no answer may stand under a seq that will come again.
    definition = derived.definition_hash(definitions(), _setting())
    return ResultCache(cache_folder()).get_or_make((definition, following.newest(), *key), make)


def kept() -> Kept:
    """Return where the touched people's facts are kept from one moment to the next."""
    return Kept(cache_folder() / "touched")


def cache_folder() -> Path:
    """Return where answers are kept."""
    return current().home / "cache"


def version() -> str:
    """Return what the answers of this instant depend on: the newest seq, then the derived tables and the shop's setting."""
    definition = derived.definition_hash(definitions(), _setting())
    return f"{following.newest()}|{definition}"


def waiting() -> dict[str, int]:
    """Return the newest seq and how many facts wait in the inbox and before the lake."""
    return {"newest": following.newest(), "inbox": Inbox.objects.count(), "log": Log.objects.count()}


def waiting_since() -> datetime | None:
    """Return when the oldest fact that waits in the inbox came in; None when none waits."""
    return Inbox.objects.order_by("id").values_list("received_at", flat=True).first()


def torn_tables() -> list[str]:
    """Return the tables with rows above the newest seq, left by a killed writer and read by nobody."""
    return [table.schema.name for table in flush.tables() if table.open().watermark > following.newest()]


def tidy_when_due(now: datetime) -> int:
    """Once an hour join the small files that flushes left and delete files that no version of the last hour needs.

    Returns how many files went. A busy sequencer leaves it to the next tick.
    """
    if now.timestamp() - marks.get(TIDIED) < TIDY_AFTER.total_seconds():
        return 0
    stored = [derived.base_table(place.lake_root(), item) for item in definitions() if item.stored]
    try:
        with leases.held(leases.SEQUENCER, now) as lease:
            flush.heal(lease)
            gone = sum(table.open().compact() for table in flush.tables())
            gone += sum(table.open().vacuum() for table in (*flush.tables(), *stored))
            marks.put(TIDIED, int(now.timestamp()))
            return gone
    except leases.Busy:
        return 0


def _setting() -> str:
    return f"{place.generation()}|{place.timezone()}|{place.currency()}"
