"""Versions: divided by the draw, tried on a part, the winner by what people did; and once more to whoever followed nothing."""

from datetime import timedelta
from typing import Any

import pytest

from regulars.campaigns import api as campaigns
from regulars.campaigns.models import Recipient
from regulars.campaigns.rules.winning import Measured, verdict
from regulars.events import api as events
from regulars.messaging.models import Drawn, Message
from tests.campaigns.shop import ARMS, NOW, asked, click, edition, keep, open_shop, tick

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
BEGUN = NOW + 5 * MINUTE
TEST: dict[str, Any] = {"share": 60, "wait": "4 hours", "by": "clicks", "otherwise": "b"}
shop = [pytest.mark.django_db, pytest.mark.usefixtures("home")]


@pytest.mark.parametrize(
    ("arms", "is_over", "said"),
    [
        ([("a", 5000, 400), ("b", 5000, 200)], False, ("a", True)),
        ([("a", 5000, 210), ("b", 5000, 200)], False, None),
        ([("a", 5000, 210), ("b", 5000, 200)], True, ("b", False)),
        ([("a", 50, 29), ("b", 50, 1)], False, None),  # too few to look at
        ([("a", 5000, 400), ("b", 5000, 390), ("c", 5000, 100)], True, ("b", False)),  # better than one, not than all
        ([("a", 5000, 400), ("b", 5000, 200), ("c", 5000, 100)], False, ("a", True)),
        ([("a", 0, 0), ("b", 0, 0)], True, ("b", False)),
    ],
)
def test_who_wins(arms: list[tuple[str, int, int]], is_over: bool, said: tuple[str, bool] | None) -> None:
    found = verdict([Measured(*arm) for arm in arms], 10_000, is_over, "b")
    assert (found and (found.arm, found.is_sure)) == said


class TestOfVersions:
    pytestmark = shop

    def test_everybody_is_divided_by_the_draw_and_their_exposure_is_a_fact(self) -> None:
        _send(12, arms=ARMS)
        tick(BEGUN)
        subjects = dict(Drawn.objects.values_list("to", "subject"))
        arms = dict(Recipient.objects.values_list("customer_id", "arm"))
        assert {f"c{n}@example.com": ("Tea", "Coffee")[arm] for n, arm in arms.items()} == subjects
        with events.reader(BEGUN) as moment:
            facts = moment.rows("SELECT customer_id, arm, unit, experiment, decision_point FROM experiment_exposed")
        assert sorted(facts) == [(n, "ab"[arm], str(n), "letter/1", "test") for n, arm in sorted(arms.items())]
        assert set(arms.values()) == {0, 1}

    def test_a_part_tries_them_and_where_one_cannot_tell_the_others_get_what_was_declared(self) -> None:
        _send(20, arms=ARMS, test=TEST)
        tick(BEGUN)
        tried = len(asked())
        assert 0 < tried < 20
        tick(BEGUN + 3 * HOUR)
        assert len(asked()) == tried
        assert edition().tests_until == BEGUN + 4 * HOUR
        tick(BEGUN + 4 * HOUR)
        tick(BEGUN + 4 * HOUR)
        found = edition()
        assert (len(asked()), found.winner, found.is_sure, found.state) == (20, "b", False, "done")
        rest = set(Recipient.objects.filter(turn=1).values_list("customer_id", flat=True))
        data = Message.objects.filter(customer_id__in=rest).values_list("data", flat=True)
        assert all("Coffee" in one for one in data)
        with events.reader(NOW) as moment:
            assert moment.rows("SELECT count(*) FROM experiment_exposed") == [(tried,)]

    def test_the_winner_goes_as_soon_as_it_is_sure_and_machines_count_for_nothing(self) -> None:
        _send(150, arms=ARMS, test={**TEST, "share": 90})
        tick(BEGUN)
        tried = dict(Recipient.objects.filter(turn=0).values_list("customer_id", "arm"))
        of_a, of_b = ([n for n, arm in tried.items() if arm == one] for one in (0, 1))
        click(of_b, "letter/1", BEGUN, is_machine=True)
        click(of_a, "letter/1", BEGUN)
        click(of_b[:30], "letter/1", BEGUN)
        tick(BEGUN + MINUTE)
        assert not edition().is_decided, "one looks every ten minutes"
        tick(BEGUN + 11 * MINUTE)
        tick(BEGUN + 11 * MINUTE)
        found = edition()
        assert (found.winner, found.is_sure, found.state) == ("a", True, "done")
        with events.reader(NOW) as moment:
            became = campaigns.became(moment, "letter", 1)
        assert became is not None
        assert [(arm.name, arm.n, arm.positives) for arm in became.arms] == [("a", len(of_a), len(of_a)), ("b", len(of_b), 30)]  # fmt: skip
        assert became.interval is not None
        assert became.interval.low > 0

    def test_a_share_of_the_others_is_divided_all_the_same(self) -> None:
        _send(40, arms=ARMS, test={**TEST, "share": 20, "explore": 50})
        tick(BEGUN)
        tick(BEGUN + 4 * HOUR)
        tick(BEGUN + 4 * HOUR)
        rest = list(Recipient.objects.filter(turn=1).values_list("arm", flat=True))
        assert {0, 1, None} == set(rest)
        assert len(asked()) == 40
        subjects = list(Message.objects.values_list("data", flat=True))
        assert any("Tea" in one for one in subjects)
        with events.reader(NOW) as moment:
            points = moment.rows("SELECT decision_point, count(*) FROM experiment_exposed GROUP BY ALL ORDER BY ALL")
        assert dict(points) == {"rest": len(rest) - rest.count(None), "test": 40 - len(rest)}

    def test_orders_decide_where_they_are_what_counts(self) -> None:
        from tests.events.cast import placed

        _send(8, arms=ARMS, test={**TEST, "by": "orders", "share": 99})
        tick(BEGUN)
        told = placed("A1", {"id": "c1"})
        events.append([events.Told(fact=told.fact, source="shop", occurred_at=BEGUN + HOUR, people={"id": "c1"})], BEGUN)  # fmt: skip
        tick(BEGUN + 2 * HOUR)
        with events.reader(NOW) as moment:
            became = campaigns.became(moment, "letter", 1)
        assert became is not None
        assert sum(arm.positives for arm in became.arms) == 1

    def test_whoever_followed_no_link_gets_it_once_more_and_nobody_a_third_time(self) -> None:
        _send(4, again={"after": "3 days", "subject": "Did you see it?"})
        tick(BEGUN)
        tick(BEGUN)
        click([2], "letter/1", BEGUN)
        click([3], "letter/1", BEGUN, is_machine=True)
        assert edition(2).state == "planned"
        keep(again=None, subject="The next letter, not to be sent yet")
        tick(BEGUN + 3 * DAY)
        tick(BEGUN + 3 * DAY)
        tick(BEGUN + 9 * DAY)
        assert asked("letter/2") == [1, 3, 4]
        assert edition(2).parent == 1
        assert {one.number for one in campaigns.editions("letter")} == {1, 2}
        assert all("Did you see it?" in one for one in Message.objects.filter(name="letter/2").values_list("data", flat=True))  # fmt: skip


def _send(people: int, **changes: Any) -> None:
    open_shop(people)
    keep(**changes)
    campaigns.send("letter", "ann", NOW)
