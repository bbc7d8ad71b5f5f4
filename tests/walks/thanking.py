"""The walk from a paid order to its thank-you text, with a shop whose processes are killed and a gateway that counts."""

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
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from bench.nest import Nest
from tests.conftest import ROOT
from tests.core.outgoing.listeners import head, listening

AT_ONCE = 8


@dataclass
class Gateway:
    """A provider of texts: sends what comes; one with keys sends the same key once. It takes its time, so that kills hit it."""

    has_keys: bool
    sent: list[str] = field(default_factory=list)
    seen: set[str] = field(default_factory=set)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def serve(self, connection: socket.socket) -> None:
        while request := whole(connection):
            told = json.loads(request.partition(b"\r\n\r\n")[2])
            time.sleep(0.02)
            with self.lock:
                if not self.has_keys or told["key"] not in self.seen:
                    self.seen.add(told["key"])
                    self.sent.append(told["to"])
            time.sleep(0.02)
            connection.sendall(b"HTTP/1.1 202 Accepted\r\nContent-Length: 2\r\n\r\n{}")


def whole(connection: socket.socket) -> bytes:
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


def killed(nest: Nest, told: Sequence[str], after: float) -> bool:
    """Run, tell orders meanwhile, and kill the running process so many seconds behind that; say whether it was there."""
    running, telling = nest.start("run", "on"), nest.start("tell", *told)
    assert nest.wait(telling) == 0
    time.sleep(after)
    os.kill(running, signal.SIGKILL)
    return nest.wait(running) == -signal.SIGKILL


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


@dataclass(frozen=True)
class Walked:
    """What became of so many orders: how often each was thanked for, what is known of each, and how often the shop was killed."""

    orders: int
    copies: Counter[str]
    states: dict[str, str]
    kills: int

    @property
    def everybody(self) -> set[str]:
        return {f"+49151{n:08d}" for n in range(self.orders)}

    @property
    def unknown(self) -> set[str]:
        return {to for to, state in self.states.items() if state == "unknown"}

    def wrong(self, has_keys: bool) -> list[str]:
        """Return what must not be, nothing when all is well."""
        sent = {to for to, state in self.states.items() if state == "sent"}
        faults = {
            "somebody is thanked twice": max(self.copies.values(), default=0) > 1,
            "somebody nobody knows is thanked": bool(self.copies.keys() - self.everybody),
            "a message is missing": not self.everybody <= self.states.keys() | self.unknown,
            "a text is said to be sent and is not": not sent <= self.copies.keys(),
            "a loss is not listed": not self.everybody <= self.copies.keys() | self.unknown,
            "more are unknown than were under way": len(self.unknown) > self.kills * AT_ONCE,
            "with keys somebody has none": has_keys and self.copies.keys() != self.everybody,
            "with keys something is unknown": has_keys and bool(self.unknown),
        }
        return [fault for fault, is_so in faults.items() if is_so]


def walk(home: Path, url: str, has_keys: bool, kills: int, each: int = 6) -> Walked:
    """Tell so many orders at the door while the shop runs, kill it at a random moment, and again; then let it end."""
    gateway, rng, done, orders = Gateway(has_keys), random.Random(11), 0, kills * each
    with listening(gateway.serve) as listener:
        shop = opened(home, url, listener.port, has_keys)
        with Nest("tests.walks.shop_that_thanks", shop.env) as nest:
            for turn in range(kills):
                done += killed(nest, [str(turn * each), str((turn + 1) * each)], rng.uniform(0.0, 0.6))
            assert nest.wait(nest.start("run")) == 0
        states = json.loads(shop.say("states"))
        time.sleep(0.2)
    return Walked(orders, Counter(gateway.sent), states, done)
