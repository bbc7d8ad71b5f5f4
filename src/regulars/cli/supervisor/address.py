"""Where the app is: the address to open, whether it is free, and the browser once it answers."""

import ipaddress
import socket
import sys
import threading
import time
import urllib.error
import urllib.request
import webbrowser

from regulars.cli.app import refuse

EVERYWHERE = ("0.0.0.0", "::")  # noqa: S104  compared, never bound by itself
WAITED = 60  # tries, half a second apart, before the browser is left closed


def local(host: str, port: int) -> str:
    """Return the address under which this machine reaches the app.

    >>> local("0.0.0.0", 8300), local("::1", 8300)
    ('http://127.0.0.1:8300/', 'http://[::1]:8300/')
    """
    name = "127.0.0.1" if host in EVERYWHERE else host
    return f"http://[{name}]:{port}/" if ":" in name else f"http://{name}:{port}/"


def from_elsewhere(host: str, port: int, names: tuple[str, ...], https: bool) -> str:
    """Return the address under which others reach the app, as far as the settings tell.

    >>> from_elsewhere("127.0.0.1", 8300, ("shop.example.com",), True)
    'https://shop.example.com/'
    >>> from_elsewhere("0.0.0.0", 8300, ("shop.example.com",), False)
    'http://shop.example.com:8300/'
    """
    if names and https:
        return f"https://{names[0]}/"
    return f"http://{names[0]}:{port}/" if names else local(host, port)


def is_here_only(host: str) -> bool:
    """Say whether nobody but this machine reaches an address.

    >>> [is_here_only(host) for host in ("127.0.0.1", "localhost", "::1", "0.0.0.0", "shop.example.com")]
    [True, True, True, False, False]
    """
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def refuse_taken(host: str, port: int) -> None:
    """Refuse an address at which this process cannot listen, with what to do."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        if sys.platform != "win32":  # there this would take the port away from its holder
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as problem:
            refuse(f"cannot listen at {host}:{port} ({problem.strerror}); choose another with --port")


def open_when_up(address: str) -> None:
    """Open a browser as soon as the app answers, from a thread that nobody waits for."""

    def wait() -> None:
        for _ in range(WAITED):
            try:
                with urllib.request.urlopen(f"{address}healthz", timeout=2):  # noqa: S310  our own address
                    webbrowser.open(address)
                    return
            except (urllib.error.URLError, OSError):
                time.sleep(0.5)

    threading.Thread(target=wait, daemon=True).start()
