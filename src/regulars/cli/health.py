"""The doctor's checks: versions, folders, the log and the lake agreeing with each other."""

import shutil
import sys
from datetime import datetime
from typing import Any

from regulars.core import settings

SAFE_SQLITE = (3, 51, 3)


def checks(now: datetime) -> list[dict[str, Any]]:
    """Run every check; each answers name, state (fine, note, wrong), what was seen and what to do."""
    return [_python(), _database(), _home(), _log(), _lake(), _derived()]


def in_words(check: dict[str, Any]) -> str:
    """Return one line for people."""
    sign = {"fine": "ok  ", "note": "note", "wrong": "BAD "}[check["state"]]
    return f"{sign} {check['name']}: {check['seen']}" + (f". {check['advice']}" if check["advice"] else "")


def _check(name: str, state: str, seen: str, advice: str = "") -> dict[str, Any]:
    return {"name": name, "state": state, "seen": seen, "advice": advice}


def _python() -> dict[str, Any]:
    import deltalake
    import duckdb

    seen = f"Python {sys.version.split()[0]}, DuckDB {duckdb.__version__}, delta-rs {deltalake.__version__}"
    return _check("versions", "fine", seen)


def _database() -> dict[str, Any]:
    from django.db import connection

    is_sqlite = connection.vendor == "sqlite"
    with connection.cursor() as cursor:
        cursor.execute("SELECT sqlite_version()" if is_sqlite else "SELECT version()")
        version = str(cursor.fetchone()[0]).split(" on ")[0]
    if not is_sqlite:
        return _check("operational database", "fine", version)
    seen = f"SQLite {version}"
    if tuple(map(int, version.split("."))) < SAFE_SQLITE:
        advice = "Before 3.51.3 a rare fault can damage the file when several processes write; keep backups, or use PostgreSQL"
        return _check("operational database", "note", seen, advice)
    return _check("operational database", "fine", seen)


def _home() -> dict[str, Any]:
    home = settings.current().home
    free = shutil.disk_usage(home).free
    seen = f"{home}, {free / 1e9:.1f} GB free"
    if free < 500e6:
        return _check("home folder", "wrong", seen, "Make room: below 500 MB imports may stop half-way")
    return _check("home folder", "fine", seen)


def _log() -> dict[str, Any]:
    from regulars.events import api as events

    waiting = events.waiting()
    seen = f"newest seq {waiting['newest']:,}; {waiting['inbox']:,} facts in the inbox, {waiting['log']:,} not yet in the lake"
    return _check("log", "fine", seen)


def _lake() -> dict[str, Any]:
    from regulars.events import api as events

    torn = events.torn_tables()
    if torn:
        advice = "A killed writer left rows that nobody reads; the next import or tick removes them"
        return _check("lake", "note", f"rows above the newest seq in {', '.join(torn)}", advice)
    return _check("lake", "fine", f"every table at or below the newest seq ({events.lake_root()})")


def _derived() -> dict[str, Any]:
    from regulars.events import api as events

    base = events.newest_base()
    if base is None:
        return _check("derived tables", "note", "not built yet", "The next report builds them")
    return _check("derived tables", "fine", f"built at seq {base.seq:,}")
