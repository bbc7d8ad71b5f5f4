"""A child's side: it finishes what it does when asked to stop, and ends by itself when whoever started it is gone."""

import multiprocessing
import os
import signal
import sys
import threading
import time
from collections.abc import Callable

GRACE = 20.0  # seconds that a child which is alone has for finishing what it does


class Stop:
    """Turns true when somebody asks this process to end."""

    def __init__(self) -> None:
        self._asked = threading.Event()
        for name in ("SIGTERM", "SIGINT"):
            signal.signal(getattr(signal, name), lambda number, frame: self._asked.set())

    def wait(self, seconds: float) -> bool:
        """Wait so long, less when asked to stop; say whether that was asked."""
        return self._asked.wait(seconds)

    def is_asked(self) -> bool:
        """Say whether somebody asked this process to end."""
        return self._asked.is_set()

    def ask(self) -> None:
        """Ask this process to end."""
        self._asked.set()


def end_when_alone(end: Callable[[], None]) -> None:
    """Call `end` when standard input closes, and end by force a while later.

    Only for a child of `regulars start`, which holds the other end of that pipe: elsewhere standard input may be closed
    from the beginning.
    """

    def wait() -> None:
        try:
            while os.read(sys.stdin.fileno(), 1):
                pass
        except (OSError, ValueError):
            pass

    _end_after(wait, end, GRACE)


def end_with_parent() -> None:
    """End this process soon after the one that made it by multiprocessing is gone, however that ended."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        _end_after(parent.join, lambda: os.kill(os.getpid(), signal.SIGTERM), GRACE / 10)


def _end_after(wait: Callable[[], None], end: Callable[[], None], grace: float) -> None:
    def watch() -> None:
        wait()
        end()
        time.sleep(grace)
        os._exit(1)

    threading.Thread(target=watch, daemon=True).start()
