"""Caps, competing messages and scarce room, held against plain rules of one customer's whole calendar."""

import random
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings, strategies as st

from regulars.consent.gate import Candidate, Cap, Kind, Place, Reason, Rules, Sent, Usage, Verdict, verdicts
from regulars.consent.gate.quiet.weeks import ALWAYS
from tests.consent.gate.cast import BO, CLEO, NOON, letter

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
ALWAYS_OPEN = "webhook"  # a channel without quiet hours


def reasons(found: Sequence[Verdict]) -> list[Reason | None]:
    return [verdict.reason for verdict in found]


def test_of_two_messages_to_one_customer_the_stronger_goes_and_the_weaker_waits() -> None:
    weak, strong, other = letter("a", strength=1), letter("b", strength=2), letter("c", BO)
    found = verdicts([weak, strong, other], Rules(), NOON)
    assert reasons(found) == [Reason.STRONGER_FIRST, None, None]
    assert (found[0].kind, found[0].at) == (Kind.DEFER, NOON + DAY)


def test_among_equals_the_older_goes_and_then_the_smaller_key() -> None:
    old, young = letter("z", created_at=NOON - 2 * HOUR), letter("a")
    assert reasons(verdicts([young, old], Rules(), NOON)) == [Reason.STRONGER_FIRST, None]
    assert reasons(verdicts([letter("b"), letter("a")], Rules(), NOON)) == [Reason.STRONGER_FIRST, None]


def test_a_stronger_one_that_waits_for_its_hour_keeps_its_place() -> None:
    night = datetime(2026, 6, 10, 18, 30, tzinfo=UTC)  # 20:30 in Berlin: too late for a text, not for a mail
    text, mail = letter("a", channel="sms", strength=2), letter("b", strength=1)
    found = verdicts([text, mail], Rules(), night)
    assert reasons(found) == [Reason.QUIET_HOURS, Reason.STRONGER_FIRST]
    assert [one.at for one in found] == [night + timedelta(hours=12.5), night + timedelta(hours=36.5)]


def test_a_stronger_one_that_would_be_out_of_date_keeps_no_place() -> None:
    strongest, short, long = (letter("a", strength=3), letter("b", strength=2, good_until=NOON + HOUR), letter("c"))
    found = verdicts([strongest, short, long], Rules(), NOON)
    assert reasons(found) == [None, Reason.STRONGER_FIRST, Reason.STRONGER_FIRST]
    assert [one.at for one in found[1:]] == [NOON + DAY, NOON + DAY]


def test_one_that_is_refused_or_waits_for_a_complaint_stands_in_nobody_s_way() -> None:
    for trouble in ({"is_held_out": True}, {"has_open_complaint": True}):
        found = verdicts([letter("a", strength=2, **trouble), letter("b")], Rules(), NOON)
        assert found[1].kind is Kind.SEND


def test_loose_caps_still_keep_two_messages_apart() -> None:
    rules = Rules(caps=(), apart=4 * HOUR)
    found = verdicts([letter("a"), letter("b"), letter("c")], rules, NOON)
    assert [one.at for one in found] == [None, NOON + 4 * HOUR, NOON + 8 * HOUR]


FLORIDA = Place(("America/New_York",), frozenset({("US", "FL")}))
UNKNOWN_STATE = Place(("America/New_York",), frozenset({("US", "")}))
TEXAS = Place(("America/Chicago",), frozenset({("US", "TX")}))


@pytest.mark.parametrize(
    ("place", "topic", "is_held_back"),
    [
        (FLORIDA, "news", True),
        (FLORIDA, "", True),
        (FLORIDA, "club", False),
        (UNKNOWN_STATE, "news", True),
        (TEXAS, "news", False),
    ],
)
def test_florida_s_three_texts_on_a_subject_in_a_day(place: Place, topic: str, is_held_back: bool) -> None:
    afternoon = datetime(2026, 6, 10, 19, 0, tzinfo=UTC)
    recent = tuple(Sent(afternoon - n * HOUR, "sms", "news") for n in (3, 4, 5))
    rules = Rules(caps=tuple(cap for cap in Rules().caps if cap.same_topic))
    (verdict,) = verdicts([letter(channel="sms", topic=topic, place=place, recent=recent)], rules, afternoon)
    assert verdict.reason is (Reason.TOO_OFTEN if is_held_back else None)
    assert verdict.at == (datetime(2026, 6, 11, 14, 0, tzinfo=UTC) if is_held_back else None)


def test_scarce_room_goes_to_the_stronger_and_the_rest_waits_for_the_next_window() -> None:
    usage = Usage(throttle_left=2, throttle_ends_at=NOON + HOUR)
    found = verdicts([letter(str(n), n, strength=n % 5, usage=usage) for n in range(5)], Rules(), NOON)
    assert [one.at for one in found] == [NOON + HOUR, NOON + HOUR, NOON + HOUR, None, None]


def test_no_weaker_message_overtakes_one_that_could_not_be_paid() -> None:
    usage = Usage(budget_left=10)
    costs = {"a": 6, "b": 6, "c": 1}
    found = verdicts([letter(key, ord(key), cost=cost, usage=usage) for key, cost in costs.items()], Rules(), NOON)
    assert reasons(found) == [None, Reason.BUDGET, Reason.BUDGET]


def test_what_a_customer_asked_for_uses_up_the_channel_too() -> None:
    usage = Usage(throttle_left=1)
    found = verdicts([letter("a", BO, usage=usage), letter("b", CLEO, is_marketing=False, usage=usage)], Rules(), NOON)
    assert reasons(found) == [Reason.THROTTLE, None]


def test_a_cap_allows_something() -> None:
    with pytest.raises(ValueError, match="at least 1 message"):
        Cap(0, DAY)


def breaks(calendar: Sequence[Sent], caps: Sequence[Cap]) -> bool:
    """Say whether somewhere in a calendar more than n messages stand within a cap's time: every span is looked at."""
    for cap in caps:
        instants = [sent.at for sent in calendar if cap.channel in ("", sent.channel)]
        if any(sum(start <= at < start + cap.within for at in instants) > cap.n for start in instants):
            return True
    return False


def plain(one: Candidate, calendar: list[Sent], caps: Sequence[Cap]) -> datetime:
    """Find the first whole hour at which a message breaks nothing that was not broken before, by trying every hour."""
    at = NOON
    while breaks([*_near(calendar, at), Sent(at, one.channel)], caps):
        at += HOUR
    return at


def _near(calendar: Sequence[Sent], at: datetime) -> list[Sent]:
    """Leave out what is too far away to matter."""
    return [sent for sent in calendar if abs(sent.at - at) < 20 * DAY]


CHANNELS = (ALWAYS_OPEN, "other")
LIMITS = st.tuples(st.integers(1, 3), st.sampled_from([6, 24, 168]), st.sampled_from(["", *CHANNELS]))


@settings(max_examples=150, deadline=None)
@given(
    limits=st.lists(LIMITS, max_size=3),
    wanted=st.lists(st.tuples(st.sampled_from(CHANNELS), st.integers(0, 3)), min_size=1, max_size=5),
)
def test_the_strongest_go_at_the_first_hour_that_every_cap_allows(
    limits: list[tuple[int, int, str]], wanted: list[tuple[str, int]]
) -> None:
    """Each takes the first hour that breaks no cap, the strongest first: the same as trying every hour by hand."""
    caps = tuple(Cap(n, hours * HOUR, channel) for n, hours, channel in limits)
    rules = Rules(caps=caps, apart=2 * HOUR, windows=replace(Rules().windows, channels=dict.fromkeys(CHANNELS, ALWAYS)))
    letters = [letter(str(n), channel=channel, strength=strong) for n, (channel, strong) in enumerate(wanted)]
    found = dict(zip((one.key for one in letters), verdicts(letters, rules, NOON), strict=True))
    calendar: list[Sent] = []
    for one in sorted(letters, key=lambda one: (-one.strength, one.key)):
        expected = plain(one, calendar, (*caps, Cap(1, 2 * HOUR)))
        calendar.append(Sent(expected, one.channel))
        assert (found[one.key].at or NOON) == expected
        assert found[one.key].reason in (None, Reason.STRONGER_FIRST)
    assert not breaks(calendar, caps)


@pytest.mark.parametrize("seed", range(20))
def test_what_went_lately_counts_as_by_hand(seed: int) -> None:
    rng = random.Random(seed)
    caps = (Cap(1, DAY), Cap(3, 7 * DAY), Cap(2, 7 * DAY, "other"))
    rules = Rules(caps=caps, windows=replace(Rules().windows, channels=dict.fromkeys(CHANNELS, ALWAYS)))
    for _ in range(50):
        calendar: list[Sent] = []
        for hours in sorted(rng.sample(range(1, 300), 12), reverse=True):
            one = Sent(NOON - hours * HOUR, rng.choice(CHANNELS))
            if not breaks([*calendar, one], caps):
                calendar.append(one)
        wants = letter(channel=rng.choice(CHANNELS), recent=tuple(rng.sample(calendar, len(calendar))))
        (verdict,) = verdicts([wants], rules, NOON)
        assert (verdict.at or NOON) == plain(wants, calendar, (*caps, Cap(1, HOUR)))
        assert verdict.reason is (Reason.TOO_OFTEN if verdict.at else None)


@settings(max_examples=100, deadline=None)
@given(st.data())
def test_the_answer_does_not_depend_on_the_order_of_the_batch(data: st.DataObject) -> None:
    usage = Usage(throttle_left=3)
    letters = [
        letter(
            str(n),
            data.draw(st.integers(1, 3)),
            channel=data.draw(st.sampled_from(["email", "sms"])),
            strength=data.draw(st.integers(0, 2)),
            is_marketing=data.draw(st.booleans()),
            usage=usage,
        )
        for n in range(8)
    ]
    shuffled = data.draw(st.permutations(letters))
    told = dict(zip((one.key for one in shuffled), verdicts(shuffled, Rules(), NOON), strict=True))
    assert verdicts(letters, Rules(), NOON) == [told[one.key] for one in letters]
