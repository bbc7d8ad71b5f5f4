"""A mail server that only counts, as simple as Python can make it, and a client that writes bytes made beforehand.

Each runs as a process of its own: `python -m bench.smtp_sink` prints its port and stops when its standard input ends.
"""

import selectors
import socket
import sys
from dataclasses import dataclass, field

CHUNK = 262_144
GREETING = b"220 sink\r\n"
OFFERS = b"250-sink\r\n250-PIPELINING\r\n250 8BITMIME\r\n"
INVITATION = b"250 ok\r\n250 ok\r\n354 go\r\n"
TAKEN = b"250 ok\r\n"
END = b"\r\n.\r\n"
ASKS = b"DATA\r\n"


@dataclass
class Guest:
    """One connection: what is left of its bytes, and whether a mail is under way."""

    socket: socket.socket
    rest: bytes = b""
    is_in_mail: bool = False
    taken: int = 0

    def answer(self, data: bytes) -> bytes:
        """Return the replies to what came; looks for the end of a mail and for DATA, nothing else."""
        data, said = self.rest + data, b""
        while True:
            mark = END if self.is_in_mail else b"\n"
            at = data.find(mark)
            if at < 0:
                self.rest = data
                return said
            if self.is_in_mail:
                self.is_in_mail, data, said = False, data[at + 5 :], said + TAKEN
                self.taken += 1
            elif data.startswith(b"MAIL"):
                at = data.find(ASKS)
                if at < 0:
                    self.rest = data
                    return said
                self.is_in_mail, data, said = True, data[at + 6 :], said + INVITATION
            else:
                said += OFFERS if data.startswith(b"EHLO") else b"221 bye\r\n"
                data = data[at + 1 :]


@dataclass
class Sink:
    """Takes connections and mails until told to stop."""

    listener: socket.socket
    selector: selectors.BaseSelector = field(default_factory=selectors.DefaultSelector)
    taken: int = 0

    def run(self) -> None:
        """Serve until standard input ends; a line on it is answered with how many mails were taken."""
        self.selector.register(self.listener, selectors.EVENT_READ)
        self.selector.register(sys.stdin, selectors.EVENT_READ)
        while True:
            for key, _ in self.selector.select():
                if key.data is not None:
                    self._serve(key.data)
                elif key.fileobj is self.listener:
                    self._welcome()
                elif not sys.stdin.readline():
                    return
                else:
                    print(self.taken, flush=True)

    def _welcome(self) -> None:
        one, _ = self.listener.accept()
        one.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        one.sendall(GREETING)
        self.selector.register(one, selectors.EVENT_READ, Guest(one))

    def _serve(self, guest: Guest) -> None:
        try:
            data = guest.socket.recv(CHUNK)
        except ConnectionError:
            data = b""
        if not data:
            self.selector.unregister(guest.socket)
            guest.socket.close()
            self.taken += guest.taken
        elif said := guest.answer(data):
            guest.socket.sendall(said)


def blast(port: int, mails: list[bytes], connections: int) -> None:
    """Hand prepared mails over, waiting only where SMTP itself makes everybody wait: for 354, and for the last 250.

    One write is a mail with its final dot and the next one's envelope; nothing is parsed but the length of the replies.
    """
    selector = selectors.DefaultSelector()
    lanes = [mails[number::connections] for number in range(connections)]
    for lane in lanes:
        one = socket.create_connection(("127.0.0.1", port))
        one.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        one.recv(CHUNK)
        one.sendall(b"EHLO blaster\r\n")
        one.recv(CHUNK)
        one.sendall(ENVELOPE)
        selector.register(one, selectors.EVENT_READ, iter(lane))
    while selector.get_map():
        for key, _ in selector.select():
            one, lane = key.fileobj, key.data
            said = one.recv(CHUNK)
            if not said.endswith(b"354 go\r\n"):
                continue
            mail = next(lane, None)
            if mail is None:
                selector.unregister(one)
                one.close()
            else:
                one.sendall(mail)


ENVELOPE = b"MAIL FROM:<hello@store.example>\r\nRCPT TO:<somebody@shop.example>\r\nDATA\r\n"


def main() -> None:
    """Listen on a free port of this machine."""
    listener = socket.create_server(("127.0.0.1", 0))
    print(listener.getsockname()[1], flush=True)
    Sink(listener).run()


if __name__ == "__main__":
    main()
