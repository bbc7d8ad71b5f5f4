"""Child processes: started, watched, started again with a pause when they end, and stopped together."""

import logging
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass, field

PATIENCE = 25.0  # seconds between asking to end and ending by force; regulars start is gone within 30
PAUSES = (0.5, 1.0, 2.0, 5.0, 10.0, 30.0)  # seconds before a child is started again, by how often it ended lately
STEADY = 60.0  # seconds after which a child counts as well again

log = logging.getLogger("regulars.start")


@dataclass
class Child:
    """One process to keep running: its name and the words that start it."""

    name: str
    words: Sequence[str]
    process: "subprocess.Popen[bytes] | None" = None
    began: float = 0.0
    ends: int = 0
    next_start: float = field(default=0.0)

    def start(self) -> None:
        """Start the process; its standard input is a pipe that ends with this one, so it learns when it is alone."""
        self.began = time.monotonic()
        try:
            self.process = subprocess.Popen(self.words, stdin=subprocess.PIPE)  # noqa: S603  our own command
        except OSError as problem:  # no memory or no process to be had: it may be there again later
            self._rest(type(problem).__name__)

    def look(self) -> None:
        """Start the process when it is due, and plan the next start when it has ended."""
        if self.process is None:
            if time.monotonic() >= self.next_start:
                self.start()
            return
        code = self.process.poll()
        if code is not None:
            self._rest(str(code))

    def _rest(self, ended: str) -> None:
        self.ends = 1 if time.monotonic() - self.began > STEADY else self.ends + 1
        pause = PAUSES[min(self.ends, len(PAUSES)) - 1]
        log.warning("%s ended (%s); started again in %g s", self.name, ended, pause)
        if self.process is not None and self.process.stdin is not None:
            self.process.stdin.close()
        self.process, self.next_start = None, time.monotonic() + pause


class Family:
    """All child processes of one start."""

    def __init__(self, children: Sequence[Child]) -> None:
        self.children, self._stopping = children, False

    def run(self) -> None:
        """Keep the children running until a signal asks to stop, then end them."""
        for name in ("SIGTERM", "SIGINT", "SIGHUP"):
            if hasattr(signal, name):
                signal.signal(getattr(signal, name), self._asked)
        try:
            while not self._stopping:
                for child in self.children:
                    child.look()
                time.sleep(0.1)
        finally:
            self.stop()

    def _asked(self, number: int, frame: object) -> None:
        self._stopping = True

    def stop(self) -> None:
        """Ask every child to end, wait for PATIENCE seconds, then end by force what is left."""
        running = [child for child in self.children if child.process and child.process.poll() is None]
        for child in running:
            if child.process is not None:
                child.process.terminate()
        until = time.monotonic() + PATIENCE
        for child in running:
            if child.process is not None:
                _wait(child.name, child.process, until)


def _wait(name: str, process: "subprocess.Popen[bytes]", until: float) -> None:
    try:
        process.wait(timeout=max(until - time.monotonic(), 0.1))
    except subprocess.TimeoutExpired:
        log.warning("%s did not end in time and was ended by force; what was committed is safe", name)
        process.kill()
        process.wait()


def this_command(*words: str) -> list[str]:
    """Return the words that start this very command again."""
    return [sys.executable, "-c", "from regulars.cli import main; main()", *words]
