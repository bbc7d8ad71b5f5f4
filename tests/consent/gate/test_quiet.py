"""Quiet hours: where clocks jump, where zones differ, and a million cases against an oracle that asks every minute."""

import random
import re
from datetime import UTC, datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo, available_timezones

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st

from regulars.consent.gate import Hours, Place, Week, Windows, first_allowed, week
from regulars.consent.gate.quiet.countries import COUNTRIES
from regulars.consent.gate.quiet.states import CODES, STATES
from regulars.consent.gate.quiet.weeks import ALWAYS, OPEN, narrowed
from regulars.consent.gate.quiet.windows import CHANNELS, TEXTS
from tests.consent.gate import oracle
from tests.house import ROOT

MINUTE = timedelta(minutes=1)
# Zones with something of their own: odd offsets, half-hour and two-hour summer times, clocks that jump at midnight, the date line.
ODD = (
    *(
        "Asia/Kathmandu",
        "Australia/Lord_Howe",
        "Pacific/Chatham",
        "Antarctica/Troll",
        "Pacific/Kiritimati",
        "Pacific/Pago_Pago",
    ),
    *(
        "America/Havana",
        "Asia/Beirut",
        "Africa/Cairo",
        "America/Santiago",
        "America/St_Johns",
        "Africa/Casablanca",
        "Asia/Tehran",
    ),
    *(
        "America/New_York",
        "America/Chicago",
        "America/Phoenix",
        "Pacific/Honolulu",
        "Europe/Berlin",
        "Europe/London",
        "UTC",
    ),
    *(
        "America/Scoresbysund",
        "America/Nuuk",
        "Asia/Gaza",
        "Europe/Dublin",
        "Australia/Eucla",
        "Pacific/Norfolk",
        "Pacific/Apia",
    ),
)
# Where somebody may be whose zone nobody told: by state, by country, by address and phone.
UNSURE = (
    ("America/Chicago", "America/New_York"),
    (
        "America/New_York",
        "America/Chicago",
        "America/Denver",
        "America/Phoenix",
        "America/Los_Angeles",
        "Pacific/Honolulu",
    ),
    ("America/Toronto", "America/St_Johns", "America/Vancouver"),
    ("Australia/Sydney", "Australia/Lord_Howe", "Australia/Perth", "Australia/Eucla"),
    ("Europe/Lisbon", "Atlantic/Azores"),
    ("Pacific/Auckland", "Pacific/Chatham"),
    ("Europe/Berlin", "America/New_York"),
)
STATES_SEEN = ("", "AL", "CA", "CT", "FL", "KY", "LA", "MD", "MS", "NJ", "NY", "OK", "PA", "RI", "SD", "TX", "UT")


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


# Hours, zone, asked at, and the first instant allowed; all instants in UTC.
JUMPS = [
    ("9-20", "Asia/Kathmandu", "2026-03-03 03:14", "2026-03-03 03:15"),
    ("9-20", "Asia/Kathmandu", "2026-03-03 03:15", "2026-03-03 03:15"),
    ("9-20", "Asia/Kathmandu", "2026-03-03 14:15", "2026-03-04 03:15"),
    ("9-20", "Europe/Berlin", "2026-03-28 19:00", "2026-03-29 07:00"),  # an hour less of night
    ("9-20", "Europe/Berlin", "2026-10-24 18:00", "2026-10-25 08:00"),  # an hour more of it
    ("2-5", "Europe/Berlin", "2026-03-29 00:30", "2026-03-29 01:00"),  # 2:00 never comes: 3:00 follows 1:59
    ("2:30-5", "Europe/Berlin", "2026-03-29 00:30", "2026-03-29 01:00"),
    ("2:15-2:45", "Europe/Berlin", "2026-03-29 00:30", "2026-03-30 00:15"),  # the whole window never comes
    ("2:15-2:45", "Europe/Berlin", "2026-10-25 00:50", "2026-10-25 01:15"),  # it comes a second time
    ("2:15-2:45", "Europe/Berlin", "2026-10-25 01:45", "2026-10-26 01:15"),
    ("0-5", "America/Havana", "2026-03-08 04:59", "2026-03-08 05:00"),  # the day begins at 1:00
    ("0-1", "America/Havana", "2026-03-08 04:59", "2026-03-09 04:00"),
    ("9-20", "Australia/Lord_Howe", "2026-04-04 14:00", "2026-04-04 22:30"),  # half an hour back
    ("9-20", "Pacific/Kiritimati", "2026-01-01 07:00", "2026-01-01 19:00"),
    ("9-20", "Pacific/Pago_Pago", "2026-01-01 07:00", "2026-01-01 20:00"),
    ("0-24", "Europe/Berlin", "2026-01-01 02:00", "2026-01-01 02:00"),
]


@pytest.mark.parametrize(("hours", "zone", "now", "expected"), JUMPS)
def test_clocks_that_jump(hours: str, zone: str, now: str, expected: str) -> None:
    assert first_allowed(at(now), Hours((zone,), week(hours))) == at(expected)


def test_sundays_end_where_the_recipient_s_sunday_ends() -> None:
    closed = Hours(("America/Chicago",), week("9-20", sunday=""))
    assert first_allowed(at("2026-06-14 04:00"), closed) == at("2026-06-15 14:00")  # still Saturday night in Chicago


def test_an_instant_that_is_allowed_stays_as_it_is_to_the_microsecond() -> None:
    now = datetime(2026, 6, 10, 12, 0, 0, 123456, tzinfo=ZoneInfo("Asia/Tokyo"))
    assert first_allowed(now, Hours(("Asia/Tokyo",), week("9-20"))) == now


def test_hours_that_are_always_closed_are_refused_with_a_sentence() -> None:
    with pytest.raises(ValueError, match="closed on every day"):
        first_allowed(at("2026-01-01"), Hours(("UTC",), week("")))


def is_open(now: datetime, zone: str, hours: Week) -> bool:
    """Read the clock on the wall: whether it stands within the hours."""
    clock = now.astimezone(ZoneInfo(zone))
    start, end = hours[clock.weekday()]
    return start <= clock.hour * 60 + clock.minute < end


def by_minutes(now: datetime, zones: tuple[str, ...], hours: Week) -> datetime | None:
    """Try minute after minute for nine days; None when the zones never have one in common."""
    if all(is_open(now, zone, hours) for zone in zones):
        return now
    minute = now.replace(second=0, microsecond=0)
    for n in range(1, 9 * 24 * 60):
        if all(is_open(minute + n * MINUTE, zone, hours) for zone in zones):
            return minute + n * MINUTE
    return None


DAYS = st.sampled_from(["9-20", "8-20", "7-22", "2-3", "1:30-2:30", "0-1", "23-24", "12-12:30", ""])
ZONES = st.lists(st.sampled_from(ODD), min_size=1, max_size=4, unique=True).map(tuple)
EDGES = [
    at("2026-03-28 21:00"),
    at("2026-10-24 21:00"),
    at("2027-03-13 21:00"),
    at("2026-11-01"),
    at("2026-04-04 10:00"),
]
INSTANTS = st.one_of(
    st.integers(0, 4 * 365 * 24 * 3600).map(lambda second: oracle.START + second * timedelta(seconds=1)),
    st.sampled_from(EDGES),
)


@settings(max_examples=120, deadline=None)
@given(now=INSTANTS, zones=ZONES, weekday=DAYS, sunday=DAYS)
def test_several_zones_are_open_at_once_or_the_first_one_counts(
    now: datetime, zones: tuple[str, ...], weekday: str, sunday: str
) -> None:
    hours = week(weekday, sunday=sunday)
    if not any(start < end for start, end in hours):
        return
    found = first_allowed(now, Hours(zones, hours, margin=60))
    assert found == (by_minutes(now, zones, hours) or by_minutes(now, zones[:1], narrowed(hours, 60)))


@pytest.mark.parametrize("country", sorted(COUNTRIES))
def test_every_country_has_an_hour_by_day_and_each_of_its_zones_keeps_it_where_they_have_one_in_common(
    country: str,
) -> None:
    place = Place(COUNTRIES[country], frozenset({(country, "")}))
    hours = Windows().hours("sms", place)
    for now in (at("2026-01-15 23:00"), at("2026-07-15 11:00")):
        found = first_allowed(now, hours)
        assert found - now < timedelta(days=3)
        assert is_open(found, place.zones[0], hours.week)
        if country not in ("AQ", "UM"):  # from the one end of the clock to the other: nothing in common
            assert all(is_open(found, zone, hours.week) for zone in place.zones)


def cases(n: int, rng: random.Random, edges: list[int]) -> list[int]:
    """Draw minutes: half of them anywhere, half within a day of a jump of the clocks."""
    anywhere = [rng.randrange(oracle.MINUTES - 20 * 1440) for _ in range(n)]
    for index in range(0, n if edges else 0, 2):
        anywhere[index] = min(max(0, rng.choice(edges) + rng.randrange(-1440, 1440)), oracle.MINUTES - 20 * 1440)
    return anywhere


@cache
def hours_of(channel: str, state: str, zones: tuple[str, ...]) -> Hours:
    return Windows().hours(channel, Place(zones, frozenset({("US", state)})))


def check(zones: tuple[str, ...], n: int, seed: int) -> int:
    """Hold n instants of somebody who may be in any of the zones, over channels and states, against the oracle; return how
    many were deferred."""
    rng = random.Random(f"{seed} {zones}")
    clocks = [oracle.wall(zone) for zone in zones]
    edges = [int(edge) for clock in clocks for edge in np.flatnonzero(np.diff(clock) != 1) + 1]
    pairs = [(channel, state) for channel in ("sms", "email", "push", "webhook") for state in STATES_SEEN]
    rng.shuffle(pairs)
    n_deferred, n_pairs = 0, 16
    for channel, state in pairs[:n_pairs]:
        allowed = np.logical_and.reduce([oracle.may(channel, state, clock) for clock in clocks])
        first = oracle.first_minutes(allowed)
        hours = hours_of(channel, state, zones)
        drawn = cases(n // n_pairs, rng, edges)
        found = [first_allowed(oracle.START + minute * MINUTE, hours) - oracle.START for minute in drawn]
        minutes = np.array([one // MINUTE for one in found])
        assert not any(one % MINUTE for one in found)
        assert allowed[minutes].all(), f"outside the window: {channel} {state} {zones}"
        assert (minutes == first[drawn]).all(), f"not the first allowed minute: {channel} {state} {zones}"
        deferred = minutes[minutes > np.array(drawn)]
        assert not allowed[deferred - 1].any()
        n_deferred += len(deferred)
    return n_deferred


@pytest.mark.parametrize("zone", ["Asia/Kathmandu", "Australia/Lord_Howe", "America/New_York"])
def test_thousands_of_instants_against_the_oracle(zone: str) -> None:
    assert check((zone,), 3200, seed=1) > 500


@pytest.mark.slow
def test_a_million_zones_instants_states_and_channels_against_the_oracle() -> None:
    others = sorted(
        zone
        for zone in available_timezones()
        if "/" in zone and not zone.startswith(("Etc/", "SystemV/", "posix", "right"))
    )
    told = [*ODD, *random.Random(8).sample([zone for zone in others if zone not in ODD], 15)]
    places = [*((zone,) for zone in told), *UNSURE]
    each = 1_000_000 // len(places) // 16 * 16 + 16
    assert each * len(places) >= 1_000_000
    assert sum(check(zones, each, seed=2) for zones in places) > 200_000


def written(hours: Week) -> str:
    """Write a week as the table of the documentation does."""

    def clock(minutes: int) -> str:
        return f"{minutes // 60}:{minutes % 60:02}".removesuffix(":00")

    def day(number: int) -> str:
        start, end = hours[number]
        return (
            "around the clock" if hours[number] == OPEN else f"{clock(start)}–{clock(end)}" if start < end else "none"
        )

    return f"{day(0)} | {day(5)} | {day(6)}"


def test_the_documentation_shows_the_windows_as_they_are() -> None:
    text = (ROOT / "docs" / "gate.md").read_text(encoding="utf-8")
    rows = dict(re.findall(r"^\| `([\w ]+)` \| ([^|]+ \| [^|]+ \| [^|]+) \|", text, re.MULTILINE))
    told = {f"{country} {state}".strip(): written(hours) for (country, state), hours in TEXTS.items()}
    assert rows == told | {channel: written(hours) for channel, hours in CHANNELS.items()}


def test_every_land_of_the_windows_is_one() -> None:
    assert {country for country, _ in TEXTS} <= COUNTRIES.keys()
    assert {CODES[land] for land in TEXTS if land[1]} == {state for _, state in TEXTS if state}
    assert {land for land in TEXTS if land[1]} <= STATES.keys()
    assert Windows().week("webhook", ("US", "FL")) == ALWAYS
