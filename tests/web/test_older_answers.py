"""Answers of an older moment stand for a while only where few facts came since: an import is seen at once."""

from types import SimpleNamespace
from typing import Any

import pytest

from regulars.core.answers.lagging import Lagging
from regulars.web.shell import lake


def opened(seq: int, setting: str = "one shop") -> Any:
    return lake._Open(SimpleNamespace(seq=seq), f"{seq}|{setting}", at=0.0, took=0.1)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("newer", "stands"),
    [
        (opened(1_100), True),
        (opened(1_101), False),  # more than a hundred new facts
        (opened(1_001, "another shop"), False),
    ],
)
def test_after_many_facts_or_in_another_shop_no_older_answer_stands(
    newer: Any, stands: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    answers = Lagging(rest=0)
    answers.get("orders", "1000|one shop", lambda: {"orders": 7})
    monkeypatch.setattr(lake, "_standing", [opened(1_000)])
    monkeypatch.setattr(lake, "_lagging", answers)
    lake._stand(newer)
    assert bool(answers._latest) is stands


def test_in_a_large_shop_a_hundredth_is_many() -> None:
    assert lake._is_nearly_the_same(opened(1_000_000), opened(1_010_000))
    assert not lake._is_nearly_the_same(opened(1_000_000), opened(1_020_000))
