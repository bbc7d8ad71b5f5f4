"""Names of a shop's own events: one that is nearly a kind of ours is a typo, so that no order ends among the events."""

import difflib
from collections.abc import Collection

from regulars.core.lake.engine import Connection
from regulars.events import api as events
from regulars.sources.files.options import CannotRead

MOST_NAMES = 2_000
NEAR = 0.8


def refuse_names(con: Connection) -> int:
    """Refuse staged events whose name stands for a registered kind; return how many different names there are."""
    found = con.execute(
        f"SELECT DISTINCT name FROM staged WHERE reason IS NULL ORDER BY ALL LIMIT {MOST_NAMES + 1}"
    ).fetchall()
    if len(found) > MOST_NAMES:
        raise CannotRead(
            f"the column of the event's name holds more than {MOST_NAMES:,} different texts, such as '{found[0][0]:.40}'; "
            "the name says what kind of thing happened, such as wishlist.shared: map another column to it"
        )
    refused = [(name, *why) for (name,) in found if (why := refusal(name, events.kinds()))]
    con.execute("CREATE OR REPLACE TEMP TABLE refused_names (name VARCHAR, reason VARCHAR, fix VARCHAR)")
    if refused:
        con.executemany("INSERT INTO refused_names VALUES (?, ?, ?)", refused)
        con.execute(
            "UPDATE staged SET field = 'name', reason = refused_names.reason, fix = refused_names.fix "
            "FROM refused_names WHERE staged.name = refused_names.name AND staged.reason IS NULL"
        )
    return len(found)


def refusal(name: str, kinds: Collection[str]) -> tuple[str, str] | None:
    """Return why an event may not be called this and what to do, or None when it may.

    >>> refusal("Order Place", ["order.placed"])
    ("'Order Place' is not a kind of fact", "did you mean 'order.placed'? else give it a name that is less alike")
    >>> refusal("order.placed", ["order.placed"])
    ("'order.placed' has a meaning of its own here", 'import it with the command made for it, or give it another name')
    >>> refusal("wishlist.shared", ["order.placed"])
    """
    if name.lower() in kinds:
        return (
            f"'{name[:80]}' has a meaning of its own here",
            "import it with the command made for it, or give it another name",
        )
    near = difflib.get_close_matches(name.lower(), kinds, n=1, cutoff=NEAR)
    if not near:
        return None
    return f"'{name[:80]}' is not a kind of fact", f"did you mean '{near[0]}'? else give it a name that is less alike"
