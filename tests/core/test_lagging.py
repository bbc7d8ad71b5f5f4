"""Slow answers lag a little, quick ones never, and nobody's old answer outlives its shop."""

import threading
from typing import Any

import pytest

from regulars.core.answers import lagging
from regulars.core.answers.lagging import Lagging


@pytest.fixture
def at(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """Return a clock in a list that a test moves."""
    clock = [1000.0]
    monkeypatch.setattr(lagging.time, "monotonic", lambda: clock[0])
    return clock


def slow(at: list[float], value: int, takes: float = 2.0) -> Any:
    def make() -> dict[str, int]:
        at[0] += takes
        return {"value": value}

    return make


def test_a_quick_answer_is_always_of_the_newest_moment(at: list[float]) -> None:
    answers = Lagging(rest=0)
    assert answers.get("orders", "1", slow(at, 1, 0.01)) == {"value": 1}
    assert answers.get("orders", "2", slow(at, 2, 0.01)) == {"value": 2}


def test_a_slow_answer_stands_while_the_newer_one_is_made_once(at: list[float]) -> None:
    answers, made = Lagging(rest=0), []
    answers.get("orders", "1", slow(at, 1))
    may_go = threading.Event()

    def newer() -> dict[str, int]:
        made.append(2)
        assert may_go.wait(10)
        return {"value": 2}

    assert [answers.get("orders", "2", newer) for _ in range(5)] == [{"value": 1}] * 5
    may_go.set()
    answers.settle()
    assert answers.get("orders", "2", newer) == {"value": 2}
    assert made == [2]


def test_an_answer_that_is_too_old_is_waited_for(at: list[float]) -> None:
    answers = Lagging(rest=0)
    answers.get("orders", "1", slow(at, 1, 0.5))
    at[0] += lagging.LAGS_PER_SECOND * 0.5 + 1
    assert answers.get("orders", "2", slow(at, 2)) == {"value": 2}


def test_a_fault_beside_the_pages_leaves_the_older_answer(at: list[float]) -> None:
    answers = Lagging(rest=0)
    answers.get("orders", "1", slow(at, 1))

    def broken() -> dict[str, int]:
        raise RuntimeError("the lake is away")

    assert answers.get("orders", "2", broken) == {"value": 1}
    answers.settle()
    assert answers.get("orders", "2", slow(at, 3)) == {"value": 1}
    answers.settle()
    assert answers.get("orders", "2", slow(at, 4)) == {"value": 3}


def test_nothing_lags_into_another_shop(at: list[float]) -> None:
    answers = Lagging(rest=0)
    answers.get("orders", "1", slow(at, 1))
    answers.forget()
    assert answers.get("orders", "2", slow(at, 2)) == {"value": 2}


def test_while_the_newer_one_waits_for_its_turn_the_older_one_stands_longer(at: list[float]) -> None:
    answers, may_go = Lagging(rest=0), threading.Event()

    def newer() -> dict[str, int]:
        assert may_go.wait(10)
        return {"value": 2}

    answers.get("orders", "1", slow(at, 1, 0.5))
    answers.get("orders", "2", newer)
    at[0] += lagging.LAGS_PER_SECOND * 0.5 + 1
    assert answers.get("orders", "2", newer) == {"value": 1}
    may_go.set()
    answers.settle()
    assert answers.get("orders", "2", newer) == {"value": 2}
