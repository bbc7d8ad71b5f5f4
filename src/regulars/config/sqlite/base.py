"""Django's SQLite backend, on the current SQLite that the pysqlite3 wheel carries where there is one.

Interpreters come with SQLite libraries before 3.51.3, in which a rare race of several connections can damage a WAL
file. Django takes its library by the name `sqlite3`, so that name leads to the wheel from here on, for the whole
process: two SQLite libraries on one file would drop each other's locks.
"""

import sys

try:
    import pysqlite3
except ImportError:  # no wheel for this machine: the interpreter's own library serves, and `doctor` says so
    pass
else:
    sys.modules["sqlite3"] = pysqlite3
    sys.modules["sqlite3.dbapi2"] = pysqlite3.dbapi2

from django.db.backends.sqlite3.base import DatabaseWrapper

__all__ = ["DatabaseWrapper"]
