"""The circuit breaker: it warns, pauses and stops at its lines, within a hundred messages, and does not flicker."""

from datetime import timedelta
from fractions import Fraction

import pytest

from regulars.messaging.returns.rules.breaker import CHECK_EVERY, LAST, Level, Sent, Window, judge, windows
from tests.messaging.returns.cast import NOW

RUN, WARN, PAUSE, STOP = Level.RUN, Level.WARN, Level.PAUSE, Level.STOP


@pytest.mark.parametrize(
    ("before", "window", "after"),
    [
        (RUN, Window(), RUN),
        (RUN, Window(1_000, bounced=50), RUN),
        (RUN, Window(1_000, bounced=51), PAUSE),
        (RUN, Window(99, bounced=99, complained=99), RUN),
        (PAUSE, Window(1_000, bounced=21), PAUSE),
        (PAUSE, Window(1_000, bounced=20), RUN),
        (PAUSE, Window(), RUN),
        (RUN, Window(10_000, complained=9), RUN),
        (RUN, Window(10_000, complained=10), WARN),
        (WARN, Window(10_000, complained=9), WARN),
        (WARN, Window(10_000, complained=7), RUN),
        (WARN, Window(10_000, complained=29), WARN),
        (WARN, Window(10_000, complained=30), STOP),
        (RUN, Window(1_000, complained=3), STOP),
        (RUN, Window(500, complained=2), WARN),
        (STOP, Window(10_000, complained=10), STOP),
        (STOP, Window(10_000, complained=9), WARN),
        (STOP, Window(10_000, complained=7), RUN),
        (STOP, Window(500, complained=2), STOP),
        (STOP, Window(), RUN),
        (PAUSE, Window(1_000, bounced=60, complained=5), STOP),
    ],
)
def test_the_table_of_lines(before: Level, window: Window, after: Level) -> None:
    ruling = judge(before, {"last": window})
    assert ruling.level is after
    assert bool(ruling.sentence) is (after is not RUN)
    assert ruling.may_send_marketing is (after in (RUN, WARN))


def test_complaints_of_a_day_stop_though_the_week_looks_well() -> None:
    counted = {
        "last": Window(1_000, complained=2),
        "day": Window(900, complained=3),
        "week": Window(50_000, complained=20),
    }
    ruling = judge(RUN, counted)
    assert ruling.level is STOP
    assert "3 of 900 messages (0.33 %) of the last 24 hours were called spam" in ruling.sentence


def test_people_read_what_happened_and_what_to_do() -> None:
    assert judge(RUN, {"last": Window(1_000, bounced=51)}).sentence == (
        "Marketing is paused: 51 of the last 1,000 messages (5.10 %) bounced, and 5 % is the most. "
        "Remove addresses that nobody confirmed; it goes on at 2 % or after seven days."
    )
    assert judge(RUN, {"week": Window(2_000, complained=2)}).sentence == (
        "Careful: 2 of 2,000 messages (0.10 %) of the last 7 days were called spam. Stay below 0.10 %; at 0.30 % marketing stops. "
        "Write less often, and only to people who asked for it."
    )


def test_counted_are_the_last_thousand_of_seven_days() -> None:
    old = [Sent(NOW - timedelta(days=7), is_complained=True)] * 50
    week = [Sent(NOW - timedelta(days=3), is_bounced=True)] * 300
    day = [Sent(NOW - timedelta(hours=1))] * 900
    counted = windows([*day, *old, *week, Sent(NOW + timedelta(hours=1))], NOW)
    assert counted == {"last": Window(LAST, bounced=100), "day": Window(900), "week": Window(1_200, bounced=300)}


def feed(n: int, every: int, start: int, what: str) -> list[Sent]:
    """Make messages, one a second; from a place on, every so-manieth comes back."""
    return [Sent(NOW + timedelta(seconds=i), **{what: i >= start and (i - start) % every == 0}) for i in range(n)]


def run(messages: list[Sent]) -> list[tuple[int, Level]]:
    """Send a feed as the outbox would: up to the allowance, then ask again; return what was ruled after how many."""
    level, ruled, n = RUN, [], 0
    while n < len(messages):
        n = min(n + CHECK_EVERY, len(messages))
        ruling = judge(level, windows(messages[:n], messages[n - 1].at))
        level = ruling.level
        ruled.append((n, level))
        if not ruling.allowance:
            break
    return ruled


def crossing(messages: list[Sent], what: str, line: Fraction, fewest: int) -> int:
    """Return after how many messages the line is first crossed in the last thousand, counted one by one."""
    for n in range(100, len(messages) + 1):
        last = messages[max(0, n - LAST) : n]
        bad = sum(getattr(one, what) for one in last)
        if bad >= fewest and Fraction(bad, len(last)) >= line:
            return n
    raise AssertionError("the feed never crosses")


@pytest.mark.parametrize("every", [7, 20, 90, 250, 330])
@pytest.mark.parametrize("start", [0, 450, 1_500])
def test_the_stop_for_complaints_comes_within_a_hundred_messages_of_the_crossing(every: int, start: int) -> None:
    messages = feed(4_000, every, start, "is_complained")
    crossed = crossing(messages, "is_complained", Fraction(30, 10_000), 3)
    n, level = run(messages)[-1]
    assert level is STOP
    assert crossed <= n < crossed + 100


@pytest.mark.parametrize("every", [400, 600, 900])
def test_the_warning_comes_within_a_hundred_messages_of_the_crossing(every: int) -> None:
    messages = feed(4_000, every, 1_000, "is_complained")
    crossed = crossing(messages, "is_complained", Fraction(10, 10_000), 1)
    first = next(n for n, level in run(messages) if level is not RUN)
    assert crossed <= first < crossed + 100


@pytest.mark.parametrize("every", [2, 5, 15])
def test_the_pause_for_bounces_comes_within_a_hundred_messages_of_the_crossing(every: int) -> None:
    messages = feed(4_000, every, 1_200, "is_bounced")
    crossed = crossing(messages, "is_bounced", Fraction(51, 1_000), 1)
    n, level = run(messages)[-1]
    assert level is PAUSE
    assert crossed <= n < crossed + 100


def test_a_feed_that_stays_below_the_lines_is_never_held() -> None:
    messages = feed(5_000, 25, 0, "is_bounced")
    assert {level for _, level in run(messages)} == {RUN}


def test_who_stopped_may_go_on_after_seven_quiet_days_and_not_before() -> None:
    messages = feed(1_000, 100, 0, "is_complained")
    end, level, levels = messages[-1].at, STOP, []
    for day in range(8):
        level = judge(level, windows(messages, end + timedelta(days=day))).level
        levels.append(level)
    assert levels == [STOP] * 7 + [RUN]


def test_a_rate_that_swings_around_a_line_does_not_flicker() -> None:
    level, levels = RUN, []
    for bounced in (49, 51, 49, 51, 40, 30, 21, 20, 40, 49):
        level = judge(level, {"last": Window(1_000, bounced=bounced)}).level
        levels.append(level)
    assert levels == [RUN, *[PAUSE] * 6, RUN, RUN, RUN]
