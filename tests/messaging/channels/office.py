"""A provider on 127.0.0.1 that plays a part for each letter and remembers which requests came with which key."""

import socket
import threading
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from urllib.parse import unquote_plus

from tests.core.outgoing.listeners import Listener, Play, head


@dataclass
class Gate:
    """Plays the outbox: says yes to all keys but the refused ones and counts letters between dot and outcome."""

    refused: frozenset[str] = frozenset()
    asked: list[str] = field(default_factory=list)
    between: set[str] = field(default_factory=set)
    most: int = 0
    threads: set[int] = field(default_factory=set)

    def dot(self, keys: Sequence[str]) -> frozenset[str]:
        allowed = frozenset(keys) - self.refused
        self.asked += keys
        self.between |= allowed
        self.most = max(self.most, len(self.between))
        self.threads.add(threading.get_ident())
        return allowed


@dataclass
class Office:
    """What came in. script says what to do with a letter by its key; usual is the part for all others."""

    usual: Play
    gate: Gate = field(default_factory=Gate)
    script: dict[str, Play] = field(default_factory=dict)
    requests: dict[str, list[bytes]] = field(default_factory=lambda: defaultdict(list))
    early: list[str] = field(default_factory=list)
    inside: int = 0
    most: int = 0
    port: int = 0
    over: threading.Event = field(default_factory=threading.Event)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def serve(self, connection: socket.socket) -> None:
        if connection.recv(1, socket.MSG_PEEK) == b"\x16":
            return  # the hello of TLS, which this office does not speak
        request = head(connection)
        # Read off as most servers do: in a form the letters are encoded.
        text = unquote_plus(request.decode("latin-1"))
        key = next((key for key in self.gate.asked if key in text), "")
        with self.lock:
            self.requests[key].append(request)
            self.inside += 1
            self.most = max(self.most, self.inside)
            if key not in self.gate.between:
                self.early.append(key)
        try:
            self.script.get(key, self.usual)(connection)
        finally:
            with self.lock:
                self.inside -= 1

    def stall(self, connection: socket.socket) -> None:
        """Say nothing until the test is over."""
        self.over.wait(30)


def answer(status: int, body: bytes = b"", headers: Mapping[str, str] = {}) -> Play:
    """Answer with a status, and hang up."""
    lines = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
    front = f"HTTP/1.1 {status} Said\r\nConnection: close\r\nContent-Length: {len(body)}\r\n{lines}\r\n".encode()
    return lambda connection: connection.sendall(front + body)


def hang_up(connection: socket.socket) -> None:
    """Say nothing and close."""


@contextmanager
def opened(usual: Play) -> Iterator[Office]:
    office = Office(usual)
    listener = Listener(office.serve)
    office.port = listener.port
    try:
        yield office
    finally:
        office.over.set()
        listener.close()
