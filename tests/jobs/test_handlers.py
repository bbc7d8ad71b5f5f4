"""The handlers of jobs: an import waits for the log, is done once, leaves no dropped file behind; a backup; a sweep."""

import os
import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from regulars import loop
from regulars.cli.supervisor.chores import HANDLERS
from regulars.core import clock
from regulars.events import api as events
from regulars.jobs import api as jobs
from regulars.jobs.models import Job, State
from regulars.sources import api as sources

pytestmark = pytest.mark.django_db(transaction=True)
NOW = datetime(2024, 6, 1, 12, tzinfo=UTC)
ORDERS = (
    "order_id,date,email,total\n1,2024-01-02,ann@example.com,10.00\n2,2024-02-02,ann@example.com,12.00\nx,never,bo,?\n"
)


def dropped(home: Path, token: str = "a" * 32) -> Path:
    folder = home / "uploads" / token
    folder.mkdir(parents=True)
    path = folder / "orders.csv"
    path.write_text(ORDERS, encoding="utf-8")
    return path


def asked(path: Path, **hints: str) -> int:
    told = {"target": "orders", "path": str(path), "hints": {"currency": "EUR", **hints}}
    return jobs.ask("import", told, "", clock.utc_now())


def work(**handlers: jobs.Handler) -> int:
    return jobs.work_once(HANDLERS | handlers, clock.utc_now())


def test_a_dropped_file_is_imported_and_deleted(home: Path) -> None:
    path = dropped(home)
    number = asked(path)
    assert work() == 1
    told = jobs.status(number)
    assert (told["state"], told["message"]) == ("done", "")
    assert {name: told["result"][name] for name in ("rows", "accepted", "rejected")} == {
        "rows": 3,
        "accepted": 2,
        "rejected": 1,
    }
    assert sources.rejects_of(told["result"]["import_id"]) is not None
    assert not path.parent.exists()


def test_an_import_waits_while_others_hold_the_log(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(loop, "PAUSE", 0.05)
    number, waited = asked(dropped(home)), threading.Event()

    def hold() -> None:
        from django.db import connection

        with events.held("sequencer", clock.utc_now()):
            taken.set()
            waited.wait(30)
        connection.close()

    taken = threading.Event()
    holder = threading.Thread(target=hold)
    holder.start()
    taken.wait(30)
    threading.Timer(1.0, waited.set).start()
    work()
    holder.join()
    assert jobs.status(number)["state"] == "done", jobs.status(number)


def test_work_that_waits_too_long_is_told_what_to_do(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(loop, "PATIENCE", -1.0)
    number = asked(dropped(home))
    with events.held("sequencer", clock.utc_now()):
        work()
    told = jobs.status(number)
    assert (told["state"], told["message"]) == (
        "failed",
        "other work holds the facts for too long; try again when it is done",
    )


def test_an_import_whose_worker_was_killed_at_the_very_end_is_done_and_not_refused(home: Path) -> None:
    number = asked(dropped(home))
    work()
    first = jobs.status(number)["result"]
    Job.objects.filter(id=number).update(state=State.RUNNING, worker="elsewhere:1:x", leased_until=None, result={})
    assert work() == 1
    assert (jobs.status(number)["state"], jobs.status(number)["result"]) == ("done", first)


def test_a_file_that_is_gone_is_refused_without_its_path(home: Path) -> None:
    number = asked(home / "uploads" / ("b" * 32) / "never.csv")
    work()
    told = jobs.status(number)
    assert (told["state"], told["message"]) == ("failed", "the file is not there any more; drop it again")


def test_a_cancelled_import_goes_on_when_it_is_asked_for_again(home: Path) -> None:
    path = dropped(home)
    number = asked(path)

    def cancelling(told: dict[str, Any], progress: jobs.Progress) -> dict[str, Any]:
        jobs.cancel(number)
        return HANDLERS["import"](told, progress)

    work(**{"import": cancelling})
    assert jobs.status(number)["state"] == "cancelled"
    assert path.exists()
    again = asked(path)
    assert again != number
    work()
    assert (jobs.status(again)["state"], jobs.status(again)["result"]["accepted"]) == ("done", 2)


def test_refresh_rebuild_and_start_over_end_well(home: Path) -> None:
    asked(dropped(home))
    work()
    for kind in ("refresh", "rebuild", "start_over"):
        number = jobs.ask(kind, {}, "", clock.utc_now())
        work()
        assert jobs.status(number)["state"] == "done", jobs.status(number)
    assert events.newest() == 0


def test_a_backup_is_written_into_the_home_and_is_whole(home: Path) -> None:
    asked(dropped(home))
    work()
    number = jobs.ask("backup", {}, "", clock.utc_now())
    work()
    told = jobs.status(number)
    assert told["state"] == "done", told
    assert Path(told["result"]["folder"]).parent == home / "backups"
    assert not told["result"]["faults"]


def test_dropped_files_that_nobody_imported_are_swept_after_a_week(home: Path) -> None:
    old, held, fresh = (dropped(home, letter * 32).parent for letter in "cde")
    for folder in (old, held):
        os.utime(folder, ((NOW - timedelta(days=8)).timestamp(),) * 2)
    os.utime(fresh, ((NOW - timedelta(days=6)).timestamp(),) * 2)
    asked(held / "orders.csv")
    assert loop.sweep_uploads(NOW) == 1
    assert [folder.exists() for folder in (old, held, fresh)] == [False, True, True]
    assert loop.sweep_uploads(NOW) == 0
