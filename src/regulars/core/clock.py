"""Instants: every door takes `now` as a parameter; only the outermost command asks the real clock."""

from datetime import UTC, datetime


def utc_now() -> datetime:
    """Return the machine's present instant; called by commands and the loop only, never inside a domain."""
    return datetime.now(UTC)


def parse_instant(text: str) -> datetime:
    """Read an ISO 8601 instant or day; without an offset it is taken as UTC.

    >>> parse_instant("2024-03-21T10:00:00+01:00")
    datetime.datetime(2024, 3, 21, 9, 0, tzinfo=datetime.timezone.utc)
    """
    try:
        moment = datetime.fromisoformat(text.strip())
    except ValueError:
        raise ValueError(f"'{text}' is not an instant; write it like 2024-03-21T10:00:00Z") from None
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
