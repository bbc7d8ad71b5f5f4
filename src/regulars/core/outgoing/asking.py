"""Sends one request and brings back the answer, or says how far it came."""

import re
import ssl
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache

import httpcore

from regulars.core.outgoing import targets, wire
from regulars.core.outgoing.names import Resolve, by_the_system
from regulars.core.outgoing.targets import Policy, Target
from regulars.core.outgoing.troubles import Forbidden, MaybeSent, Trouble
from regulars.core.settings import current

BODY_LIMIT = 64 * 1024
# Short, because a server may close an idle connection at the moment in which it is used again, and then nobody knows
# whether the request was read: that ends as MaybeSent. A connection seen to be closed is never used again.
KEEP_ALIVE_SECONDS = 4.0
KEPT_CONNECTIONS = 32

METHOD = re.compile(r"GET|HEAD|POST|PUT|PATCH|DELETE")
HEADER_NAME = re.compile(r"[A-Za-z0-9!#$%&'*+.^_`|~\-]+")
HEADER_VALUE = re.compile(r"[\x20-\x7e\t]*")
# Set here and nowhere else; another value would let the server see another request.
OURS = {"host", "content-length", "transfer-encoding", "connection", "accept-encoding", "expect", "upgrade", "te"}


@dataclass(frozen=True)
class Answer:
    """What came back. Names of headers are small; body is cut at the limit, never decompressed, and stays out of logs."""

    status: int
    headers: Mapping[str, str] = field(repr=False)
    body: bytes = field(repr=False)
    is_whole: bool = True


class Outgoing:
    """A way out under one policy. Safe to share between threads; connections are kept per host for a few seconds.

    No redirect is followed, no cookie kept, no proxy of the environment used.
    """

    def __init__(
        self,
        policy: Policy,
        resolve: Resolve = by_the_system,
        tls: ssl.SSLContext | None = None,
        connect: wire.Connect = wire.by_socket,
        body_limit: int = BODY_LIMIT,
    ) -> None:
        self.policy = policy
        self._body_limit = body_limit
        self._pool = httpcore.ConnectionPool(
            ssl_context=tls or _usual_tls(),
            max_connections=None,
            max_keepalive_connections=KEPT_CONNECTIONS,
            keepalive_expiry=KEEP_ALIVE_SECONDS,
            network_backend=wire.Connections(policy, resolve, connect),
        )

    def check(self, url: str) -> None:
        """Raise Forbidden for an address that can never be called. Where its name leads shows with each request only."""
        targets.read(url, self.policy)

    def request(
        self,
        method: str,
        url: str,
        *,
        headers: Mapping[str, str] | None = None,
        body: bytes = b"",
        timeout: float = 30.0,
    ) -> Answer:
        """Send a request and wait at most timeout seconds in all for its answer, whatever its status.

        An answer whose body broke off counts, for its status is known. Raises Forbidden, BeforeSending or MaybeSent.
        """
        target = targets.read(url, self.policy)
        request = httpcore.Request(
            _known(method),
            httpcore.URL(
                scheme=target.scheme.encode(), host=target.host.encode(), port=target.port, target=target.path.encode()
            ),
            headers=_headers(target, headers or {}, body if body or method not in ("GET", "HEAD") else None),
            content=body,
        )
        with wire.attempt(timeout) as attempt:
            try:
                response = self._pool.handle_request(request)
            except (httpcore.TimeoutException, httpcore.NetworkError, httpcore.ProtocolError) as problem:
                raise _named(problem, attempt, target.host) from None
            return self._answer(response)

    def close(self) -> None:
        """Close the connections that are kept."""
        self._pool.close()

    def _answer(self, response: httpcore.Response) -> Answer:
        body, is_whole = bytearray(), True
        try:
            for chunk in response.iter_stream():
                body += chunk
                if len(body) > self._body_limit:
                    is_whole = False
                    break
        except (httpcore.TimeoutException, httpcore.NetworkError, httpcore.ProtocolError):
            is_whole = False
        finally:
            response.close()
        headers: dict[str, str] = {}
        for name, value in response.headers:
            key, text = name.decode("ascii").lower(), value.decode("latin-1")
            headers[key] = f"{headers[key]}, {text}" if key in headers else text
        return Answer(response.status, headers, bytes(body[: self._body_limit]), is_whole)


@cache
def _usual_tls() -> ssl.SSLContext:
    """Return the rules for TLS with the issuers that the machine and certifi know; reading them takes a while."""
    return httpcore.default_ssl_context()


def of_the_house() -> Outgoing:
    """Return the way out that all channels share, under the policy of the settings."""
    return _under(current().private_targets)


@cache
def _under(trusted: frozenset[str]) -> Outgoing:
    return Outgoing(Policy(trusted=trusted))


def _known(method: str) -> str:
    if not METHOD.fullmatch(method):
        raise Forbidden("The method must be GET, HEAD, POST, PUT, PATCH or DELETE.")
    return method


def _headers(target: Target, given: Mapping[str, str], body: bytes | None) -> list[tuple[str, str]]:
    for name, value in given.items():
        if not HEADER_NAME.fullmatch(name) or not HEADER_VALUE.fullmatch(value):
            raise Forbidden("A header's name or value holds characters that no header may have.")
        if name.lower() in OURS:
            raise Forbidden(f"The header {name} is set by Regulars itself; leave it out.")
    ours = {"Host": target.authority, "Accept-Encoding": "identity"}
    if not any(name.lower() == "user-agent" for name in given):
        ours["User-Agent"] = "Regulars"
    if body is not None:
        ours["Content-Length"] = str(len(body))
    return [*ours.items(), *given.items()]


def _named(problem: Exception, attempt: wire.Attempt, host: str) -> Trouble:
    """Say what a failure means: as soon as a byte may have left, the other side may have the whole request."""
    if not attempt.may_be_sent:
        # Only a header that the protocol cannot write ends here; look-up, connect and TLS name themselves.
        return Forbidden("The request cannot be written in HTTP.")
    if isinstance(problem, httpcore.TimeoutException):
        return MaybeSent(f"{host} did not answer in time.", "timeout")
    if isinstance(problem, httpcore.RemoteProtocolError) and "disconnected" not in str(problem):
        return MaybeSent(f"{host} answered something that is not HTTP.", "garbled")
    return MaybeSent(f"{host} closed the connection without an answer.", "drop")
