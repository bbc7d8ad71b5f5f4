"""Whether this installation lives, is ready and how it does, as those see it who watch over it."""

from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from regulars.core import clock
from regulars.events import api as events
from regulars.events.kinds.orders import OrderPlaced
from regulars.jobs import api as jobs
from regulars.jobs.models import Job, State

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("home")]
HERE = {"REMOTE_ADDR": "127.0.0.1", "HTTP_HOST": "127.0.0.1:8300"}
ELSEWHERE = {**HERE, "HTTP_X_FORWARDED_FOR": "203.0.113.9"}


def ready(**environment: str) -> tuple[int, dict[str, Any]]:
    answer = Client(**(environment or HERE)).get("/readyz")
    return answer.status_code, answer.json()


def sign_of_life(ago: float = 0) -> None:
    for mark in ("loop:ticked", "jobs:looked"):
        events.set_mark(mark, int(clock.utc_now().timestamp() - ago))


def measured() -> dict[str, float]:
    text = Client(**HERE).get("/metrics").content.decode()
    rows = (line.rpartition(" ") for line in text.splitlines() if not line.startswith("#"))
    return {name: float(value) for name, _, value in rows}


def told(order: str, received_ago: float) -> None:
    fact = OrderPlaced(order_id=order, total=Decimal(10), currency="EUR")
    at = clock.utc_now() - timedelta(seconds=received_ago)
    events.append([events.Told(fact=fact, source="test", occurred_at=at, people={"email": "ann@example.com"})], at)


def test_it_is_ready_when_loop_and_worker_give_signs_of_life() -> None:
    sign_of_life()
    status, said = ready()
    assert (status, said["ready"], said["fenced"]) == (200, True, False)
    assert set(said["checks"].values()) == {"ok"}


@pytest.mark.parametrize("part", ["loop", "worker"])
def test_a_part_that_is_silent_is_named(part: str) -> None:
    sign_of_life(ago=600)
    status, said = ready()
    assert status == 503
    assert "two minutes" in said["checks"][part]


def test_a_worker_with_a_long_job_in_hand_is_well() -> None:
    sign_of_life(ago=600)
    now = clock.utc_now()
    Job.objects.create(kind="x", asked_at=now, state=State.RUNNING, leased_until=now + timedelta(seconds=60))
    assert ready()[1]["checks"]["worker"] == "ok"


def test_a_fact_that_waits_too_long_is_noticed() -> None:
    sign_of_life()
    told("1", received_ago=10)
    assert ready()[0] == 200
    told("2", received_ago=0)
    assert 9 < measured()["regulars_inbox_oldest_seconds"] < 120


def test_a_fact_that_waits_for_minutes_means_not_ready() -> None:
    sign_of_life()
    told("1", received_ago=400)
    status, said = ready()
    assert status == 503
    assert "has waited for" in said["checks"]["inbox"]


def test_a_full_disk_means_not_ready(monkeypatch: pytest.MonkeyPatch) -> None:
    sign_of_life()
    monkeypatch.setattr("regulars.web.health.views.LEAST_BYTES", 1 << 60)
    status, said = ready()
    assert status == 503
    assert "are free" in said["checks"]["disk"]


def test_a_restored_system_is_ready_and_says_that_it_is_fenced() -> None:
    sign_of_life()
    events.fence()
    assert ready()[1]["fenced"] is True
    assert measured()["regulars_fenced"] == 1


def test_readiness_is_told_to_anybody_and_names_nobody() -> None:
    sign_of_life()
    told("1", received_ago=400)
    status, said = ready(**ELSEWHERE)
    assert status == 503
    assert "ann" not in str(said)


def test_metrics_tell_what_waits_and_what_runs() -> None:
    sign_of_life()
    jobs.ask("bake", {}, "", clock.utc_now())
    found = measured()
    assert found['regulars_jobs{state="queued"}'] == 1
    assert found["regulars_seconds_since_tick"] < 60
    assert found["regulars_disk_free_bytes"] > 0
    assert any(name.startswith("regulars_build_info{") for name in found)


def test_metrics_are_for_this_machine_or_a_token() -> None:
    assert Client(**ELSEWHERE).get("/metrics").status_code == 401
    assert Client(**ELSEWHERE).get("/metrics", HTTP_AUTHORIZATION="Bearer rgl_wrong").status_code == 401


def test_the_process_lives_whatever_else_is_wrong() -> None:
    assert Client(**ELSEWHERE).get("/healthz").json() == {"ok": True}


def test_the_lake_is_measured(home: Path) -> None:
    folder = events.lake_root()
    folder.mkdir(parents=True)
    (folder / "some.parquet").write_bytes(b"x" * 1234)
    assert measured()["regulars_lake_bytes"] == 1234
