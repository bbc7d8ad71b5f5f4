"""What every test stands on: a home of its own, the chosen database, an instant, and the command as a user starts it.

The settings are read once per process, so the environment is laid out here, before Django looks at it.
REGULARS_TEST_DATABASE_URL chooses PostgreSQL; without it the tests run on an SQLite file.
REGULARS_REQUIRE_ALL=1 turns every skip for a missing tool into a failure.
"""

import atexit
import os
import shutil
import subprocess
import sys
import tempfile
import uuid
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import django
import pytest
from django.conf import settings as django_settings
from hypothesis import settings as hypothesis_settings

from regulars.core.settings import DESCRIPTIONS

ROOT = Path(__file__).resolve().parents[1]
SHARED_DATA = ROOT.parent / "shared" / "data"
TEST_DATABASE_URL = os.environ.get("REGULARS_TEST_DATABASE_URL", "")
REQUIRES_ALL = os.environ.get("REGULARS_REQUIRE_ALL", "") not in ("", "0")
# Reasons that stay skips even where everything is required: data that is not ours to commit, the other database.
ALWAYS_ALLOWED = ("shared", "only on SQLite", "only on PostgreSQL")

CHROMIUM = next(
    (found for name in ("chromium", "chromium-browser", "google-chrome") if (found := shutil.which(name))), None
)
OPENING = {"db", "transactional_db", "live_server", "fresh_database_url"}  # fixtures that give a test a database

Command = Callable[..., "subprocess.CompletedProcess[str]"]

if django_settings.configured or "DJANGO_SETTINGS_MODULE" in os.environ:
    pytest.exit("unset DJANGO_SETTINGS_MODULE: the tests lay out their own settings", returncode=4)

_home = tempfile.mkdtemp(prefix="regulars-test-")
atexit.register(shutil.rmtree, _home, ignore_errors=True)
for _name in DESCRIPTIONS.keys() & os.environ.keys():
    del os.environ[_name]
os.environ.update(
    DJANGO_SETTINGS_MODULE="regulars.config.settings",
    REGULARS_HOME=_home,
    REGULARS_DATABASE_URL=TEST_DATABASE_URL,
)
django.setup()
del os.environ["DJANGO_SETTINGS_MODULE"]  # parallel workers inherit the environment, and lay out their own

# No test asserts a duration. Where everything is required, the examples are the same each time; elsewhere they explore.
hypothesis_settings.register_profile("house", deadline=None, derandomize=REQUIRES_ALL, print_blob=True)
hypothesis_settings.load_profile("house")


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Give this test a fresh home, and by that a fresh lake; the database is the test's own anyway."""
    from regulars.core import settings

    folder = tmp_path / "home"
    folder.mkdir()
    monkeypatch.setenv("REGULARS_HOME", str(folder))
    settings.current.cache_clear()
    yield folder
    monkeypatch.undo()
    settings.current.cache_clear()


@pytest.fixture
def shared_data() -> Path:
    """Return the folder with the published data sets, or skip where it does not lie beside the project."""
    if not SHARED_DATA.is_dir():
        pytest.skip("the data sets of ../shared/data are not here")
    return SHARED_DATA


@pytest.fixture
def now() -> datetime:
    """Return the instant at which tests play."""
    return datetime(2024, 6, 1, 12, tzinfo=UTC)


@pytest.fixture
def fresh_database_url() -> Iterator[str]:
    """Give the command a database of its own: blank for SQLite in the home, else a new one on the server."""
    if not TEST_DATABASE_URL:
        yield ""
        return
    import psycopg
    from psycopg import sql

    name = f"regulars_{uuid.uuid4().hex}"
    with psycopg.connect(TEST_DATABASE_URL, autocommit=True) as server:
        server.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        yield TEST_DATABASE_URL.rpartition("/")[0] + "/" + name
        server.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


@pytest.fixture
def command(tmp_path: Path, fresh_database_url: str) -> Command:
    """Return a function that runs `regulars …` as a process of its own, from an empty folder with its own home."""
    folder = tmp_path / "shopkeeper"
    folder.mkdir()
    inherited = {name: value for name, value in os.environ.items() if not name.startswith(("REGULARS_", "DJANGO_"))}
    standing = inherited | {"REGULARS_HOME": str(folder / "home"), "PYTHONPATH": str(ROOT / "src")}
    if fresh_database_url:
        standing["REGULARS_DATABASE_URL"] = fresh_database_url

    def run(*words: str | Path, **environment: str) -> "subprocess.CompletedProcess[str]":
        return subprocess.run(
            [sys.executable, "-c", "from regulars.cli import main; main()", *map(str, words)],
            cwd=folder,
            env=standing | environment,
            capture_output=True,
            text=True,
            check=False,
        )

    return run


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    """Start one headless Chromium for the tests of a file, or skip where there is none.

    It ends with the file: its driver keeps an event loop running in this thread, beside which no second driver starts
    and Django lets nobody at a database.
    """
    if CHROMIUM is None:
        pytest.skip("there is no Chromium here")
    from playwright.sync_api import sync_playwright

    quiet = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync"]
    quiet += ["--disable-background-networking", "--disable-component-update"]
    with sync_playwright() as driver:
        started = driver.chromium.launch(executable_path=CHROMIUM, args=quiet)
        yield started
        started.close()


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Run what opens no database on SQLite alone: on another database it would be the same test again.

    pytest-django lets no test at a database that is not marked for it; processes get theirs by a fixture.
    """
    if not TEST_DATABASE_URL:
        return
    again = [item for item in items if _opens_a_database(item)]
    config.hook.pytest_deselected(items=[item for item in items if not _opens_a_database(item)])
    items[:] = again


def _opens_a_database(item: pytest.Item) -> bool:
    given = set(getattr(item, "fixturenames", ()))
    return bool(item.get_closest_marker("django_db") or given & OPENING)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> Iterator[None]:
    """Turn a skipped test into a failed one where everything is required."""
    report = yield
    _require(report)
    return report


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report(collector: pytest.Collector) -> Iterator[None]:
    """Turn a skipped module into a failed one where everything is required."""
    report = yield
    _require(report)
    return report


def _require(report: object) -> None:
    if not REQUIRES_ALL or getattr(report, "outcome", "") != "skipped":
        return
    said = getattr(report, "longrepr", None)
    reason = str(said[2] if isinstance(said, tuple) else said)
    if hasattr(report, "wasxfail") or any(allowed in reason for allowed in ALWAYS_ALLOWED):
        return
    report.outcome = "failed"  # type: ignore[attr-defined]
    report.longrepr = f"REGULARS_REQUIRE_ALL is set, so nothing may be missing here, but: {reason}"  # type: ignore[attr-defined]
