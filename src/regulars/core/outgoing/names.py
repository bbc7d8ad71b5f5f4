"""Looks names up, within a time limit that the system's own look-up does not have."""

import queue
import socket
import threading
from collections.abc import Callable, Sequence

from regulars.core.outgoing.addresses import Address, from_text
from regulars.core.outgoing.troubles import BeforeSending

# Takes a host's name and a port; returns IP addresses as text. Raises OSError where there is no such name.
Resolve = Callable[[str, int], Sequence[str]]


def by_the_system(host: str, port: int) -> list[str]:
    """Ask the machine's resolver; the addresses come in the order in which they should be tried, each once."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


def looked_up(resolve: Resolve, host: str, port: int, seconds: float) -> list[Address]:
    """Return the addresses of a name; raise BeforeSending where there are none or they took too long."""
    answers: queue.SimpleQueue[Sequence[str] | None] = queue.SimpleQueue()

    def ask() -> None:
        try:
            answers.put(resolve(host, port))
        except (OSError, UnicodeError):
            answers.put(None)

    # The system's look-up cannot be interrupted: a thread that waits for it is left behind, and ends with the process.
    threading.Thread(target=ask, daemon=True, name="name look-up").start()
    try:
        texts = answers.get(timeout=seconds)
    except queue.Empty:
        raise BeforeSending(f"Looking up {host} took too long.", "dns") from None
    try:
        addresses = [from_text(text) for text in texts or ()]
    except ValueError:
        addresses = []
    if not addresses:
        raise BeforeSending(f"There is no address for {host}.", "dns")
    return addresses
