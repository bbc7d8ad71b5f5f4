"""DuckDB connections with the house's limits: no extensions fetched, bounded memory, the shop's time zone."""

from dataclasses import dataclass
from pathlib import Path

import duckdb

Connection = duckdb.DuckDBPyConnection
Relation = duckdb.DuckDBPyRelation
EngineError = duckdb.Error
StatementType = duckdb.StatementType


@dataclass(frozen=True)
class Limits:
    """What one connection may use: memory as DuckDB writes it ("2GB"), threads, and a folder to spill into."""

    memory: str = "2GB"
    threads: int = 0
    spill: Path | None = None


def connect(limits: Limits, timezone: str = "UTC", path: Path | None = None) -> Connection:
    """Open DuckDB in memory, or on a scratch file, set up the same way everywhere."""
    config: dict[str, str | bool | int | float | list[str]] = {
        "autoinstall_known_extensions": False,
        "autoload_known_extensions": False,
        "memory_limit": limits.memory,
        "preserve_insertion_order": True,
    }
    if limits.threads:
        config["threads"] = limits.threads
    if limits.spill is not None:
        limits.spill.mkdir(parents=True, exist_ok=True)
        config["temp_directory"] = str(limits.spill)
    con = duckdb.connect(str(path) if path else ":memory:", config=config)
    set_zone(con, timezone)
    con.execute("SET enable_progress_bar = false")
    return con


def set_zone(con: Connection, timezone: str) -> None:
    """Read times without an offset, and cut days, in this zone from now on; a name that is no zone raises."""
    from zoneinfo import ZoneInfo

    con.execute(f"SET TimeZone = '{ZoneInfo(timezone).key}'")


def zone_of(con: Connection) -> str:
    """Return the time zone that a connection reads times without an offset in."""
    row = con.execute("SELECT current_setting('TimeZone')").fetchone()
    return str(row[0]) if row else "UTC"


def literal(text: str) -> str:
    """Quote a text as an SQL string literal; for the places where DuckDB takes no parameter."""
    return "'" + text.replace("'", "''") + "'"
