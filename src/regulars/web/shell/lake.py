"""The lake as pages read it: one moment opened once for all requests, and answers kept by the lake's version."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from regulars.core import clock
from regulars.core.lake.cache import ResultCache
from regulars.core.lake.moment import Moment
from regulars.core.settings import current
from regulars.events import api as events
from regulars.predictions import api as predictions

STALE_AFTER = 10.0  # seconds in which a page may lag behind new facts; opening the lake costs a page some 0.3 s
KEPT_ANSWERS = 400


@dataclass
class _Open:
    moment: Moment
    version: str
    at: float
    known: predictions.Known | None = None
    fitted: predictions.Fitted | None = None
    lock: threading.RLock = field(default_factory=threading.RLock)  # a page asks for both in one request


_lock = threading.Lock()
_standing: list[_Open] = []


def now() -> datetime:
    """Return the instant of this request: the pretended one, else the machine's clock."""
    return current().now or clock.utc_now()


@contextmanager
def reading() -> Iterator[Moment]:
    """Offer the newest moment (at most STALE_AFTER old) on a connection of its own; temp tables are this block's alone."""
    moment = _newest().moment.twin()
    try:
        yield moment
    finally:
        moment.close()


def answer(page: str, asked: tuple[Any, ...], make: Callable[[Moment], dict[str, Any]]) -> dict[str, Any]:
    """Return the answer of a page to a question, kept for the moment's version, or make it."""
    standing = _newest()

    def fresh() -> dict[str, Any]:
        with reading_of(standing) as moment:
            return make(moment)

    return _cache().get_or_make((standing.version, page, *asked), fresh)


def _cache() -> ResultCache:
    return ResultCache(current().home / "cache" / "pages", kept=KEPT_ANSWERS)


@contextmanager
def reading_of(standing: _Open) -> Iterator[Moment]:
    """Offer a connection of its own to one opened moment."""
    moment = standing.moment.twin()
    try:
        yield moment
    finally:
        moment.close()


@contextmanager
def knowing() -> Iterator[predictions.Known]:
    """Offer what predictions know of everybody as of the last order, laid out once per moment.

    Its tables live on one connection, so requests take turns.
    """
    standing = _newest()
    with standing.lock:
        yield _known(standing)


def fitted() -> predictions.Fitted:
    """Return the models of the newest moment, fitted once."""
    standing = _newest()
    with standing.lock:
        if standing.fitted is None:
            standing.fitted = predictions.fitted(_known(standing))
        return standing.fitted


def known_answer(page: str, make: Callable[[predictions.Known], dict[str, Any]]) -> dict[str, Any]:
    """Return a page's answer from what predictions know, kept for the moment's version, or make it."""

    def fresh() -> dict[str, Any]:
        with knowing() as known:
            return make(known)

    return _cache().get_or_make((_newest().version, page), fresh)


def _known(standing: _Open) -> predictions.Known:
    if standing.known is None:
        day = last_day(standing.moment) or now().date()
        standing.known = predictions.known(standing.moment.twin(), day)
    return standing.known


def last_day(moment: Moment) -> date | None:
    """Return the day of the last order or refund: the day as of which pages speak."""
    found: list[tuple[date | None]] = moment.rows(
        "SELECT max(day) FROM (SELECT max(day) AS day FROM day_totals UNION ALL SELECT max(day) FROM refund_days)"
    )
    return found[0][0]


def seq() -> int:
    """Return the newest fact that pages show."""
    return _newest().moment.seq


def _newest() -> _Open:
    with _lock:
        version = events.version()
        if _standing and (_standing[0].version == version or _may_lag(_standing[0], version)):
            return _standing[0]
        opened = _Open(events.reader(now()), version, time.monotonic())
        _standing[:] = [opened]  # the old one closes when its last reader lets it go
        return opened


def _may_lag(opened: _Open, version: str) -> bool:
    """Say whether a page may show this older moment: not the one of an empty shop, and never another shop's."""
    same_setting = opened.version.partition("|")[2] == version.partition("|")[2]
    return same_setting and opened.moment.seq > 0 and time.monotonic() - opened.at < STALE_AFTER


def forget() -> None:
    """Drop the opened moment; the next request opens the lake anew."""
    with _lock:
        _standing.clear()
