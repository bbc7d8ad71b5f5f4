"""Long work: asked for once, done once, cancelled, taken up again when its worker is gone."""

import threading
import time
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
    both = jobs.ask("bake", {"loaf": 3, "seed": 1}, "", NOW)
    assert jobs.ask("bake", {"seed": 1, "loaf": 3}, "", NOW) == both
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


def test_cancelled_work_whose_worker_is_gone_is_not_begun_again() -> None:
    job = left_behind(leased_until=NOW, cancel_asked=True)
    assert jobs.work_once(doing({}), NOW) == 0
    assert jobs.status(job.id)["state"] == "cancelled"


def test_a_worker_that_is_to_end_puts_its_work_back_and_that_is_no_attempt() -> None:
    number, stopping = jobs.ask("bake", {}, "", NOW), [False]

    def handler(told: dict[str, Any], progress: jobs.Progress) -> dict[str, Any]:
        assert not progress.cancelled()
        stopping[0] = True
        assert progress.cancelled()
        raise jobs.Cancelled

    assert jobs.work_once({"bake": handler}, NOW, lambda: stopping[0]) == 0
    assert (jobs.status(number)["state"], Job.objects.get(id=number).attempts) == ("queued", 0)
    assert jobs.work_once(doing({"ok": True}), NOW) == 1
    assert jobs.status(number)["state"] == "done"


def test_a_worker_that_lost_its_work_is_told_to_stop_and_writes_nothing() -> None:
    number = jobs.ask("bake", {}, "", NOW)

    def handler(told: dict[str, Any], progress: jobs.Progress) -> dict[str, Any]:
        Job.objects.filter(id=number).update(worker="elsewhere:1:x", attempts=2)
        assert progress.cancelled()
        progress("mine no more", 0.9)
        return {"mine": True}

    jobs.work_once({"bake": handler}, NOW)
    told = jobs.status(number)
    assert (told["state"], told["step"], told["result"]) == ("running", "", {})


def test_the_lease_is_renewed_while_the_work_goes_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("regulars.jobs.holding.BEAT", 0.01)
    number = jobs.ask("bake", {}, "", NOW)

    def handler(told: dict[str, Any], progress: jobs.Progress) -> dict[str, Any]:
        first = Job.objects.get(id=number).leased_until
        assert jobs.is_at_work(NOW)
        for _ in range(500):
            if Job.objects.get(id=number).leased_until != first:
                return {"renewed": True}
            time.sleep(0.02)
        return {}

    jobs.work_once({"bake": handler}, NOW)
    assert jobs.status(number)["result"] == {"renewed": True}
    assert not jobs.is_at_work(NOW)


def test_progress_is_written_now_and_then_and_the_end_always() -> None:
    number, seen = jobs.ask("bake", {}, "", NOW), set()

    def handler(told: dict[str, Any], progress: jobs.Progress) -> dict[str, Any]:
        for step in range(100):
            progress(f"step {step}", step / 100)
            seen.add(jobs.status(number)["step"])
        progress("the last", 1.0)
        return {"at": datetime(2024, 1, 1, tzinfo=UTC), "last": jobs.status(number)["step"]}

    jobs.work_once({"bake": handler}, NOW)
    assert "step 0" in seen
    assert len(seen) < 100
    assert jobs.status(number)["result"] == {"at": "2024-01-01 00:00:00+00:00", "last": "the last"}


def test_many_who_ask_for_the_same_at_once_get_the_same() -> None:
    found: list[int] = []

    def asks() -> None:
        from django.db import connection

        found.append(jobs.ask("bake", {"loaf": 1}, "", NOW))
        connection.close()

    threads = [threading.Thread(target=asks) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 8
    assert set(found) == {Job.objects.get().id}
    assert jobs.counts()["queued"] == 1


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
