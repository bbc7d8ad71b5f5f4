"""When campaigns go: by the shop's clock, in each recipient's own hour, again and again; and over the days when clocks change."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest
from hypothesis import given, strategies

from regulars.campaigns import api as campaigns
from regulars.campaigns.models import Edition, Recipient
from regulars.campaigns.rules import times
from regulars.campaigns.rules.plan import Often, Timing
from regulars.events import api as events
from regulars.events.kinds.customers import CustomerUpdated
from tests.campaigns.shop import NOW, asked, edition, keep, open_shop, person, tick

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


@pytest.mark.parametrize(
    ("timing", "after", "day"),
    [
        (Timing(Often.MONTHLY, time(10), day=1), datetime(2026, 12, 1, 8, 59, tzinfo=UTC), date(2026, 12, 1)),
        (Timing(Often.MONTHLY, time(10), day=1), datetime(2026, 12, 1, 9, tzinfo=UTC), date(2027, 1, 1)),
        (Timing(Often.MONTHLY, time(10), day=31), datetime(2027, 1, 31, 9, tzinfo=UTC), date(2027, 2, 28)),
        (Timing(Often.MONTHLY, time(10), weekday=4, which=-1), datetime(2026, 12, 1, tzinfo=UTC), date(2026, 12, 25)),
        (Timing(Often.MONTHLY, time(10), weekday=4, which=4), datetime(2026, 12, 25, 9, tzinfo=UTC), date(2027, 1, 22)),
        (Timing(Often.WEEKLY, time(10), weekday=1), datetime(2026, 12, 1, 9, tzinfo=UTC), date(2026, 12, 8)),
        (Timing(Often.ONCE, time(10), on=date(2026, 12, 3)), datetime(2026, 12, 3, 9, tzinfo=UTC), None),
        # by each recipient's clock the work begins where the day begins first, 14 hours ahead of UTC
        (Timing(Often.WEEKLY, time(10), weekday=1, is_own_zone=True), datetime(2026, 11, 30, 19, tzinfo=UTC), date(2026, 12, 1)),
        (Timing(Often.WEEKLY, time(10), weekday=1, is_own_zone=True), datetime(2026, 11, 30, 20, tzinfo=UTC), date(2026, 12, 8)),
    ],
)  # fmt: skip
def test_the_next_day(timing: Timing, after: datetime, day: date | None) -> None:
    assert times.next_day(timing, "Europe/Berlin", after) == day


TIMINGS = strategies.one_of(
    strategies.builds(Timing, strategies.just(Often.WEEKLY), strategies.times(), weekday=strategies.integers(0, 6), is_own_zone=strategies.booleans()),
    strategies.builds(Timing, strategies.just(Often.MONTHLY), strategies.times(), day=strategies.integers(1, 31), is_own_zone=strategies.booleans()),
    strategies.builds(
        Timing, strategies.just(Often.MONTHLY), strategies.times(), weekday=strategies.integers(0, 6), which=strategies.sampled_from([1, 2, 3, 4, -1]),
        is_own_zone=strategies.booleans(),
    ),
)  # fmt: skip


@given(TIMINGS, strategies.integers(0, 80_000), strategies.sampled_from(["UTC", "Pacific/Kiritimati", "America/Los_Angeles"]))  # fmt: skip
def test_whatever_recurs_comes_again_within_five_weeks_and_begins_behind_now(timing: Timing, hours: int, zone: str) -> None:  # fmt: skip
    after = datetime(2024, 1, 1, tzinfo=UTC) + timedelta(hours=hours)
    day = times.next_day(timing, zone, after)
    assert day is not None
    assert timedelta(0) < times.start(timing, day, zone) - after < timedelta(days=38)
    following = times.next_day(timing, zone, after, day)
    assert following is not None
    assert 7 <= (following - day).days <= 35


def test_ten_o_clock_is_ten_o_clock_in_summer_and_in_winter() -> None:
    letter = Timing(Often.WEEKLY, time(10), weekday=6)
    found = [times.start(letter, day, "Europe/Berlin") for day in (date(2026, 10, 18), date(2026, 10, 25))]
    assert [one.hour for one in found] == [8, 9]


def _lives(n: int, zone: str, now: datetime) -> events.Told:
    fact = CustomerUpdated(version=f"moved-{n}", country="", timezone=zone)
    return events.Told(fact=fact, source="world", occurred_at=now, people=person(n))


ZONES = ("Pacific/Auckland", "Asia/Tokyo", "Europe/Berlin", "America/New_York", "Pacific/Honolulu")


@pytest.mark.django_db
@pytest.mark.usefixtures("home")
def test_everybody_gets_it_at_ten_by_their_own_clock() -> None:
    open_shop(5)
    events.append([_lives(n, zone, NOW) for n, zone in enumerate(ZONES, 1)], NOW)
    keep(send={"on": "2026-12-03", "at": "10:00", "in": "recipient"})
    tick(NOW)
    assert campaigns.send("letter", "ann", NOW) == datetime(2026, 12, 2, 20, tzinfo=UTC)
    gone: dict[int, datetime] = {}
    at = datetime(2026, 12, 2, 19, tzinfo=UTC)
    while at < datetime(2026, 12, 4, tzinfo=UTC):
        campaigns.run_once(at)
        gone |= dict.fromkeys(set(asked()) - gone.keys(), at)
        at += HOUR
    assert gone == {n: datetime(2026, 12, day, hour, tzinfo=UTC) for n, day, hour in [(1, 2, 21), (2, 3, 1), (3, 3, 9), (4, 3, 15), (5, 3, 20)]}  # fmt: skip
    assert edition().state == "done"


@pytest.mark.django_db
@pytest.mark.usefixtures("home")
def test_whoever_s_hour_is_over_gets_it_at_that_hour_of_the_next_day() -> None:
    open_shop(2)
    events.append([_lives(1, "Asia/Tokyo", NOW)], NOW)
    keep(send={"on": "2026-12-01", "at": "12:00", "in": "recipient"})
    tick(NOW)
    campaigns.send("letter", "ann", NOW)
    tick(NOW + 5 * MINUTE)
    due = dict(Recipient.objects.values_list("customer_id", "due_at"))
    assert due == {1: datetime(2026, 12, 2, 3, tzinfo=UTC), 2: datetime(2026, 12, 1, 11, tzinfo=UTC)}


@pytest.mark.django_db
@pytest.mark.usefixtures("home")
def test_a_moment_that_is_over_is_refused() -> None:
    open_shop(1)
    keep(send={"on": "2026-12-01", "at": "08:00"})
    with pytest.raises(campaigns.BadCampaign, match="choose a later one"):
        campaigns.send("letter", "ann", NOW)


def _months(n: int) -> list[datetime]:
    return [datetime(2026 + (11 + month) // 12, (11 + month) % 12 + 1, 1, 10, tzinfo=UTC) for month in range(n)]


@pytest.mark.django_db
@pytest.mark.usefixtures("home")
def test_a_monthly_letter_goes_each_month_to_whoever_belongs_then() -> None:
    open_shop(2)
    keep(send={"every": "month", "day": 1, "at": "10:00"})
    campaigns.send("letter", "ann", NOW)
    assert edition().begins_at == _months(1)[0]
    for at in _months(2):
        tick(at)
        tick(at + MINUTE)
    assert [(asked(f"letter/{n}"), edition(n).state) for n in (1, 2, 3)] == [([1, 2], "done"), ([1, 2], "done"), ([], "planned")]  # fmt: skip
    campaigns.stop("letter", "ann", _months(2)[1] + DAY)
    tick(_months(3)[2])
    assert edition(3).state == "cancelled"
    assert Edition.objects.count() == 3


@pytest.mark.django_db
@pytest.mark.usefixtures("home")
def test_stopped_and_switched_on_again_it_goes_on_the_same_day() -> None:
    open_shop(1)
    keep(send={"every": "month", "day": 1, "at": "10:00"})
    campaigns.send("letter", "ann", NOW)
    campaigns.stop("letter", "ann", NOW)
    assert campaigns.send("letter", "ann", NOW) == _months(1)[0]
    with pytest.raises(campaigns.BadCampaign, match="planned already"):
        campaigns.send("letter", "ann", NOW)
    campaigns.cancel("letter", 2, "ann", NOW)
    tick(NOW)
    assert (edition(2).state, edition(3).begins_at) == ("cancelled", _months(2)[1])


@pytest.mark.django_db
@pytest.mark.usefixtures("home")
def test_a_month_that_was_slept_through_asks_and_holds_up_no_later_one() -> None:
    open_shop(1)
    keep(send={"every": "month", "day": 1, "at": "10:00"})
    campaigns.send("letter", "ann", NOW)
    tick(datetime(2026, 12, 20, tzinfo=UTC))
    tick(datetime(2027, 1, 1, 10, tzinfo=UTC))
    tick(datetime(2027, 1, 1, 10, 1, tzinfo=UTC))
    assert [edition(n).state for n in (1, 2)] == ["held", "done"]
    assert (asked("letter/1"), asked("letter/2")) == ([], [1])


@pytest.mark.django_db
@pytest.mark.usefixtures("home")
def test_when_it_goes_is_not_changed_under_what_is_planned() -> None:
    open_shop(1)
    weekly: dict[str, Any] = {"every": "week", "weekday": "monday", "at": "10:00"}
    keep(send=weekly)
    campaigns.send("letter", "ann", NOW)
    keep(send=weekly, subject="Another")
    with pytest.raises(campaigns.BadCampaign, match="stop or cancel"):
        keep(send={**weekly, "weekday": "friday"})
