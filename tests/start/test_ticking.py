"""The loop's and the worker's processes: one worker's fault does not stop the others, and rests; who stops, stops."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from regulars.cli.supervisor.children import PAUSES, Child
from regulars.cli.supervisor.ticking import LONGEST, Resting, tick
from regulars.events import api as events

NOW = datetime(2024, 6, 1, 12, tzinfo=UTC)


@pytest.mark.django_db(transaction=True)
def test_one_workers_fault_is_kept_and_the_others_go_on(home: Path, caplog: pytest.LogCaptureFixture) -> None:
    ran: list[str] = []

    def broken(now: datetime) -> int:
        ran.append("broken")
        raise ValueError("the order of ann@example.com")

    def well(now: datetime) -> int:
        ran.append("well")
        return 2

    resting = Resting()
    assert tick({"broken": broken, "well": well}, resting, NOW) == 2
    assert tick({"broken": broken, "well": well}, resting, NOW) == 2
    assert ran == ["broken", "well", "well"]
    assert "ann@example.com" not in caplog.text
    assert len(list((home / "faults").glob("*.txt"))) == 1
    assert events.mark("loop:ticked") > 0


def test_each_fault_in_a_row_doubles_the_rest_up_to_a_minute() -> None:
    resting = Resting()
    assert [resting.failed("x", NOW) for _ in range(8)] == [1, 2, 4, 8, 16, 32, LONGEST, LONGEST]
    assert resting.rests("x", NOW + timedelta(seconds=59))
    assert not resting.rests("x", NOW + timedelta(seconds=60))
    resting.went("x")
    assert resting.failed("x", NOW) == 1


def test_a_child_that_ends_again_and_again_is_started_more_and_more_rarely() -> None:
    child = Child("a child", ["/nowhere/at/all"])
    pauses = []
    for _ in range(len(PAUSES) + 1):
        child.next_start = 0.0
        child.look()
        pauses.append(round(child.next_start - child.began, 1))
    assert pauses == [*PAUSES, PAUSES[-1]]
