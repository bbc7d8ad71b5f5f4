"""A small mail server for tests: takes mails, notes every final dot, and misbehaves where a script tells it to."""

import contextlib
import re
import socket
import ssl
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from types import TracebackType
from typing import NamedTuple, Self

OFFERS = ("PIPELINING", "8BITMIME", "SIZE 1000000")
KEY = re.compile(rb"b\+([0-9a-f]{32})@")
MESSAGE_ID = re.compile(rb"^Message-ID: <([^>]*)>", re.MULTILINE)

DROP, STALL = "drop", "stall"


class Fault(NamedTuple):
    """What goes wrong where: at greeting, ehlo, helo, starttls, auth, rset, mail, rcpt, data, content or dot.

    does is a reply, DROP or STALL.
    """

    stage: str
    does: str


class Dot(NamedTuple):
    """A final dot that came, with what was in front of it."""

    key: str
    message_id: str
    content: bytes
    is_taken: bool


class Left(Exception):
    """The connection is over, by whichever side."""


@dataclass
class Sink:
    """Listens on a free port while it is entered.

    Faults go by the letter's key, which the bounce address `b+{key}@…` carries; each is used once, in order. Those of
    connections go by the connection's number, the first is 0.
    """

    faults: Mapping[str, list[Fault]] = field(default_factory=dict)
    at_connection: Mapping[int, Fault] = field(default_factory=dict)
    always: Fault | None = None
    offers: Sequence[str] = OFFERS
    context: ssl.SSLContext | None = None
    is_implicit: bool = False
    is_slow: bool = False
    says: str = "250 2.0.0 Ok: queued as 4XkZ1b2Q9z"
    dots: list[Dot] = field(default_factory=list)
    lines: list[bytes] = field(default_factory=list)
    n_connections: int = 0
    n_begun: int = 0

    def __enter__(self) -> Self:
        self.over = threading.Event()
        self.left = threading.Condition()
        self.n_left = 0
        self._lock = threading.Lock()
        self.standing: dict[int, socket.socket] = {}
        self._listener = socket.create_server(("127.0.0.1", 0), backlog=100)
        self.port = self._listener.getsockname()[1]
        self._threads = [threading.Thread(target=self._welcome, daemon=True)]
        self._threads[0].start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, problem: BaseException | None, at: TracebackType | None
    ) -> None:
        self.over.set()
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self.hang_up()
        for thread in self._threads:
            thread.join(timeout=10)
            assert not thread.is_alive()

    def hang_up(self) -> None:
        """End the connections that stand, as a server does that stops or finds them idle for too long."""
        for one in list(self.standing.values()):
            with contextlib.suppress(OSError):
                socket.socket.shutdown(one, socket.SHUT_RDWR)  # below TLS, whose state is another thread's

    @property
    def taken(self) -> list[str]:
        """The keys of the mails that this server has, as often as it has them."""
        return [dot.key for dot in self.dots if dot.is_taken]

    def fault_at(self, stage: str, key: str, number: int) -> str:
        """Return what goes wrong now, blank for nothing."""
        for fault in (self.always, self.at_connection.get(number)):
            if fault is not None and fault.stage == stage:
                return fault.does
        waiting = self.faults.get(key, [])
        return waiting.pop(0).does if waiting and waiting[0].stage == stage else ""

    def _welcome(self) -> None:
        while True:
            try:
                one, _ = self._listener.accept()
            except OSError:
                return
            thread = threading.Thread(target=self._serve, args=(one, self.n_connections), daemon=True)
            self.n_connections += 1
            self._threads.append(thread)
            thread.start()

    def _serve(self, one: socket.socket, number: int) -> None:
        talk = Talk(self, one, number)
        self.standing[number] = one
        try:
            talk.run()
        except (Left, OSError):
            pass
        finally:
            del self.standing[number]
            talk.socket.close()
            with self.left:
                self.n_left += 1
                self.left.notify_all()

    def note(self, dot: Dot) -> None:
        with self._lock:
            self.dots.append(dot)


class Talk:
    """One connection, spoken line by line."""

    def __init__(self, sink: Sink, one: socket.socket, number: int) -> None:
        self.sink, self.socket, self.number = sink, one, number
        self.data, self.key, self.stage = b"", "", "mail"
        one.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        one.settimeout(30)

    def run(self) -> None:
        if self.sink.is_implicit:
            self._encrypt()
        self._answer("greeting", "220 sink")
        while True:
            line = self._line()
            self.sink.lines.append(line)
            self._on(line.split(b" ")[0].upper(), line)

    def _on(self, word: bytes, line: bytes) -> None:
        match word:
            case b"EHLO":
                self._answer(
                    "ehlo", "\r\n".join([*(f"250-{offer}" for offer in ("sink", *self.sink.offers)), "250 HELP"])
                )
            case b"HELO" | b"RSET":
                self.stage = "mail"
                self._answer(word.decode().lower(), "250 ok")
            case b"STARTTLS":
                self._answer("starttls", "220 go")
                self._encrypt()
            case b"AUTH":
                self._sign_in(line)
            case b"MAIL":
                found = KEY.search(line)
                self.key = found[1].decode() if found else ""
                self._step("mail", "rcpt", "250 ok")
            case b"RCPT":
                self._step("rcpt", "data", "250 ok")
            case b"DATA":
                self._step("data", "content", "354 go")
                if self.stage == "content":
                    self._take()
            case b"QUIT":
                self._say("221 bye")
                raise Left
            case _:
                self._say("500 what?")

    def _step(self, stage: str, following: str, says: str) -> None:
        """Answer a command of the envelope; one that comes out of turn is refused."""
        if self.stage != stage:
            self._say("503 5.5.1 out of turn")
        elif self._answer(stage, says):
            self.stage = following

    def _sign_in(self, line: bytes) -> None:
        if line == b"AUTH LOGIN":
            self._say("334 VXNlcm5hbWU6")
            self.sink.lines.append(self._line())
            self._say("334 UGFzc3dvcmQ6")
            self.sink.lines.append(self._line())
        self._answer("auth", "235 welcome")

    def _take(self) -> None:
        self.sink.n_begun += 1
        if does := self.sink.fault_at("content", self.key, self.number):
            self._do(does)
        lines = []
        while (line := self._line()) != b".":
            lines.append(line.removeprefix(b"."))
        content = b"".join(line + b"\r\n" for line in lines)
        does = self.sink.fault_at("dot", self.key, self.number) or self.sink.says
        is_taken = does[0] not in "45"  # one that says nothing clear may have it
        found = MESSAGE_ID.search(content)
        self.sink.note(Dot(self.key, found[1].decode() if found else "", content, is_taken))
        self.stage = "mail"
        self._do(does)

    def _answer(self, stage: str, says: str) -> bool:
        """Say what is due, or what the script wants instead; return whether all is well."""
        does = self.sink.fault_at(stage, self.key, self.number)
        self._do(does or says)
        return not does

    def _do(self, does: str) -> None:
        if does == DROP:
            raise Left
        if does == STALL:
            self.sink.over.wait()
            raise Left
        self._say(does)
        if does.startswith("421"):
            raise Left

    def _say(self, text: str) -> None:
        data = text.encode("latin-1") + b"\r\n"
        for piece in [data[at : at + 1] for at in range(len(data))] if self.sink.is_slow else [data]:
            self.socket.sendall(piece)

    def _line(self) -> bytes:
        while b"\r\n" not in self.data:
            more = self.socket.recv(65536)
            if not more:
                raise Left
            self.data += more
        line, _, self.data = self.data.partition(b"\r\n")
        return line

    def _encrypt(self) -> None:
        assert self.sink.context is not None
        assert not self.data
        self.socket = self.sink.standing[self.number] = self.sink.context.wrap_socket(self.socket, server_side=True)
