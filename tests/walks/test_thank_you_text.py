"""An order is paid, a thank-you text leaves, only once, although the shop's processes are killed all the time.

Through a gateway that remembers idempotency keys each order has exactly one text; through any other nobody has two, and
what the gateway may have missed is listed as unknown.
"""

import contextlib
import json
import os
import random
import re
import signal
import socket
import subprocess
import sys
import threading
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from tests.conftest import ROOT
from tests.core.outgoing.listeners import head, listening

pytestmark = pytest.mark.slow
ORDERS, KILLS, AT_ONCE = 48, 8, 8


@dataclass
class Gateway:
    """A provider of texts: sends what comes; one with keys sends the same key once. It takes its time, so that kills hit it."""

    has_keys: bool
    sent: list[str] = field(default_factory=list)
    seen: set[str] = field(default_factory=set)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def serve(self, connection: socket.socket) -> None:
        while request := _whole(connection):
            told = json.loads(request.partition(b"\r\n\r\n")[2])
            time.sleep(0.02)
            with self.lock:
                if not self.has_keys or told["key"] not in self.seen:
                    self.seen.add(told["key"])
                    self.sent.append(told["to"])
            time.sleep(0.02)
            connection.sendall(b"HTTP/1.1 202 Accepted\r\nContent-Length: 2\r\n\r\n{}")


def _whole(connection: socket.socket) -> bytes:
    """Return a request with its body; nothing when the caller has gone."""
    request = b""
    with contextlib.suppress(OSError):
        request = head(connection)
    found = re.search(rb"(?i)content-length: (\d+)", request)
    while found and len(request.partition(b"\r\n\r\n")[2]) < int(found[1]):
        more = connection.recv(65_536)
        if not more:
            return b""
        request += more
    return request


@dataclass
class Shop:
    """The shop's processes, on a home and a database of their own."""

    env: dict[str, str]

    def start(self, *words: str) -> "subprocess.Popen[str]":
        call = [sys.executable, "-m", "tests.walks.shop_that_thanks", *words]
        return subprocess.Popen(call, env=self.env, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)

    def say(self, *words: str) -> str:
        process = self.start(*words)
        out, wrong = process.communicate(timeout=180)
        assert process.returncode == 0, wrong[-2000:]
        return out.strip().splitlines()[-1]

    def killed(self, after: float) -> bool:
        """Run until so many seconds behind its start, then kill it; say whether there was anything to kill."""
        process = self.start("run")
        assert process.stdout is not None
        assert process.stdout.readline().strip() == "ready"
        time.sleep(after)
        was_alive = process.poll() is None
        process.send_signal(signal.SIGKILL)
        process.communicate()
        return was_alive


def opened(home: Path, url: str, port: int, has_keys: bool) -> Shop:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("REGULARS_", "DJANGO_"))}
    told = {
        "REGULARS_HOME": str(home),
        "PYTHONPATH": f"{ROOT / 'src'}:{ROOT}",
        "REGULARS_PRIVATE_TARGETS": f"127.0.0.1:{port}",
    }
    shop = Shop(kept | told | ({"REGULARS_DATABASE_URL": url} if url else {}))
    shop.env["TOKEN"] = shop.say("set-up", str(port), "keys" if has_keys else "plain")
    return shop


@pytest.mark.parametrize("has_keys", [True, False], ids=["with keys", "without keys"])
def test_a_paid_order_is_thanked_for_once_however_often_the_shop_is_killed(
    tmp_path: Path, fresh_database_url: str, has_keys: bool
) -> None:
    gateway, rng, kills = Gateway(has_keys), random.Random(11), 0
    with listening(gateway.serve) as listener:
        shop = opened(tmp_path / "home", fresh_database_url, listener.port, has_keys)
        each = ORDERS // KILLS
        for n in range(KILLS):
            told = [str(n * each), str((n + 1) * each)]
            assert shop.say("tell", *told) == "told"
            kills += shop.killed(rng.uniform(0.05, 1.0))
        assert shop.start("run").wait(timeout=180) == 0
        states = json.loads(shop.say("states"))
        time.sleep(0.2)
    copies = Counter(gateway.sent)
    everybody = {f"+49151{n:08d}" for n in range(ORDERS)}
    assert kills >= KILLS // 2, "it was killed in the middle"
    assert set(states) | ({""} & set(states)) == everybody | ({""} & set(states))
    assert max(copies.values()) == 1, "nobody is thanked twice"
    unknown = {to for to, state in states.items() if state == "unknown"}
    assert {to for to, state in states.items() if state == "sent"} <= copies.keys()
    assert everybody <= copies.keys() | unknown, "what may be lost is listed"
    assert len(unknown) <= kills * AT_ONCE
    if has_keys:
        assert copies.keys() == everybody, "each has exactly one"
        assert not unknown
