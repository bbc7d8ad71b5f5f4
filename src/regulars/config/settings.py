"""Django's settings, all from REGULARS_* (see core.settings); works with none set."""

import contextlib
import os
import secrets
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from regulars.config import logs
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
ALLOWED_HOSTS = ["127.0.0.1", "localhost", "[::1]", *current().hosts]
USE_TZ = True
TIME_ZONE = "UTC"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
INSTALLED_APPS = [
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django_htmx",
    # ours, floor by floor
    "regulars.access",
    "regulars.jobs",
    "regulars.events",
    "regulars.sources",
    "regulars.profiles",
    "regulars.catalog",
    "regulars.segments",
    "regulars.consent",
    "regulars.messaging",
    "regulars.journeys",
    "regulars.campaigns",
    "regulars.web",
]
DATABASES = {"default": _database(current().database_url)}

AUTH_USER_MODEL = "access.User"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
ROOT_URLCONF = "regulars.web.urls"
LOGIN_URL = "sign-in"
MIDDLEWARE = [
    "regulars.web.shell.headers.Headers",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "regulars.web.access.doorkeeper.Doorkeeper",
    "regulars.web.shell.faults.Faults",
]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.messages.context_processors.messages",
                "regulars.web.shell.context.shell",
            ],
            "builtins": ["django.templatetags.i18n", "django.templatetags.static", "regulars.web.shell.tags"],
        },
    }
]
LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English")]
STATIC_URL = "/static/"
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = False
WHITENOISE_MAX_AGE = 3600

# Cookies travel over HTTPS only, except where the app is reached on this machine itself (see docs/deploy.md).
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = 14 * 24 * 3600
SESSION_COOKIE_NAME = "regulars_session"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = current().https
CSRF_COOKIE_NAME = "regulars_csrf"
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "regulars.web.shell.faults.forged"
CSRF_TRUSTED_ORIGINS = [f"https://{host}" for host in current().hosts]
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if current().https else None
X_FRAME_OPTIONS = "DENY"
FILE_UPLOAD_TEMP_DIR = str(_home / "scratch")
(_home / "scratch").mkdir(mode=0o700, exist_ok=True)
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
LOGGING = logs.configuration()


def _former_keys() -> list[str]:
    """Return keys that were this home's own before, newest first, so that what they sealed and signed stays readable."""
    folder = _home / "keys" / "former"
    return (
        [path.read_text(encoding="ascii") for path in sorted(folder.glob("*"), reverse=True)] if folder.is_dir() else []
    )


SECRET_KEY_FALLBACKS = _former_keys()
