"""Connections between two deliveries: signed in, idle, and gone when nobody needs them soon."""

import os
import threading
import time
from collections.abc import Sequence

from regulars.messaging.channels.smtp.lane import Lane


class Resting:
    """Keeps lanes for some seconds. Whoever takes them asks the server first whether it still knows them."""

    def __init__(self, seconds: float, most: int) -> None:
        self._seconds, self._most = seconds, most
        self._kept: list[tuple[float, Lane]] = []
        self._lock = threading.Lock()
        self._timer: threading.Timer | None = None
        self._owner = os.getpid()

    def put(self, lanes: Sequence[Lane]) -> None:
        """Keep lanes that have nothing left to do; those beyond the number that may be open take leave."""
        until = time.monotonic() + self._seconds
        with self._lock:
            self._forget_of_parent()
            self._kept += [(until, lane) for lane in lanes]
            gone, self._kept = self._kept[: -self._most], self._kept[-self._most :]
            self._watch()
        _part(gone)

    def take(self, most: int) -> list[Lane]:
        """Return up to so many lanes, the latest kept first; they are the caller's now."""
        with self._lock:
            self._forget_of_parent()
            now = time.monotonic()
            gone, good = _split(self._kept, now)
            taken, self._kept = good[-most:], good[:-most]
        _part(gone)
        return [lane for _, lane in reversed(taken)]

    def close(self) -> None:
        """Take leave of all servers now."""
        with self._lock:
            self._forget_of_parent()
            gone, self._kept = self._kept, []
            if self._timer is not None:
                self._timer.cancel()
                self._timer = None
        _part(gone)

    def _watch(self) -> None:
        if self._kept and self._timer is None:
            self._timer = threading.Timer(max(self._kept[0][0] - time.monotonic(), 0), self._tidy)
            self._timer.daemon = True
            self._timer.start()

    def _tidy(self) -> None:
        with self._lock:
            self._timer = None
            gone, self._kept = _split(self._kept, time.monotonic())
            self._watch()
        _part(gone)

    def _forget_of_parent(self) -> None:
        """In a process that was forked the connections are still its parent's: not a word may be said on them."""
        if self._owner != os.getpid():
            for _, lane in self._kept:
                lane.close()
            self._kept, self._timer, self._owner = [], None, os.getpid()


Kept = list[tuple[float, Lane]]


def _split(kept: Kept, now: float) -> tuple[Kept, Kept]:
    return [one for one in kept if one[0] <= now], [one for one in kept if one[0] > now]


def _part(gone: Kept) -> None:
    for _, lane in gone:
        lane.part()
