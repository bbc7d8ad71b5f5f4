"""The log of consent as pages read it: a part of it, the newest first."""

from dataclasses import dataclass
from typing import Any

from regulars.consent.reading.history import Entry, entries_of, lay_out_statements
from regulars.core import sql
from regulars.core.lake.moment import Moment


@dataclass(frozen=True, kw_only=True)
class LogAsked:
    """Which statements are asked for; what is blank or 0 does not matter. said is given, withdrawn or requested."""

    customer: int = 0
    said: str = ""
    channel: str = ""
    offset: int = 0
    limit: int = 50


@dataclass(frozen=True)
class LogFound:
    """Some statements, and how many there are of how many people."""

    entries: list[Entry]
    n: int
    n_customers: int


def log(moment: Moment, asked: LogAsked) -> LogFound:
    """Return a part of the log as of a moment."""
    lay_out_statements(moment)
    queries, chosen = sql.load("regulars.consent"), _chosen(asked)
    n, n_customers = moment.rows(queries["consent_count"], **chosen)[0]
    result = moment.con.execute(queries["consent_page"], chosen | {"limit": asked.limit, "offset": asked.offset})
    return LogFound(list(entries_of(result)), int(n), int(n_customers))


def _chosen(asked: LogAsked) -> dict[str, Any]:
    return {"customer": asked.customer or None, "said": asked.said or None, "channel": asked.channel or None}
