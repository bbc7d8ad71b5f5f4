"""A mail server that only counts, as simple as Python can make it, and a client that writes bytes made beforehand.

`python -m bench.smtp_sink` is the server: it prints its port, answers each line on standard input with how many mails and
bytes of mails it took since the last one, and stops when standard input ends.
"""

import selectors
import socket
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

CHUNK = 262_144
GREETING = b"220 sink\r\n"
OFFERS = b"250-sink\r\n250-PIPELINING\r\n250 8BITMIME\r\n"
INVITATION = b"250 ok\r\n250 ok\r\n354 go\r\n"
TAKEN = b"250 ok\r\n"
END = b"\r\n.\r\n"
ASKS = b"DATA\r\n"
ENVELOPE = b"MAIL FROM:<hello@store.example>\r\nRCPT TO:<somebody@shop.example>\r\nDATA\r\n"


@dataclass
class Guest:
    """One connection: what is left of its bytes, whether a mail is under way, and what it brought."""

    socket: socket.socket
    rest: bytes = b""
    is_in_mail: bool = False
    n_mails: int = 0
    n_bytes: int = 0

    def answer(self, data: bytes) -> bytes:
        """Return the replies to what came; looks for the end of a mail and for DATA, and at the first letters of a line."""
        data, said = self.rest + data, b""
        while True:
            asks = END if self.is_in_mail else ASKS if data.startswith(b"MAIL") else b"\n"
            at = data.find(asks)
            if at < 0:
                self.rest = data
                return said
            if self.is_in_mail:
                self.take(data, at)
                said += TAKEN
                self.is_in_mail = False
            elif asks is ASKS:
                self.begin()
                said += INVITATION
                self.is_in_mail = True
            else:
                said += OFFERS if data.startswith(b"EHLO") else TAKEN
            data = data[at + len(asks) :]

    def begin(self) -> None:
        """Note that a mail was announced."""

    def take(self, data: bytes, end: int) -> None:
        """Note a mail: what came up to its final dot."""
        self.n_mails, self.n_bytes = self.n_mails + 1, self.n_bytes + end


@dataclass
class Sink:
    """Takes connections and mails until told to stop."""

    listener: socket.socket
    welcomed: Callable[[socket.socket], Guest] = Guest
    selector: selectors.BaseSelector = field(default_factory=selectors.DefaultSelector)
    guests: list[Guest] = field(default_factory=list)

    def run(self) -> None:
        """Serve until standard input ends."""
        self.selector.register(self.listener, selectors.EVENT_READ)
        self.selector.register(sys.stdin, selectors.EVENT_READ)
        while True:
            for key, _ in self.selector.select():
                if key.data is not None:
                    self._serve(key.data)
                elif key.fileobj is self.listener:
                    self._welcome()
                elif sys.stdin.readline():
                    print(sum(one.n_mails for one in self.guests), sum(one.n_bytes for one in self.guests), flush=True)
                    self.guests.clear()
                else:
                    return

    def _welcome(self) -> None:
        one, _ = self.listener.accept()
        one.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        one.sendall(GREETING)
        self.guests.append(self.welcomed(one))
        self.selector.register(one, selectors.EVENT_READ, self.guests[-1])

    def _serve(self, guest: Guest) -> None:
        try:
            data = guest.socket.recv(CHUNK)
            if said := guest.answer(data) if data else b"":
                guest.socket.sendall(said)
        except OSError:  # the sender was killed
            data = b""
        if not data:
            self.selector.unregister(guest.socket)
            guest.socket.close()


def blast(port: int, mails: Sequence[bytes], connections: int) -> None:
    """Hand over mails as prepared() made them, and return when the last one is taken.

    It waits only where SMTP makes everybody wait, for each 354 and for the last 250, and reads no more of the answers.
    """
    selector = selectors.DefaultSelector()
    for number in range(connections):
        one = socket.create_connection(("127.0.0.1", port))
        one.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        one.recv(CHUNK)
        one.sendall(b"EHLO blaster\r\n")
        one.recv(CHUNK)
        one.sendall(ENVELOPE)
        selector.register(one, selectors.EVENT_READ, iter(mails[number::connections]))
    while selector.get_map():
        for key, _ in selector.select():
            if key.fileobj.recv(CHUNK).endswith(b"354 go\r\n"):
                _write(selector, key.fileobj, key.data)


def prepared(contents: Sequence[bytes]) -> list[bytes]:
    """Return each mail with its final dot and the next one's envelope: one write of a client that pipelines."""
    return [content + b".\r\n" + ENVELOPE for content in contents]


def _write(selector: selectors.BaseSelector, one: socket.socket, mails: Iterator[bytes]) -> None:
    mail = next(mails, None)
    if mail is None:
        selector.unregister(one)
        one.close()
    else:
        one.sendall(mail)


def main() -> None:
    """Listen on a free port of this machine."""
    listener = socket.create_server(("127.0.0.1", 0))
    print(listener.getsockname()[1], flush=True)
    Sink(listener).run()


if __name__ == "__main__":
    main()
