"""Turns of those who leave and those who write: a last word is given and written down before somebody leaves, or behind it.

On SQLite there is one writer at a time anyway. On PostgreSQL a last word could else be read, the leaving be committed and
answered, and only then the mark be written by which a mail goes.
"""

from django.db import connection

LEAVING = 0x7265_6775_6C61_7273  # the number of the lock, one in the database


def let_nobody_leave() -> None:
    """Let leaving wait until the caller's transaction ends; what is read from now on holds until then. Many may do so at once."""
    _lock("pg_advisory_xact_lock_shared")


def take_turn() -> None:
    """Wait until nobody who asked before still decides on what is read; who decides next reads what is written now.

    Called before any row is touched, so that two who need each other's rows do not wait for each other.
    """
    _lock("pg_advisory_xact_lock")


def _lock(how: str) -> None:
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT {how}(%s)", [LEAVING])
