"""The operational database into a backup and back: one consistent state, on SQLite and on PostgreSQL."""

import gzip
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

from django.apps import apps
from django.conf import settings
from django.db import connection, transaction
from django.db.migrations.recorder import MigrationRecorder

Seen = TypeVar("Seen")
SQLITE, TABLES = "database.sqlite3", "tables"
PIECE = 1 << 20
# What a restored system must not take over: whoever held a lease or ran a job is gone, derived tables are built anew.
FORGOTTEN = (
    "DELETE FROM events_derivedbase",
    "UPDATE events_lease SET owner = '', expires_at = NULL",
    "UPDATE jobs_job SET state = 'cancelled' WHERE state IN ('queued', 'running')",
)
FENCED = "UPDATE events_shop SET is_fenced = {true}"


def engine() -> str:
    """Return which database this installation has: sqlite or postgresql."""
    return "sqlite" if connection.vendor == "sqlite" else "postgresql"


def migrations() -> list[str]:
    """Return the migrations that are applied, as app.name."""
    return sorted(f"{app}.{name}" for app, name in MigrationRecorder(connection).applied_migrations())


def save(folder: Path, meanwhile: Callable[[], Seen]) -> Seen:
    """Write the database's state into a folder; return what meanwhile saw while that state was held still."""
    if engine() == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("VACUUM INTO %s", [str(folder / SQLITE)])
        return meanwhile()
    (folder / TABLES).mkdir()
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        seen = meanwhile()
        for name in _tables():
            _copy_out(name, folder / TABLES / f"{name}.gz")
        return seen


def load(folder: Path) -> None:
    """Put a backup's state in place of this database's, fenced; a killed load leaves the state before it, or the new one."""
    if engine() == "sqlite":
        _replace_file(folder / SQLITE)
        return
    with transaction.atomic(), connection.cursor() as cursor:
        present = sorted(path.name.removesuffix(".gz") for path in (folder / TABLES).glob("*.gz"))
        quoted = ", ".join(connection.ops.quote_name(name) for name in present)
        cursor.execute(f"TRUNCATE {quoted} CASCADE")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")
        for name in present:
            _copy_in(name, folder / TABLES / f"{name}.gz")
        for model in apps.get_models(include_auto_created=True):
            for statement in connection.ops.sequence_reset_sql(_no_style(), [model]):
                cursor.execute(statement)
        for statement in (*FORGOTTEN, FENCED.format(true="true")):
            cursor.execute(statement)


def check(folder: Path) -> list[str]:
    """Return what is wrong with a saved database beyond its digest; nothing for PostgreSQL's tables."""
    path = folder / SQLITE
    if not path.exists():
        return []
    con = _driver().connect(f"file:{path}?mode=ro&immutable=1", uri=True)
    try:
        found = con.execute("PRAGMA integrity_check").fetchall()
    finally:
        con.close()
    return [] if found == [("ok",)] else [f"the database is damaged: {found[0][0]}"]


def _replace_file(source: Path) -> None:
    """Prepare a copy beside the database, then put it in place in one step."""
    target = Path(str(settings.DATABASES["default"]["NAME"]))
    fresh = target.with_name(f".{target.name}.restoring")
    fresh.unlink(missing_ok=True)
    with source.open("rb") as read, fresh.open("wb") as write:
        while piece := read.read(PIECE):
            write.write(piece)
    con = _driver().connect(str(fresh))
    try:
        for statement in (*FORGOTTEN, FENCED.format(true="1")):
            con.execute(statement)
        con.commit()
    finally:
        con.close()
    connection.close()
    for suffix in ("-wal", "-shm"):
        target.with_name(target.name + suffix).unlink(missing_ok=True)
    fresh.replace(target)


def _tables() -> list[str]:
    models = apps.get_models(include_auto_created=True)
    return sorted({model._meta.db_table for model in models if model._meta.managed and not model._meta.proxy})


def _copy_out(name: str, path: Path) -> None:
    statement = f"COPY {connection.ops.quote_name(name)} ({_columns(name)}) TO STDOUT"
    with (
        connection.cursor() as cursor,
        gzip.open(path, "wb", compresslevel=3) as write,
        cursor.copy(statement) as pieces,
    ):
        for piece in pieces:
            write.write(bytes(piece))


def _copy_in(name: str, path: Path) -> None:
    statement = f"COPY {connection.ops.quote_name(name)} ({_columns(name)}) FROM STDIN"
    with connection.cursor() as cursor, gzip.open(path, "rb") as read, cursor.copy(statement) as pieces:
        while piece := read.read(PIECE):
            pieces.write(piece)


def _columns(name: str) -> str:
    """Return a table's columns by name, in the order of today's model, so that another order does not matter."""
    for model in apps.get_models(include_auto_created=True):
        if model._meta.db_table == name:
            return ", ".join(connection.ops.quote_name(str(field.column)) for field in model._meta.concrete_fields)
    raise LookupError(name)


def _driver() -> Any:
    """Return the SQLite library that this process uses; a second one must never open the same files."""
    import sqlite3

    return sqlite3


def _no_style() -> Any:
    from django.core.management.color import no_style

    return no_style()
