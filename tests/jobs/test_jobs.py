"""Long work: asked for once, done once, cancelled, taken up again when its worker is gone."""

import threading
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from regulars.jobs import api as jobs
from regulars.jobs.models import Job, State

pytestmark = pytest.mark.django_db(transaction=True)
NOW = datetime(2024, 6, 1, 12, tzinfo=UTC)


def doing(result: dict[str, Any] | Exception) -> dict[str, jobs.Handler]:
    def handler(told: dict[str, Any], progress: jobs.Progress) -> dict[str, Any]:
        progress("half way", 0.5)
        if isinstance(result, Exception):
            raise result
        return {**result, "told": told}

    return {"bake": handler}


def test_work_is_done_once_and_tells_its_result() -> None:
    number = jobs.ask("bake", {"loaf": 1}, "ann@example.com", NOW)
    assert jobs.status(number)["state"] == "queued"
    assert jobs.work_once(doing({"ok": True}), NOW) == 1
    told = jobs.status(number)
    assert (told["state"], told["share"], told["result"]) == ("done", 1.0, {"ok": True, "told": {"loaf": 1}})
    assert jobs.work_once(doing({}), NOW) == 0


def test_the_same_work_is_queued_once_while_it_waits() -> None:
    first = jobs.ask("bake", {"loaf": 1}, "", NOW)
    assert jobs.ask("bake", {"loaf": 1}, "", NOW) == first
    assert jobs.ask("bake", {"loaf": 2}, "", NOW) != first
    jobs.work_once(doing({}), NOW)
    assert jobs.ask("bake", {"loaf": 1}, "", NOW) != first


def test_a_refusal_is_told_in_its_own_words() -> None:
    number = jobs.ask("bake", {}, "", NOW)
    jobs.work_once(doing(jobs.CannotDo("there is no flour")), NOW)
    assert (jobs.status(number)["state"], jobs.status(number)["message"]) == ("failed", "there is no flour")


def test_a_fault_is_kept_in_a_file_and_shown_as_a_sentence(home: Any) -> None:
    number = jobs.ask("bake", {}, "", NOW)
    jobs.work_once(doing(RuntimeError("secret of ann@example.com")), NOW)
    told = jobs.status(number)
    assert told["state"] == "failed"
    assert "ann@example.com" not in told["message"]
    assert any("secret of" in file.read_text() for file in (home / "faults").glob("*.txt"))


def test_work_that_waits_is_cancelled_at_once_and_work_under_way_when_it_looks() -> None:
    waiting = jobs.ask("bake", {"loaf": 1}, "", NOW)
    jobs.cancel(waiting)
    assert jobs.status(waiting)["state"] == "cancelled"
    running = jobs.ask("bake", {"loaf": 2}, "", NOW)

    def handler(told: dict[str, Any], progress: jobs.Progress) -> dict[str, Any]:
        jobs.cancel(running)
        assert progress.cancelled()
        raise jobs.Cancelled

    assert jobs.work_once({"bake": handler}, NOW) == 1
    assert jobs.status(running)["state"] == "cancelled"


def test_unknown_work_fails_and_an_unknown_number_is_refused() -> None:
    number = jobs.ask("fly", {}, "", NOW)
    jobs.work_once(doing({}), NOW)
    assert "knows how to do 'fly'" in jobs.status(number)["message"]
    with pytest.raises(jobs.NoSuchJob):
        jobs.status(number + 1)


def left_behind(**fields: Any) -> Job:
    return Job.objects.create(
        kind="bake", arguments={}, asked_at=NOW, state=State.RUNNING, worker="elsewhere:1", attempts=1, **fields
    )


def test_work_is_taken_up_again_when_its_lease_has_ended_and_not_before() -> None:
    job = left_behind(leased_until=NOW + timedelta(seconds=30))
    assert jobs.work_once(doing({}), NOW) == 0
    assert jobs.work_once(doing({}), NOW + timedelta(seconds=31)) == 1
    assert jobs.status(job.id)["state"] == "done"


def test_work_whose_workers_end_again_and_again_is_given_up() -> None:
    job = left_behind(leased_until=NOW)
    Job.objects.filter(id=job.id).update(attempts=3)
    assert jobs.work_once(doing({}), NOW) == 0
    assert jobs.status(job.id)["state"] == "failed"


def test_two_workers_never_do_the_same_work() -> None:
    done: list[int] = []
    for loaf in range(12):
        jobs.ask("bake", {"loaf": loaf}, "", NOW)

    def handler(told: dict[str, Any], progress: jobs.Progress) -> dict[str, Any]:
        done.append(told["loaf"])
        return {}

    def work() -> None:
        from django.db import connection

        while jobs.work_once({"bake": handler}, NOW):
            pass
        connection.close()

    threads = [threading.Thread(target=work) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(done) == list(range(12))
