"""A mail server that writes down each mail: its key, when it was announced by DATA, and when its final dot came.

`python -m bench.recording_sink FILE` prints its port and serves until standard input ends. A mail stands in the file before
it is answered. Instants are those of time.monotonic, which all processes of a machine share.
"""

import re
import socket
import subprocess
import sys
import time
from collections import Counter
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import IO, NamedTuple, Self

from bench import smtp_sink

KEY = re.compile(rb"X-Regulars-Message: ([0-9a-f]{32})")
LINE = 32 + 18 + 18 + 1  # bytes of the file for one mail
ROOT = Path(__file__).resolve().parents[1]


class Mail(NamedTuple):
    """A mail as it came."""

    key: str
    data_at: float
    dot_at: float


@dataclass(kw_only=True)
class Guest(smtp_sink.Guest):
    """One connection whose mails are written down."""

    into: IO[str]
    data_at: float = 0.0

    def answer(self, data: bytes) -> bytes:
        """Return the replies to what came, once its mails stand in the file."""
        said = super().answer(data)
        self.into.flush()
        return said

    def begin(self) -> None:
        """Note when a mail was announced."""
        self.data_at = time.monotonic()

    def take(self, data: bytes, end: int) -> None:
        """Write down a mail."""
        found = KEY.search(data, 0, end)
        key = found[1].decode() if found else "?" * 32
        self.into.write(f"{key} {self.data_at:017.6f} {time.monotonic():017.6f}\n")


@dataclass
class Recording:
    """The server as a process of its own, for whoever starts it."""

    file: Path
    port: int = field(default=0, init=False)

    def __enter__(self) -> Self:
        call = [sys.executable, "-m", "bench.recording_sink", str(self.file)]
        self._process = subprocess.Popen(call, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        assert self._process.stdout is not None
        self.port = int(self._process.stdout.readline())
        return self

    def __exit__(self, *exception: object) -> None:
        self._process.communicate()

    @property
    def n_mails(self) -> int:
        """How many mails have come, asked without reading them."""
        return self.file.stat().st_size // LINE

    def newest(self) -> str:
        """Return the key of the last mail that has come, blank while there is none."""
        with self.file.open("rb") as into:
            if not self.n_mails:
                return ""
            into.seek((self.n_mails - 1) * LINE)
            return into.read(32).decode()

    def mails(self) -> list[Mail]:
        """Return what has come."""
        lines = [line.split() for line in self.file.read_text().splitlines()]
        return [Mail(key, float(data_at), float(dot_at)) for key, data_at, dot_at in lines]

    def copies(self) -> Counter[str]:
        """Return how often each mail came, by its key."""
        return Counter(one.key for one in self.mails())


def main() -> None:
    """Listen on a free port of this machine."""
    listener = socket.create_server(("127.0.0.1", 0), backlog=100)
    print(listener.getsockname()[1], flush=True)
    with Path(sys.argv[1]).open("w", encoding="ascii") as into:
        smtp_sink.Sink(listener, partial(Guest, into=into)).run()


if __name__ == "__main__":
    main()
