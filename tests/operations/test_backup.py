"""A backup is whole or not there, says so itself, and comes back as the same shop, fenced."""

import json
import os
import random
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from tests.conftest import ROOT, Command

TINY = ROOT / "tests" / "data" / "tiny"
KILLS = 50


def loaded(command: Command) -> None:
    done = command("import", "orders", TINY / "orders.csv")
    assert done.returncode == 0, done.stderr


def made(command: Command, folder: Path) -> Path:
    done = command("backup", folder, "--json")
    assert done.returncode == 0, done.stderr
    return Path(json.loads(done.stdout)["folder"])


def report(command: Command, **environment: str) -> dict[str, object]:
    done = command("report", "--json", **environment)
    assert done.returncode == 0, done.stderr
    found: dict[str, object] = json.loads(done.stdout)
    return {name: value for name, value in found.items() if name != "generated_at"}


@pytest.fixture
def elsewhere(tmp_path: Path, command: Command) -> dict[str, str]:
    """Return the environment of another, empty installation on the same kind of database."""
    url = os.environ.get("REGULARS_TEST_DATABASE_URL", "")
    if not url:
        return {"REGULARS_HOME": str(tmp_path / "elsewhere")}
    import uuid

    import psycopg

    name = f"regulars_{uuid.uuid4().hex}"
    with psycopg.connect(url, autocommit=True) as server:
        server.execute(f"CREATE DATABASE {name}")
    return {"REGULARS_HOME": str(tmp_path / "elsewhere"), "REGULARS_DATABASE_URL": url.rpartition("/")[0] + "/" + name}


def test_a_restored_shop_tells_the_same_and_is_fenced(
    command: Command, tmp_path: Path, elsewhere: dict[str, str]
) -> None:
    loaded(command)
    before = report(command)
    backup = made(command, tmp_path / "backups")
    done = command("restore", backup, **elsewhere)
    assert done.returncode == 0, done.stderr
    assert "nothing is sent until" in done.stdout
    assert report(command, **elsewhere) == before
    assert json.loads(command("release", "--yes", "--json", **elsewhere).stdout) == {"released": True}
    assert json.loads(command("release", "--yes", "--json", **elsewhere).stdout) == {"released": False}


def test_a_restored_shop_goes_on_listening(command: Command, tmp_path: Path, elsewhere: dict[str, str]) -> None:
    loaded(command)
    backup = made(command, tmp_path / "backups")
    assert command("restore", backup, **elsewhere).returncode == 0
    again = command("import", "orders", TINY / "orders.csv", "--json", **elsewhere)
    assert json.loads(again.stdout)["accepted"] == 0, "what the backup knew is known"
    more = tmp_path / "more.csv"
    more.write_text("order_id,email,date,total,currency\nnew-1,new@example.com,2024-05-01T10:00:00Z,12.50,EUR\n")
    assert json.loads(command("import", "orders", more, "--json", **elsewhere).stdout)["accepted"] == 1


def test_a_home_with_facts_is_not_overwritten(command: Command, tmp_path: Path) -> None:
    loaded(command)
    backup = made(command, tmp_path / "backups")
    done = command("restore", backup)
    assert done.returncode == 1
    assert "already holds facts" in done.stderr


def test_a_changed_byte_is_found(command: Command, tmp_path: Path, elsewhere: dict[str, str]) -> None:
    loaded(command)
    backup = made(command, tmp_path / "backups")
    assert command("restore", backup, "--verify").returncode == 0
    victim = next(path for path in sorted(backup.rglob("*.parquet")))
    content = bytearray(victim.read_bytes())
    content[len(content) // 2] ^= 1
    victim.write_bytes(content)
    assert "has changed since" in command("restore", backup, "--verify").stdout
    refused = command("restore", backup, **elsewhere)
    assert refused.returncode == 1
    assert "damaged" in refused.stderr


def test_a_missing_and_a_foreign_file_are_found(command: Command, tmp_path: Path) -> None:
    loaded(command)
    backup = made(command, tmp_path / "backups")
    (backup / "stranger").write_text("x")
    next(iter(sorted(backup.rglob("*.json")))).rename(tmp_path / "taken")
    said = command("restore", backup, "--verify").stdout
    assert "is missing" in said or "no backup" in command("restore", backup, "--verify").stderr
    assert "no backup" in command("restore", tmp_path, "--verify").stderr


def test_a_newer_schema_is_refused(command: Command, tmp_path: Path, elsewhere: dict[str, str]) -> None:
    loaded(command)
    backup = made(command, tmp_path / "backups")
    manifest = json.loads((backup / "manifest.json").read_text())
    manifest["migrations"].append("events.9999_from_the_future")
    (backup / "manifest.json").write_text(json.dumps(manifest))
    done = command("restore", backup, **elsewhere)
    assert done.returncode == 1
    assert "newer Regulars" in done.stderr


def test_keys_go_along_only_when_asked(command: Command, tmp_path: Path) -> None:
    loaded(command)
    assert not (made(command, tmp_path / "backups") / "keys").exists()
    done = command("backup", tmp_path / "backups", "--with-keys", "--json")
    assert (Path(json.loads(done.stdout)["folder"]) / "keys" / "secret").exists()


def standing(tmp_path: Path) -> dict[str, str]:
    """Return the environment that the command fixture gives its processes, for one that is killed."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("REGULARS_", "DJANGO_"))}
    return kept | {"REGULARS_HOME": str(tmp_path / "shopkeeper" / "home"), "PYTHONPATH": str(ROOT / "src")}


@pytest.mark.slow
@pytest.mark.skipif(
    "REGULARS_TEST_DATABASE_URL" in os.environ and os.environ["REGULARS_TEST_DATABASE_URL"] != "",
    reason="kills are tried only on SQLite",
)
def test_fifty_kills_under_load_leave_whole_backups_or_none(command: Command, tmp_path: Path) -> None:
    loaded(command)
    folder, dice, over = tmp_path / "backups", random.Random(50), threading.Event()

    def tell() -> None:
        number = 0
        while not over.is_set():
            number += 1
            more = tmp_path / f"more-{number}.csv"
            more.write_text(
                f"order_id,email,date,total,currency\nload-{number},l{number}@example.com,2024-05-01T10:00:00Z,5.00,EUR\n"
            )
            command("import", "orders", more)

    teller = threading.Thread(target=tell)
    teller.start()
    try:
        for _ in range(KILLS):
            words = [sys.executable, "-c", "from regulars.cli import main; main()", "backup", str(folder)]
            process = subprocess.Popen(
                words, env=standing(tmp_path), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
            )
            time.sleep(dice.uniform(0.2, 1.6))
            process.send_signal(signal.SIGKILL)
            process.wait()
    finally:
        over.set()
        teller.join()
    last = made(command, folder)
    whole = sorted(folder.glob("regulars-*"))
    assert last in whole
    for backup in whole:
        assert command("restore", backup, "--verify").returncode == 0, backup
    assert not list(folder.glob(".*.partial")), "the run after the kills swept what they left"
