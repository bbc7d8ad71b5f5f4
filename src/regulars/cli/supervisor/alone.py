"""A child's side: it ends by itself when whoever started it is gone, and finishes what it does when asked to stop."""

import os
import select
import signal
import sys
import threading
from collections.abc import Callable


class Stop:
    """Turns true when somebody asks this process to end."""

    def __init__(self) -> None:
        self._asked = threading.Event()
        for name in ("SIGTERM", "SIGINT"):
            signal.signal(getattr(signal, name), lambda number, frame: self._asked.set())

    def wait(self, seconds: float) -> bool:
        """Wait so long, less when asked to stop; say whether that was asked."""
        return self._asked.wait(seconds)

    def __bool__(self) -> bool:
        return self._asked.is_set()

    def ask(self) -> None:
        """Ask this process to end."""
        self._asked.set()


def end_when_alone(end: Callable[[], None]) -> None:
    """Call `end` when standard input closes: it is a pipe held by whoever started this process."""

    def watch() -> None:
        try:
            while os.read(sys.stdin.fileno(), 1):
                select.select([], [], [], 0.1)
        except (OSError, ValueError):
            pass
        end()

    threading.Thread(target=watch, daemon=True).start()
