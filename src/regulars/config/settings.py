"""Django's settings, all from REGULARS_* (see core.settings); works with none set."""

import contextlib
import os
import secrets
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from regulars.core.settings import BadSetting, current

_home = current().home
_home.mkdir(mode=0o700, parents=True, exist_ok=True)  # it will hold the shop's customers


def _secret_key() -> str:
    """Return the home's own key; made once, readable by its owner only."""
    path = _home / "keys" / "secret"
    path.parent.mkdir(mode=0o700, exist_ok=True)
    if not path.exists():
        mine = path.with_name(f".secret.{os.getpid()}")
        mine.touch(mode=0o600)
        mine.write_text(secrets.token_urlsafe(48), encoding="ascii")
        with contextlib.suppress(FileExistsError):  # another process was first; a link, unlike a rename, leaves its key
            path.hardlink_to(mine)
        mine.unlink()
    return path.read_text(encoding="ascii")


def _database(url: str) -> dict[str, Any]:
    """Return Django's database entry: SQLite in the home folder, or PostgreSQL by URL."""
    if not url:
        return _sqlite(_home / "regulars.sqlite3")
    parts = urlsplit(url)
    if parts.scheme == "sqlite":
        return _sqlite(Path(unquote(parts.path)))
    if parts.scheme not in ("postgres", "postgresql"):
        raise BadSetting("REGULARS_DATABASE_URL must look like postgresql://user:password@host:5432/name")
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": parts.hostname or "",
        "PORT": str(parts.port or ""),
    }


def _sqlite(path: Path) -> dict[str, Any]:
    pragmas = "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA cache_size=-65536;"
    options = {"transaction_mode": "IMMEDIATE", "timeout": 30, "init_command": pragmas}
    # A test database in a file, not in memory: threads and processes must be able to share it.
    return {
        "ENGINE": "regulars.config.sqlite",
        "NAME": path,
        "OPTIONS": options,
        "TEST": {"NAME": str(path.with_name("test.sqlite3"))},
    }


SECRET_KEY = _secret_key()
DEBUG = False
ALLOWED_HOSTS = ["127.0.0.1", "localhost"]
USE_TZ = True
TIME_ZONE = "UTC"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
INSTALLED_APPS = ["regulars.events", "regulars.sources", "regulars.profiles", "regulars.catalog"]  # floor by floor
DATABASES = {"default": _database(current().database_url)}
