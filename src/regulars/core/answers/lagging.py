"""Answers that may lag: one that takes long to make is shown as it was a moment ago, while the new one is made beside the pages.

Without this, each new fact would make everybody who looks at a large shop wait for everything to be worked out again.
"""

import logging
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Hashable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

SLOW = 0.05  # seconds; what is made faster than this is always made for the newest moment
LAGS_PER_SECOND = 100.0  # an older answer may stand for so many times the time that it took
LAGS_IN_TURN = 600.0  # seconds for which it may stand while its newer one waits for its turn
KEPT = 400
REST = 1.0  # of the time that an answer took, before the next is made beside the pages: they have the machine at least half the time
log = logging.getLogger("regulars.web")

Make = Callable[[], dict[str, Any]]


@dataclass(frozen=True)
class _Made:
    value: dict[str, Any]
    version: str
    at: float
    took: float

    def may_stand(self, is_under_way: bool) -> bool:
        longest = max(self.took * LAGS_PER_SECOND, LAGS_IN_TURN if is_under_way else 0.0)
        return self.took >= SLOW and time.monotonic() - self.at < longest


class Lagging:
    """The latest answer to each question, and the one thread that makes newer ones beside the pages."""

    def __init__(self, rest: float = REST) -> None:
        self._rest = rest
        self._door = threading.Lock()
        self._latest: OrderedDict[Hashable, _Made] = OrderedDict()
        self._under_way: set[Hashable] = set()
        self._beside = ThreadPoolExecutor(max_workers=1, thread_name_prefix="answers")

    def get(self, question: Hashable, version: str, make: Make) -> dict[str, Any]:
        """Return the answer for a version, or one that lags a little and was slow to make, while the new one is made."""
        with self._door:
            last, is_under_way = self._latest.get(question), question in self._under_way
        if last is not None and last.version == version:
            return last.value
        if last is None or not last.may_stand(is_under_way):
            return self._made(question, version, make)
        self._refresh(question, version, make)
        return last.value

    def forget(self) -> None:
        """Drop every answer; what is under way is made for nobody."""
        with self._door:
            self._latest.clear()

    def settle(self) -> None:
        """Wait until nothing is under way beside the pages."""
        self._beside.submit(lambda: None).result()

    def _made(self, question: Hashable, version: str, make: Make) -> dict[str, Any]:
        began = time.monotonic()
        value = make()
        with self._door:
            self._latest[question] = _Made(value, version, time.monotonic(), time.monotonic() - began)
            self._latest.move_to_end(question)
            while len(self._latest) > KEPT:
                self._latest.popitem(last=False)
        return value

    def _refresh(self, question: Hashable, version: str, make: Make) -> None:
        with self._door:
            if question in self._under_way:
                return
            self._under_way.add(question)
        self._beside.submit(self._make_beside, question, version, make)

    def _make_beside(self, question: Hashable, version: str, make: Make) -> None:
        from django.db import connections

        began = time.monotonic()
        try:
            self._made(question, version, make)
        except Exception as problem:  # noqa: BLE001  the older answer stays; when it is too old, a page meets the fault itself
            log.warning("an answer could not be made anew yet: %s", type(problem).__name__)
        finally:
            with self._door:
                self._under_way.discard(question)
            connections.close_all()
            time.sleep((time.monotonic() - began) * self._rest)
