"""The sockets of outgoing requests: connect only to checked addresses, keep one deadline, know when the first byte left."""

import ssl
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any

import httpcore

from regulars.core.outgoing import addresses, names, targets
from regulars.core.outgoing.addresses import Address
from regulars.core.outgoing.names import Resolve
from regulars.core.outgoing.targets import Policy
from regulars.core.outgoing.troubles import BeforeSending, Forbidden

CONNECT_SECONDS = 10.0
# Takes an IP address, a port and a time limit; opens the connection.
Connect = Callable[[str, int, float], httpcore.NetworkStream]


def by_socket(address: str, port: int, seconds: float) -> httpcore.NetworkStream:
    """Connect to an IP address through the machine's network."""
    return httpcore.SyncBackend().connect_tcp(address, port, seconds)


@dataclass
class Attempt:
    """One request under way: when it must be over, and whether bytes of it may have left."""

    deadline: float
    may_be_sent: bool = False

    @property
    def left(self) -> float:
        """Seconds to the deadline, not below zero."""
        return max(self.deadline - time.monotonic(), 0.0)


_attempt: ContextVar[Attempt] = ContextVar("attempt")


@contextmanager
def attempt(seconds: float) -> Iterator[Attempt]:
    """Let everything that this thread does on wires belong to one request."""
    made = Attempt(time.monotonic() + seconds)
    token = _attempt.set(made)
    try:
        yield made
    finally:
        _attempt.reset(token)


class Wire(httpcore.NetworkStream):
    """One connection. httpcore's time-outs are per read; here each read and write gets what is left of the whole."""

    def __init__(self, inner: httpcore.NetworkStream, host: str) -> None:
        self._inner = inner
        self._host = host

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        left = _attempt.get().left
        if not left:
            raise httpcore.ReadTimeout
        return self._inner.read(max_bytes, left)

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        # From here on the bytes are the kernel's, even if an error follows.
        _attempt.get().may_be_sent = True
        socket = self._inner.get_extra_info("socket")
        rest = memoryview(buffer)
        while rest:
            left = _attempt.get().left
            if not left:
                raise httpcore.WriteTimeout
            try:
                socket.settimeout(left)
                rest = rest[socket.send(rest) :]
            except TimeoutError:
                raise httpcore.WriteTimeout from None
            except OSError:
                raise httpcore.WriteError from None

    def close(self) -> None:
        self._inner.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        seconds = min(CONNECT_SECONDS, _attempt.get().left)
        try:
            return Wire(self._inner.start_tls(ssl_context, server_hostname, seconds or 0.001), self._host)
        except (httpcore.ConnectError, httpcore.ConnectTimeout, ssl.SSLError, ValueError):
            raise BeforeSending(f"{self._host} could not prove by TLS that it is {self._host}.", "tls") from None

    def get_extra_info(self, info: str) -> Any:
        return self._inner.get_extra_info(info)


class Connections(httpcore.NetworkBackend):
    """Opens wires. The check stands here, at the connect itself, so that nothing can come between check and use."""

    def __init__(self, policy: Policy, resolve: Resolve, connect: Connect) -> None:
        self._policy = policy
        self._resolve = resolve
        self._connect = connect

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        for address in self._checked(host, port):
            seconds = min(CONNECT_SECONDS, _attempt.get().left)
            if not seconds:
                break
            try:
                return Wire(self._connect(str(address), port, seconds), host)
            except (httpcore.ConnectError, httpcore.ConnectTimeout):
                continue
        raise BeforeSending(f"{host} takes no connections on port {port}.", "connect")

    def _checked(self, host: str, port: int) -> list[Address]:
        """Return a host's addresses, each of which may be called; one bad among them refuses the host."""
        literal = targets.literal(host)
        seconds = min(CONNECT_SECONDS, _attempt.get().left)
        found = [literal] if literal else names.looked_up(self._resolve, host, port, seconds)
        is_trusted = self._policy.trusts(host, port)
        for address in found:
            what = addresses.closed(address)
            if what and not (is_trusted and what in addresses.MAY_BE_OPENED):
                raise Forbidden(f"{host} leads to {what}, which is not outside.")
        return found
