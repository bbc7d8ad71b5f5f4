"""The shop's own web server as a process, for runs that ask it over HTTP."""

import http.client
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager

from bench.outbox_shop import Shop

PATIENCE = 60.0


def free_port() -> int:
    """Return a port that nobody uses at this moment."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


@contextmanager
def reachable(shop: Shop, port: int) -> Iterator[None]:
    """Run the web server and wait until it answers."""
    server = shop.command("serve", "--port", str(port))
    try:
        until = time.monotonic() + PATIENCE
        while not _answers(port):
            if server.poll() is not None or time.monotonic() > until:
                raise RuntimeError("the web server did not come up")
            time.sleep(0.1)
        yield
    finally:
        server.terminate()
        server.wait()


def _answers(port: int) -> bool:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        connection.request("GET", "/health", headers={"Host": "127.0.0.1"})
        return connection.getresponse().status < 500
    except OSError:
        return False
    finally:
        connection.close()
