"""The derived tables are built anew when many people were touched since, by the worker for jobs and not while facts wait."""

from datetime import timedelta

import pytest

from regulars import loop
from regulars.events import api as events, reader
from regulars.jobs import api as jobs
from tests.events.cast import NOW, placed

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("home")]


def orders(first: int, many: int) -> None:
    events.append([placed(f"O{n}", {"id": f"c{n}"}) for n in range(first, first + many)], NOW)
    loop.run_once(NOW)


def asked() -> list[str]:
    return [one["kind"] for one in jobs.recent(10)]


def test_a_base_is_built_anew_when_it_is_an_hour_old_and_many_people_were_touched(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(reader, "MANY_TOUCHED", 5)
    orders(0, 10)
    events.refresh(NOW)
    orders(10, 4)
    loop.rebase(NOW + timedelta(hours=2))
    assert asked() == []
    orders(14, 1)
    assert loop.rebase(NOW + timedelta(hours=2, minutes=5)) == 0  # it looks every ten minutes
    assert loop.rebase(NOW + timedelta(hours=3)) == 1
    assert loop.rebase(NOW + timedelta(hours=4)) == 1
    assert asked() == ["refresh"]  # the same work is asked for once
    before = events.newest_base()
    loop.refresh_job({}, lambda step, share: None)
    after = events.newest_base()
    assert before is not None
    assert after is not None
    assert after.seq > before.seq
    assert not events.is_base_old(NOW + timedelta(minutes=30))


def test_a_young_base_and_a_missing_one_are_left_alone() -> None:
    assert loop.rebase(NOW) == 0
    orders(0, 3)
    events.refresh(NOW)
    assert not events.is_base_old(NOW + timedelta(minutes=59))
    assert not events.is_base_old(NOW + timedelta(days=3))
