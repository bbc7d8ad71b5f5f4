"""Django's settings: a key of one's own, SQLite made durable, PostgreSQL by URL, a current SQLite."""

import stat
from importlib import reload
from pathlib import Path

import pytest
from django.conf import settings as django_settings
from django.db import connection

from regulars.config import settings
from regulars.core.settings import BadSetting

on_sqlite = pytest.mark.skipif(connection.vendor != "sqlite", reason="only on SQLite")


def test_the_secret_is_the_homes_own_and_stays(home: Path) -> None:
    first = reload(settings).SECRET_KEY
    assert reload(settings).SECRET_KEY == first != django_settings.SECRET_KEY
    assert len(first) > 50
    assert stat.S_IMODE((home / "keys" / "secret").stat().st_mode) == 0o600
    assert [path.name for path in (home / "keys").iterdir()] == ["secret"]


@pytest.mark.parametrize(
    ("url", "parts"),
    [
        ("postgresql://ann:a%40b@db.example:5433/shop", ("shop", "ann", "a@b", "db.example", "5433")),
        ("postgres://127.0.0.1/shop", ("shop", "", "", "127.0.0.1", "")),
    ],
)
def test_postgresql_is_taken_by_its_url(url: str, parts: tuple[str, ...]) -> None:
    found = settings._database(url)
    assert tuple(found[name] for name in ("NAME", "USER", "PASSWORD", "HOST", "PORT")) == parts


@pytest.mark.parametrize("url", ["mysql://127.0.0.1/shop", "shop"])
def test_another_database_is_refused_with_what_to_do(url: str) -> None:
    with pytest.raises(BadSetting, match="postgresql://user:password@host:5432/name"):
        settings._database(url)


@on_sqlite
@pytest.mark.django_db
def test_sqlite_keeps_what_it_has_acknowledged() -> None:
    with connection.cursor() as cursor:
        kept = [
            cursor.execute(f"PRAGMA {name}").fetchone()[0] for name in ("journal_mode", "synchronous", "foreign_keys")
        ]
    assert kept == ["wal", 2, 1]
    assert connection.settings_dict["OPTIONS"]["transaction_mode"] == "IMMEDIATE"


@on_sqlite
def test_django_uses_the_current_sqlite_where_there_is_one() -> None:
    library = pytest.importorskip("pysqlite3", reason="no wheel of pysqlite3 for this machine")
    assert connection.Database.sqlite_version == library.sqlite_version
    assert connection.Database.sqlite_version_info >= (3, 51, 3)
