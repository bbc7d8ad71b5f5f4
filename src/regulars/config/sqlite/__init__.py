"""Django's SQLite backend on a current SQLite library."""
