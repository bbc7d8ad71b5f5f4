"""Who belongs: settled once, then followed by what is told and by the days; coming and going are facts, told once."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from regulars import loop
from regulars.access import api as access
from regulars.events import api as events
from regulars.segments import api as segments, members
from regulars.segments.models import Member, Segment
from tests.events.cast import ANN, BO, GUEST, NOW, cancelled, placed

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("home")]

BUYERS = {"field": "orders", "at_least": 2}
RECENT = {"field": "last_order", "within_days": 30}


def keep(name: str, rule: dict[str, Any], now: datetime = NOW) -> None:
    segments.put(segments.Draft(name, name.title(), rule, {}), "ann", now)


def tell(*told: events.Told, now: datetime = NOW) -> None:
    events.append(list(told), now)
    loop.run_once(now)


def belong(name: str) -> list[int]:
    return segments.member_numbers(name, 100)


def moves() -> list[tuple[str, int, str, str]]:
    """Return kind, customer, segment and cause of every fact about coming and going, in the order of the log."""
    loop.sequence(NOW)  # what the last round told waits in the inbox
    with events.reader(NOW) as moment:
        rows = [
            (seq, kind, customer, name, because)
            for kind in ("entered", "left")
            for seq, customer, name, because in moment.rows(
                f"SELECT seq, customer_id, segment, because FROM segment_{kind}"
            )
        ]
    return [(kind, customer, name, because) for _, kind, customer, name, because in sorted(rows)]


def test_whoever_fits_when_a_segment_is_made_belongs_and_did_not_enter() -> None:
    tell(placed("A1", ANN), placed("A2", ANN, day=3), placed("B1", BO))
    keep("buyers", BUYERS)
    loop.run_once(NOW)
    assert belong("buyers") == [1]
    found = segments.one("buyers")
    assert found is not None
    assert (found.n_members, found.is_settled) == (1, True)
    loop.run_once(NOW)
    assert moves() == []


def test_an_order_lets_somebody_enter_and_its_cancellation_lets_them_leave() -> None:
    tell(placed("A1", ANN), placed("B1", BO))
    keep("buyers", BUYERS)
    loop.run_once(NOW)
    tell(placed("B2", BO, day=5), placed("G1", GUEST))
    assert belong("buyers") == [2]
    tell(cancelled("B2"))
    assert belong("buyers") == []
    loop.run_once(NOW)
    assert moves() == [("entered", 2, "buyers", "facts"), ("left", 2, "buyers", "facts")]
    assert segments.sizes("buyers", NOW.date()) == [(NOW.date(), 0)]


def test_a_new_day_alone_lets_people_leave() -> None:
    start = datetime(2024, 1, 20, 12, tzinfo=UTC)  # the cast's day 0 is the first of January
    tell(placed("A1", ANN), placed("B1", BO, day=15), now=start)
    keep("recent", RECENT, start)
    loop.run_once(start)
    assert belong("recent") == [1, 2]
    loop.run_once(start + timedelta(days=10))
    assert belong("recent") == [1, 2]
    loop.run_once(start + timedelta(days=11))
    assert belong("recent") == [2]
    loop.run_once(start + timedelta(days=60))
    loop.run_once(start + timedelta(days=60))
    assert moves() == [("left", 1, "recent", "day"), ("left", 2, "recent", "day")]


def test_a_changed_rule_moves_people_without_a_fact_and_leaves_a_line_in_the_audit_log() -> None:
    tell(placed("A1", ANN), placed("A2", ANN, day=3), placed("B1", BO))
    keep("buyers", BUYERS)
    loop.run_once(NOW)
    keep("buyers", {"field": "orders", "is": 1}, NOW + timedelta(minutes=1))
    loop.run_once(NOW)
    assert belong("buyers") == [2]
    assert moves() == []
    assert [(deed["action"], deed["about"]) for deed in access.deeds(None, 9)] == [
        ("segment.changed", "buyers"), ("segment.added", "buyers"),
    ]  # fmt: skip


def test_of_two_who_turn_out_to_be_one_the_one_that_stands_belongs_and_nobody_left() -> None:
    tell(placed("A1", ANN), placed("A2", ANN, day=3), placed("B1", BO), placed("B2", BO, day=1))
    keep("buyers", BUYERS)
    loop.run_once(NOW)
    assert belong("buyers") == [1, 2]
    tell(placed("B3", {"id": "c2", "email": "ann@example.com"}, day=9))
    assert belong("buyers") == [1]
    assert moves() == []
    found = segments.one("buyers")
    assert found is not None
    assert found.n_members == 1


def test_a_segment_of_segments_follows_both() -> None:
    tell(placed("A1", ANN), placed("A2", ANN, day=100), placed("B1", BO, day=1))
    keep("buyers", BUYERS)
    keep("strangers", {"not": {"segment": "buyers"}})
    loop.run_once(NOW)
    assert (belong("buyers"), belong("strangers")) == ([1], [2])
    tell(placed("B2", BO, day=101))
    assert (belong("buyers"), belong("strangers")) == ([1, 2], [])
    with pytest.raises(segments.BadSegment, match="asked for by strangers"):
        segments.drop("buyers", "ann", NOW)


def test_marks_and_rhythms_are_judged_once_a_day() -> None:
    tell(placed("A1", ANN), placed("A2", ANN, day=100), placed("B1", BO, day=1))
    keep("champions", {"field": "rfm", "known": True})
    loop.run_once(NOW)
    assert belong("champions") == [1, 2]
    tell(placed("C1", {"id": "c3"}, day=2))
    assert belong("champions") == [1, 2]
    loop.run_once(NOW + timedelta(days=1))
    assert belong("champions") == [1, 2, 3]
    assert moves() == [("entered", 3, "champions", "day")]


def test_killed_between_writing_and_noting_the_next_round_tells_nothing_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    tell(placed("A1", ANN), placed("B1", BO))
    keep("buyers", BUYERS)
    loop.run_once(NOW)
    events.append([placed("B2", BO, day=5)], NOW)
    loop.sequence(NOW)
    with monkeypatch.context() as patched:
        patched.setattr(members.Round, "_note", _killed)
        with pytest.raises(KeyboardInterrupt):
            segments.run_once(NOW)
    assert belong("buyers") == [2]
    loop.run_once(NOW)
    loop.run_once(NOW)
    assert moves() == [("entered", 2, "buyers", "facts")]


def _killed(*_: Any) -> None:
    raise KeyboardInterrupt


def test_a_rule_changed_while_it_is_counted_is_counted_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    tell(placed("A1", ANN), placed("A2", ANN, day=3), placed("B1", BO))
    keep("buyers", BUYERS)
    count = members.asked

    def changed_meanwhile(*told: Any) -> list[int]:
        keep("buyers", {"field": "orders", "is": 1}, NOW + timedelta(minutes=1))
        return count(*told)

    with monkeypatch.context() as patched:
        patched.setattr(members, "asked", changed_meanwhile)
        assert segments.run_once(NOW) == 0
    assert not Member.objects.exists()
    assert segments.run_once(NOW) == 1
    assert belong("buyers") == [2]


def test_many_people_at_once_are_judged_among_everybody(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(members, "MANY", 1)
    monkeypatch.setattr(members, "AT_ONCE", 2)
    keep("buyers", BUYERS)
    loop.run_once(NOW)
    tell(*(placed(f"{n}-{turn}", {"id": f"c{n}"}, day=turn) for n in range(5) for turn in range(2)))
    assert belong("buyers") == [1, 2, 3, 4, 5]
    assert len(moves()) == 5


def test_a_rule_that_no_longer_reads_says_so_and_keeps_its_members() -> None:
    tell(placed("A1", ANN), placed("A2", ANN, day=3))
    keep("buyers", BUYERS)
    loop.run_once(NOW)
    Segment.objects.update(rule={"field": "shoe_size", "at_least": 2}, is_settled=False)
    loop.run_once(NOW)
    found = segments.one("buyers")
    assert found is not None
    assert found.problem == "field: there is no field 'shoe_size'; " + found.problem.partition("; ")[2]
    assert belong("buyers") == [1]


def test_every_ready_made_segment_can_be_kept_and_counted() -> None:
    tell(placed("A1", ANN), placed("A2", ANN, day=100), placed("B1", BO, day=1))
    for draft in segments.ready_made():
        assert segments.put(draft, "ann", NOW)
    loop.run_once(NOW)
    assert [one.problem for one in segments.listed() if one.problem or not one.is_settled] == []
    assert belong("bought-twice-this-season") == []
