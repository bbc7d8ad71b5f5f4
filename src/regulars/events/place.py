"""Where this shop's lake lies and with which limits it is read, from the settings."""

from pathlib import Path

from regulars.core.lake.engine import Connection, Limits, connect
from regulars.core.settings import current
from regulars.events.models import Shop

SHOP = "main"


def lake_root() -> Path:
    """Return the folder of the lake of the present generation."""
    return lake_of(generation())


def lake_of(number: int) -> Path:
    """Return the folder of a generation's lake; the first one lies where the settings say, later ones beside it."""
    first = current().lake
    return first.with_name(f"{first.name}-{number}") if number else first


def generation() -> int:
    """Return how often this shop was started over."""
    return int(Shop.objects.filter(code=SHOP).values_list("generation", flat=True).first() or 0)


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
    row.save(update_fields=["currency", "timezone"])


def label() -> str:
    """Return what this shop is: blank for somebody's own data, else a word such as "demo" or "cdnow"."""
    return shop().label


def is_labelled(text: str) -> bool:
    """Say whether this shop is that, and keep it so until the caller's transaction ends."""
    return Shop.objects.select_for_update().filter(code=SHOP, label=text).exists()


def set_label(text: str) -> None:
    """Say what this shop is; blank means somebody's own data."""
    _set(label=text)


def fence() -> None:
    """Let nothing leave this system until it is released: it was restored, and another one may still be sending."""
    _set(is_fenced=True)


def release() -> None:
    """Let this system send again."""
    _set(is_fenced=False)


def is_fenced() -> bool:
    """Tell whether nothing may leave this system."""
    return shop().is_fenced


def _set(**fields: str | bool) -> None:
    """Write these columns alone: another process may be writing the others."""
    shop()
    Shop.objects.filter(code=SHOP).update(**fields)
