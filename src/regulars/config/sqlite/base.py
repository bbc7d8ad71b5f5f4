"""Django's SQLite backend, on the current SQLite that the pysqlite3 wheel carries where there is one.

Interpreters come with SQLite libraries before 3.51.3, in which a rare race of several connections can damage a WAL
file. Django takes its library by the name `sqlite3`, so that name leads to the wheel from here on, for the whole
process: two SQLite libraries on one file would drop each other's locks.
"""

import sys
import time

try:
    import pysqlite3
except ImportError:  # no wheel for this machine: the interpreter's own library serves, and `doctor` says so
    pass
else:
    sys.modules["sqlite3"] = pysqlite3
    sys.modules["sqlite3.dbapi2"] = pysqlite3.dbapi2

from django.db.backends.sqlite3 import base
from django.db.backends.utils import CursorWrapper
from django.db.utils import OperationalError

PAUSE = 0.001  # seconds between two tries to begin


class DatabaseWrapper(base.DatabaseWrapper):
    """Begins a transaction as soon as whoever writes has ended.

    SQLite's own waiting grows to a tenth of a second between two looks, in which those who write often pass by those who wait
    again and again: four senders would be slower than one, and people's requests would wait behind any of them.
    """

    def _start_transaction_under_autocommit(self) -> None:
        patience = float(self.settings_dict["OPTIONS"].get("timeout", 5.0))
        until = time.monotonic() + patience
        with self.cursor() as cursor:
            cursor.execute("PRAGMA busy_timeout = 0")
            try:
                while not _begins(cursor, until):
                    time.sleep(PAUSE)
            finally:
                cursor.execute(f"PRAGMA busy_timeout = {int(patience * 1000)}")


def _begins(cursor: CursorWrapper, until: float) -> bool:
    try:
        cursor.execute("BEGIN IMMEDIATE")  # a transaction of ours always writes; see config.settings
    except OperationalError as problem:
        if "locked" not in str(problem) or time.monotonic() > until:
            raise
        return False
    return True


__all__ = ["DatabaseWrapper"]
