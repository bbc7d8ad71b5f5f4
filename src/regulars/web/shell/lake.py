"""The lake as pages read it: one moment opened once for all requests, and answers kept by the lake's version."""

import logging
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from regulars.core import clock
from regulars.core.answers.cache import Once, ResultCache
from regulars.core.answers.lagging import Lagging
from regulars.core.lake.moment import Moment
from regulars.core.settings import current
from regulars.events import api as events
from regulars.measurement import api as measurement
from regulars.predictions import api as predictions

STALE_AFTER = 10.0  # seconds in which a page may lag behind new facts; opening the lake costs a page some 0.3 s
OPENING_SHARE = 0.1  # of the time may go into opening: a lake that takes longer to open is opened less often
TOO_OLD_AFTER = 120.0  # seconds from which on a page waits for a new moment, however long that takes
PATIENCE = 0.5  # seconds that one page waits for a new moment; then it shows the older one
KEPT_ANSWERS = 400
MANY, SHARE_MANY = (
    100,
    0.01,
)  # new facts at once, and as a share of all: after so many no older answer stands, as after an import
log = logging.getLogger("regulars.web")


@dataclass
class _Open:
    moment: Moment
    version: str
    at: float
    took: float
    answers: Once = field(default_factory=lambda: Once(KEPT_ANSWERS))
    known: Once = field(default_factory=Once)

    @property
    def age(self) -> float:
        return time.monotonic() - self.at

    @property
    def may_lag(self) -> bool:
        return self.age < max(STALE_AFTER, self.took / OPENING_SHARE)


_lagging = Lagging()
_lock = threading.RLock()
_standing: list[_Open] = []
_opening: list[threading.Thread] = []


def now() -> datetime:
    """Return the instant of this request: the pretended one, else the machine's clock."""
    return current().now or clock.utc_now()


@contextmanager
def reading() -> Iterator[Moment]:
    """Offer the newest moment (see _newest) on a connection of its own; temp tables are this block's alone."""
    with _reading(_newest()) as moment:
        yield moment


@contextmanager
def knowing() -> Iterator[predictions.Known]:
    """Offer what predictions know of everybody as of the last order, laid out once per moment, on a connection of its own."""
    with _knowing(_newest()) as known:
        yield known


def answer(page: str, asked: tuple[Any, ...], make: Callable[[Moment], dict[str, Any]]) -> dict[str, Any]:
    """Return the answer of a page to a question, kept for the moment's version, or make it. Others get the same one."""
    standing = _newest()

    def fresh() -> dict[str, Any]:
        with _reading(standing) as moment:
            return make(moment)

    return _lagging.get((page, *asked), standing.version, lambda: _kept(standing, (page, *asked), fresh))


def known_answer(page: str, make: Callable[[predictions.Known], dict[str, Any]]) -> dict[str, Any]:
    """Return a page's answer from what predictions know, kept for the moment's version, or make it."""
    standing = _newest()

    def fresh() -> dict[str, Any]:
        with _knowing(standing) as known:
            return make(known)

    return _lagging.get((page,), standing.version, lambda: _kept(standing, (page,), fresh))


def of_people(page: str, asked: tuple[Any, ...], make: Callable[[predictions.Known], dict[str, Any]]) -> dict[str, Any]:
    """Return an answer about single people: kept as long as the moment is open, in memory alone, never in a file."""
    standing = _newest()

    def fresh() -> dict[str, Any]:
        with _knowing(standing) as known:
            return make(known)

    question = ("people", page, *asked)
    return _lagging.get(question, standing.version, lambda: standing.answers.get_or_make(question, fresh))


def last_day(moment: Moment) -> date | None:
    """Return the day of the last order or refund: the day as of which pages speak."""
    return measurement.last_day(moment)


def seq() -> int:
    """Return the newest fact that pages show."""
    return _newest().moment.seq


def forget() -> None:
    """Drop the opened moment; the next request opens the lake anew."""
    with _lock:
        _standing.clear()
        _lagging.forget()


def _kept(standing: _Open, key: tuple[Any, ...], fresh: Callable[[], dict[str, Any]]) -> dict[str, Any]:
    cache = ResultCache(current().home / "cache" / "pages", kept=KEPT_ANSWERS)
    return standing.answers.get_or_make(key, lambda: cache.get_or_make((standing.version, *key), fresh))


@contextmanager
def _reading(standing: _Open) -> Iterator[Moment]:
    moment = standing.moment.twin()
    try:
        yield moment
    finally:
        moment.close()


@contextmanager
def _knowing(standing: _Open) -> Iterator[predictions.Known]:
    known = _known(standing).twin()
    try:
        yield known
    finally:
        known.moment.close()


def _known(standing: _Open) -> predictions.Known:
    def make() -> predictions.Known:
        day = last_day(standing.moment.twin()) or now().date()
        return predictions.known(standing.moment.twin(), day, is_shared=True)

    return standing.known.get_or_make("known", make)


def _newest() -> _Open:
    """Return the moment that pages show: the newest, or one that lags a little while the newest is being opened."""
    version = events.version()
    with _lock:
        standing = _standing[0] if _standing else None
        if standing and standing.version == version:
            return standing
        if standing is None or not _is_same_shop(standing, version) or standing.age > TOO_OLD_AFTER:
            return _stand(_opened())
        if standing.may_lag:
            return standing
        is_mine = not _opening
        if is_mine:
            _opening[:] = [threading.Thread(target=_open_beside, args=(standing,), daemon=True)]
            _opening[0].start()
        beside = _opening[0]
    if is_mine:  # one page waits; the others would only wait together
        beside.join(PATIENCE)
    with _lock:
        return _standing[0] if _standing else standing


def _is_same_shop(standing: _Open, version: str) -> bool:
    """Say whether an older moment may be shown at all: not that of an empty shop, and never another shop's."""
    return standing.version.partition("|")[2] == version.partition("|")[2] and standing.moment.seq > 0


def _is_nearly_the_same(older: _Open, newer: _Open) -> bool:
    """Say whether answers of an older moment may stand for a while: so few facts came since that they look the same."""
    came = newer.moment.seq - older.moment.seq
    return _is_same_shop(older, newer.version) and came <= max(MANY, newer.moment.seq * SHARE_MANY)


def _opened() -> _Open:
    began, version = time.monotonic(), events.version()
    return _Open(events.reader(now()), version, time.monotonic(), time.monotonic() - began)


def _stand(opened: _Open) -> _Open:
    if _standing and not _is_nearly_the_same(_standing[0], opened):
        _lagging.forget()
    _standing[:] = [opened]  # the old one closes when its last reader lets it go
    return opened


def _open_beside(older: _Open) -> None:
    """Open the newest moment beside the pages, with what predictions know; whoever forgot the older one wants neither."""
    from django.db import connections

    try:
        opened = _opened()
        _known(opened)
        with _lock:
            if _standing and _standing[0] is older:
                _stand(opened)
    except Exception as problem:  # noqa: BLE001  the older moment stays; from TOO_OLD_AFTER on a page meets the fault itself
        log.warning("the newest facts could not be opened yet: %s", type(problem).__name__)
    finally:
        with _lock:
            _opening.clear()
        connections.close_all()
