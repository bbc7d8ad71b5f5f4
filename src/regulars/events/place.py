"""Where this shop's lake lies and with which limits it is read, from the settings."""

from pathlib import Path

from regulars.core.lake.engine import Connection, Limits, connect
from regulars.core.settings import current
from regulars.events.models import Shop

SHOP = "main"


def lake_root() -> Path:
    """Return the folder of the lake."""
    return current().lake


def limits() -> Limits:
    """Return DuckDB's limits for one connection."""
    settings = current()
    return Limits(memory=settings.memory, threads=settings.threads, spill=settings.home / "scratch" / "spill")


def connection(path: Path | None = None) -> Connection:
    """Open DuckDB in the shop's time zone."""
    return connect(limits(), timezone(), path)


def shop() -> Shop:
    """Return the shop's row; currency and time zone are blank until an import or a setting fixes them."""
    row, _ = Shop.objects.get_or_create(code=SHOP)
    return row


def timezone() -> str:
    """Return the shop's time zone: what the shop fixed, else the setting, else UTC."""
    return shop().timezone or current().timezone or "UTC"


def currency() -> str:
    """Return the shop's currency, or a blank text while nobody has said."""
    return shop().currency or current().currency or ""


def fix(currency: str | None, timezone: str | None) -> None:
    """Fix the shop's currency and time zone for good; what is fixed already stays."""
    row = shop()
    row.currency = row.currency or currency or ""
    row.timezone = row.timezone or timezone or ""
    row.save()
