"""The quiet hours told a second time, in another way: every minute is asked, by the clock on the wall.

Nothing here comes from the product: the rules stand as sentences of code, the clocks are read every quarter of an hour, and the first
allowed minute is found by walking backwards through all of them.
"""

from datetime import UTC, datetime, timedelta
from functools import cache, lru_cache
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

START = datetime(2026, 1, 1, tzinfo=UTC)  # a Thursday
N_DAYS = 385
MINUTES = N_DAYS * 24 * 60
WEEK = 7 * 24 * 60
QUARTER = 15  # clocks have only ever been put forward or back on a quarter hour of UTC since 1972

STRICT = ("AL", "CT", "FL", "KY", "LA", "MD", "MS", "NJ", "OK", "PA", "RI", "SD", "TX", "UT", "NY")

Minutes = NDArray[np.int64]
Mask = NDArray[np.bool_]


@lru_cache(maxsize=16)
def wall(zone: str) -> Minutes:
    """Return for every minute since the start what the clocks of a zone say, in minutes since the same date on the wall."""
    info = ZoneInfo(zone)
    steps = (START + timedelta(minutes=QUARTER * n) for n in range(MINUTES // QUARTER))
    offsets = [(step.astimezone(info).utcoffset() or timedelta()) // timedelta(minutes=1) for step in steps]
    return np.arange(MINUTES) + np.repeat(np.array(offsets), QUARTER)


def may(channel: str, state: str, clock: Minutes) -> Mask:
    """Say at which of the times on the wall one may write to somebody of that state of the United States."""
    return _by_week(channel, state)[clock % WEEK]


@cache
def _by_week(channel: str, state: str) -> Mask:
    """Say it for every minute of a week that begins as the calendar does, with a Thursday."""
    clock = np.arange(WEEK)
    hour, weekday = clock / 60 % 24, (clock // 1440 + 3) % 7
    if channel == "email":
        return (hour >= 7) & (hour < 22)
    if channel == "push":
        return (hour >= 9) & (hour < 21)
    if channel == "webhook":
        return np.ones(WEEK, dtype=bool)
    states = (state,) if state else STRICT  # nobody knows the state: what all of them allow
    return np.logical_and.reduce([_texts(one, hour, weekday == 5, weekday == 6) for one in states])


def _texts(state: str, hour: NDArray[np.float64], saturday: Mask, sunday: Mask) -> Mask:
    early = state in ("AL", "FL", "LA", "MD", "MS", "NJ", "OK")
    allowed: Mask = (hour >= (8 if early else 10 if state == "KY" else 9)) & (hour < 20)
    if state in ("AL", "LA", "MS", "SD", "UT", "RI"):
        allowed &= ~sunday
    if state == "RI":
        allowed &= (hour < 18) & (~saturday | ((hour >= 10) & (hour < 17)))
    if state in ("TX", "PA"):
        allowed &= ~sunday | (hour >= (12 if state == "TX" else 13.5))
    return allowed


def first_minutes(allowed: Mask) -> Minutes:
    """Return for every minute the first allowed one from it on, and a number past the end where none comes any more."""
    ahead = np.where(allowed, np.arange(len(allowed)), 10 * MINUTES)
    return np.minimum.accumulate(ahead[::-1])[::-1]
