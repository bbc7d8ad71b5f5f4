"""One connection's bytes: never waits, keeps what could not be sent yet, and encrypts when told to."""

import contextlib
import errno
import selectors
import socket
import ssl
from typing import Any

from regulars.messaging.channels.smtp.replies import Trouble

CHUNK = 65_536
READ, WRITE = selectors.EVENT_READ, selectors.EVENT_WRITE

Place = tuple[socket.AddressFamily, Any]  # what getaddrinfo calls family and sockaddr


class Wire:
    """A connection under way or open; the selector tells its owner when something happens."""

    def __init__(self, place: Place, selector: selectors.BaseSelector, owner: object) -> None:
        self.is_over = False  # the other side sends nothing more
        self._backlog = b""
        self._selector, self._owner = selector, owner
        self._tls: ssl.SSLObject | None = None
        try:
            self._socket = socket.socket(place[0], socket.SOCK_STREAM)
        except OSError:  # a family of addresses that this machine has not
            raise Trouble("connect", "The mail server cannot be reached.") from None
        self._socket.setblocking(False)
        # Small writes go out at once: waiting for the other side's acknowledgement costs 40 ms a mail.
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._interest = READ | WRITE
        selector.register(self._socket, self._interest, owner)
        began = self._socket.connect_ex(place[1])  # what comes of it shows when it can be written to
        self._is_refused = began not in (0, errno.EINPROGRESS, errno.EWOULDBLOCK)

    @property
    def has_backlog(self) -> bool:
        """Whether something is still to be sent."""
        return bool(self._backlog)

    @property
    def here(self) -> str:
        """This end's address, as a greeting without a name has it."""
        try:
            address = self._socket.getsockname()[0]
        except OSError:
            raise Trouble("dropped", "The mail server closed the connection.") from None
        return f"[IPv6:{address.partition('%')[0]}]" if ":" in address else f"[{address}]"

    def connected(self) -> bool:
        """Return whether the connection stands; raise Trouble when there will be none."""
        if self._is_refused or self._socket.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR):
            raise Trouble("connect", "The mail server cannot be reached.")
        try:
            self._socket.getpeername()
        except OSError:
            return False
        self._watch()
        return True

    def send(self, data: bytes) -> None:
        """Send, or keep what does not go now; a broken connection shows when it is read."""
        if self._tls is not None:
            with contextlib.suppress(ssl.SSLError):  # a broken one shows when it is read
                self._tls.write(data)
            data = self._outgoing.read()
        self._append(data)

    def flush(self) -> None:
        """Send what was kept."""
        if self._backlog:
            self._push(self._backlog)

    def receive(self) -> bytes:
        """Return what has arrived, nothing when there is nothing; is_over says when nothing more will come."""
        try:
            data = self._socket.recv(CHUNK)
        except (BlockingIOError, InterruptedError):
            return b""
        except OSError:
            data = b""
        if not data:
            self.is_over = True
            return b""
        if self._tls is None:
            return data
        self._incoming.write(data)
        return self.decrypted() if self._is_shaken else b""

    def start_tls(self, context: ssl.SSLContext, host: str) -> None:
        """Encrypt from here on; nothing is sent until shaken() says that the certificate is good."""
        self._incoming, self._outgoing, self._is_shaken = ssl.MemoryBIO(), ssl.MemoryBIO(), False
        try:
            self._tls = context.wrap_bio(self._incoming, self._outgoing, server_hostname=host)
        except ValueError:
            raise Trouble("tls", "The mail server's name cannot be checked against a certificate.") from None

    def shaken(self) -> bool:
        """Go on with the handshake; return whether it is done, raise Trouble when it fails."""
        assert self._tls is not None
        try:
            self._tls.do_handshake()
            self._is_shaken = True
        except ssl.SSLWantReadError:
            pass
        except ssl.SSLCertVerificationError as problem:
            raise Trouble("tls", f"The mail server's certificate is not good: {problem.verify_message}.") from None
        except ssl.SSLError:
            raise Trouble("tls", "The mail server and we found no way to encrypt.") from None
        finally:
            self._append(self._outgoing.read())  # also what tells the server why we leave
        return self._is_shaken

    def leave(self) -> None:
        """Be watched by nobody until somebody enters it again."""
        self._selector.unregister(self._socket)

    def enter(self, selector: selectors.BaseSelector) -> None:
        """Be watched by another selector."""
        self._selector, self._interest = selector, READ
        selector.register(self._socket, READ, self._owner)

    def close(self) -> None:
        """End the connection, whatever its state."""
        with contextlib.suppress(KeyError, ValueError):
            self._selector.unregister(self._socket)
        self._socket.close()

    def decrypted(self) -> bytes:
        """Return what has arrived and could not be read before the handshake was done."""
        assert self._tls is not None
        parts = []
        try:
            while part := self._tls.read(CHUNK):
                parts.append(part)
            self.is_over = True  # a farewell in order
        except ssl.SSLWantReadError:
            pass
        except ssl.SSLError:
            self.is_over = True
        return b"".join(parts)

    def _append(self, data: bytes) -> None:
        if self._backlog:
            self._backlog += data
        elif data:
            self._push(data)

    def _push(self, data: bytes) -> None:
        try:
            n = self._socket.send(data)
        except (BlockingIOError, InterruptedError):
            n = 0
        except OSError:
            n = len(data)  # it goes nowhere: what the server still had to say, and the end, are read
        self._backlog = data[n:] if n < len(data) else b""
        self._watch()

    def _watch(self) -> None:
        interest = READ | WRITE if self._backlog else READ
        if interest != self._interest:
            self._interest = interest
            self._selector.modify(self._socket, interest, self._owner)
